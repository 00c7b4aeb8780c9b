//! A store of earlier responses in place of the service.

use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{
    Exchange, GapReason, HourLabels, Interval, Metric, Point, QueryOptions, RequestedUsage, State,
    StoredGap, StoredLine, StoredLines, Tags, Target, UsageAction, UsageReport, Window,
};
use volc_openapi::TransportFailure;

use crate::support::{DAY, DAY0, HOUR, Run, Scenario, days, endpoints, target, warnings};

type Outcome = Result<http::Response<Vec<u8>>, TransportFailure>;

/// The time at which everything in the store was fetched.
const FETCHED: i64 = DAY0 + 40 * DAY;

/// Response of a store: one line, and the ranges it lacks.
fn stored(asked: &RequestedUsage, missing: &[std::ops::Range<i64>]) -> http::Response<Vec<u8>> {
    let mut line = StoredLine::new(Metric::PROMPT_TOKENS, Tags::default());
    for start in asked.window.buckets() {
        if !missing.iter().any(|gap| gap.contains(&start)) {
            line.points.push((start, Point { value: start % 97, fetched_at: FETCHED }));
        }
    }
    let mut response = http::Response::new(b"no body".to_vec());
    let gap = |time: &std::ops::Range<i64>| StoredGap { endpoint_id: None, time: time.clone() };
    let missing = missing.iter().map(gap).collect();
    response.extensions_mut().insert(StoredLines::new(vec![line], missing));
    response
}

fn asked(exchange: &Exchange) -> RequestedUsage {
    exchange.request.extensions().get::<RequestedUsage>().unwrap().clone()
}

fn run(
    action: &'static dyn UsageAction,
    target: Target,
    window: Window,
    change: impl FnOnce(&mut QueryOptions),
    missing: &[std::ops::Range<i64>],
) -> Run {
    let server = |exchange: &Exchange, _| -> Outcome { Ok(stored(&asked(exchange), missing)) };
    let mut scenario = Scenario::new(target, window, server).options(change).at(FETCHED + 10 * DAY);
    scenario.action = action;
    scenario.run()
}

fn gaps(report: &UsageReport) -> Vec<(i64, i64, GapReason)> {
    let gaps = report.coverage.missing.iter();
    gaps.map(|gap| (gap.start, gap.end, gap.reason.clone())).collect()
}

#[test]
fn every_action_is_answered_by_lines_and_each_bucket_is_asked_for_once() {
    let actions: [&'static dyn UsageAction; 2] = [&GetUsageAction, &GetInferenceUsageAction];
    for action in actions {
        for labels in [HourLabels::Start, HourLabels::End] {
            let first = DAY0 + 5 * HOUR;
            let window = Window::new(Interval::Hour, first, first + 59 * HOUR).unwrap();
            let change = |options: &mut QueryOptions| {
                options.hour_labels = labels;
                options.max_window_hours = 24;
            };
            let run = run(action, target(), window, change, &[]);
            assert!(run.report.coverage.complete, "{:?}", run.report.coverage);
            assert!(run.report.warnings.is_empty(), "{:?}", run.report.warnings);
            let mut starts = Vec::new();
            for (_, exchange) in &run.sent {
                let asked = asked(exchange);
                assert_eq!(asked.action, action.name());
                // Requests of one action name whole days.
                let is_wanted = |start: &i64| exchange.window.contains(*start);
                assert!(exchange.window.buckets().all(|start| asked.window.contains(start)));
                starts.extend(asked.window.buckets().filter(is_wanted));
            }
            starts.sort_unstable();
            assert_eq!(starts, window.buckets().collect::<Vec<_>>());
            let rows = run.report.rows(FETCHED + 10 * DAY);
            assert_eq!(rows.len(), 60);
            assert!(rows.iter().all(|row| row.value == Some(row.start % 97)
                && row.fetched_at == Some(FETCHED)
                && row.state == State::Final));
        }
    }
}

#[test]
fn what_the_store_has_not_is_missing_for_that_reason() {
    let (first, seconds) = (DAY0, DAY);
    let missing = [first + seconds..first + 3 * seconds, first + 6 * seconds + 5..i64::MAX];
    let report = run(&GetUsageAction, target(), days(8), |_| {}, &missing).report;
    assert_eq!(
        gaps(&report),
        [
            (first + seconds, first + 3 * seconds, GapReason::NotInHistory),
            (first + 6 * seconds, first + 8 * seconds, GapReason::NotInHistory),
        ]
    );
    assert!(!report.coverage.complete && !report.coverage.failed);
    assert!(report.totals(FETCHED + 10 * DAY)[0].value.is_some());
}

#[test]
fn a_bucket_the_service_answered_without_a_value_is_not_returned() {
    let server = |exchange: &Exchange, _| -> Outcome {
        let mut response = stored(&asked(exchange), &[]);
        let lines = response.extensions_mut().get_mut::<StoredLines>().unwrap();
        lines.lines[0].points.remove(2);
        Ok(response)
    };
    let report = Scenario::new(target(), days(4), server).run().report;
    assert_eq!(gaps(&report), [(DAY0 + 2 * DAY, DAY0 + 3 * DAY, GapReason::NotReturned)]);
}

#[test]
fn batches_of_ids_are_asked_for_by_their_own_ids_and_added_up() {
    let ids = ["ep-1", "ep-2", "ep-3"];
    let change = |options: &mut QueryOptions| options.max_ids = 2;
    let run = run(&GetUsageAction, endpoints(ids), days(2), change, &[]);
    let batches: Vec<Vec<String>> =
        run.sent.iter().map(|(_, exchange)| asked(exchange).target.endpoint_ids).collect();
    assert_eq!(batches, [vec!["ep-1", "ep-2"], vec!["ep-3"]]);
    assert!(run.report.coverage.complete);
    assert_eq!(run.report.rows(FETCHED)[0].value, Some(2 * (DAY0 % 97)));
}

#[test]
fn one_endpoint_may_be_missing_where_others_are_not() {
    let server = |exchange: &Exchange, _| -> Outcome {
        let asked = asked(exchange);
        let line = |id: &str| {
            let tags = Tags::new([(Tags::ENDPOINT_ID.to_owned(), id.to_owned())]);
            let mut line = StoredLine::new(Metric::PROMPT_TOKENS, tags);
            let point = Point { value: 5, fetched_at: FETCHED };
            line.points.extend(asked.window.buckets().map(|start| (start, point)));
            line
        };
        let kept = asked.target.endpoint_ids.iter().filter(|id| *id != "ep-3");
        let lines = kept.map(|id| line(id)).collect();
        let gap = |id: &str| StoredGap { endpoint_id: Some(id.to_owned()), time: 0..i64::MAX };
        let missing = ["ep-3", "ep-9"].map(gap).to_vec();
        let mut response = http::Response::new(Vec::new());
        response.extensions_mut().insert(StoredLines::new(lines, missing));
        Ok(response)
    };
    let target = endpoints(["ep-1", "ep-2", "ep-3"]);
    let scenario = Scenario::new(target, days(2), server);
    let report = scenario.options(|options| options.max_ids = 2).run().report;
    let missing = &report.coverage.missing;
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!((missing[0].ids.clone(), &missing[0].reason), (2..3, &GapReason::NotInHistory));
    assert_eq!(report.rows(FETCHED).len(), 4);
}

#[test]
fn damaged_points_are_left_out_and_repeated_ones_reported() {
    let server = |exchange: &Exchange, _| -> Outcome {
        let mut response = stored(&asked(exchange), &[]);
        let lines = response.extensions_mut().get_mut::<StoredLines>().unwrap();
        let point = |value| Point { value, fetched_at: FETCHED };
        let damaged = [(DAY0, -1), (DAY0 + DAY, 5), (DAY0 + HOUR, 1), (i64::MIN, 1), (i64::MAX, 1)];
        lines.lines[0].points.extend(damaged.map(|(start, value)| (start, point(value))));
        Ok(response)
    };
    let report = Scenario::new(target(), days(3), server).run().report;
    let values: Vec<_> = report.rows(FETCHED).iter().map(|row| row.value).collect();
    assert_eq!(values, [Some(DAY0 % 97), Some(5), Some((DAY0 + 2 * DAY) % 97)]);
    assert_eq!(warnings(&report), ["contradiction", "unreadable_value"]);
}

#[test]
fn a_store_may_answer_after_a_failure_and_beside_the_service() {
    let mut calls = 0;
    let server = move |exchange: &Exchange, _: std::time::Duration| -> Outcome {
        calls += 1;
        if calls == 1 {
            return Err(TransportFailure::ReadTimeout);
        }
        Ok(stored(&asked(exchange), &[]))
    };
    let run = Scenario::new(target(), days(3), server).run();
    assert!(run.report.coverage.complete);
    assert_eq!(run.report.calls.len(), 1);
}
