//! Both readings of `EndTime`, and both of hour labels.

use ark_usage_model::{GapReason, HourLabels, Progress};

use crate::support::*;

fn run(service: &Service, window: ark_usage_model::Window, days_each: u32) -> Run {
    Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.max_window_days = days_each)
        .run()
}

#[test]
fn inclusive_costs_nothing() {
    let window = days(8);
    let service = Service::new(window, 1);
    let run = run(&service, window, 2);
    assert_eq!(run.sent.len(), 4);
    assert!(run.report.coverage.complete);
}

#[test]
fn exclusive_is_found_out_once_and_remembered() {
    let window = days(16);
    let service = Service { end_inclusive: false, ..Service::new(window, 1) };
    let run = run(&service, window, 2);
    assert!(run.report.coverage.complete, "{:?}", run.report.coverage);
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
    // Eight windows; the four first sent knew nothing and need their last bucket asked for again.
    assert_eq!(run.sent.len(), 12);
    let last = run.bodies().into_iter().rfind(|body| body["StartTime"] == DAY0 + 14 * DAY).unwrap();
    assert_eq!(last["EndTime"], DAY0 + 16 * DAY);
}

#[test]
fn a_single_bucket_at_end_time_is_requested_again() {
    let service = Service { end_inclusive: false, ..Service::new(days(3), 1) };
    let run = run(&service, days(1), 31);
    assert_eq!(run.sent.len(), 2);
    assert!(matches!(run.progress[0], Progress::AskingFurther { points: 0, bucket: DAY0 }));
    assert_eq!(run.bodies()[1]["StartTime"], DAY0);
    assert_eq!(run.bodies()[1]["EndTime"], DAY0 + DAY);
    // What came too much is dropped.
    assert_eq!(values(&run.report, "PromptTokens"), [(0, Some(1_000))]);
}

#[test]
fn a_last_bucket_without_usage_is_doubted_once() {
    let window = days(4);
    let service = Service::new(days(5), 1).without(DAY0 + 3 * DAY);
    let run = run(&service, window, 31);
    // Asked one further, the bucket at EndTime came: EndTime counts, so the other is really absent.
    assert_eq!(run.sent.len(), 2);
    assert_eq!(values(&run.report, "PromptTokens")[3], (3, None));
    assert!(!run.report.coverage.complete && !run.report.coverage.failed);
    assert_eq!(run.report.coverage.missing[0].reason, GapReason::NotReturned);
}

#[test]
fn an_empty_account_is_doubted_window_by_window() {
    let window = days(8);
    let service = Service { data: std::collections::BTreeMap::new(), ..Service::new(window, 1) };
    let run = run(&service, window, 2);
    // Nothing shows how EndTime is read, so each last bucket is asked for again.
    assert_eq!(run.sent.len(), 8);
    assert!(run.report.series.is_empty());
    assert!(!run.report.coverage.complete && !run.report.coverage.failed);
    let gap = &run.report.coverage.missing[0];
    assert_eq!((gap.start, gap.end, &gap.metric), (DAY0, DAY0 + 8 * DAY, &None));
}

#[test]
fn one_answer_settles_the_doubts_that_wait() {
    let window = days(8);
    let service = Service::new(window, 1).without(DAY0 + DAY).without(DAY0 + 3 * DAY);
    let run = run(&service, window, 2);
    // Four windows; the first doubt is asked at once, the third window settles the second.
    assert_eq!(run.sent.len(), 5);
    assert_eq!(run.report.coverage.missing.len(), 4);
}

#[test]
fn once_inclusive_is_known_a_last_bucket_that_is_absent_is_absent() {
    let window = days(8);
    let service = Service::new(window, 1).without(DAY0 + 7 * DAY);
    let run = run(&service, window, 2);
    assert_eq!(run.sent.len(), 4);
    assert!(run.progress.iter().all(|made| matches!(made, Progress::Accepted { .. })));
    assert_eq!(values(&run.report, "PromptTokens")[7], (7, None));
}

#[test]
fn a_doubt_that_could_not_be_settled_is_a_failed_call() {
    let service = Service { end_inclusive: false, ..Service::new(days(3), 1) };
    let run = Scenario::new(target(), days(3), |exchange, _| {
        Ok(if exchange.window.len() == 1 {
            refuse(500, "InternalError")
        } else {
            service.answer(&exchange.request)
        })
    })
    .run();
    let missing = &run.report.coverage.missing;
    assert_eq!((missing.len(), missing[0].start), (1, DAY0 + 2 * DAY));
    assert!(matches!(missing[0].reason, GapReason::CallFailed(_)));
}

/// Hours that are labelled with their ends are asked for one hour further.
#[test]
fn a_refused_future_end_is_requested_again_without_it() {
    let window = hours(3);
    let asked = |now: i64, status: u16, code: &'static str| {
        let run = Scenario::new(target(), window, |_, _| Ok(refuse(status, code)))
            .at(now)
            .options(|options| options.hour_labels = HourLabels::End)
            .run();
        let ends = run.bodies().into_iter().map(|body| body["EndTime"].as_i64().unwrap());
        ends.map(|end| (end - window.last()) / HOUR).collect::<Vec<_>>()
    };
    let refused = |now| asked(now, 400, "InvalidParameter.EndTime");
    // The range, then a probe.
    assert_eq!(refused(window.end() - 1), [1, 0, 1, 0]);
    assert_eq!(refused(window.end()), [1, 1]);
    // Something else that is wrong is no reason to.
    assert_eq!(asked(window.end() - 1, 500, "InternalError"), [1, 1, 1, 1]);
    assert_eq!(asked(window.end() - 1, 418, "Teapot"), [1]);
}

#[test]
fn a_refused_past_end_is_not_requested_twice() {
    let window = days(3);
    let service = Service { horizon: 0, ..Service::new(window, 1) };
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .at(DAY0 + 2 * DAY + 5_000)
        .run();
    let lengths: Vec<_> = run.sent.iter().map(|(_, exchange)| exchange.window.len()).collect();
    assert_eq!(lengths, [3, 1]);
}

#[test]
fn a_running_bucket_beyond_which_one_may_not_ask() {
    let window = days(3);
    let now = DAY0 + 2 * DAY + 5_000;
    let service = Service { end_inclusive: false, horizon: now, ..Service::new(window, 1) };
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .at(now)
        .run();
    // Today cannot be had from such a service; the other days are there, and nothing failed.
    assert_eq!(
        values(&run.report, "PromptTokens"),
        [(0, Some(1_000)), (1, Some(11_000)), (2, None)]
    );
    assert!(!run.report.coverage.failed && !run.report.coverage.complete);
}

#[test]
fn once_exclusive_is_known_a_refused_end_costs_only_the_running_bucket() {
    let window = days(6);
    let now = DAY0 + 5 * DAY + 5_000;
    let service = Service { end_inclusive: false, horizon: now, ..Service::new(window, 1) };
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .at(now)
        .options(|options| (options.max_window_days, options.concurrency) = (3, 1))
        .run();
    let got: Vec<_> =
        values(&run.report, "PromptTokens").iter().map(|(_, v)| v.is_some()).collect();
    assert_eq!(got, [true, true, true, true, true, false]);
    assert!(!run.report.coverage.failed);
}

#[test]
fn hour_labels_under_every_reading() {
    let all = hours(12);
    let window = ark_usage_model::Window::new(
        ark_usage_model::Interval::Hour,
        DAY0 + 3 * HOUR,
        DAY0 + 8 * HOUR,
    )
    .unwrap();
    let expected: Vec<_> =
        (0..6).map(|index| (index, Some(1_000 * (1 + (index + 3) * 10)))).collect();
    for labels in [Labels::Starts, Labels::EndsComparedAsEnds, Labels::EndsComparedAsStarts] {
        for end_inclusive in [true, false] {
            let service = Service { end_inclusive, labels, ..Service::new(all, 1) };
            let setting =
                if labels == Labels::Starts { HourLabels::Start } else { HourLabels::End };
            let run =
                Scenario::new(
                    target(),
                    window,
                    |exchange, _| Ok(service.answer(&exchange.request)),
                )
                .options(|options| (options.hour_labels, options.max_window_hours) = (setting, 2))
                .run();
            assert_eq!(values(&run.report, "PromptTokens"), expected, "{labels:?} {end_inclusive}");
            assert!(run.report.coverage.complete);
        }
    }
}

#[test]
fn days_are_not_touched_by_hour_labels() {
    let window = days(3);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.hour_labels = HourLabels::End)
        .run();
    assert_eq!(run.bodies()[0]["EndTime"], DAY0 + 2 * DAY);
    assert!(run.report.coverage.complete);
}
