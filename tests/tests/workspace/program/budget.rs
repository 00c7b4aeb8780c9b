//! `ark-usage budget` when not all of it comes, and over a recording.

use workspace_tests::listener::Listener;
use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, run};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];

/// The month is asked for in three calls; the second is lost.
const LOST: &str = r#"
[[fault]]
when = { action = "GetUsage", window-contains = 1731168000 }
effect = { kind = "error", status = 400, code = "InvalidParameter.StartTime", message = "not today" }
"#;

fn budget(sandbox: &Sandbox, max: &str, more: &[&str]) -> Finished {
    let arguments = ["budget", "--max", max, "--max-window", "8d", "-q"];
    let mut command = sandbox.command(&[&arguments[..], more].concat());
    command.envs(DEMO_KEYS);
    run(command, "")
}

#[test]
fn partial_data_can_exceed_a_limit_but_not_keep_it() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    server.write("faults.toml", LOST);
    let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
    let more = ["--base-url", emulator.base_url(), NOW[0], NOW[1]];

    let exceeded = budget(&client, "total=1e9/month", &more);
    assert_eq!(exceeded.status, Some(7), "{exceeded:?}");
    assert!(exceeded.stdout.contains("OVER HARD LIMIT"), "{}", exceeded.stdout);
    assert!(exceeded.stderr.contains("partial: "), "{}", exceeded.stderr);

    let kept = budget(&client, "total=1e12/month", &more);
    assert_eq!(kept.status, Some(6), "{kept:?}");
    assert!(kept.stdout.contains("missing  unknown"), "{}", kept.stdout);
    assert!(kept.stderr.contains("data is incomplete"), "{}", kept.stderr);
}

#[test]
fn a_soft_limit_can_be_exceeded_by_partial_data() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    server.write("faults.toml", LOST);
    let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
    let judged = |limits: &str| {
        let rule = format!("[[budget]]\nmetric = \"total\"\nperiod = \"month\"\n{limits}");
        client.write("b.toml", &rule);
        let arguments = ["budget", "--rules", "b.toml", "--max-window", "8d"];
        let more = ["--base-url", emulator.base_url(), NOW[0], NOW[1]];
        let mut command = client.command(&[&arguments[..], &more].concat());
        command.envs(DEMO_KEYS);
        run(command, "")
    };

    let alone = judged("soft = 1e9\n");
    assert_eq!(alone.status, Some(0), "{alone:?}");
    assert!(alone.stdout.contains("missing  over soft limit"), "{}", alone.stdout);
    assert!(alone.stderr.contains("over the soft limit of 1,000,000,000; data is incomplete"));
    assert!(alone.stderr.contains("partial: "), "{}", alone.stderr);

    let below_hard = judged("soft = 1e9\nhard = 1e12\n");
    assert_eq!(below_hard.status, Some(6), "{below_hard:?}");
    assert!(below_hard.stdout.contains("missing  unknown"), "{}", below_hard.stdout);
    assert!(
        below_hard
            .stderr
            .contains("over the soft limit of 1,000,000,000; the hard limit cannot be")
    );
    assert!(!below_hard.stderr.contains("not over the limit"), "{}", below_hard.stderr);
}

#[test]
fn rules_are_tested_over_a_recording() {
    let (server, client, offline) = (Sandbox::new(), Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &NOW, &[]);
    let online = ["--base-url", emulator.base_url(), NOW[0], NOW[1], "--record", "tape"];
    let recorded = budget(&client, "total=1e12/month", &online);
    assert_eq!(recorded.status, Some(0), "{recorded:?}");
    drop(emulator);

    offline.write("tape/recording.ndjson", &client.read("tape/recording.ndjson").unwrap());
    let replayed = budget(&offline, "total=1e12/month", &["--replay", "tape"]);
    assert_eq!(replayed, recorded);
    // The same usage against another limit: rules change, what was recorded does not.
    let stricter = budget(&offline, "total=1e9/month", &["--replay", "tape"]);
    assert_eq!(stricter.status, Some(7), "{stricter:?}");
}

#[test]
fn all_queries_share_the_timeout() {
    let server = Listener::start(|_| None);
    let client = Sandbox::new();
    let rule = "[[budget]]\nmetric = \"total\"\nperiod = \"month\"\nhard = 1\n";
    client.write("b.toml", &format!("{rule}{rule}endpoint_id = \"ep-1\"\n"));
    let arguments = ["budget", "--rules", "b.toml", "--timeout", "2s", NOW[0], NOW[1]];
    let server_at = ["--base-url", server.base_url()];
    let mut command = client.command(&[&arguments[..], &server_at].concat());
    command.envs(DEMO_KEYS);
    let finished = run(command, "");
    assert_eq!(finished.status, Some(5), "{finished:?}");
    let requests = server.requests();
    assert!(!requests.is_empty(), "the first query is sent");
    // No time is left for the query about the endpoint.
    assert!(requests.iter().all(|request| !request.contains("ep-1")), "{requests:?}");
}
