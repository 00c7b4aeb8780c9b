//! Parts asked for by themselves, taken into the report on their whole; and logs kept in one place.

use ark_usage_model::{GapReason, Target, TargetId, UsageReport};

use crate::support::*;

/// The report on these targets, of which one may be refused.
fn report(targets: &[Target], refused: Option<u32>) -> UsageReport {
    let window = days(2);
    let service = Service::new(window, 1);
    Scenario::new(target(), window, |exchange, _| {
        Ok(if refused == Some(exchange.target.0) {
            refuse(418, "Teapot")
        } else {
            service.answer(&exchange.request)
        })
    })
    .targets(targets.iter().cloned())
    .run()
    .report
}

fn scenes(names: &[&str]) -> Vec<Target> {
    names.iter().map(|name| Target { scenes: vec![scene(name)], ..target() }).collect()
}

#[test]
fn calls_and_gaps_of_parts_are_those_of_their_whole() {
    let wholes = [project("a"), project("b")];
    let mut whole = report(&wholes, None);
    whole.add_parts(report(&scenes(&["Batch", "Ordinary"]), Some(0)), &[TargetId(1), TargetId(1)]);
    let calls: Vec<_> = whole.calls.iter().map(|call| call.target.0).collect();
    assert_eq!(calls, [0, 1, 1, 1]);
    let gaps = &whole.coverage.parts;
    assert_eq!(gaps.iter().map(|gap| gap.target.0).collect::<Vec<_>>(), [1]);
    assert!(whole.coverage.missing.is_empty());
    assert!(whole.coverage.failed && !whole.coverage.complete);
    let tags = whole.series.iter().filter(|series| series.target == TargetId(1));
    let scenes: Vec<_> = tags.filter_map(|series| series.tags.get("Scene")).collect();
    assert_eq!(scenes, ["Ordinary", "Ordinary"]);
}

#[test]
fn received_parts_do_not_change_missing_buckets() {
    for refused in [None, Some(0)] {
        let mut whole = report(&[project("a"), project("b")], refused);
        let coverage = whole.coverage.clone();
        whole.add_parts(report(&scenes(&["Batch"]), None), &[TargetId(1)]);
        assert_eq!(whole.coverage, coverage);
    }
}

#[test]
fn a_log_is_taken_over_with_its_gaps_but_without_numbers() {
    for (ours, theirs) in [(None, None), (None, Some(0)), (Some(0), None)] {
        let (mut kept, mut other) = (report(&[target()], ours), report(&[target()], theirs));
        let series = kept.series.clone();
        kept.take_log(&mut other);
        assert_eq!(kept.series, series);
        assert_eq!((kept.calls.len(), other.calls.len()), (2, 0));
        let failed = |gap: &ark_usage_model::Gap| matches!(gap.reason, GapReason::CallFailed(_));
        assert_eq!(kept.coverage.parts.len(), usize::from(theirs.is_some()));
        assert!(kept.coverage.parts.iter().all(failed));
        let any = ours.is_some() || theirs.is_some();
        assert_eq!((kept.coverage.failed, kept.coverage.complete), (any, !any));
    }
}
