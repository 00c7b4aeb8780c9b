//! Long queries of `GetInferenceUsage`: the number of calls, and the memory of rows that are written as they
//! come.

use std::fs;
use std::process::Stdio;

use serde_json::{Value, json};
use workspace_tests::listener::Listener;
use workspace_tests::program::{DEMO_KEYS, Sandbox, finish, run};

const NOW: [&str; 2] = ["--now", "2026-11-30T04:00:00Z"];

/// Models times API keys.
const SERIES: usize = 200;

/// A table of every day and group of the request: 20 models with 10 keys each, or one row a day.
fn answer(body: &str) -> Option<(u16, String)> {
    let request: Value = serde_json::from_str(body).ok()?;
    let Some(first) = request["StartTime"].as_str() else {
        let keys = json!({"ResponseMetadata": {"RequestId": "r"}, "Result": {"Items": [], "TotalCount": 0}});
        return Some((200, keys.to_string()));
    };
    // Without a group there is no filter.
    let filters = request["Filters"].as_array().into_iter().flatten();
    let groups: Vec<&str> = filters.filter_map(|filter| filter["Key"].as_str()).collect();
    let mut fields = vec!["AccountID"];
    fields.extend(&groups);
    fields.extend(["Day", "InputTokens", "CacheTokensHit", "OutputTokens"]);
    fields.extend(["ImageCount", "TotalTokens", "ReqCnt"]);
    let mut rows = Vec::new();
    for day in days(first, request["EndTime"].as_str()?) {
        for series in 0..if groups.is_empty() { 1 } else { SERIES } {
            let mut row = vec!["2100".to_owned()];
            row.extend(groups.iter().map(|group| match *group {
                "ModelName" => format!("doubao-{}", series / 10),
                _ => format!("apikey-{}", series % 10),
            }));
            row.push(day.clone());
            row.extend(["100", "50", "10", "0", "110", "3"].map(str::to_owned));
            rows.push(row);
        }
    }
    let result = json!({"DataCount": rows.len(), "Fields": fields, "Data": rows});
    Some((200, json!({"ResponseMetadata": {"RequestId": "r"}, "Result": result}).to_string()))
}

/// The days from one to another, both included.
fn days(first: &str, last: &str) -> Vec<String> {
    let mut days = Vec::new();
    for year in 2020..2027 {
        for month in 1..=12 {
            let leap = year % 4 == 0;
            let length = match month {
                2 => 28 + i32::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            days.extend((1..=length).map(|day| format!("{year}-{month:02}-{day:02}")));
        }
    }
    days.retain(|day| (first..=last).contains(&day.as_str()));
    days
}

/// The requests of an action.
fn calls(listener: &Listener, action: &str) -> usize {
    let query = format!("Action={action}&");
    listener.requests().iter().filter(|request| request.contains(&query)).count()
}

const QUESTION: [&str; 5] = ["get", "--api", "inference", "--project", "search"];

#[test]
fn a_month_by_model_and_key_is_one_call() {
    let (sandbox, listener) = (Sandbox::new(), Listener::start(answer));
    let range = ["--start", "2026-11-01", "--end", "2026-11-30", "--base-url", listener.base_url()];
    for by in ["model,api-key", "day,model,api-key"] {
        let more = ["--by", by, "-f", "json", "-q"];
        let mut command = sandbox.command(&[&QUESTION[..], &range, &NOW, &more].concat());
        command.envs(DEMO_KEYS);
        let finished = run(command, "");
        assert_eq!(finished.status, Some(0), "{}", finished.stderr);
        assert_eq!(calls(&listener, "GetInferenceUsage"), 1, "{by}");
        let document: Value = serde_json::from_str(&finished.stdout).unwrap();
        let rows = document["rows"].as_array().unwrap();
        let days = if by.starts_with("day") { 30 } else { 1 };
        assert_eq!(rows.len(), days * SERIES * 6, "{by}");
        let totals = document["totals"].as_array().unwrap();
        let input = totals.iter().find(|total| total["metric"] == "InputTokens").unwrap();
        assert_eq!(input["value"], 30 * 200 * 100, "{by}");
    }
}

#[test]
fn a_long_range_is_a_call_for_each_window() {
    let (sandbox, listener) = (Sandbox::new(), Listener::start(answer));
    let range = ["--start", "2026-01-01", "--end", "2026-11-26", "--base-url", listener.base_url()];
    let more = ["--by", "model,api-key", "-f", "csv", "-q"];
    let mut command = sandbox.command(&[&QUESTION[..], &range, &NOW, &more].concat());
    command.envs(DEMO_KEYS);
    assert_eq!(run(command, "").status, Some(0));
    // 330 days, 30 at most in each.
    assert_eq!(calls(&listener, "GetInferenceUsage"), 11);
}

/// Runs a query to its end and returns the most memory that was seen, in KiB, and the lines written.
fn peak(sandbox: &Sandbox, listener: &Listener, start: &str, format: &[&str]) -> (u64, usize) {
    let range = ["--start", start, "--end", "2026-11-29", "--base-url", listener.base_url()];
    let more = ["-q", "-o", "rows.txt"];
    let mut command = sandbox.command(&[&QUESTION[..], &range, &NOW, &more, format].concat());
    command.envs(DEMO_KEYS).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let watched = std::thread::spawn(move || {
        let mut most = 0;
        // It only grows, so the last look is the largest. A program that has ended has no such line.
        while let Some(peak) = fs::read_to_string(&status).ok().and_then(|text| high_water(&text)) {
            most = peak;
            std::thread::park_timeout(std::time::Duration::from_millis(2));
        }
        most
    });
    let finished = finish(child);
    assert_eq!(finished.status, Some(0), "{}", finished.stderr);
    (watched.join().unwrap(), sandbox.read("rows.txt").unwrap().lines().count())
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[test]
fn rows_written_as_they_come_need_no_more_memory_for_years() {
    let (sandbox, listener) = (Sandbox::new(), Listener::start(answer));
    let fields = ["-f", "csv", "--fields", "start,metric,value,state"];
    for format in [&["-f", "ndjson"][..], &fields] {
        let (short, few) = peak(&sandbox, &listener, "2026-06-03", format);
        let (long, many) = peak(&sandbox, &listener, "2024-01-01", format);
        assert!(few >= 180 * 6 && many >= 5 * few, "{few} {many}");
        // Five times as many rows; the list of calls is what grows.
        assert!(short > 0 && long <= short + 4 * 1024, "{format:?}: {short} and {long} KiB");
    }
}

#[test]
fn rows_by_name_and_day_take_little_memory_each() {
    let (sandbox, listener) = (Sandbox::new(), Listener::start(answer));
    let by = ["--by", "day,model,api-key", "-f"];
    for format in [&["ndjson"][..], &["csv"]] {
        let format = [&by[..], format].concat();
        let (short, few) = peak(&sandbox, &listener, "2026-10-31", &format);
        let (long, many) = peak(&sandbox, &listener, "2026-08-31", &format);
        assert!(few >= 30 * SERIES * 6 && many >= 3 * (few - 1), "{few} {many}");
        // A share is of the whole, so that the points are kept: their bytes, and some for growing lists.
        let each = (long.saturating_sub(short) * 1024) / u64::try_from(many - few).unwrap();
        assert!(short > 0 && each <= 64, "{format:?}: {each} bytes a row, {short} and {long} KiB");
    }
}
