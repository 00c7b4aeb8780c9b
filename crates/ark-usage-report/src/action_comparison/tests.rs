//! Comparisons over made-up answers of both actions.

use std::time::Duration;

use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{
    AccountId, DimensionFilter, Interval, Now, QueryOptions, Step, Target, UsageAction, UsageQuery,
    Window,
};

use super::*;

/// 2024-11-18 at UTC+8.
const DAY: i64 = 1_731_859_200;

/// Long after the day.
const LATER: i64 = DAY + 10 * 86_400;

fn report(action: &'static dyn UsageAction, target: Target, now: i64, answer: &str) -> UsageReport {
    report_until(action, (target, DAY), now, answer)
}

fn report_until(
    action: &'static dyn UsageAction,
    (target, last): (Target, i64),
    now: i64,
    answer: &str,
) -> UsageReport {
    let url = "https://open.volcengineapi.com".parse().unwrap();
    let window = Window::new(Interval::Day, DAY, last).unwrap();
    let options = QueryOptions { settle: action.settle(), ..QueryOptions::default() };
    let mut query = UsageQuery::with_action(action, vec![target], window, url, options).unwrap();
    let now = Now { elapsed: Duration::ZERO, unix: now };
    while let Step::Send(exchange) = query.poll(now) {
        let mut response = http::Response::new(answer.to_owned());
        if answer.contains("Error") {
            *response.status_mut() = http::StatusCode::FORBIDDEN;
        }
        query.on_response(exchange.id, now, Ok(&response));
    }
    query.into_report()
}

/// The answer of a service that refuses.
const REFUSED: &str =
    r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"AccessDenied","Message":"no"}}}"#;

/// `GetUsage` by endpoint; each line is an endpoint and its tokens.
fn here(now: i64, lines: &[(&str, i64)]) -> UsageReport {
    let item = |(id, value): &(&str, i64)| {
        format!(
            r#"{{"Tags":[{{"Key":"EndpointId","Value":"{id}"}}],"Values":[{{"Timestamp":{DAY},"Value":{value}}}]}}"#
        )
    };
    let items = lines.iter().map(item).collect::<Vec<_>>().join(",");
    let answer = format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{items}]}}]}}}}"#
    );
    report(&GetUsageAction, Target::new(AccountId(0)), now, &answer)
}

fn grouped() -> Target {
    let group = |key: &str| DimensionFilter { key: key.to_owned(), values: Vec::new() };
    Target {
        filters: vec![group("EndpointId"), group("BillingStatus")],
        ..Target::new(AccountId(0))
    }
}

/// `GetInferenceUsage` by endpoint and billing status, with a text for each number.
fn there(now: i64, rows: &[(&str, &str, &str)]) -> UsageReport {
    let rows: Vec<_> =
        rows.iter().map(|(id, billing, value)| (*id, *billing, 18, *value)).collect();
    there_by_day(now, DAY, &rows)
}

/// The same of the days of November until `last`.
fn there_by_day(now: i64, last: i64, rows: &[(&str, &str, u8, &str)]) -> UsageReport {
    let row = |(id, billing, day, value): &(&str, &str, u8, &str)| {
        format!(r#"["{id}","{billing}","2024-11-{day}","{value}","1"]"#)
    };
    let data = rows.iter().map(row).collect::<Vec<_>>().join(",");
    let answer = format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"DataCount":{},"Fields":["ModelEndpoint","BillingStatus","Day","InputTokens","ReqCnt"],"Data":[{data}]}}}}"#,
        rows.len()
    );
    report_until(&GetInferenceUsageAction, (grouped(), last), now, &answer)
}

/// The comparison of the metric that both call input.
fn compared(here: &UsageReport, there: &UsageReport, now: i64) -> ActionComparison {
    let pairs = metric_pairs(here.metrics, there.metrics);
    let input: Vec<_> = pairs.into_iter().filter(|pair| pair.name == "input").collect();
    let listed = ["ep-1", "ep-2"].map(str::to_owned).into();
    compare(&ActionReports { here, there, pairs: &input, listed: Some(&listed) }, now)
}

fn verdicts(
    comparison: &ActionComparison,
) -> Vec<(Option<&str>, ActionVerdict, Vec<&'static str>)> {
    let codes = |check: &ActionCheck| check.reasons.iter().map(DifferenceReason::code).collect();
    let checks = comparison.checks.iter();
    checks.map(|check| (check.endpoint_id.as_deref(), check.verdict, codes(check))).collect()
}

#[test]
fn metrics_are_paired_by_their_name_for_people() {
    let pairs = metric_pairs(GetUsageAction.metrics(), GetInferenceUsageAction.metrics());
    let words: Vec<_> =
        pairs.iter().map(|pair| (pair.name, pair.here.as_str(), pair.there.as_str())).collect();
    assert_eq!(
        words,
        [("input", "PromptTokens", "InputTokens"), ("output", "CompletionTokens", "OutputTokens")]
    );
}

#[test]
fn values_are_equal_different_or_of_one_action() {
    use ActionVerdict::{Differs, Equal, OnlyHere, OnlyThere};
    let here = here(LATER, &[("ep-1", 5), ("ep-2", 7), ("ep-3", 1)]);
    let rows = [
        ("ep-1", "normal", "5"),
        ("ep-2", "normal", "8"),
        ("ep-4", "normal", "2"),
        ("", "normal", "4"),
    ];
    let there = there(LATER, &rows);
    let comparison = compared(&here, &there, LATER);
    // Usage without an endpoint: that of ep-3 may be in it.
    let expected = [
        (Some("ep-1"), Equal, vec![]),
        (Some("ep-2"), Differs, vec![]),
        (Some("ep-3"), ActionVerdict::Unknown, vec![]),
        (Some("ep-4"), OnlyThere, vec!["not_listed"]),
        (None, OnlyThere, vec!["no_endpoint"]),
    ];
    assert_eq!(verdicts(&comparison), expected);
    let differences: Vec<_> = comparison.checks.iter().map(ActionCheck::difference).collect();
    assert_eq!(differences, [Some(0), Some(1), None, None, None]);

    let without_rest = self::there(LATER, &rows[..3]);
    let comparison = compared(&here, &without_rest, LATER);
    assert_eq!(
        verdicts(&comparison)[2],
        (Some("ep-3"), OnlyHere, vec!["not_listed", "plan_tokens"])
    );
}

#[test]
fn a_zero_and_no_row_are_not_compared() {
    let comparison = compared(&here(LATER, &[("ep-1", 0)]), &there(LATER, &[]), LATER);
    assert_eq!((comparison.checks.len(), comparison.idle), (0, 1));
    let both = there(LATER, &[("ep-1", "normal", "0")]);
    let comparison = compared(&here(LATER, &[("ep-1", 0)]), &both, LATER);
    assert_eq!(verdicts(&comparison), [(Some("ep-1"), ActionVerdict::Equal, vec![])]);
}

#[test]
fn a_line_without_a_row_makes_no_other_line_missing() {
    // On the second day nothing has the billing status of the first.
    let rows = [
        ("ep-1", "normal", 18, "3"),
        ("ep-1", "free_for_free_quota", 18, "2"),
        ("ep-1", "normal", 19, "4"),
    ];
    let there = there_by_day(LATER, DAY + 86_400, &rows);
    let values = [(DAY, 5), (DAY + 86_400, 4)]
        .map(|(start, value)| format!(r#"{{"Timestamp":{start},"Value":{value}}}"#));
    let answer = format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{{"Tags":[{{"Key":"EndpointId","Value":"ep-1"}}],"Values":[{}]}}]}}]}}}}"#,
        values.join(",")
    );
    let target = (Target::new(AccountId(0)), DAY + 86_400);
    let here = report_until(&GetUsageAction, target, LATER, &answer);
    let equal = (Some("ep-1"), ActionVerdict::Equal, vec![]);
    assert_eq!(verdicts(&compared(&here, &there, LATER)), [equal.clone(), equal]);
}

#[test]
fn what_was_not_received_is_unknown() {
    let whole = here(LATER, &[("ep-1", 5)]);
    // Refused, a value that cannot be read, no column, and rows that were announced.
    let refused = report(&GetInferenceUsageAction, grouped(), LATER, REFUSED);
    let unreadable = there(LATER, &[("ep-1", "normal", "5x")]);
    let empty = there(LATER, &[("ep-1", "normal", "")]);
    let body = |result: &str| {
        let answer = format!(r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{result}}}"#);
        report(&GetInferenceUsageAction, grouped(), LATER, &answer)
    };
    let no_column =
        body(r#"{"Fields":["ModelEndpoint","Day","ReqCnt"],"Data":[["ep-1","2024-11-18","1"]]}"#);
    let announced = body(r#"{"DataCount":3}"#);
    for there in [refused, unreadable, empty, no_column, announced] {
        let comparison = compared(&whole, &there, LATER);
        let verdicts = verdicts(&comparison);
        assert!(
            verdicts.iter().all(|(_, verdict, _)| *verdict == ActionVerdict::Unknown)
                && verdicts.iter().any(|(id, ..)| *id == Some("ep-1")),
            "{verdicts:?} {:?}",
            there.warnings
        );
    }
    let refused = report(&GetUsageAction, Target::new(AccountId(0)), LATER, REFUSED);
    let comparison = compared(&refused, &there(LATER, &[]), LATER);
    assert_eq!(verdicts(&comparison), [(None, ActionVerdict::Unknown, vec![])]);
}

#[test]
fn young_days_are_settling_on_both_sides() {
    // The second action settles after half an hour, the first after an hour.
    let now = DAY + 86_400 + 40 * 60;
    let rows = [("ep-1", "normal", "5"), ("ep-2", "normal", "7")];
    let comparison = compared(&here(now, &[("ep-1", 4)]), &there(now, &rows), now);
    let settling = |id| (Some(id), ActionVerdict::Settling, vec![]);
    assert_eq!(verdicts(&comparison), [settling("ep-1"), settling("ep-2")]);
    assert!(comparison.checks.iter().all(ActionCheck::is_open));
}

#[test]
fn billing_statuses_explain_a_difference_exactly_or_not_at_all() {
    let rows = [
        ("ep-1", "free_for_coding_plan", "3"),
        ("ep-1", "free_for_free_quota", "2"),
        ("ep-1", "normal", "10"),
    ];
    let there = there(LATER, &rows);
    for (value, statuses) in [
        (12, &["free_for_coding_plan"][..]),
        (10, &["free_for_coding_plan", "free_for_free_quota"]),
        // Usage that is paid for as usual is no reason.
        (5, &[]),
        (14, &[]),
    ] {
        let comparison = compared(&here(LATER, &[("ep-1", value)]), &there, LATER);
        let [check] = comparison.checks.as_slice() else { panic!("{comparison:?}") };
        assert_eq!(check.verdict, ActionVerdict::Differs);
        let named: Vec<_> =
            check.reasons.iter().flat_map(DifferenceReason::billing_statuses).collect();
        assert_eq!(named, statuses.iter().collect::<Vec<_>>(), "{value}");
    }
    // The second action reports less, although it reports what a plan pays for.
    let comparison = compared(&here(LATER, &[("ep-1", 20)]), &there, LATER);
    assert_eq!(verdicts(&comparison), [(Some("ep-1"), ActionVerdict::Differs, vec![])]);
    let comparison =
        compared(&here(LATER, &[("ep-1", 20)]), &self::there(LATER, &rows[1..]), LATER);
    let reason = &comparison.checks[0].reasons[0];
    assert_eq!(reason.code(), "plan_tokens");
    let words = reason.words(["GetUsage", "GetInferenceUsage"]);
    assert!(
        words.in_lang(crate::Lang::En).contains("GetInferenceUsage may leave out"),
        "{words:?}"
    );
}
