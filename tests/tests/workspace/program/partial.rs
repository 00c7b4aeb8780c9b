//! A server that fails halfway: what came is kept, what did not is named, the exit code says so.

use serde_json::Value;
use workspace_tests::listener::Listener;
use workspace_tests::program::{Finished, Sandbox, run};

const OCTOBER_1ST: i64 = 1_727_712_000;

/// Answers the window that begins on the first of October; the others meet a gateway's page, which
/// is no reason to give up what else is asked.
fn first_window_only(body: &str) -> Option<(u16, String)> {
    let question: Value = serde_json::from_str(body).ok()?;
    if question["StartTime"] != OCTOBER_1ST {
        return Some((400, "<html>Bad Gateway Manners</html>".to_owned()));
    }
    let days = (question["EndTime"].as_i64()? - OCTOBER_1ST) / 86_400;
    let values: Vec<String> = (0..=days)
        .map(|day| format!(r#"{{"Timestamp":{},"Value":100}}"#, OCTOBER_1ST + day * 86_400))
        .collect();
    Some((
        200,
        format!(
            r#"{{"ResponseMetadata":{{"RequestId":"2024111900000000000000000000600D","Action":"GetUsage","Version":"2024-01-01","Service":"ark","Region":"cn-beijing"}},"Result":{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{{"Values":[{}]}}]}}]}}}}"#,
            values.join(",")
        ),
    ))
}

fn ask(command: &str, format: &str) -> Finished {
    let server = Listener::start(first_window_only);
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&[
        command,
        "--default-project",
        "--start",
        "2024-10-01",
        "--end",
        "2024-11-15",
        "-f",
        format,
        "--base-url",
        server.base_url(),
        "--now",
        "2024-11-20T04:00:00Z",
    ]);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    run(command, "")
}

#[test]
fn partial_data_is_printed_with_exit_code_6() {
    let finished = ask("get", "table");
    assert_eq!(finished.status, Some(6), "{finished:?}");
    assert!(finished.stdout.contains("2024-10-01"), "{finished:?}");
    assert!(finished.stderr.contains("Bad Gateway Manners"), "{finished:?}");
}

#[test]
fn missing_values_are_null_and_listed() {
    let finished = ask("get", "json");
    assert_eq!(finished.status, Some(6), "{finished:?}");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    let coverage = &document["coverage"];
    assert_eq!(coverage["complete"], false);
    assert!(!coverage["missing"].as_array().unwrap().is_empty(), "{coverage}");

    let rows = document["rows"].as_array().unwrap();
    let received: i64 = rows.iter().filter_map(|row| row["value"].as_i64()).sum();
    let missing = rows.iter().filter(|row| row["value"].is_null());
    assert!(missing.clone().count() > 0, "missing buckets are rows too");
    for row in missing {
        assert_eq!(row["state"], "missing");
        assert!(row["fetched_at"].is_null());
    }
    let total = &document["totals"][0];
    assert_eq!((total["value"].as_i64(), &total["state"]), (Some(received), &"missing".into()));
}

#[test]
fn a_page_of_half_an_answer_says_so() {
    let finished = ask("report", "html");
    assert_eq!(finished.status, Some(6), "{finished:?}");
    let page = &finished.stdout;
    assert!(
        page.contains("<p class=\"caution\" role=\"note\">Partial: some calls failed"),
        "{page}"
    );
    assert!(page.contains("data-total=\"PromptTokens\" data-state=\"missing\""), "{page}");
    assert!(page.contains("<td class=\"why\">"), "{page}");
    assert!(page.contains("Bad Gateway Manners"), "{page}");
    assert!(!page.contains("<html>Bad"), "what a gateway wrote is text: {page}");
}

/// Lists three projects, the second said to be closed to the caller and the third without a name,
/// and refuses the usage of the second.
fn one_closed_project(body: &str) -> Option<(u16, String)> {
    let metadata = r#""RequestId":"2024111900000000000000000000600E","Action":"A","Version":"V","Service":"ark","Region":"cn-beijing""#;
    if body.is_empty() {
        let projects = r#"[{"ProjectName":"open"},{"ProjectName":"closed","HasPermission":false},{"ProjectName":""}]"#;
        let result = format!(r#"{{"Total":3,"Projects":{projects}}}"#);
        return Some((200, format!(r#"{{"ResponseMetadata":{{{metadata}}},"Result":{result}}}"#)));
    }
    let question: Value = serde_json::from_str(body).ok()?;
    if question["ProjectName"] != "open" {
        let error = r#""Error":{"Code":"AccessDenied","Message":"not allowed"}"#;
        return Some((403, format!(r#"{{"ResponseMetadata":{{{metadata},{error}}}}}"#)));
    }
    let values = format!(r#"[{{"Timestamp":{},"Value":100}}]"#, question["StartTime"]);
    let result = format!(
        r#"{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{{"Values":{values}}}]}}]}}"#
    );
    Some((200, format!(r#"{{"ResponseMetadata":{{{metadata}}},"Result":{result}}}"#)))
}

#[test]
fn a_project_that_may_not_be_read_is_missing_and_named() {
    let server = Listener::start(one_closed_project);
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["get", "--start", "2024-11-18", "--end", "2024-11-18"]);
    command.args(["-f", "json", "--base-url", server.base_url(), "--now", "2024-11-20T04:00:00Z"]);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    let finished = run(command, "");
    assert_eq!(finished.status, Some(6), "{finished:?}");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(document["query"]["projects"], serde_json::json!(["open", "closed"]));
    assert_eq!(document["coverage"]["complete"], false);
    assert_eq!(document["totals"][0]["state"], "missing");
    assert!(finished.stderr.contains("closed"), "{finished:?}");
    // The third has no name to ask for.
    let listed = document["warnings"].as_array().unwrap().iter();
    assert!(listed.into_iter().any(|warning| warning["code"] == "list_incomplete"), "{document}");
}

/// The answer for one day: `members` beside its timestamp.
fn one_day(body: &str, status: u16, members: &str) -> Option<(u16, String)> {
    let question: Value = serde_json::from_str(body).ok()?;
    let start = &question["StartTime"];
    let sample = format!(r#"{{"Timestamp":{start},{members}}}"#);
    let answer = format!(
        r#"{{"ResponseMetadata":{{"RequestId":"2024111900000000000000000000600D"}},"Result":{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{{"Values":[{sample}]}}]}}]}}}}"#
    );
    Some((status, answer))
}

#[test]
fn values_that_nobody_can_have_meant_are_never_final() {
    type Script = fn(&str) -> Option<(u16, String)>;
    let servers: [(&str, Script, i32); 5] = [
        ("7", |body| one_day(body, 200, r#""Value":7"#), 0),
        ("negative", |body| one_day(body, 200, r#""Value":-500"#), 6),
        ("twice", |body| one_day(body, 200, r#""Value":1,"Value":500"#), 6),
        ("null and a value", |body| one_day(body, 200, r#""Value":null,"Value":500"#), 6),
        ("a part of a body", |body| one_day(body, 206, r#""Value":7"#), 5),
    ];
    for (name, server, status) in servers {
        let server = Listener::start(server);
        let line = ["get", "--default-project", "--yesterday", "--retries", "0", "-f", "csv"];
        let more = ["--base-url", server.base_url(), "--now", "2024-11-20T04:00:00Z", "-q"];
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(&[&line[..], &more].concat());
        command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
        command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
        let finished = run(command, "");
        assert_eq!(finished.status, Some(status), "{name}: {finished:?}");
        let is_final = finished.stdout.contains(",final,");
        assert_eq!(is_final, status == 0, "{name}: {finished:?}");
        assert!(!finished.stdout.contains("500"), "{name}: {finished:?}");
        let words = if name == "a part of a body" { "HTTP 206" } else { "" };
        assert!(finished.stderr.contains(words), "{name}: {finished:?}");
    }
}
