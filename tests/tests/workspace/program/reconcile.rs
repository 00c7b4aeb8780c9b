//! `ark-usage reconcile`: what it prints can be pasted and shows the difference it speaks of; a
//! recording of it says the same again.

use serde_json::Value;
use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, run};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];

/// Hours and endpoints that do not add up, each in its own way.
const FAULTS: &str = r#"
[[fault]]
when = { action = "GetUsage", min-buckets = 24 }
effect = { kind = "revision", percent = 99 }
[[fault]]
when = { action = "GetUsage", min-ids = 1 }
effect = { kind = "revision", percent = 101 }
"#;

fn reconcile(sandbox: &Sandbox, url: &str, more: &[&str]) -> Finished {
    let question = ["reconcile", "--start", "2024-11-18", "--end", "2024-11-18", "--all-projects"];
    let mut command = sandbox.command(&[&question[..], &["--base-url", url], &NOW, more].concat());
    command.envs(DEMO_KEYS);
    run(command, "")
}

/// The sum of a metric that a pasted command shows.
fn total(sandbox: &Sandbox, command: &str, metric: &str) -> i64 {
    let line = format!("{command} -f json {} {}", NOW[0], NOW[1]);
    let mut command = sandbox.shell(&line);
    command.envs(DEMO_KEYS);
    let finished = run(command, "");
    assert_eq!(finished.status, Some(0), "{line}\n{finished:?}");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    let totals = document["totals"].as_array().unwrap();
    totals.iter().find(|total| total["metric"] == metric).unwrap()["value"].as_i64().unwrap()
}

#[test]
fn pasted_commands_show_the_difference() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    server.write("faults.toml", FAULTS);
    let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
    let finished = reconcile(&client, emulator.base_url(), &["-f", "json"]);
    assert_eq!(finished.status, Some(7), "{finished:?}");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(document["schema"], "ark-usage/reconcile");
    let checks = document["checks"].as_array().unwrap();
    assert_eq!(document["summary"]["differs"], checks.len(), "{finished:?}");
    for check in checks {
        let metric = check["metric"].as_str().unwrap();
        let queries = check["queries"].as_array().unwrap();
        assert_eq!(queries.len(), 2, "{check}");
        for (side, query) in ["whole", "parts"].into_iter().zip(queries) {
            let shown = total(&client, query.as_str().unwrap(), metric);
            assert_eq!(check[side]["value"], shown, "{query}");
        }
    }
}

#[test]
fn pasted_commands_show_what_either_action_reports() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let behavior = ["--behavior", "plan-tokens=left-out"];
    let emulator = Emulator::start(&server, &[&NOW[..], &behavior].concat(), &[]);
    let against = ["--against", "inference", "-f", "json"];
    let finished = reconcile(&client, emulator.base_url(), &against);
    assert_eq!(finished.status, Some(7), "{finished:?}");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(document["schema"], "ark-usage/reconcile-actions");
    let checks = document["checks"].as_array().unwrap();
    let open: Vec<&Value> = checks.iter().filter(|check| check["verdict"] == "differs").collect();
    assert_eq!(document["summary"]["differs"], open.len(), "{finished:?}");
    assert!(!open.is_empty());
    for check in open {
        let queries = check["queries"].as_array().unwrap();
        assert_eq!(queries.len(), 2, "{check}");
        for (side, query) in ["here", "there"].into_iter().zip(queries) {
            let line = format!("{} -f json {} {}", query.as_str().unwrap(), NOW[0], NOW[1]);
            let mut command = client.shell(&line);
            command.envs(DEMO_KEYS);
            let finished = run(command, "");
            assert_eq!(finished.status, Some(0), "{line}\n{finished:?}");
            let shown: Value = serde_json::from_str(&finished.stdout).unwrap();
            let rows = shown["rows"].as_array().unwrap().iter();
            let of = |row: &&Value| {
                row["endpoint_id"] == check["endpoint_id"] && row["metric"] == check[side]["metric"]
            };
            let sum: i64 = rows.filter(of).map(|row| row["value"].as_i64().unwrap()).sum();
            assert_eq!(check[side]["value"], sum, "{query}");
        }
    }
}

#[test]
fn a_replay_of_it_says_the_same_bytes() {
    for format in ["table", "json"] {
        for against in [&[][..], &["--against", "inference"]] {
            assert_replayed(format, against);
        }
    }
}

fn assert_replayed(format: &str, against: &[&str]) {
    let (server, client, other) = (Sandbox::new(), Sandbox::new(), Sandbox::new());
    server.write("faults.toml", FAULTS);
    let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
    let format = [&["-f", format][..], against].concat();
    let more = [&format[..], &["--record", "tape"]].concat();
    let recorded = reconcile(&client, emulator.base_url(), &more);
    drop(emulator);
    assert_eq!(recorded.status, Some(7), "{recorded:?}");
    other.write("tape/recording.ndjson", &client.read("tape/recording.ndjson").unwrap());
    let question = ["reconcile", "--start", "2024-11-18", "--end", "2024-11-18"];
    let more = [&["--all-projects"][..], &format, &["--replay", "tape"]].concat();
    let replayed = run(other.command(&[&question[..], &more].concat()), "");
    assert_eq!(replayed, recorded);
}
