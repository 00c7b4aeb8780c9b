//! What the report of a query teaches: answered windows and nothing else.

use std::time::Duration;

use ark_usage_history::{Place, WindowAnswer, windows_of_report};
use ark_usage_model::{
    AccountId, Interval, Now, QueryOptions, Step, Target, UsageQuery, UsageReport, Window,
};

const HOUR: i64 = 3_600;
const DAY: i64 = 1_731_945_600;

fn target(ids: &[&str]) -> Target {
    let endpoint_ids = ids.iter().map(|id| (*id).to_owned()).collect();
    Target { project: Some("p".to_owned()), endpoint_ids, ..Target::new(AccountId(0)) }
}

/// Runs a query whose calls are answered by a function of their number; `None` refuses.
fn run(targets: Vec<Target>, hours: i64, now: i64, bodies: &[Option<&str>]) -> UsageReport {
    let window = Window::new(Interval::Hour, DAY, DAY + (hours - 1) * HOUR).unwrap();
    let base_url = "https://open.volcengineapi.com".parse().unwrap();
    let options = QueryOptions { max_window_hours: 2, ..QueryOptions::default() };
    let mut query = UsageQuery::new(targets, window, base_url, options).unwrap();
    let mut now = Now { elapsed: Duration::ZERO, unix: now };
    let (mut out, mut calls) = (Vec::new(), bodies.iter());
    loop {
        match query.poll(now) {
            Step::Send(exchange) => out.push(exchange.id),
            Step::Wait => {
                let body = calls.next().copied().flatten();
                let refused = r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"AccessDenied","Message":"no"}}}"#;
                let status = if body.is_some() { 200 } else { 403 };
                let response =
                    http::Response::builder().status(status).body(body.unwrap_or(refused)).unwrap();
                query.on_response(out.remove(0), now, Ok(&response));
            }
            Step::WakeAt(elapsed) => now.elapsed = elapsed,
            Step::Done => return query.into_report(),
        }
    }
}

fn body(lines: &[(&str, &[(i64, i64)])]) -> String {
    let items: Vec<String> = lines
        .iter()
        .map(|(id, points)| {
            let values: Vec<String> = points
                .iter()
                .map(|(hour, value)| {
                    format!(r#"{{"Timestamp":{},"Value":{value}}}"#, DAY + hour * HOUR)
                })
                .collect();
            let tags = if id.is_empty() {
                String::new()
            } else {
                format!(r#""Tags":[{{"Key":"EndpointId","Value":"{id}"}}],"#)
            };
            format!(r#"{{{tags}"Values":[{}]}}"#, values.join(","))
        })
        .collect();
    format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{}]}}]}}}}"#,
        items.join(",")
    )
}

fn answers(report: &UsageReport) -> Vec<WindowAnswer> {
    windows_of_report(report, "GetUsage", &|account| Some(format!("{}", 100 + account.0)), 5)
}

#[test]
fn answered_runs_are_taken_and_failed_ones_are_not() {
    let (first, second) = (body(&[("", &[(0, 1), (1, 2)])]), body(&[("", &[])]));
    let later = DAY + 99 * HOUR;
    // Four hours in two calls; the end of the range is known to be included after the first.
    let report = run(vec![target(&[])], 4, later, &[Some(&first), None]);
    let read = answers(&report);
    let [answer] = read.as_slice() else { panic!("one run: {read:?}") };
    assert_eq!((answer.window.first(), answer.window.len()), (DAY, 2));
    assert_eq!(answer.subject.account_id, "100");
    assert_eq!(answer.fetched_at, later);
    assert_eq!(answer.lines[0].1, [(DAY, 1), (DAY + HOUR, 2)]);

    let report = run(vec![target(&[])], 4, later, &[Some(&first), Some(&second), Some(&second)]);
    let read = answers(&report);
    assert_eq!(read.len(), 1, "{read:?}");
    assert_eq!((read[0].window.len(), read[0].lines[0].1.len()), (4, 2));
}

#[test]
fn hours_that_have_not_begun_are_not_answered() {
    let bodies = body(&[("", &[(0, 1)])]);
    let all = vec![Some(bodies.as_str()); 9];
    let report = run(vec![target(&[])], 6, DAY + HOUR / 2, &all);
    let read = answers(&report);
    assert_eq!(read.len(), 1, "{read:?}");
    assert_eq!(read[0].window.len(), 1);
}

#[test]
fn of_several_endpoints_only_lines_with_a_name_count() {
    let named = body(&[("ep-1", &[(0, 1), (1, 1)])]);
    let sum = body(&[("", &[(0, 3), (1, 3)])]);
    let later = DAY + 99 * HOUR;
    let report = run(vec![target(&["ep-1", "ep-2"])], 2, later, &[Some(&named), Some(&named)]);
    let read = answers(&report);
    assert_eq!(read.len(), 1, "{read:?}");
    assert_eq!(read[0].subject.place, Place::Endpoint("ep-1".to_owned()));
    let report = run(vec![target(&["ep-1", "ep-2"])], 2, later, &[Some(&sum), Some(&sum)]);
    assert!(answers(&report).is_empty());
    let report = run(vec![target(&["ep-1"])], 2, later, &[Some(&sum), Some(&sum)]);
    assert_eq!(answers(&report)[0].lines[0].1.len(), 2);
}
