//! Ctrl-C ends the program at once, whatever it waits for, with the exit code shells expect; what
//! came is printed, and the rest listed.
#![cfg(unix)]

use std::process::{Child, Command, Stdio};

use serde_json::Value;
use workspace_tests::listener::Listener;
use workspace_tests::program::{Finished, Sandbox, finish, run};

const OCTOBER_1ST: i64 = 1_727_712_000;

/// Starts the program with made-up keys against `server`.
fn start(sandbox: &Sandbox, server: &Listener, arguments: &[&str]) -> Child {
    let mut command = sandbox.command(arguments);
    command.args(["--base-url", server.base_url(), "--now", "2024-11-20T04:00:00Z"]);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn interrupt(child: Child) -> Finished {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let finished = finish(child);
    assert_eq!(finished.status, Some(130), "{finished:?}");
    assert!(finished.stderr.contains("interrupted"), "{finished:?}");
    finished
}

#[test]
fn ctrl_c_ends_a_query_that_waits_for_its_server() {
    let server = Listener::start(|_| None);
    let sandbox = Sandbox::new();
    let child = start(&sandbox, &server, &["get", "--last", "2d", "--default-project"]);
    // The request is out: the program waits for an answer now.
    server.next_request();
    let finished = interrupt(child);
    assert!(finished.stdout.is_empty(), "{finished:?}");
}

#[test]
fn ctrl_c_ends_the_search_for_projects() {
    let server = Listener::start(|_| None);
    let sandbox = Sandbox::new();
    let child = start(&sandbox, &server, &["get", "--last", "2d", "--all-projects"]);
    assert!(server.next_request().contains("Action=ListProjects"));
    let finished = interrupt(child);
    assert!(finished.stdout.is_empty(), "{finished:?}");
}

#[test]
fn ctrl_c_ends_the_wait_before_a_retry() {
    let server = Listener::start(|_| Some((503, "<html>later</html>".to_owned())));
    let sandbox = Sandbox::new();
    let arguments =
        ["get", "--default-project", "--last", "2d", "--retry-base", "20s", "--record", "tape"];
    let child = start(&sandbox, &server, &arguments);
    // The refusal is in, so the program waits for the time to ask again.
    sandbox.wait_for("tape/recording.ndjson", "\"status\":503");
    let finished = interrupt(child);
    assert!(finished.stdout.is_empty(), "{finished:?}");
}

/// Answers the first five days of October, and is silent then.
fn five_days(body: &str) -> Option<(u16, String)> {
    let question: Value = serde_json::from_str(body).ok()?;
    if question["StartTime"] != OCTOBER_1ST {
        return None;
    }
    let day = |day: i64| format!(r#"{{"Timestamp":{},"Value":100}}"#, OCTOBER_1ST + day * 86_400);
    let values: Vec<String> = (0..5).map(day).collect();
    let values = values.join(",");
    Some((
        200,
        format!(
            r#"{{"ResponseMetadata":{{"RequestId":"r1"}},"Result":{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{{"Values":[{values}]}}]}}]}}}}"#
        ),
    ))
}

fn half_of_ten_days(format: &str) -> Finished {
    let server = Listener::start(five_days);
    let sandbox = Sandbox::new();
    let range = ["get", "--default-project", "--start", "2024-10-01", "--end", "2024-10-10"];
    let pace = ["--max-window", "5d", "--concurrency", "1", "-f", format];
    let child = start(&sandbox, &server, &[&range[..], &pace].concat());
    server.next_request();
    // The second is sent when the first is answered.
    server.next_request();
    interrupt(child)
}

#[test]
fn received_data_is_printed_and_the_rest_is_listed() {
    let finished = half_of_ten_days("json");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    let rows = document["rows"].as_array().unwrap();
    assert_eq!(rows.iter().filter(|row| row["value"] == 100).count(), 5, "{finished:?}");
    assert_eq!(rows.iter().filter(|row| row["state"] == "missing").count(), 5);
    assert_eq!(document["totals"][0]["buckets"]["received"], 5);
    assert_eq!(document["coverage"]["complete"], false);
    let missing = document["coverage"]["missing"].as_array().unwrap();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0]["start"], "2024-10-06T00:00:00+08:00");
    assert_eq!(missing[0]["end"], "2024-10-11T00:00:00+08:00");
    assert_eq!(missing[0]["reason"], "interrupted");
}

#[test]
fn the_previous_range_is_not_fetched_after_an_interruption() {
    let server = Listener::start(five_days);
    let sandbox = Sandbox::new();
    let range = [
        "get",
        "--default-project",
        "--start",
        "2024-10-01",
        "--end",
        "2024-10-10",
        "--compare",
        "previous",
    ];
    let pace = ["--max-window", "5d", "--concurrency", "1", "-f", "json", "--record", "tape"];
    let child = start(&sandbox, &server, &[&range[..], &pace].concat());
    server.next_request();
    server.next_request();
    let finished = interrupt(child);
    assert!(server.requests().is_empty(), "nothing is asked after Ctrl-C");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert!(document["totals"][0]["previous"].is_null(), "{finished:?}");

    let tape = ["--max-window", "5d", "--concurrency", "1", "-f", "json", "--replay", "tape"];
    let replayed = run(sandbox.command(&[&range[..], &tape].concat()), "");
    assert_eq!(replayed.stdout, finished.stdout);
}

#[test]
fn received_data_is_in_the_table_too() {
    let finished = half_of_ten_days("table");
    assert_eq!(finished.stdout.matches("100  final").count(), 5, "{finished:?}");
    assert_eq!(finished.stdout.matches("-  missing").count(), 5, "{finished:?}");
}
