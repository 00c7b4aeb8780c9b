//! Every command about usage, answered by a history and by the service: the same bytes but for the
//! times and numbers of calls.

use std::path::PathBuf;
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use volc_credentials::Environment;

use crate::args::Cli;
use crate::commands;
use crate::exit_status::ExitStatus;
use crate::lang::Lang;

/// Everything that was kept had settled by then.
const NOW: [&str; 2] = ["--now", "2024-12-10T00:00:00+08:00"];

/// The days that were kept.
const KEPT: [&str; 4] = ["--start", "2024-11-04", "--end", "2024-12-10"];

/// Runs a command inside the process; returns its status.
fn command(name: &str, flags: &[&str]) -> Result<ExitStatus, String> {
    let head = ["ark-usage", name, "--quiet"];
    let arguments: Vec<_> = head.iter().chain(flags).chain(&NOW).map(Into::into).collect();
    let cli = Cli::read(&arguments, Lang::En).map_err(|error| error.to_string())?;
    let environment = Environment::new();
    commands::run(&cli, &environment, Lang::En).map_err(|error| error.report(Lang::En))
}

/// A history of the demo account with each action.
struct History {
    _folder: TempDir,
    path: PathBuf,
}

impl History {
    fn new(apis: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        for api in apis {
            let file = path.to_str().unwrap();
            let flags = [&["--demo", "--history", file, "--api", api][..], &KEPT].concat();
            let status = command("sync", &flags);
            assert_eq!(status, Ok(ExitStatus::Done), "{api}");
        }
        Self { _folder: folder, path }
    }

    /// The history that tests share, which none of them changes.
    fn shared() -> &'static Self {
        static SHARED: OnceLock<History> = OnceLock::new();
        SHARED.get_or_init(|| Self::new(&["usage", "inference", "QueryUsageTable"]))
    }

    fn flag(&self) -> String {
        format!("--history={}", self.path.display())
    }
}

/// Runs a command that writes a file; returns its status and the file.
fn written(name: &str, flags: &[&str]) -> (Result<ExitStatus, String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let status = command(name, &[flags, &["--output", path.to_str().unwrap()]].concat());
    (status, std::fs::read_to_string(path).unwrap_or_default())
}

/// Blanks what may differ in a document: times of responses, calls, the time of the document.
fn blank(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if ["fetched_at", "generated_at", "calls"].contains(&key.as_str()) {
                    *field = Value::Null;
                } else {
                    blank(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

/// The text of an output without what may differ.
fn comparable(format: &str, text: &str) -> String {
    match format {
        "json" | "ndjson" => {
            let documents = serde_json::Deserializer::from_str(text).into_iter::<Value>();
            let blanked = documents.map(|document| {
                let mut document = document.unwrap();
                blank(&mut document);
                document.to_string() + "\n"
            });
            blanked.collect()
        }
        "csv" => {
            let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
            let header = lines.next().unwrap_or_default();
            let at = header.iter().position(|name| *name == "fetched_at");
            let rows = lines.map(|cells| {
                let kept = cells.iter().enumerate().filter(|(place, _)| Some(*place) != at);
                kept.map(|(_, cell)| *cell).collect::<Vec<_>>().join(",")
            });
            [header.join(",")].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
        }
        _ => text.to_owned(),
    }
}

fn assert_same(name: &str, format: &str, flags: &[&str], history: &History) {
    let more = [flags, &["--demo", "--format", format]].concat();
    let live = written(name, &more);
    let kept = written(name, &[&more[..], &[&history.flag()]].concat());
    assert_eq!(kept.0, live.0, "{name} {more:?}");
    let (kept, live) = (comparable(format, &kept.1), comparable(format, &live.1));
    let first = kept.bytes().zip(live.bytes()).position(|(one, other)| one != other);
    let at = first.unwrap_or_else(|| kept.len().min(live.len()));
    let around = |text: &str| -> String {
        String::from_utf8_lossy(text.as_bytes().get(at.saturating_sub(300)..).unwrap_or_default())
            .chars()
            .take(500)
            .collect()
    };
    assert!(kept == live, "{name} {more:?}\nkept: {}\nlive: {}", around(&kept), around(&live));
}

const PRICES: &str = r#"
currency = "CNY"
per = "1M"
[[price]]
metric = "PromptTokens"
price = 0.8
[[price]]
metric = "CompletionTokens"
price = 2
[[price]]
metric = "InputTokens"
price = 0.8
[[price]]
metric = "OutputTokens"
model = "doubao-seed-1-6"
price = 2
"#;

/// A query, but for its format.
#[derive(Clone, Debug)]
struct Query {
    api: &'static str,
    by: Vec<&'static str>,
    hours: bool,
    first: u32,
    last: u32,
    zone: &'static str,
    compares: bool,
    priced: bool,
    more: &'static [&'static str],
}

const USAGE_KEYS: [&str; 9] =
    ["day", "hour", "week", "month", "weekday", "project", "endpoint", "model", "account"];
const INFERENCE_KEYS: [&str; 9] =
    ["day", "hour", "month", "project", "endpoint", "model", "api-key", "billing", "batch-type"];
const TABLE_KEYS: [&str; 7] = ["day", "hour", "week", "project", "endpoint", "scene", "account"];

fn queries() -> impl Strategy<Value = Query> {
    let zones = ["Asia/Shanghai", "UTC", "America/New_York", "Asia/Kolkata"];
    let actions = prop_oneof![
        (Just("usage"), proptest::sample::subsequence(USAGE_KEYS.to_vec(), 0..3)),
        (Just("inference"), proptest::sample::subsequence(INFERENCE_KEYS.to_vec(), 0..4)),
        (Just("QueryUsageTable"), proptest::sample::subsequence(TABLE_KEYS.to_vec(), 0..3)),
    ];
    let more = proptest::sample::select(vec![
        &[][..],
        &["--project", "default"],
        &["--default-project"],
        &["--complete"],
        &["--sort", "-value"],
    ]);
    let range = (any::<bool>(), 12_u32..20, 0_u32..8);
    let rest = (proptest::sample::select(zones.to_vec()), any::<bool>(), any::<bool>(), more);
    (actions, range, rest).prop_map(|((api, by), (hours, first, len), rest)| {
        let (zone, compares, priced, more) = rest;
        let last = first + len;
        Query { api, by, hours, first, last, zone, compares, priced, more }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_range_that_is_whole_and_settled_is_answered_like_the_service(
        query in queries(),
        format in proptest::sample::select(vec!["json", "csv", "ndjson", "table"]),
    ) {
        let Query { api, by, hours, first, last, zone, compares, priced, more } = query;
        let (first, last) = (format!("2024-11-{first}"), format!("2024-11-{last}"));
        let by = by.join(",");
        let mut flags = vec!["--api", api, "--start", &first, "--end", &last, "--tz", zone];
        if !by.is_empty() {
            flags.extend(["--by", &by]);
        }
        if hours {
            flags.extend(["--interval", "hour"]);
        }
        if compares && !more.contains(&"--complete") {
            flags.extend(["--compare", "previous"]);
        }
        let folder = tempfile::tempdir().unwrap();
        let prices = folder.path().join("prices.toml");
        std::fs::write(&prices, PRICES).unwrap();
        let prices = prices.to_str().unwrap();
        if priced {
            flags.extend(["--prices", prices]);
        }
        flags.extend(more);
        if api == "QueryUsageTable" {
            // Peaks of a day are no sums of its hours.
            flags.extend(["--metric", "InputTokens", "--metric", "Requests"]);
        }
        assert_same("get", format, &flags, History::shared());
    }
}

#[test]
fn other_commands_answer_like_the_service_too() {
    let history = History::shared();
    let range = ["--start", "2024-11-12", "--end", "2024-11-18"];
    for api in ["usage", "inference", "QueryUsageTable"] {
        let flags = [&["--api", api][..], &range].concat();
        assert_same("reconcile", "json", &flags, history);
        assert_same("reconcile", "table", &flags, history);
        if api == "QueryUsageTable" {
            continue;
        }
        assert_same("report", "html", &flags, history);
        for format in ["openmetrics", "markdown"] {
            assert_same("get", format, &flags, history);
        }
        let limits = ["--api", api, "--max", "total=1/month", "--max", "total=1e15/week"];
        assert_same("budget", "json", &limits, history);
    }
}

#[test]
fn parts_of_a_range_that_were_not_kept_are_missing() {
    let history = History::shared();
    let flag = history.flag();
    let flags =
        ["--start", "2024-11-01", "--end", "2024-11-05", "--format", "json", "--demo", &flag];
    let (status, text) = written("get", &flags);
    assert_eq!(status, Ok(ExitStatus::Partial));
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["coverage"]["complete"], false, "{text}");
    let missing = document["coverage"]["missing"].as_array().unwrap();
    assert!(!missing.is_empty());
    for gap in missing {
        assert_eq!(gap["reason"], "not in the history");
        assert!(gap["end"].as_str().unwrap().starts_with("2024-11-04"), "{gap}");
    }
    let rows = document["rows"].as_array().unwrap();
    let is_kept = |row: &&Value| row["start"].as_str().unwrap() >= "2024-11-04";
    assert!(rows.iter().filter(is_kept).all(|row| row["value"].is_i64()));
    assert!(rows.iter().any(|row| row["value"].is_null()));
}

#[test]
fn usage_that_was_never_kept_names_the_command_that_keeps_it() {
    let history = History::new(&["usage"]);
    let flag = history.flag();
    let refused = |flags: &[&str]| {
        let all = [flags, &["--start", "2024-11-12", "--end", "2024-11-13", &flag]].concat();
        written("get", &all).0.unwrap_err()
    };
    let error = refused(&["--api", "inference"]);
    assert!(error.contains("GetInferenceUsage") && error.contains("--api inference"), "{error}");
    let error = refused(&["--scene", "Batch"]);
    assert!(error.contains("ark-usage sync") && error.contains("--scene Batch"), "{error}");
    let error = refused(&["--profile", "nobody"]);
    assert!(error.contains("--profile nobody") && error.contains("2100000001"), "{error}");
    let (status, text) = written("get", &["--api", "auto", "--last", "3d", "--by", "model", &flag]);
    assert_eq!(status, Ok(ExitStatus::Done), "{text}");
    let of_account = ["--start", "2024-11-01", "--profile", "2100000001", &flag];
    assert_eq!(written("get", &of_account).0, Ok(ExitStatus::Partial));
    let error = command("get", &["-f", "raw", &flag]).unwrap_err();
    assert!(error.contains("--history") && error.contains("raw"), "{error}");
}

#[test]
fn an_update_fetches_what_is_missing_first() {
    let history = History::new(&["usage"]);
    let flag = history.flag();
    let flags = ["--demo", "--start", "2024-10-30", "--end", "2024-11-05", "--format", "json"];
    let before = written("get", &[&flags[..], &[&flag]].concat());
    assert_eq!(before.0, Ok(ExitStatus::Partial));
    let updated = written("get", &[&flags[..], &[&flag, "--update"]].concat());
    let (status, live) = written("get", &flags);
    assert_eq!((&updated.0, &status), (&Ok(ExitStatus::Done), &Ok(ExitStatus::Done)));
    assert_eq!(comparable("json", &updated.1), comparable("json", &live));
    assert_same("get", "json", &flags[1..5], &history);
    let error = command("get", &["--demo", "--update"]).unwrap_err();
    assert!(error.contains("--history"), "{error}");
}

#[test]
fn a_file_that_is_no_history_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    let flag = format!("--history={}", path.display());
    let error = command("get", &[&flag]).unwrap_err();
    assert!(error.contains("ark-usage sync --history"), "{error}");
    std::fs::write(&path, "these are notes, and longer than the head of a database\n".repeat(40))
        .unwrap();
    let error = command("get", &[&flag]).unwrap_err();
    assert!(error.contains("notes.db"), "{error}");
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "nothing is made beside a file that is no history");
    let error = command("get", &["--history"]).unwrap_err();
    assert!(error.contains("--history=FILE"), "{error}");
}
