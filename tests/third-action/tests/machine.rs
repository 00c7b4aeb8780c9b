//! The query machine, driven by hand, over an action it has never heard of.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::time::Duration;

use ark_usage_emulator::{Account, Emulator, EmulatorOptions};
use ark_usage_model::{
    AccountId, DimensionFilter, Interval, Metric, Now, PlanError, QueryOptions, RequestedUsage,
    State, Step, StoredLine, StoredLines, Tags, Target, Unit, UsageQuery, UsageReport, Window,
};
use third_action::{
    CACHED_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, PEAK_HOUR_TOKENS, QUERY_USAGE_TABLE,
    QueryUsageTable, QueryUsageTableAction, REQUESTS,
};
use volc_sign::{Signer, SigningTime};

/// 2024-11-18T00:00:00+08:00.
const DAY0: i64 = 1_731_859_200;
const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
const NOW: i64 = DAY0 + 40 * DAY;

static ACTION: QueryUsageTableAction = QueryUsageTableAction;

/// A report, and the requests it took.
struct Run {
    report: UsageReport,
    requests: Vec<QueryUsageTable>,
}

fn query(target: Target, window: Window, options: QueryOptions) -> Result<UsageQuery, PlanError> {
    UsageQuery::with_action(
        &ACTION,
        vec![target],
        window,
        "http://127.0.0.1/".parse().unwrap(),
        options,
    )
}

fn run_with(target: Target, window: Window, options: QueryOptions, behaviors: &str) -> Run {
    let emulator = Emulator::new(EmulatorOptions {
        behaviors: behaviors.parse().unwrap(),
        extra_actions: vec![QUERY_USAGE_TABLE],
        ..EmulatorOptions::default()
    });
    let signer = Signer::new(Account::demo().credentials, "cn-beijing", "ark");
    let time = SigningTime::from_unix(u64::try_from(NOW).unwrap()).unwrap();
    let mut query = query(target, window, options).unwrap();
    let (mut requests, mut out) = (Vec::new(), Vec::new());
    let mut now = Now { elapsed: Duration::ZERO, unix: NOW };
    loop {
        match query.poll(now) {
            Step::Send(exchange) => {
                requests.push(serde_json::from_slice(exchange.request.body()).unwrap());
                out.push(exchange);
            }
            Step::Wait => {
                let mut exchange = out.remove(0);
                signer.sign_request(&mut exchange.request, time).unwrap();
                let response = emulator.handle(&exchange.request, time);
                query.on_response(exchange.id, now, Ok(&response));
            }
            Step::WakeAt(elapsed) => now.elapsed = elapsed,
            Step::Done => break,
        }
    }
    Run { report: query.into_report(), requests }
}

fn run(target: Target, window: Window) -> Run {
    run_with(target, window, QueryOptions::default(), "")
}

fn target() -> Target {
    Target::new(AccountId(0))
}

fn by(keys: &[&str]) -> Target {
    let group = |key: &&str| DimensionFilter { key: (*key).to_owned(), values: Vec::new() };
    Target { filters: keys.iter().map(group).collect(), ..target() }
}

fn days(first: i64, count: i64) -> Window {
    Window::new(Interval::Day, DAY0 + first * DAY, DAY0 + (first + count - 1) * DAY).unwrap()
}

fn hours(first: i64, count: i64) -> Window {
    Window::new(Interval::Hour, DAY0 + first * HOUR, DAY0 + (first + count - 1) * HOUR).unwrap()
}

fn total(report: &UsageReport, metric: &Metric) -> Option<i128> {
    report.totals(NOW).into_iter().find(|total| total.metric == *metric)?.value
}

fn dates(requests: &[QueryUsageTable]) -> Vec<(&str, &str)> {
    requests.iter().map(|one| (one.start_date.as_str(), one.end_date.as_str())).collect()
}

#[test]
fn a_range_is_cut_to_the_limit_and_both_ends_are_included() {
    let run = run(target(), days(0, 10));
    assert_eq!(dates(&run.requests), [("2024-11-18", "2024-11-24"), ("2024-11-25", "2024-11-27")]);
    assert!(run.report.coverage.complete, "{:?}", run.report.coverage);
    assert!(run.report.warnings.is_empty(), "{:?}", run.report.warnings);
    assert_eq!(run.report.series.len(), 5);
    assert!(run.report.rows(NOW).iter().all(|row| row.state == State::Final));
}

#[test]
fn hours_are_requested_by_whole_days_and_those_outside_are_dropped() {
    let options = QueryOptions { max_window_hours: 30, ..QueryOptions::default() };
    let run = run_with(target(), hours(5, 40), options, "");
    assert_eq!(dates(&run.requests), [("2024-11-18", "2024-11-18"), ("2024-11-19", "2024-11-19")]);
    assert!(run.report.coverage.complete);
    assert_eq!(run.report.rows(NOW).len(), 5 * 40);
    let starts: BTreeSet<i64> = run.report.rows(NOW).iter().map(|row| row.start).collect();
    assert_eq!(starts.first(), Some(&(DAY0 + 5 * HOUR)));
}

#[test]
fn the_hours_of_a_day_add_up_to_it_and_the_peak_does_not() {
    let day = run(target(), days(0, 1)).report;
    let hours = run(target(), hours(0, 24)).report;
    for metric in [INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS, REQUESTS] {
        assert_eq!(total(&day, &metric), total(&hours, &metric), "{metric}");
        assert!(total(&day, &metric) > Some(0), "{metric}");
    }
    let peaks = hours.series.iter().find(|one| one.metric == PEAK_HOUR_TOKENS).unwrap();
    let highest = peaks.points.iter().map(|(_, point)| i128::from(point.value)).max();
    assert_eq!(total(&day, &PEAK_HOUR_TOKENS), highest);
    assert_eq!(total(&hours, &PEAK_HOUR_TOKENS), None);
}

#[test]
fn groups_add_up_to_the_whole_where_that_makes_sense() {
    let whole = run(target(), days(0, 2)).report;
    for keys in [&[Tags::ENDPOINT_ID][..], &[Tags::SCENE], &[Tags::ENDPOINT_ID, Tags::SCENE]] {
        let report = run(by(keys), days(0, 2)).report;
        assert!(report.coverage.complete && report.warnings.is_empty());
        assert!(report.series.iter().all(|one| one.tags.keys().eq(keys.iter().copied())));
        for metric in [INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS, REQUESTS] {
            assert_eq!(total(&report, &metric), total(&whole, &metric), "{metric} by {keys:?}");
        }
        assert_eq!(total(&report, &PEAK_HOUR_TOKENS), None);
        // Each group by itself still has its peaks.
        let parts = report.attribute(keys, NOW);
        let peaks = parts.iter().filter(|part| part.metric == PEAK_HOUR_TOKENS);
        assert!(peaks.flat_map(|part| &part.cells).all(|cell| cell.value.is_some()));
        // Put together by nothing, they have none.
        let parts = report.attribute(&[], NOW);
        let mut peaks = parts.iter().filter(|part| part.metric == PEAK_HOUR_TOKENS);
        assert!(peaks.all(|part| part.cells.iter().all(|cell| cell.value.is_none())));
    }
}

#[test]
fn batches_of_ids_are_added_up_but_for_the_peak() {
    let whole = run(by(&[Tags::ENDPOINT_ID]), days(0, 1)).report;
    let ids: Vec<String> = whole
        .series
        .iter()
        .filter(|one| one.metric == INPUT_TOKENS)
        .filter_map(|one| one.tags.get(Tags::ENDPOINT_ID).map(str::to_owned))
        .collect();
    let named = Target { endpoint_ids: ids, ..target() };
    let options = QueryOptions { max_ids: 1, ..QueryOptions::default() };
    let run = run_with(named, days(0, 1), options, "");
    assert_eq!(run.requests.len(), 4);
    assert_eq!(total(&run.report, &INPUT_TOKENS), total(&whole, &INPUT_TOKENS));
    assert_eq!(total(&run.report, &PEAK_HOUR_TOKENS), None);
    let codes: Vec<&str> = run.report.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["not_additive"]);
    // The peak is missing, and the coverage says so.
    let missing = &run.report.coverage.missing;
    assert!(missing.iter().all(|gap| gap.metric == Some(PEAK_HOUR_TOKENS)) && missing.len() == 1);
}

#[test]
fn totals_of_different_metrics_follow_their_declarations() {
    let report = run(target(), days(0, 1)).report;
    let totals = report.totals(NOW);
    let values = || totals.iter().filter_map(|total| Some((&total.metric, total.value?)));
    let tokens = report.metrics.additive_total(&Unit::Tokens, values());
    let sum = total(&report, &INPUT_TOKENS).unwrap() + total(&report, &OUTPUT_TOKENS).unwrap();
    assert_eq!(tokens, Some(sum));
    assert_eq!(report.metrics.additive_total(&Unit::Requests, values()), total(&report, &REQUESTS));
}

#[test]
fn the_order_of_rows_and_rows_left_out_change_nothing_but_coverage() {
    let window = hours(0, 48);
    let plain = run(by(&[Tags::SCENE]), window).report;
    let other = run_with(
        by(&[Tags::SCENE]),
        window,
        QueryOptions::default(),
        "order=unsorted,zero-buckets=left-out",
    );
    assert!(plain.coverage.complete && !other.report.coverage.complete);
    for metric in [INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS, REQUESTS] {
        assert_eq!(total(&plain, &metric), total(&other.report, &metric));
    }
    // Nothing is asked for again: both ends are documented.
    assert_eq!(other.requests.len(), 1);
}

#[test]
fn a_dimension_it_does_not_know_is_refused_before_anything_is_sent() {
    let job = Target { batch_job_id: Some("bi-1".to_owned()), ..target() };
    let refused = query(job, days(0, 1), QueryOptions::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "target 0 uses BatchJobId, which QueryUsageTable cannot filter or group by"
    );
    assert!(query(by(&["Model"]), days(0, 1), QueryOptions::default()).is_err());
}

/// A store knows the target, the window and the name of the action, and none of its words.
#[test]
fn a_store_answers_in_place_of_the_service() {
    let window = hours(5, 40);
    let live = run(by(&[Tags::SCENE]), window).report;
    let mut query = query(by(&[Tags::SCENE]), window, QueryOptions::default()).unwrap();
    let now = Now { elapsed: Duration::ZERO, unix: NOW };
    let mut out = Vec::new();
    loop {
        match query.poll(now) {
            Step::Send(exchange) => out.push(exchange),
            Step::Wait => {
                let exchange = out.remove(0);
                let asked = exchange.request.extensions().get::<RequestedUsage>().unwrap();
                assert_eq!(asked.action, "QueryUsageTable");
                assert_eq!(asked.target, by(&[Tags::SCENE]));
                let lines = live.series.iter().map(|series| {
                    let mut line = StoredLine::new(series.metric.clone(), series.tags.clone());
                    line.points.extend(series.points.iter());
                    line
                });
                let mut response = http::Response::new(Vec::new());
                let stored = StoredLines::new(lines.collect(), Vec::new());
                response.extensions_mut().insert(stored);
                query.on_response(exchange.id, now, Ok(&response));
            }
            Step::WakeAt(_) => panic!("nothing to wait for"),
            Step::Done => break,
        }
    }
    let report = query.into_report();
    assert_eq!(report.series, live.series);
    assert_eq!(report.coverage, live.coverage);
    assert_eq!(report.totals(NOW), live.totals(NOW));
}
