//! Parts of the report can be taken as they are finished, and add up to the whole.

use ark_usage_model::{AccountId, GapReason, Row, Target, UsageReport};

use crate::support::*;

fn rows(reports: &[UsageReport]) -> Vec<Row> {
    let mut rows: Vec<Row> = reports.iter().flat_map(|report| report.rows(i64::MAX)).collect();
    // When an answer came depends on when it was asked for, which is the same here.
    rows.sort_by_key(|row| (row.start, row.target));
    rows
}

/// Everything the reports count of the metric.
fn sum(reports: &[UsageReport]) -> i128 {
    reports.iter().filter_map(|report| total(report, "PromptTokens")).sum()
}

#[test]
fn parts_add_up_to_the_whole() {
    let window = days(40);
    for tagging in [Tagging::Never, Tagging::Both] {
        for reversed in [false, true] {
            let service = Service { tagging, ..Service::new(window, 4) };
            let names: Vec<_> = (0..4).map(|index| format!("ep-{index}")).collect();
            let scenario = || {
                let scenario = Scenario::new(endpoints(&names), window, |exchange, _| {
                    Ok(if exchange.window.contains(DAY0 + 9 * DAY) {
                        refuse(500, "InternalError")
                    } else {
                        service.answer(&exchange.request)
                    })
                })
                .options(|options| (options.max_window_days, options.max_ids) = (3, 2));
                if reversed { scenario.reversed() } else { scenario }
            };
            let (whole, run) = (scenario().run(), scenario().streamed().run());
            let reports = run.reports();
            assert!(reports.len() > 1);
            assert_eq!(rows(&reports), rows(std::slice::from_ref(&whole.report)));
            let calls: usize = reports.iter().map(|report| report.calls.len()).sum();
            assert_eq!(calls, whole.report.calls.len());
            let failed: Vec<_> =
                reports.iter().flat_map(|report| &report.coverage.missing).collect();
            assert!(failed.iter().all(|gap| matches!(gap.reason, GapReason::CallFailed(_))));
            let span = |gaps: &[&ark_usage_model::Gap]| {
                gaps.iter().map(|gap| gap.end - gap.start).sum::<i64>()
            };
            assert_eq!(
                span(&failed),
                span(&whole.report.coverage.missing.iter().collect::<Vec<_>>())
            );
            // They follow each other without a seam.
            assert!(reports.windows(2).all(|pair| pair[0].window.end() == pair[1].window.first()));
            assert_eq!(reports[0].window.first(), window.first());
            assert_eq!(reports.last().unwrap().window.last(), window.last());
        }
    }
}

#[test]
fn memory_is_bounded_by_calls_in_flight() {
    let window = days(400);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.max_window_days = 1)
        .streamed()
        .run();
    assert!(run.parts.iter().all(|part| part.window.len() <= 4));
    assert_eq!(run.report.window.len(), 1);
    let reports = run.reports();
    assert_eq!(sum(&reports), service.sum("PromptTokens"));
}

#[test]
fn a_bucket_in_doubt_is_not_taken() {
    let window = days(12);
    let service = Service { end_inclusive: false, ..Service::new(window, 1) };
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.max_window_days = 2)
        .streamed()
        .run();
    let reports = run.reports();
    assert!(reports.iter().all(|report| report.coverage.complete));
    assert_eq!(sum(&reports), service.sum("PromptTokens"));
}

/// The first days come late, when a later doubt is being asked about, and are in doubt as well.
#[test]
fn a_bucket_whose_doubt_waits_for_another_is_not_taken() {
    let window = days(6);
    let service = Service { end_inclusive: false, ..Service::new(window, 1) };
    let mut doubted = false;
    let run = Scenario::new(target(), window, |exchange, _| {
        let is_late = exchange.window.first() == DAY0 && exchange.attempt == 1;
        let is_first_doubt = exchange.window.len() == 1 && !std::mem::replace(&mut doubted, true);
        Ok(if is_late {
            refuse(500, "InternalError")
        } else if is_first_doubt {
            let mut response = refuse(503, "ServiceUnavailableTemp");
            response.headers_mut().insert("retry-after", "7".parse().unwrap());
            response
        } else {
            service.answer(&exchange.request)
        })
    })
    .options(|options| options.max_window_days = 2)
    .streamed()
    .run();
    let reports = run.reports();
    assert!(reports.iter().all(|report| report.coverage.complete));
    assert_eq!(sum(&reports), service.sum("PromptTokens"));
}

/// One account is refused at the first answer, for all days; the other brings a day at a time.
#[test]
fn a_gap_longer_than_a_part_is_reported_part_by_part() {
    let window = days(20);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.account == AccountId(1) {
            refuse(403, "AccessDenied")
        } else {
            service.answer(&exchange.request)
        })
    })
    .targets([Target::new(AccountId(0)), Target::new(AccountId(1))])
    .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
    .streamed()
    .run();
    let reports = run.reports();
    assert!(reports.len() > 10);
    let mut covered = Vec::new();
    for report in &reports {
        assert!(report.coverage.failed && !report.coverage.complete);
        for gap in &report.coverage.missing {
            assert_eq!(gap.target.0, 1);
            assert!(gap.start >= report.window.first() && gap.end <= report.window.end());
            covered.extend((gap.start..gap.end).step_by(usize::try_from(DAY).unwrap()));
        }
    }
    // Each day once, in order.
    assert_eq!(covered, window.buckets().collect::<Vec<_>>());
}

#[test]
fn a_part_tells_the_calls_and_gaps_of_its_buckets() {
    let window = days(40);
    let service = Service::new(window, 2);
    let mut asked = 0;
    // Some have to be asked again, and so come later than what was asked after them; one fails.
    let run = Scenario::new(endpoints(["ep-0", "ep-1"]), window, |exchange, _| {
        asked += 1;
        let is_refused =
            exchange.ids.start == 0 && (exchange.window.first() - DAY0) % (3 * DAY) == 0;
        Ok(if is_refused {
            refuse(418, "Teapot")
        } else if asked % 3 == 1 {
            refuse(500, "InternalError")
        } else {
            service.answer(&exchange.request)
        })
    })
    .options(|options| (options.max_window_days, options.max_ids) = (1, 1))
    .streamed()
    .run();
    let reports = run.reports();
    assert!(reports.len() > 2);
    for report in &reports {
        let asked: Vec<_> =
            report.calls.iter().map(|call| (call.window.first(), call.ids.start)).collect();
        let all = report.window.buckets().flat_map(|start| [(start, 0), (start, 1)]);
        assert_eq!(asked, all.collect::<Vec<_>>());
        let failed = report.calls.iter().filter(|call| call.error.is_some());
        let failed: Vec<_> = failed.map(|call| (call.window.first(), call.window.end())).collect();
        let gaps = &report.coverage.missing;
        assert_eq!(gaps.iter().map(|gap| (gap.start, gap.end)).collect::<Vec<_>>(), failed);
        assert_eq!(report.coverage.complete, failed.is_empty());
    }
}
