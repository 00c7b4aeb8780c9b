//! `get -f json`: every promised key, always there, always of the same type.

use std::collections::BTreeMap;

use serde_json::Value;
use workspace_tests::program::{DEMO_KEYS, Emulator, Sandbox, run};

const NOON_OF_THE_20TH: &str = "2024-11-20T04:00:00Z";

fn answer(arguments: &[&str]) -> Value {
    let sandbox = Sandbox::new();
    let mut all = vec!["get", "--demo", "-f", "json", "--now", NOON_OF_THE_20TH];
    all.extend(arguments);
    all.extend((!arguments.contains(&"--project")).then_some("--default-project"));
    let finished = run(sandbox.command(&all), "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
    serde_json::from_str(&finished.stdout).unwrap()
}

/// The type of a value: `T` an RFC 3339 instant in the service's zone, a trailing `?` null too.
fn is_a(value: &Value, kind: &str) -> bool {
    if let Some(kind) = kind.strip_suffix('?') {
        return value.is_null() || is_a(value, kind);
    }
    match kind {
        "T" => value.as_str().is_some_and(is_instant),
        "text" => value.is_string(),
        "integer" => value.is_i64(),
        "bool" => value.is_boolean(),
        "list" => value.is_array(),
        "object" => value.is_object(),
        "state" => ["final", "settling", "missing"].iter().any(|state| value == state),
        _ => panic!("no such kind: {kind}"),
    }
}

/// `2024-11-19T00:00:00+08:00`
fn is_instant(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00+00:00" && text.ends_with("+08:00")
}

fn check_keys(what: &str, object: &Value, keys: &[(&str, &str)]) {
    for (key, kind) in keys {
        let value = object.get(key).unwrap_or_else(|| panic!("{what} has no {key}: {object}"));
        assert!(is_a(value, kind), "{what}.{key} is not {kind}: {value}");
    }
}

fn check_contract(document: &Value) {
    check_keys("the document", document, DOCUMENT);
    assert_eq!(document["schema"], "ark-usage/rows");
    assert_eq!(document["schema_version"], 1);
    check_keys("query", &document["query"], QUERY);
    check_keys("coverage", &document["coverage"], &[("complete", "bool"), ("missing", "list")]);
    for (list, keys) in [("rows", ROW), ("totals", TOTAL), ("calls", CALL), ("warnings", WARNING)] {
        for item in document[list].as_array().unwrap() {
            check_keys(list, item, keys);
            if list == "totals" {
                check_keys("buckets", &item["buckets"], BUCKETS);
            }
        }
    }
}

const DOCUMENT: &[(&str, &str)] = &[
    ("schema", "text"),
    ("schema_version", "integer"),
    ("generated_at", "T"),
    ("query", "object"),
    ("rows", "list"),
    ("totals", "list"),
    ("comparison", "object?"),
    ("coverage", "object"),
    ("calls", "list"),
    ("warnings", "list"),
];
const QUERY: &[(&str, &str)] = &[
    ("api", "text"),
    ("start", "T"),
    ("end", "T"),
    ("last", "T"),
    ("interval", "text"),
    ("tz", "text"),
    ("by", "list"),
    ("projects", "list"),
    ("endpoint_ids", "list"),
    ("scenes", "list"),
    ("demo", "bool"),
];
const ROW: &[(&str, &str)] = &[
    ("start", "T"),
    ("end", "T"),
    ("start_unix", "integer"),
    ("end_unix", "integer"),
    ("profile", "text?"),
    ("account_id", "text?"),
    ("project", "text?"),
    ("endpoint_id", "text?"),
    ("scene", "text?"),
    ("batch_job_id", "text?"),
    ("tags", "object"),
    ("metric", "text"),
    ("value", "integer?"),
    ("state", "state"),
    ("fetched_at", "T?"),
    ("labels", "object?"),
    ("buckets", "object?"),
    ("previous", "object?"),
    ("others", "integer?"),
];
const TOTAL: &[(&str, &str)] = &[
    ("metric", "text"),
    ("value", "integer?"),
    ("state", "state"),
    ("buckets", "object"),
    ("previous", "object?"),
];
const BUCKETS: &[(&str, &str)] =
    &[("wanted", "integer"), ("received", "integer"), ("settling", "integer")];
const CALL: &[(&str, &str)] = &[
    ("project", "text?"),
    ("start", "T"),
    ("end", "T"),
    ("last", "T"),
    ("attempts", "integer"),
    ("request_id", "text?"),
];
const WARNING: &[(&str, &str)] = &[("code", "text"), ("message", "text")];

#[test]
fn every_key_is_always_present() {
    for arguments in [
        &["--last", "7d"][..],
        &["--today"],
        &["--last", "24h"],
        &["--last", "2d", "--project", "default"],
        &["--last", "2d", "--scene", "Ordinary", "--scene", "Batch"],
        &["--last", "2w", "--by", "week,endpoint", "--top", "1"],
        &["--last", "2d", "--by", "scene,tag:team", "--compare", "previous"],
        &["--last", "2d", "--totals-only"],
    ] {
        check_contract(&answer(arguments));
    }
}

#[test]
fn the_last_seven_days_are_answered_in_full() {
    let document = answer(&["--last", "7d"]);
    let query = &document["query"];
    assert_eq!(query["start"], "2024-11-14T00:00:00+08:00");
    assert_eq!(query["end"], "2024-11-21T00:00:00+08:00");
    assert_eq!(query["last"], "2024-11-20T00:00:00+08:00");
    assert_eq!((&query["interval"], &query["tz"]), (&"day".into(), &"Asia/Shanghai".into()));
    assert_eq!((&query["api"], &query["demo"]), (&"GetUsage".into(), &true.into()));
    assert_eq!(document["generated_at"], "2024-11-20T12:00:00+08:00");
    assert_eq!(document["coverage"]["complete"], true);
    assert_eq!(document["coverage"]["missing"], Value::Array(Vec::new()));

    let rows = document["rows"].as_array().unwrap();
    for metric in ["PromptTokens", "CompletionTokens"] {
        let days: Vec<i64> = rows
            .iter()
            .filter(|row| row["metric"] == metric)
            .map(|row| row["start_unix"].as_i64().unwrap())
            .collect();
        let wanted: Vec<i64> = (0..7).map(|day| 1_731_513_600 + day * 86_400).collect();
        assert_eq!(days, wanted, "{metric}");
    }
}

#[test]
fn a_row_ends_where_the_next_begins() {
    for (arguments, seconds) in [(["--last", "7d"], 86_400), (["--last", "24h"], 3_600)] {
        for row in answer(&arguments)["rows"].as_array().unwrap() {
            let (start, end) = (row["start_unix"].as_i64(), row["end_unix"].as_i64());
            assert_eq!(end.unwrap() - start.unwrap(), seconds);
        }
    }
}

#[test]
fn totals_are_the_sums_of_the_rows() {
    for arguments in [["--last", "7d"], ["--last", "24h"], ["--month", "2024-10"]] {
        let document = answer(&arguments);
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for row in document["rows"].as_array().unwrap() {
            let metric = row["metric"].as_str().unwrap().to_owned();
            *sums.entry(metric).or_default() += row["value"].as_i64().unwrap_or(0);
        }
        let totals = document["totals"].as_array().unwrap();
        let totals: BTreeMap<String, i64> = totals
            .iter()
            .map(|t| (t["metric"].as_str().unwrap().to_owned(), t["value"].as_i64().unwrap()))
            .collect();
        assert_eq!(totals, sums);
        assert!(sums.len() >= 2, "{sums:?}");
    }
}

#[test]
fn the_running_day_may_still_grow_and_says_so() {
    let document = answer(&["--last", "7d"]);
    for row in document["rows"].as_array().unwrap() {
        let running = row["start"] == "2024-11-20T00:00:00+08:00";
        assert_eq!(row["state"], if running { "settling" } else { "final" }, "{row}");
        assert!(row["fetched_at"].is_string());
    }
    for total in document["totals"].as_array().unwrap() {
        assert_eq!(total["state"], "settling", "a sum is as settled as its least settled part");
        let buckets = serde_json::json!({"wanted": 7, "received": 7, "settling": 1});
        assert_eq!(total["buckets"], buckets);
    }
}

#[test]
fn the_day_of_the_vendors_page_has_the_pages_numbers() {
    let days = answer(&["--start", "2024-11-19", "--end", "2024-11-19"]);
    let hours = answer(&["--start", "2024-11-19", "--end", "2024-11-19", "-i", "hour"]);
    for document in [days, hours] {
        let total = |metric: &str| {
            let totals = document["totals"].as_array().unwrap();
            totals.iter().find(|t| t["metric"] == metric).unwrap()["value"].clone()
        };
        assert_eq!(total("PromptTokens"), 1_529_525_715_i64);
        assert_eq!(total("CompletionTokens"), 40_207_324_i64);
    }
}

#[test]
fn the_same_question_gets_the_same_answer() {
    let ask = || {
        let mut document = answer(&["--last", "24h"]);
        // Request ids are made from the whole request, and the emulator's port is part of that.
        document.as_object_mut().unwrap().remove("calls");
        document
    };
    assert_eq!(ask(), ask());
}

#[test]
fn an_empty_answer_has_the_same_shape() {
    // The first second of a day nobody used yet, from a service that leaves empty buckets out.
    let now = ["--now", "2024-11-19T16:00:00Z"];
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let reading = ["--reading", "zero-buckets=left-out", now[0], now[1]];
    let emulator = Emulator::start(&server, &reading, &[]);
    let url = emulator.base_url();
    let arguments = ["get", "--today", "-f", "json", "--base-url", url, now[0], now[1]];
    let mut command = client.command(&arguments);
    command.envs(DEMO_KEYS);
    let finished = run(command, "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    check_contract(&document);
    for row in document["rows"].as_array().unwrap() {
        assert!(row["value"].is_null(), "what did not come is not 0: {row}");
    }
}

#[test]
fn every_line_of_raw_is_a_window_an_attempt_and_an_envelope() {
    let sandbox = Sandbox::new();
    let arguments = ["get", "--demo", "--month", "2024-10", "-f", "raw", "--now", NOON_OF_THE_20TH];
    let finished = run(sandbox.command(&arguments), "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
    for line in finished.stdout.lines() {
        let call: Value = serde_json::from_str(line).unwrap();
        check_keys("a call", &call, &[("window", "object"), ("attempt", "integer")]);
        let envelope = &call["envelope"];
        assert_eq!(envelope["ResponseMetadata"]["Action"], "GetUsage");
        assert!(envelope["Result"]["UsageResults"].is_array());
    }
    assert!(finished.stdout.lines().count() >= 1);
}
