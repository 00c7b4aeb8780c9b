//! Parts of the report can be taken as they are finished, and add up to the whole.

use ark_usage_model::{GapReason, Row, UsageReport};

use crate::support::*;

fn rows(reports: &[UsageReport]) -> Vec<Row> {
    let mut rows: Vec<Row> = reports.iter().flat_map(|report| report.rows(i64::MAX)).collect();
    // When an answer came depends on when it was asked for, which is the same here.
    rows.sort_by_key(|row| (row.start, row.target));
    rows
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
            let mut reports = run.parts;
            assert!(!reports.is_empty());
            reports.push(run.report);
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
fn what_is_kept_is_bounded_by_what_is_out() {
    let window = days(400);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.max_window_days = 1)
        .streamed()
        .run();
    assert!(run.parts.iter().all(|part| part.window.len() <= 4));
    assert_eq!(run.report.window.len(), 1);
    let mut reports = run.parts;
    reports.push(run.report);
    let sum: i128 = reports.iter().filter_map(|report| total(report, "PromptTokens")).sum();
    assert_eq!(sum, service.sum("PromptTokens"));
}

#[test]
fn a_bucket_in_doubt_is_not_taken() {
    let window = days(12);
    let service = Service { end_inclusive: false, ..Service::new(window, 1) };
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.max_window_days = 2)
        .streamed()
        .run();
    let mut reports = run.parts;
    reports.push(run.report);
    assert!(reports.iter().all(|report| report.coverage.complete));
    let sum: i128 = reports.iter().filter_map(|report| total(report, "PromptTokens")).sum();
    assert_eq!(sum, service.sum("PromptTokens"));
}
