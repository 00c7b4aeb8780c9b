//! Ending early: the deadline, and an interrupt.

use std::time::Duration;

use ark_usage_model::{CallFailure, Now, Step, UsageQuery};
use volc_openapi::TransportFailure;

use crate::support::*;

#[test]
fn the_deadline_keeps_received_data_and_lists_the_rest() {
    let window = days(40);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| {
            (options.max_window_days, options.concurrency) = (1, 1);
            options.deadline = Some(Duration::from_millis(501));
        })
        .run();
    let got = values(&run.report, "PromptTokens").iter().filter(|(_, v)| v.is_some()).count();
    assert_eq!(got, 10);
    let late = run.report.calls.iter().filter(|call| call.error == Some(CallFailure::Deadline));
    assert!(late.count() >= 1);
    let missing: i64 =
        run.report.coverage.missing.iter().map(|gap| (gap.end - gap.start) / DAY).sum();
    assert_eq!(missing, 30);
    assert!(run.report.coverage.failed);
    assert_eq!(run.elapsed, Duration::from_millis(501));
}

#[test]
fn the_deadline_ends_a_wait_for_an_answer() {
    let now = |ms: u64| Now { elapsed: Duration::from_millis(ms), unix: DAY0 + 30 * DAY };
    let mut query = query(Some(Duration::from_secs(1)));
    assert!(matches!(query.poll(now(0)), Step::Send(_)));
    assert!(matches!(query.poll(now(0)), Step::WakeAt(wake) if wake == Duration::from_secs(1)));
    assert!(matches!(query.poll(now(1_000)), Step::Done));
    let report = query.into_report();
    assert_eq!(report.calls[0].error, Some(CallFailure::Deadline));
    assert_eq!(report.calls[0].attempts, 1);
}

#[test]
fn an_interrupt_ends_at_once_and_late_answers_are_ignored() {
    let now = Now { elapsed: Duration::ZERO, unix: DAY0 + 30 * DAY };
    let mut query = query(None);
    let Step::Send(exchange) = query.poll(now) else { panic!() };
    assert!(matches!(query.poll(now), Step::Wait));
    query.finish_early();
    assert!(matches!(query.poll(now), Step::Done));
    let late: Result<&http::Response<Vec<u8>>, _> = Err(TransportFailure::Reset);
    assert_eq!(query.on_response(exchange.id, now, late), ark_usage_model::Progress::Ignored);
    let report = query.into_report();
    assert_eq!(report.calls[0].error, Some(CallFailure::Interrupted));
    assert!(report.coverage.failed && report.series.is_empty());
}

#[test]
fn a_report_taken_too_early_says_so() {
    let now = Now { elapsed: Duration::ZERO, unix: DAY0 + 30 * DAY };
    let mut query = query(None);
    let _ = query.poll(now);
    assert!(query.into_report().coverage.failed);
}

fn query(deadline: Option<Duration>) -> UsageQuery {
    let options =
        ark_usage_model::QueryOptions { deadline, ..ark_usage_model::QueryOptions::default() };
    let base_url = "http://127.0.0.1:9".parse().unwrap();
    UsageQuery::new(vec![target()], days(3), base_url, options).unwrap()
}
