//! Windows that move with the clock, over made-up answers.

use std::time::Duration;

use ark_usage_model::{AccountId, Now, QueryOptions, Step, Target, UsageQuery};

use super::*;
use crate::range::{RangeSpec, parse_zone, resolve};

/// Fetches the range of `input` at `now`. Each bucket that has begun has the value `value` returns for its start;
/// `None` is not sent, and a call with a bucket of `failed` is refused.
fn usage(
    input: &RangeInput,
    (zone, now): (&str, &str),
    value: impl Fn(i64) -> Option<i64>,
    failed: impl Fn(i64) -> bool,
) -> UsageData {
    let timezone = parse_zone(zone).unwrap();
    let now: jiff::Timestamp = now.parse().unwrap();
    let range = resolve(&RangeSpec::new(input, &timezone, zone, now)).unwrap();
    let options = QueryOptions { max_window_days: 1, ..QueryOptions::default() };
    let url = "https://open.volcengineapi.com".parse().unwrap();
    let targets = vec![Target::new(AccountId(0))];
    let mut query = UsageQuery::new(targets, range.window, url, options).unwrap();
    let now = Now { elapsed: Duration::ZERO, unix: now.as_second() };
    while let Step::Send(exchange) = query.poll(now) {
        let starts = exchange.window.buckets();
        let values = starts.filter(|start| *start <= now.unix).filter_map(|start| {
            value(start).map(|value| format!(r#"{{"Timestamp":{start},"Value":{value}}}"#))
        });
        let values = values.collect::<Vec<_>>().join(",");
        let body = format!(
            r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"UsageResults":[
                {{"Name":"PromptTokens","MetricItems":[{{"Tags":[],"Values":[{values}]}}]}}]}}}}"#
        );
        let refusal = r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"InvalidParameter.Scene","Message":"no"}}}"#;
        let is_refused = exchange.window.buckets().any(&failed);
        let mut answer = http::Response::new(if is_refused { refusal.to_owned() } else { body });
        if is_refused {
            *answer.status_mut() = http::StatusCode::BAD_REQUEST;
        }
        query.on_response(exchange.id, now, Ok(&answer));
    }
    UsageData::new(query.into_report(), range)
}

const SHANGHAI: &str = "Asia/Shanghai";

fn month() -> RangeInput {
    RangeInput::Since(LatestWindow::days(3_600))
}

/// The local start, the sum and the completeness of a window.
fn found(
    window: LatestWindow,
    usage: &UsageData,
    now: &str,
) -> Option<(String, Option<i128>, bool)> {
    let now: jiff::Timestamp = now.parse().unwrap();
    let latest = LatestUsage::new(window, &ViewSpec::default(), usage, now.as_second())?;
    let start = usage.range.local(latest.span.start).strftime("%m-%d %H:%M").to_string();
    let known = latest.rows.iter().filter(|row| row.state != State::Missing);
    Some((start, known.filter_map(|row| row.value).reduce(|a, b| a + b), latest.is_complete))
}

/// A complete window.
fn expected(start: &str, sum: i128) -> (String, Option<i128>, bool) {
    (start.to_owned(), Some(sum), true)
}

#[test]
fn the_last_settled_day_and_the_month_to_date() {
    for (now, day, days) in [
        // The third of the month, an hour and a second after midnight: the second has settled.
        ("2024-12-02T17:00:01Z", "12-02 00:00", 3),
        ("2024-12-02T16:30:00Z", "12-01 00:00", 3),
        // The first of the month begins, and the month before settles.
        ("2024-11-30T16:00:00Z", "11-29 00:00", 1),
        ("2024-11-30T17:30:00Z", "11-30 00:00", 1),
    ] {
        let usage = usage(&month(), (SHANGHAI, now), |_| Some(10), |_| false);
        assert_eq!(found(LatestWindow::Day, &usage, now), Some(expected(day, 10)), "{now}");
        let sum = Some(expected("12-01 00:00", 10 * days));
        assert_eq!(found(LatestWindow::MonthToDate, &usage, now), sum, "{now}");
    }
}

#[test]
fn days_of_other_zones_are_whole() {
    // In New York 3 November 2024 has 25 hours.
    for (now, day, hours) in
        [("2024-11-04T05:30:00Z", "11-02 00:00", 24), ("2024-11-04T06:00:00Z", "11-03 00:00", 25)]
    {
        let usage = usage(&month(), ("America/New_York", now), |_| Some(1), |_| false);
        assert_eq!(found(LatestWindow::Day, &usage, now), Some(expected(day, hours)), "{now}");
    }
}

#[test]
fn the_last_settled_hour() {
    let now = "2024-11-20T04:30:00Z";
    // Of two hours none has settled.
    for (last, wanted) in [("2h", None), ("9h", Some(expected("11-20 10:00", 7)))] {
        let input = RangeInput::Last(last.to_owned());
        let usage = usage(&input, (SHANGHAI, now), |_| Some(7), |_| false);
        assert_eq!(found(LatestWindow::Hour, &usage, now), wanted, "{last}");
    }
}

#[test]
fn a_missing_day_is_never_a_smaller_sum() {
    let now = "2024-11-20T04:00:00Z";
    let start = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    let (fifth, yesterday) = (start("2024-11-04T16:00:00Z"), start("2024-11-18T16:00:00Z"));
    let value = |gone: i64| move |start: i64| (start != gone).then_some(10);
    let incomplete = |start: &str| Some((start.to_owned(), None, false));
    let not_sent = usage(&month(), (SHANGHAI, now), value(fifth), |_| false);
    assert_eq!(found(LatestWindow::MonthToDate, &not_sent, now), incomplete("11-01 00:00"));
    assert_eq!(found(LatestWindow::Day, &not_sent, now), Some(expected("11-19 00:00", 10)));
    let refused = usage(&month(), (SHANGHAI, now), |_| Some(10), |start| start == fifth);
    assert_eq!(found(LatestWindow::MonthToDate, &refused, now), incomplete("11-01 00:00"));
    let not_sent = usage(&month(), (SHANGHAI, now), value(yesterday), |_| false);
    assert_eq!(found(LatestWindow::Day, &not_sent, now), incomplete("11-19 00:00"));
}

#[test]
fn a_day_that_runs_may_have_no_value_yet_unless_a_call_failed() {
    let now = "2024-11-20T04:00:00Z";
    let today = "2024-11-19T16:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    let value = |start: i64| (start != today).then_some(10);
    let not_sent = usage(&month(), (SHANGHAI, now), value, |_| false);
    assert_eq!(
        found(LatestWindow::MonthToDate, &not_sent, now),
        Some(expected("11-01 00:00", 190))
    );
    let refused = usage(&month(), (SHANGHAI, now), |_| Some(10), |start| start == today);
    let sum = found(LatestWindow::MonthToDate, &refused, now);
    assert_eq!(sum, Some(("11-01 00:00".to_owned(), None, false)));
}

#[test]
fn a_range_has_only_the_windows_it_holds() {
    let now = "2024-11-20T04:00:00Z";
    let between = |start: &str, end: &str| RangeInput::Between {
        start: start.to_owned(),
        end: Some(end.to_owned()),
    };
    for (input, has_month) in [
        (between("2024-11-02", "2024-11-20"), false),
        (between("2024-10-15", "2024-11-20"), true),
        (between("2024-11-01", "2024-11-19"), true),
        (between("2024-11-01", "2024-11-18"), false),
        (RangeInput::LastMonth, false),
    ] {
        let usage = usage(&input, (SHANGHAI, now), |_| Some(1), |_| false);
        let month = found(LatestWindow::MonthToDate, &usage, now);
        assert_eq!(month.is_some(), has_month, "{input:?}");
        assert!(found(LatestWindow::Day, &usage, now).is_some(), "{input:?}");
    }
}

#[test]
fn warnings_about_values_make_every_window_incomplete() {
    let now = "2024-11-20T04:00:00Z";
    for code in ["unreadable_value", "list_incomplete", Scope::WARNING] {
        let mut usage = usage(&month(), (SHANGHAI, now), |_| Some(1), |_| false);
        usage.warnings.push((code, crate::Text::same("x")));
        let found = found(LatestWindow::Day, &usage, now);
        assert_eq!(found, Some(("11-19 00:00".to_owned(), Some(1), false)), "{code}");
    }
}

#[test]
fn a_window_of_which_nothing_came_is_not_complete() {
    let now = "2024-11-20T04:00:00Z";
    let nothing = usage(&month(), (SHANGHAI, now), |_| None, |_| false);
    for window in [LatestWindow::Day, LatestWindow::MonthToDate] {
        let (_, sum, is_complete) = found(window, &nothing, now).unwrap();
        assert_eq!((sum, is_complete), (None, false), "{window:?}");
    }
}
