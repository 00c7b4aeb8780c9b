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
fn a_replay_of_it_says_the_same_bytes() {
    for format in ["table", "json"] {
        let (server, client, other) = (Sandbox::new(), Sandbox::new(), Sandbox::new());
        server.write("faults.toml", FAULTS);
        let emulator = Emulator::start(&server, &[NOW[0], NOW[1], "--faults", "faults.toml"], &[]);
        let recorded = reconcile(&client, emulator.base_url(), &["-f", format, "--record", "tape"]);
        drop(emulator);
        assert_eq!(recorded.status, Some(7), "{recorded:?}");
        other.write("tape/recording.ndjson", &client.read("tape/recording.ndjson").unwrap());
        let question = ["reconcile", "--start", "2024-11-18", "--end", "2024-11-18"];
        let more = ["--all-projects", "-f", format, "--replay", "tape"];
        let replayed = run(other.command(&[&question[..], &more].concat()), "");
        assert_eq!(replayed, recorded);
    }
}
