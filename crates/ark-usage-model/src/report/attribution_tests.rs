//! Sums stay the same for every attribution.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::points::Slot;
use crate::{AccountId, CallFailure, Coverage, Gap, GapReason, Interval, Points, Scene, Window};

const DAY: i64 = 86_400;
const FIRST: i64 = 1_731_945_600;
const BUCKETS: u32 = 4;

fn window() -> Window {
    Window::new(Interval::Day, FIRST, FIRST + i64::from(BUCKETS - 1) * DAY).unwrap()
}

/// A line: its target, its metric, its tags, its points.
type Line = (u32, bool, Vec<(&'static str, &'static str)>, Vec<Option<i64>>);

fn report(targets: Vec<Target>, lines: &[Line], failed: &[(u32, u32)]) -> UsageReport {
    let mut series: BTreeMap<(TargetId, Metric, Tags), Points> = BTreeMap::new();
    for (target, prompt, tags, values) in lines {
        let metric = if *prompt { Metric::PROMPT_TOKENS } else { Metric::COMPLETION_TOKENS };
        let tags = Tags::new(tags.iter().map(|(key, value)| ((*key).into(), (*value).into())));
        let slot = |(bucket, value): (u32, &Option<i64>)| {
            value.map(|value| Slot { bucket, stamp: i32::try_from(bucket).unwrap(), value })
        };
        let points = (0..).zip(values).filter_map(slot).collect();
        let key = (TargetId(*target), metric, tags);
        series.entry(key).or_insert_with(|| Points::new(window(), FIRST)).merge(points);
    }
    let gap = |(target, bucket): &(u32, u32)| Gap {
        target: TargetId(*target),
        metric: None,
        ids: 0..0,
        start: FIRST + i64::from(*bucket) * DAY,
        end: FIRST + i64::from(*bucket + 1) * DAY,
        reason: GapReason::CallFailed(CallFailure::Deadline),
    };
    let series = series.into_iter();
    UsageReport {
        window: window(),
        metrics: crate::MetricTable::default(),
        action: "GetUsage",
        dimensions: &[],
        targets,
        series: series
            .map(|((target, metric, tags), points)| UsageSeries { target, metric, tags, points })
            .collect(),
        coverage: Coverage { missing: failed.iter().map(gap).collect(), ..Coverage::default() },
        calls: Vec::new(),
        warnings: Vec::new(),
        settle: Duration::from_hours(1),
        clock_offset: 0,
    }
}

fn sums(shares: &[Attribution]) -> BTreeMap<Metric, Option<i128>> {
    let mut sums: BTreeMap<Metric, Option<i128>> = BTreeMap::new();
    for share in shares {
        let sum = sums.entry(share.metric.clone()).or_default();
        for value in share.cells.iter().filter_map(|cell| cell.value) {
            *sum.get_or_insert(0) += value;
        }
    }
    sums
}

fn tags() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let tag = |key, values: &'static [&'static str]| {
        prop::option::of(prop::sample::select(values).prop_map(move |value| (key, value)))
    };
    (tag("EndpointId", &["a", "b"]), tag("Scene", &["Batch", "Ordinary"]), tag("Colour", &["red"]))
        .prop_map(|(one, two, three)| [one, two, three].into_iter().flatten().collect())
}

fn line() -> impl Strategy<Value = Line> {
    let value = prop::option::weighted(0.8, prop_oneof![0_i64..50, Just(i64::MAX)]);
    let values = prop::collection::vec(value, BUCKETS as usize);
    (0_u32..2, any::<bool>(), tags(), values)
}

fn reports() -> impl Strategy<Value = UsageReport> {
    let lines = prop::collection::vec(line(), 0..8);
    let failed = prop::collection::vec((0_u32..2, 0..BUCKETS), 0..3);
    (lines, failed, any::<bool>()).prop_map(|(lines, failed, single)| {
        let scenes = if single { vec![Scene::BATCH] } else { Vec::new() };
        let first = Target { scenes, ..Target::new(AccountId(0)) };
        report(vec![first, Target::new(AccountId(1))], &lines, &failed)
    })
}

proptest! {
    #[test]
    fn every_grouping_has_equal_sums(report in reports()) {
        let now = FIRST + 3 * DAY;
        let totals: BTreeMap<Metric, Option<i128>> =
            report.totals(now).into_iter().map(|total| (total.metric, total.value)).collect();
        for keys in [
            &[][..],
            &["EndpointId"],
            &["Scene"],
            &["Colour"],
            &["EndpointId", "Scene"],
            &["Scene", "Colour", "EndpointId"],
            &["Unheard"],
        ] {
            prop_assert_eq!(&sums(&report.attribute(keys, now)), &totals, "{:?}", keys);
        }
    }

    #[test]
    fn ungrouped_usage_is_the_total(report in reports()) {
        let now = FIRST + 3 * DAY;
        for share in report.attribute(&[], now) {
            let wholes = report.bucket_totals(share.target, &share.metric, now);
            prop_assert_eq!(wholes.len(), share.cells.len());
            for (whole, cell) in wholes.iter().zip(&share.cells) {
                prop_assert_eq!((whole.start, whole.value), (cell.start, cell.value));
                prop_assert_eq!((whole.state, whole.fetched_at), (cell.state, cell.fetched_at));
            }
        }
    }
}

/// `(tags, values)` of the prompt tokens.
fn told(report: &UsageReport, keys: &[&str]) -> Vec<(String, Vec<Option<i128>>)> {
    let name = |tags: &Tags| tags.iter().map(|(_, value)| value).collect::<Vec<_>>().join("+");
    let shares = report.attribute(keys, i64::MAX);
    let values = |share: &Attribution| share.cells.iter().map(|cell| cell.value).collect();
    shares.iter().map(|share| (name(&share.tags), values(share))).collect()
}

#[test]
fn usage_beyond_the_parts_is_unattributed() {
    let whole: Line = (0, true, vec![], vec![Some(10), Some(10), Some(10), None]);
    let a: Line = (0, true, vec![("EndpointId", "a")], vec![Some(4), Some(4), Some(12), None]);
    let b: Line = (0, true, vec![("EndpointId", "b")], vec![Some(6), None, None, None]);
    let report = report(vec![Target::default()], &[whole, a, b], &[]);
    let expected = [
        // Nothing is left of the first bucket, six of the second; of the third the parts are more.
        (String::new(), vec![Some(6), Some(-2)]),
        ("a".to_owned(), vec![Some(4), Some(4), Some(12), None]),
        ("b".to_owned(), vec![Some(6), None, None, None]),
    ];
    assert_eq!(told(&report, &["EndpointId"]), expected);
    assert_eq!(
        told(&report, &["Scene"]),
        [(String::new(), vec![Some(10), Some(10), Some(10), None])]
    );
}

#[test]
fn a_share_of_which_a_bucket_is_not_known_is_marked() {
    let whole: Line = (0, true, vec![], vec![Some(10); 4]);
    let a: Line = (0, true, vec![("EndpointId", "a")], vec![Some(10), None, Some(10), Some(10)]);
    let report = report(vec![Target::default()], &[whole, a], &[]);
    let shares = report.attribute(&["EndpointId"], i64::MAX);
    let states =
        |share: &Attribution| share.cells.iter().map(|cell| cell.state).collect::<Vec<_>>();
    let missing = |state: &State| *state == State::Missing;
    assert_eq!(
        told(&report, &["EndpointId"]),
        [
            (String::new(), vec![Some(10)]),
            ("a".to_owned(), vec![Some(10), None, Some(10), Some(10)]),
        ]
    );
    assert!(!states(&shares[0]).iter().any(missing));
    assert_eq!(states(&shares[1]).iter().position(missing), Some(1));
}

#[test]
fn without_a_complete_series_the_first_key_counts_most() {
    let whole: Line = (0, true, vec![], vec![Some(10); 4]);
    let endpoint: Line = (0, true, vec![("EndpointId", "a")], vec![Some(10); 4]);
    let scene: Line = (0, true, vec![("Scene", "Batch")], vec![Some(10); 4]);
    let report = report(vec![Target::default()], &[whole, endpoint, scene], &[]);
    let names = |keys: &[&str]| told(&report, keys).into_iter().map(|(name, _)| name).collect();
    let first: Vec<String> = names(&["Scene", "EndpointId"]);
    let other: Vec<String> = names(&["EndpointId", "Scene"]);
    assert_eq!((first, other), (vec!["Batch".to_owned()], vec!["a".to_owned()]));
}

#[test]
fn finer_series_are_added_up_to_the_requested_groups() {
    let line = |endpoint, scene, value| -> Line {
        (0, true, vec![("EndpointId", endpoint), ("Scene", scene)], vec![Some(value); 4])
    };
    let lines = [line("a", "Batch", 1), line("a", "Ordinary", 2), line("b", "Batch", 4)];
    let report = report(vec![Target::default()], &lines, &[]);
    let by = |keys: &[&str]| -> Vec<(String, i128)> {
        let first = |(name, values): (String, Vec<Option<i128>>)| (name, values[0].unwrap());
        told(&report, keys).into_iter().map(first).collect()
    };
    assert_eq!(by(&["EndpointId"]), [("a".to_owned(), 3), ("b".to_owned(), 4)]);
    assert_eq!(by(&["Scene"]), [("Batch".to_owned(), 5), ("Ordinary".to_owned(), 2)]);
    assert_eq!(by(&[]), [(String::new(), 7)]);
}

#[test]
fn parts_requested_separately_are_listed_with_their_total() {
    let whole: Line = (0, true, vec![], vec![Some(10); 4]);
    let mut report_of_all = report(vec![Target::default()], &[whole], &[]);
    let scene = |scene| Target { scenes: vec![scene], ..Target::default() };
    let part = |target, value| -> Line { (target, true, vec![], vec![Some(value); 4]) };
    let targets = vec![scene(Scene::BATCH), scene(Scene::ORDINARY)];
    let parts = report(targets, &[part(0, 3), part(1, 5)], &[(1, 2)]);
    let totals = report_of_all.totals(i64::MAX);
    report_of_all.add_parts(parts, &[TargetId(0), TargetId(0)]);
    assert_eq!(report_of_all.totals(i64::MAX), totals);
    assert_eq!(report_of_all.coverage.parts.len(), 1);
    assert!(!report_of_all.coverage.complete);
    let expected = [("", 2), ("Batch", 3), ("Ordinary", 5)];
    let expected = expected.map(|(name, value)| (name.to_owned(), vec![Some(value); 4]));
    assert_eq!(told(&report_of_all, &["Scene"]), expected);
}

#[test]
fn the_label_includes_the_filters_of_the_target() {
    let tags = vec![("EndpointId", "a"), ("Scene", "Batch"), ("BatchJobId", "job")];
    let line: Line = (0, true, tags, vec![Some(10); 4]);
    let keys = [Tags::ENDPOINT_ID, Tags::SCENE, Tags::BATCH_JOB_ID];
    let one = Target {
        endpoint_ids: vec!["a".to_owned()],
        scenes: vec![Scene::BATCH],
        batch_job_id: Some("job".to_owned()),
        ..Target::default()
    };
    let two = Target {
        endpoint_ids: vec!["a".to_owned(), "b".to_owned()],
        scenes: vec![Scene::BATCH, Scene::ORDINARY],
        ..Target::default()
    };
    for (target, tags) in [(one.clone(), 0), (two, 3)] {
        let shares =
            report(vec![target], std::slice::from_ref(&line), &[]).attribute(&keys, i64::MAX);
        assert_eq!((shares.len(), shares[0].tags.len()), (1, tags));
    }
    let untagged: Line = (0, true, vec![], vec![Some(10); 4]);
    let shares = report(vec![one], &[untagged], &[]).attribute(&keys, i64::MAX);
    let label = &shares[0].label;
    assert_eq!(label.endpoint_id.as_deref(), Some("a"));
    assert_eq!(
        (label.scene.as_deref(), label.batch_job_id.as_deref()),
        (Some("Batch"), Some("job"))
    );
}

#[test]
fn every_line_by_itself() {
    let whole: Line = (0, true, vec![], vec![Some(10), None, Some(10), Some(10)]);
    let part: Line = (0, true, vec![("EndpointId", "a")], vec![Some(4); 4]);
    let lines = report(vec![Target::default()], &[whole, part], &[]).lines(i64::MAX);
    let values =
        |share: &Attribution| share.cells.iter().map(|cell| cell.value).collect::<Vec<_>>();
    assert_eq!(lines.len(), 2);
    assert_eq!(values(&lines[0]), [Some(10), None, Some(10), Some(10)]);
    assert_eq!(values(&lines[1]), [Some(4); 4]);
    assert_eq!(lines[1].label.endpoint_id.as_deref(), Some("a"));
    assert_eq!(lines[0].cells[1].state, State::Missing);
    let starts: Vec<_> = lines[0].cells.iter().map(|cell| cell.start).collect();
    assert_eq!(starts, window().buckets().collect::<Vec<_>>());
}
