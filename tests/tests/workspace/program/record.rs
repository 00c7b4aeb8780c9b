//! `--record` and `--replay`: the same bytes again, without network and keys, and nothing secret in
//! between.

use std::process::{Command, Stdio};

use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, finish, run};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];
const FILE: &str = "tape/recording.ndjson";

/// Things that go wrong and things that change, at the calls they are scripted for.
const FAULTS: &str = r#"
[[fault]]
when = { action = "ListProjects", first = 1 }
effect = { kind = "throttle" }
[[fault]]
when = { action = "GetUsage", first = 2 }
effect = { kind = "throttle", retry-after = 1 }
[[fault]]
when = { action = "GetUsage", nth = 4 }
effect = { kind = "reset", at = "in-body" }
[[fault]]
when = { action = "GetUsage", project = "search", window-contains = 1731945600 }
effect = { kind = "error", status = 400, code = "InvalidParameter.ProjectName", message = "AKLTDEMO0000000000000000000000000 may not" }
"#;

/// The flags of one run: the same question is recorded and replayed.
fn arguments<'a>(question: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [&["get"], question, more].concat()
}

/// Records in a sandbox that has keys and a server.
fn record(sandbox: &Sandbox, question: &[&str], base_url: &str) -> Finished {
    let more = [NOW[0], NOW[1], "--base-url", base_url, "--record", "tape", "--retry-base", "1ms"];
    let mut command = sandbox.command(&arguments(question, &more));
    command.envs(DEMO_KEYS);
    run(command, "")
}

/// Replays in a sandbox that has nothing but the recording.
fn replay(recording: &str, question: &[&str]) -> Finished {
    let sandbox = Sandbox::new();
    sandbox.write(FILE, recording);
    let more = ["--replay", "tape", "--retry-base", "1ms"];
    run(sandbox.command(&arguments(question, &more)), "")
}

#[test]
fn a_replay_prints_the_same_bytes() {
    let all = ["--all-projects", "--all-endpoints", "--max-window", "2d", "--last", "9d"];
    for (format, faults) in
        [("table", ""), ("json", FAULTS), ("raw", FAULTS), ("ndjson", FAULTS), ("csv", FAULTS)]
    {
        let (server, client) = (Sandbox::new(), Sandbox::new());
        server.write("faults.toml", faults);
        let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
        let question = [&all[..], &["-f", format, "-v"]].concat();
        let recorded = record(&client, &question, emulator.base_url());
        drop(emulator);
        let partial = if faults.is_empty() { 0 } else { 6 };
        assert_eq!(recorded.status, Some(partial), "{recorded:?}");

        let recording = client.read(FILE).unwrap();
        for _ in 0..3 {
            let replayed = replay(&recording, &question);
            assert_eq!(replayed.stdout, recorded.stdout);
            assert_eq!(replayed.status, recorded.status, "{replayed:?}");
            // Without keys nothing is said about them.
            let recorded =
                recorded.stderr.lines().filter(|line| !line.starts_with("credentials: "));
            assert_eq!(replayed.stderr.lines().collect::<Vec<_>>(), recorded.collect::<Vec<_>>());
        }
    }
}

/// Finding keys takes a part of `--timeout`, which a replay does not need for that: a wait that did not
/// fit into the rest does not fit into it then either.
#[test]
fn the_time_limit_of_a_replay_is_what_the_keys_left() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let fault =
        "[[fault]]\nwhen = { first = 1 }\neffect = { kind = \"throttle\", retry-after = 3 }\n";
    server.write("faults.toml", fault);
    let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
    let [(_, key), (_, secret)] = DEMO_KEYS;
    let keys = format!(r#"{{"access_key_id":"{key}","secret_access_key":"{secret}"}}"#);
    client.write("keys.json", &keys);
    let slow = "[keys]\ncommand = \"sh -c 'sleep 1; cat keys.json'\"\n";
    client.write(".config/ark-usage/config.toml", slow);
    let question = ["get", "--default-project", "--last", "2d", "--timeout", "3500ms"];
    let more = ["--base-url", emulator.base_url(), "--record", "tape"];
    let recorded = run(client.command(&[&question[..], &more, &NOW].concat()), "");
    assert_eq!(recorded.status, Some(5), "{recorded:?}");
    let replayed = replay(&client.read(FILE).unwrap(), &question[1..]);
    assert_eq!(replayed.status, recorded.status, "{replayed:?}");
    assert_eq!(replayed.stdout, recorded.stdout);
}

#[test]
fn a_running_clock_is_replayed() {
    let sandbox = Sandbox::new();
    let question = ["get", "--last", "24h", "-f", "json"];
    let recorded =
        run(sandbox.command(&[&question[..], &["--demo", "--record", "tape"]].concat()), "");
    assert_eq!(recorded.status, Some(0), "{recorded:?}");
    let replayed = replay(&sandbox.read(FILE).unwrap(), &question[1..]);
    assert_eq!(replayed, recorded);
    assert!(replayed.stdout.contains(r#""demo": true"#));
}

#[test]
fn several_profiles_keep_their_own_answers() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &NOW, &[]);
    let [(_, key), (_, secret)] = DEMO_KEYS;
    let profile = |name: &str, key: &str, secret: &str| {
        format!(r#""{name}": {{"mode": "ak", "access-key": "{key}", "secret-key": "{secret}"}}"#)
    };
    let profiles = [
        profile("ours", key, secret),
        profile("unknown", "AKLTEXAMPLE0000000000000000000002", "fake-secret-for-tests-only-0002"),
    ];
    let config = format!(r#"{{"current": "ours", "profiles": {{{}}}}}"#, profiles.join(", "));
    client.write(".volcengine/config.json", &config);
    client.write(
        ".config/ark-usage/config.toml",
        "[defaults]\nproject = \"search\"\ntz = \"Asia/Singapore\"\nformat = \"json\"\n",
    );
    let named = ["--profile", "ours", "--profile", "unknown"];
    for (tape, whose) in [("named", &named[..]), ("all", &["--all-profiles"])] {
        // One of the two keys is refused, so nobody can say whose account it is.
        let assumed = "--assume-different-accounts";
        let ask = ["get", "--last", "2d", assumed, NOW[0], NOW[1], "--record", tape];
        let there = ["--base-url", emulator.base_url()];
        let recorded = run(client.command(&[&ask[..], whose, &there].concat()), "");
        assert_eq!(recorded.status, Some(6), "{recorded:?}");

        let file = format!("{tape}/recording.ndjson");
        let replayed = replay(&client.read(&file).unwrap(), &["--last", "2d", assumed]);
        assert_eq!(replayed.stdout, recorded.stdout);
        assert_eq!(replayed.status, recorded.status, "{replayed:?}");
        assert!(replayed.stdout.contains(r#""profile": "ours""#));
    }
}

#[test]
fn made_up_accounts_keep_their_numbers() {
    let sandbox = Sandbox::new();
    let question = ["get", "--last", "2d", "--by", "account", "-f", "csv"];
    let whose = ["--demo", "--profile", "a", "--profile", "b", NOW[0], NOW[1], "--record", "tape"];
    let recorded = run(sandbox.command(&[&question[..], &whose].concat()), "");
    assert_eq!(recorded.status, Some(0), "{recorded:?}");
    assert!(recorded.stdout.contains(",a,2165335029,"), "{recorded:?}");
    let replayed = replay(&sandbox.read(FILE).unwrap(), &question[1..]);
    assert_eq!(replayed, recorded);
}

#[test]
fn nothing_secret_is_recorded() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    server.write("faults.toml", FAULTS);
    let keys = [
        ("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000007"),
        ("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0007"),
        ("VOLCENGINE_SESSION_TOKEN", "fake-token-for-tests-only-0007"),
    ];
    let owned = keys.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &owned);
    let url = emulator.base_url();
    let mut command = client.command(&[
        "get",
        "--last",
        "9d",
        "--all-projects",
        "--base-url",
        url,
        NOW[0],
        NOW[1],
        "--record",
        "tape",
    ]);
    command.envs(keys);
    let recorded = run(command, "");
    assert_eq!(recorded.status, Some(6), "{recorded:?}");

    let recording = client.read(FILE).unwrap();
    for secret in keys.iter().chain(&DEMO_KEYS).map(|(_, value)| *value) {
        assert!(!recording.contains(secret), "{secret} is in the recording");
    }
    let lower = recording.to_ascii_lowercase();
    for name in ["authorization", "x-security-token", "signature=", "credential="] {
        assert!(!lower.contains(name), "{name} is in the recording");
    }
    assert!(recording.contains("AKLT***0000 may not"), "what was covered is seen to be");
    assert!(recorded.stderr.contains("AKLT***0000 may not"), "{recorded:?}");
}

#[test]
fn a_failure_to_connect_is_replayed() {
    let sandbox = Sandbox::new();
    let question = ["--last", "2d", "--retries", "1", "-v"];
    let recorded = record(&sandbox, &question, "http://127.0.0.1:1");
    assert_eq!(recorded.status, Some(5), "{recorded:?}");
    let replayed = replay(&sandbox.read(FILE).unwrap(), &question);
    assert_eq!(replayed.status, Some(5), "{replayed:?}");
    let said = |finished: &Finished| {
        let lines = finished.stderr.lines().filter(|line| !line.starts_with("credentials: "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(said(&replayed), said(&recorded));
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_is_replayed_up_to_the_interruption() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    server.write("faults.toml", "[[fault]]\nwhen = { from = 2 }\neffect = { kind = \"stall\" }\n");
    let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
    let question = ["--last", "4d", "--max-window", "2d", "--concurrency", "1", "-f", "json"];
    let more = [NOW[0], NOW[1], "-v", "--base-url", emulator.base_url(), "--record", "tape"];
    let mut command = client.command(&arguments(&question, &more));
    command.envs(DEMO_KEYS);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    client.wait_for(FILE, "\"number\":1");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let recorded = finish(child);
    assert_eq!(recorded.status, Some(130), "{recorded:?}");

    let replayed = replay(&client.read(FILE).unwrap(), &question);
    assert_eq!(replayed.status, Some(130), "{replayed:?}");
    assert_eq!(replayed.stdout, recorded.stdout);
}
