//! `get --by`: whatever rows are summed by, and however the service tags, they add up to the totals.

use std::collections::BTreeMap;

use serde_json::Value;
use workspace_tests::program::{DEMO_KEYS, Emulator, Sandbox, run};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];

/// Groupings that do not nest.
const SHAPES: [&[&str]; 8] = [
    &["--totals-only"],
    &["--by", "day"],
    &["--by", "endpoint"],
    &["--by", "scene,week"],
    &["--by", "tag:team,day", "--top", "1"],
    &["--by", "batch-job,model"],
    &["--by", "month,scene,endpoint", "--sort", "-value"],
    &["--by", "account,profile,project", "--project", "default"],
];

fn answer(emulator: &Emulator, arguments: &[&str]) -> Value {
    let sandbox = Sandbox::new();
    let mut all = vec!["get", "--base-url", emulator.base_url(), "-f", "json", NOW[0], NOW[1]];
    all.extend(arguments);
    all.extend((!arguments.contains(&"--project")).then_some("--default-project"));
    let mut command = sandbox.command(&all);
    command.envs(DEMO_KEYS);
    let finished = run(command, "");
    assert_eq!(finished.status, Some(0), "{arguments:?}: {finished:?}");
    serde_json::from_str(&finished.stdout).unwrap()
}

fn sums(list: &Value) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for row in list.as_array().unwrap() {
        let metric = row["metric"].as_str().unwrap().to_owned();
        *sums.entry(metric).or_default() += row["value"].as_i64().unwrap_or(0);
    }
    sums
}

#[test]
fn rows_add_up_to_the_same_totals_however_the_service_tags() {
    let range = ["--start", "2024-11-10", "--end", "2024-11-19"];
    let mut expected = BTreeMap::new();
    for tags in ["never", "when-filtered", "always", "both"] {
        let server = Sandbox::new();
        let tags = format!("tags={tags}");
        let emulator = Emulator::start(&server, &["--reading", &tags, NOW[0], NOW[1]], &[]);
        for shape in SHAPES {
            let arguments = [&range[..], shape].concat();
            let document = answer(&emulator, &arguments);
            let totals = sums(&document["totals"]);
            assert_eq!(sums(&document["rows"]), totals, "{tags} {shape:?}");
            if expected.is_empty() {
                assert!(totals.values().all(|value| *value > 0), "{totals:?}");
                expected.clone_from(&totals);
            }
            assert_eq!(totals, expected, "{tags} {shape:?}");
        }
    }
}

#[test]
fn the_hours_of_a_range_are_counted_once_in_any_zone() {
    let server = Sandbox::new();
    let emulator = Emulator::start(&server, &NOW, &[]);
    for (zone, wanted) in [("UTC", 48), ("America/New_York", 49), ("Asia/Kolkata", 48)] {
        let range = ["--tz", zone, "--start", "2024-11-02", "--end", "2024-11-03"];
        let by_day = answer(&emulator, &range);
        let by_hour = answer(&emulator, &[&range[..], &["-i", "hour"]].concat());
        assert_eq!(sums(&by_day["totals"]), sums(&by_hour["rows"]), "{zone}");
        for total in by_day["totals"].as_array().unwrap() {
            assert_eq!(total["buckets"]["wanted"], wanted, "{zone}");
        }
        let days = by_day["rows"].as_array().unwrap();
        let hours: i64 = days.iter().map(|row| row["buckets"]["wanted"].as_i64().unwrap()).sum();
        assert_eq!(hours, 2 * wanted, "{zone}, two metrics");
        assert_eq!(by_day["query"]["approximate_days"], zone == "Asia/Kolkata");
    }
}
