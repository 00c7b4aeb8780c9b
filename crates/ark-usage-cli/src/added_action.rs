//! Every command about usage with an action that only tests know; `get` in every format and grouping.
//!
//! The action is a folder of its own (`tests/third-action`), a line in the list of [`crate::actions`]
//! and one for the emulator behind `--demo`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use volc_credentials::Environment;

use crate::args::Cli;
use crate::commands;
use crate::exit_status::ExitStatus;
use crate::lang::Lang;

const METRICS: [&str; 5] =
    ["InputTokens", "CachedTokens", "OutputTokens", "Requests", "PeakHourTokens"];

/// The range of every test: three days that have settled.
const RANGE: [&str; 6] =
    ["--start", "2024-11-18", "--end", "2024-11-20", "--now", "2024-12-01T00:00:00+08:00"];

/// Runs `get` against the emulator inside the process; returns what it writes.
fn get(flags: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let status = run(&path, flags).unwrap_or_else(|error| panic!("{flags:?}: {error}"));
    assert_eq!(status, ExitStatus::Done, "{flags:?}");
    std::fs::read_to_string(path).unwrap()
}

fn run(path: &Path, flags: &[&str]) -> Result<ExitStatus, String> {
    let output = ["--output", path.to_str().unwrap()];
    command("get", &[&output[..], &RANGE, flags].concat(), &Environment::new())
}

/// Runs a command against the emulator inside the process.
fn command(name: &str, flags: &[&str], environment: &Environment) -> Result<ExitStatus, String> {
    let head = ["ark-usage", name, "--demo", "--quiet"];
    let arguments: Vec<_> = head.iter().chain(flags).map(Into::into).collect();
    let cli = Cli::read(&arguments, Lang::En).map_err(|error| error.to_string())?;
    commands::run(&cli, environment, Lang::En).map_err(|error| error.report(Lang::En))
}

/// Runs a command that writes a file with the made-up action; returns its status and the file.
fn written(name: &str, flags: &[&str]) -> (ExitStatus, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let own = ["--api", "QueryUsageTable", "--output", path.to_str().unwrap()];
    let status = command(name, &[&own, flags].concat(), &Environment::new());
    let status = status.unwrap_or_else(|error| panic!("{name} {flags:?}: {error}"));
    (status, std::fs::read_to_string(path).unwrap())
}

/// The same of the made-up action.
fn table(flags: &[&str]) -> String {
    get(&[&["--api", "QueryUsageTable"], flags].concat())
}

const GROUPINGS: [&[&str]; 10] = [
    &[],
    &["--interval", "hour"],
    &["--by", "day"],
    &["--by", "hour"],
    &["--by", "week"],
    &["--by", "endpoint"],
    &["--by", "scene"],
    &["--by", "day,endpoint,scene"],
    &["--by", "model"],
    &["--all-projects", "--by", "project"],
];

#[test]
fn every_format_shows_every_grouping() {
    for grouping in GROUPINGS {
        for format in ["table", "markdown", "json", "ndjson", "csv", "focus", "openmetrics", "raw"]
        {
            let flags = [grouping, &["--format", format]].concat();
            let text = table(&flags);
            let has = |metric: &&str| text.contains(*metric);
            assert!(METRICS.iter().filter(|metric| has(metric)).count() >= 4, "{flags:?}: {text}");
        }
        let chart = table(&[grouping, &["--chart=ascii"]].concat());
        assert!(chart.contains("InputTokens"), "{chart}");
    }
    let longer =
        table(&["--by", "endpoint", "--top", "2", "--sort", "-value", "--compare", "previous"]);
    assert!(longer.contains("InputTokens"), "{longer}");
}

/// The rows of a document that have the same keys and time, by metric.
fn groups(document: &Value) -> Vec<BTreeMap<String, Value>> {
    let mut groups: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for row in document["rows"].as_array().unwrap() {
        let keys = ["start", "project", "endpoint_id", "scene"].map(|key| row[key].to_string());
        let metric = row["metric"].as_str().unwrap().to_owned();
        groups.entry(keys.join(" ")).or_default().insert(metric, row.clone());
    }
    groups.into_values().collect()
}

#[test]
fn totals_are_of_one_unit_and_shares_make_a_whole() {
    for by in [&["--by", "day"][..], &["--by", "endpoint"], &["--by", "day,scene"], &[]] {
        let document: Value =
            serde_json::from_str(&table(&[&["--format", "json"], by].concat())).unwrap();
        let mut shares: BTreeMap<String, f64> = BTreeMap::new();
        let groups = groups(&document);
        assert!(!groups.is_empty(), "{by:?}");
        for group in &groups {
            let of = |metric: &str, key: &str| group[metric][key].as_i64();
            let tokens = of("InputTokens", "value")
                .zip(of("OutputTokens", "value"))
                .map(|(input, output)| input + output);
            for metric in ["InputTokens", "CachedTokens", "OutputTokens"] {
                assert_eq!(of(metric, "total"), tokens, "{metric} {by:?}");
            }
            assert_eq!(of("Requests", "total"), of("Requests", "value"), "{by:?}");
            let peak = &group["PeakHourTokens"];
            assert_eq!((&peak["total"], &peak["share"]), (&Value::Null, &Value::Null), "{by:?}");
            for (metric, row) in group {
                let share = row["share"].as_str().map(|share| share.parse::<f64>().unwrap());
                *shares.entry(metric.clone()).or_default() += share.unwrap_or_default();
            }
        }
        shares.remove("PeakHourTokens");
        // Each is rounded by itself, to half of a hundredth.
        let most = 0.005 * f64::from(u32::try_from(groups.len()).unwrap()) + 1e-9;
        assert!(shares.values().all(|sum| (sum - 100.0).abs() <= most), "{by:?} {shares:?}");
    }
    let flags = ["--totals-only", "--metric", "total", "--format"];
    let total: i128 = table(&[&flags[..], &["value"]].concat()).trim_end().parse().unwrap();
    let whole: Value = serde_json::from_str(&table(&["--format", "json"])).unwrap();
    let totals = totals(&whole);
    assert_eq!(Some(total), totals["InputTokens"].zip(totals["OutputTokens"]).map(|(a, b)| a + b));
    let wide = table(&["--by", "project", "--format", "csv", "--wide"]);
    let columns =
        ",InputTokens,CachedTokens,OutputTokens,Requests,PeakHourTokens,total,share,state,";
    assert!(wide.lines().next().unwrap().contains(columns), "{wide}");
    assert!(table(&["--by", "project"]).contains("total tokens"));
}

/// The sums of rows by metric; `None` for a metric with a row that has no value.
fn sums(document: &Value) -> BTreeMap<String, Option<i128>> {
    let mut sums = BTreeMap::new();
    for row in document["rows"].as_array().unwrap() {
        let value = row["value"].as_i64().map(i128::from);
        let sum = sums.entry(row["metric"].as_str().unwrap().to_owned()).or_insert(Some(0));
        *sum = sum.zip(value).map(|(sum, value)| sum + value);
    }
    sums
}

fn totals(document: &Value) -> BTreeMap<String, Option<i128>> {
    let totals = document["totals"].as_array().unwrap().iter();
    let total = |total: &Value| {
        (total["metric"].as_str().unwrap().to_owned(), total["value"].as_i64().map(i128::from))
    };
    totals.map(total).collect()
}

#[test]
fn every_grouping_has_the_same_sums_and_nothing_adds_peaks() {
    let in_json = |flags: &[&str]| -> Value {
        serde_json::from_str(&table(&[&["--format", "json"], flags].concat())).unwrap()
    };
    let several_projects = sums(&in_json(&["--by", "day"]));
    assert_eq!(several_projects["PeakHourTokens"], None, "projects have no common peak");

    let one_project = |flags: &[&str]| in_json(&[&["--default-project"], flags].concat());
    let whole = one_project(&[]);
    let expected = totals(&whole);
    assert_eq!(expected.keys().map(String::as_str).collect::<BTreeSet<_>>(), METRICS.into());
    assert_eq!(whole["query"]["api"], "QueryUsageTable");
    for (metric, total) in &expected {
        // Three days have no common peak.
        assert_eq!(total.is_none(), metric == "PeakHourTokens", "{metric}");
    }
    for by in ["day", "hour", "week", "month", "endpoint", "scene", "endpoint,scene", "model"] {
        let document = one_project(&["--by", by]);
        assert_eq!(totals(&document), expected, "{by}");
        let mut sums = sums(&document);
        // Each day has a peak; one of more than a bucket has none.
        let peaks = sums.remove("PeakHourTokens").unwrap();
        assert_eq!(peaks.is_some(), by == "day" || by == "hour", "{by}");
        for (metric, sum) in sums {
            assert_eq!(sum, expected[&metric], "{metric} by {by}");
        }
    }
}

/// Prices for one token: of a whole and its part, of nothing, and of a peak.
const PRICES: &str = r#"
currency = "CNY"
per = 1
[[price]]
metric = "InputTokens"
price = 5
[[price]]
metric = "CachedTokens"
price = 2
[[price]]
metric = "Requests"
price = 0
[[price]]
metric = "PeakHourTokens"
price = 7
"#;

/// An amount of one currency as JSON has it; 0 when there is none.
fn amount(cost: &Value) -> i128 {
    cost[0]["amount"].as_str().map_or(0, |amount| amount.parse().unwrap())
}

#[test]
fn costs_charge_no_token_twice_and_add_no_peaks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.toml");
    std::fs::write(&path, PRICES).unwrap();
    let priced = |flags: &[&str]| -> Value {
        let prices = ["--format", "json", "--prices", path.to_str().unwrap()];
        serde_json::from_str(&table(&[&prices, flags].concat())).unwrap()
    };
    let whole = priced(&[]);
    let sums = totals(&whole);
    let sum = |metric: &str| sums[metric].unwrap();
    let fresh = sum("InputTokens") - sum("CachedTokens");
    let expected = 5 * fresh + 2 * sum("CachedTokens");
    assert!(fresh > 0 && sum("CachedTokens") > 0);
    for by in ["", "day", "hour", "month", "endpoint", "scene", "day,endpoint", "model"] {
        let document = if by.is_empty() { priced(&[]) } else { priced(&["--by", by]) };
        assert_eq!(amount(&document["cost"]["total"]), expected, "{by}");
        let rows = document["rows"].as_array().unwrap().iter();
        assert_eq!(rows.map(|row| amount(&row["cost"])).sum::<i128>(), expected, "{by}");
        for of in ["rows", "totals"] {
            let lines = document[of].as_array().unwrap().iter();
            let lines = lines.filter(|line| line["unpriced"] != 0);
            let mut unpriced: BTreeSet<_> =
                lines.map(|line| line["metric"].as_str().unwrap()).collect();
            // Peaks of several lines have no common value, so nothing that could have a price.
            unpriced.remove("PeakHourTokens");
            assert_eq!(unpriced, ["OutputTokens"].into(), "{of} by {by}");
        }
        let totals = document["totals"].as_array().unwrap();
        let peak = totals.iter().find(|total| total["metric"] == "PeakHourTokens").unwrap();
        assert_eq!(peak["cost"], Value::Null, "{by}");
    }
}

#[test]
fn metrics_have_the_order_of_their_declaration() {
    let header = table(&["--by", "month", "--format", "markdown"]);
    let places = METRICS.map(|metric| header.find(metric).unwrap());
    assert!(places.is_sorted(), "{header}");
    let flags = ["--by", "endpoint", "--sort", "-value", "--format", "csv"];
    let named = ["--by", "endpoint", "--sort", "-metric:InputTokens", "--format", "csv"];
    assert_eq!(table(&flags), table(&named));
}

#[test]
fn machine_formats_name_the_unit() {
    let openmetrics = table(&["--format", "openmetrics"]);
    assert!(openmetrics.contains("# UNIT ark_usage_requests requests\n"), "{openmetrics}");
    assert!(
        openmetrics
            .contains("ark_usage_requests{bucket=\"day\",demo=\"true\",metric=\"Requests\",scope=")
    );
    assert!(
        openmetrics.contains(
            "ark_usage_tokens{bucket=\"day\",demo=\"true\",metric=\"InputTokens\",scope="
        )
    );
    let prometheus = table(&["--format", "prometheus", "--default-project"]);
    for (name, metric) in [("requests", "Requests"), ("tokens", "InputTokens")] {
        let sample = format!(
            "ark_usage_last_day_{name}{{api=\"QueryUsageTable\",demo=\"true\",metric=\"{metric}\","
        );
        assert!(prometheus.contains(&sample), "{prometheus}");
    }
    let focus = table(&["--format", "focus"]);
    assert!(focus.contains(",Requests,") && focus.contains(",Tokens,"), "{focus}");
}

#[test]
fn the_usual_action_is_the_default() {
    let flags = ["--format", "csv"];
    assert_eq!(get(&flags), get(&[&flags[..], &["--api", "GetUsage"]].concat()));
    let usual: Value = serde_json::from_str(&get(&["--format", "json"])).unwrap();
    let of_table: Value = serde_json::from_str(&table(&["--format", "json"])).unwrap();
    let sum = |document: &Value, metric: &str| totals(document)[metric];
    assert_eq!(sum(&usual, "PromptTokens"), sum(&of_table, "InputTokens"));
    assert_eq!(sum(&usual, "CompletionTokens"), sum(&of_table, "OutputTokens"));
}

const NOW: [&str; 2] = ["--now", "2024-12-01T00:00:00+08:00"];

#[test]
fn a_budget_adds_tokens_and_never_peaks() {
    let json = ["--format", "json", "--now", "2024-11-30T12:00:00+08:00"];
    let limits = ["--max", "total=1e15/month", "--max", "InputTokens=5/month"];
    let (status, text) = written("budget", &[&limits, &json[..]].concat());
    assert_eq!(status, ExitStatus::AnswerNo, "five tokens are exceeded");
    let document: Value = serde_json::from_str(&text).unwrap();
    let used = |place: usize| document["budgets"][place]["used"].as_i64().unwrap();
    // Input and output: cached tokens are part of the input, requests are no tokens.
    let month =
        ["--start", "2024-11-01", "--end", "2024-11-30", "--format", "json", "--now", json[3]];
    let (_, whole) = written("get", &month);
    let sums = totals(&serde_json::from_str(&whole).unwrap());
    let sum = |metric: &str| sums[metric].unwrap();
    assert_eq!(i128::from(used(0)), sum("InputTokens") + sum("OutputTokens"));
    assert_eq!(i128::from(used(1)), sum("InputTokens"));

    let peak = ["--max", "PeakHourTokens=5/month"];
    let (status, text) = written("budget", &[&peak, &json[..]].concat());
    assert_eq!(status, ExitStatus::Partial, "peaks of days have no sum: {text}");
}

#[test]
fn a_page_shows_the_metrics_of_the_action() {
    let (status, page) = written("report", &[&RANGE[..], &["--format", "html"]].concat());
    assert_eq!(status, ExitStatus::Done);
    for metric in METRICS {
        assert!(page.contains(metric), "{metric}");
    }
}

#[test]
fn days_are_reconciled_with_hours_and_endpoints() {
    let (status, text) = written("reconcile", &[&RANGE[..], &["--format", "json"]].concat());
    assert_eq!(status, ExitStatus::Done, "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    let checks = document["checks"].as_array().unwrap();
    let metrics: BTreeSet<_> =
        checks.iter().map(|check| check["metric"].as_str().unwrap()).collect();
    assert_eq!(metrics, METRICS[..4].iter().copied().collect(), "peaks do not add up");
    assert!(checks.iter().all(|check| check["difference"] == 0), "{text}");
    assert!(checks.len() >= 3 * 4, "{text}");
}

#[test]
fn a_status_line_has_the_metrics_and_a_cache_of_its_action() {
    let folder = tempfile::tempdir().unwrap();
    let environment =
        Environment::new().with("XDG_CACHE_HOME", folder.path().display().to_string());
    let template = ["--template", "{total} {month.InputTokens}", "--errors"];
    for action in [&["--api", "QueryUsageTable"][..], &[]] {
        let status = command("statusline", &[action, &template, &NOW].concat(), &environment);
        assert_eq!(status, Ok(ExitStatus::Done));
    }
    let files = std::fs::read_dir(folder.path().join("ark-usage")).unwrap();
    let texts: Vec<String> =
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert_eq!(texts.len(), 2, "one for each action");
    let with = |metric: &str| texts.iter().filter(|text| text.contains(metric)).count();
    assert_eq!((with("\"PeakHourTokens\""), with("\"PromptTokens\"")), (1, 1));
}

#[test]
fn an_unknown_action_or_dimension_is_refused_with_the_nearest() {
    let refused = |flags: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        run(&folder.path().join("out"), flags).unwrap_err()
    };
    let error = refused(&["--api", "GetUsag"]);
    assert!(error.contains("--api GetUsag") && error.contains("GetUsage?"), "{error}");
    for name in ["budget", "report", "reconcile", "statusline"] {
        let more = if name == "budget" { &["--max", "total=1/day"][..] } else { &[] };
        let more = if name == "report" { &["--format", "html"][..] } else { more };
        let flags = [&["--api", "GetUsag"], more].concat();
        let error = command(name, &flags, &Environment::new()).unwrap_err();
        assert!(error.contains("--api GetUsag") && error.contains("GetUsage?"), "{name}: {error}");
    }
    let error = refused(&["--api", "QueryUsageTable", "--batch-job-id", "bi-1"]);
    assert!(error.contains("--batch-job-id bi-1: QueryUsageTable has no batch jobs"), "{error}");
}
