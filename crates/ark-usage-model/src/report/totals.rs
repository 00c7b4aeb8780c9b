//! Totals: sums that never count anything twice.
//!
//! A target's lines may be untagged, tagged, or both: a whole beside its parts. For each bucket the
//! lines with the fewest tag keys are taken, because lines with more keys are parts of them; lines
//! with other keys are only added where a value of a key that all have tells them apart. So a total
//! is right whether the service tags never, when filtered, always, or both, and also when it changes
//! its mind between two answers.

use std::collections::BTreeMap;

use super::cover::Cover;
use crate::report::{ReportIndex, RunningSum};
use crate::{Metric, State, TargetId, UsageReport, UsageSeries, Window};

/// The sum of one metric over the whole query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Total {
    /// The metric.
    pub metric: Metric,
    /// The exact sum of what came; `None` when nothing came, and when the metric's values must not
    /// be [added up](crate::MetricInfo::additive).
    pub value: Option<i128>,
    /// The worst state of its parts: when it is missing, `value` is less than the whole.
    pub state: State,
    /// The part of it that came.
    pub buckets: Buckets,
}

/// The number of buckets in a sum. Each bucket of each target counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Buckets {
    /// Asked for.
    pub wanted: usize,
    /// Came, in all parts.
    pub received: usize,
    /// Came in all parts, but may still change.
    pub settling: usize,
}

/// One bucket of one metric of one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BucketTotal {
    /// Start of the bucket.
    pub start: i64,
    /// The exact sum of what came; `None` when nothing came, and when it came in several parts
    /// whose values must not be [added up](crate::MetricInfo::additive).
    pub value: Option<i128>,
    /// The worst state of its parts.
    pub state: State,
    /// The time of its last part's response, unix seconds.
    pub fetched_at: Option<i64>,
}

impl UsageReport {
    /// The sum of each metric over all targets and buckets, sorted by metric.
    ///
    /// A target counts for a metric when it has a line of that metric, or when a call about it
    /// failed, so that it might have one.
    pub fn totals(&self, now_unix: i64) -> Vec<Total> {
        let index = self.index();
        index.metrics().map(|metric| total(&index, metric, now_unix)).collect()
    }

    /// A metric of a target bucket by bucket: whatever lines the service sent, the whole of them.
    /// [`index`](Self::index) answers the same for many of them.
    pub fn bucket_totals(
        &self,
        target: TargetId,
        metric: &Metric,
        now_unix: i64,
    ) -> Vec<BucketTotal> {
        self.index().bucket_totals(target, metric, now_unix)
    }
}

fn total(index: &ReportIndex<'_>, metric: &Metric, now_unix: i64) -> Total {
    let mut total = Total {
        metric: metric.clone(),
        value: None,
        state: State::Final,
        buckets: Buckets::default(),
    };
    let mut sum = RunningSum::of(metric, &index.report().metrics);
    for target in index.targets_of(metric) {
        for whole in index.bucket_totals(target, metric, now_unix) {
            total.buckets.wanted += 1;
            total.buckets.received += usize::from(whole.state != State::Missing);
            total.buckets.settling += usize::from(whole.state == State::Settling);
            total.state = total.state.max(whole.state);
            sum.add(whole.value);
        }
    }
    total.value = sum.value();
    total
}

/// The first bucket of which it is unclear what the whole is, and how many there are.
///
/// Lines with more tag keys are taken for parts of those with fewer. When they do not add up to
/// them, they may as well stand beside them: usage outside of batch jobs, say, has no job to name.
pub(crate) fn unclear_whole(
    series: &[UsageSeries],
    window: Window,
    is_additive: impl Fn(&UsageSeries) -> bool,
) -> Option<(&UsageSeries, i64, usize)> {
    first_bucket(series, window, is_additive, |levels, start| !levels.cover(start).is_clear())
}

/// Finds lines whose parts are more than they are: the first with the start of its bucket, and the
/// number of such buckets.
pub(super) fn exceeded_whole(
    series: &[UsageSeries],
    window: Window,
    is_additive: impl Fn(&UsageSeries) -> bool,
) -> Option<(&UsageSeries, i64, usize)> {
    first_bucket(series, window, is_additive, |levels, start| levels.cover(start).is_exceeded())
}

/// Finds the first bucket of levels that is as wanted, and the number of such buckets.
fn first_bucket(
    series: &[UsageSeries],
    window: Window,
    is_additive: impl Fn(&UsageSeries) -> bool,
    is_wanted: impl Fn(&Levels<'_>, i64) -> bool,
) -> Option<(&UsageSeries, i64, usize)> {
    let mut found: Option<(&UsageSeries, i64, usize)> = None;
    for lines in series.chunk_by(|one, two| (one.target, &one.metric) == (two.target, &two.metric))
    {
        let levels = Levels::new(lines.iter(), true);
        // Parts of a metric that must not be added up explain no whole.
        if levels.by_keys.len() < 2 || !lines.first().is_some_and(&is_additive) {
            continue;
        }
        for start in window.buckets().filter(|start| is_wanted(&levels, *start)) {
            let first = lines.first()?;
            found.get_or_insert((first, start, 0)).2 += 1;
        }
    }
    found
}

/// Series grouped by their tag keys, fewest keys first.
pub(super) struct Levels<'a> {
    by_keys: BTreeMap<(usize, Vec<&'a str>), Vec<&'a UsageSeries>>,
    /// The values of its lines may be added up.
    pub(super) additive: bool,
}

impl<'a> Levels<'a> {
    pub(super) fn new(series: impl Iterator<Item = &'a UsageSeries>, additive: bool) -> Self {
        let mut by_keys: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in series {
            let keys: Vec<&str> = one.tags.keys().collect();
            by_keys.entry((keys.len(), keys)).or_default().push(one);
        }
        Self { by_keys, additive }
    }

    /// Tag keys and lines of each level, coarsest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[&'a str], &[&'a UsageSeries])> {
        self.by_keys.iter().map(|((_, keys), lines)| (keys.as_slice(), lines.as_slice()))
    }

    fn cover(&self, start: i64) -> Cover<'a, ()> {
        let levels = self.by_keys.values();
        Cover::new(levels.map(|lines| lines.iter().map(|line| (*line, ()))), start)
    }

    /// The sum of the coarsest lines that came for this bucket.
    pub(super) fn whole(&self, report: &UsageReport, start: i64, now_unix: i64) -> BucketTotal {
        let lines = self.cover(start).whole;
        let mut sum = RunningSum::new(self.additive);
        for line in &lines {
            sum.add(line.point.map(|point| i128::from(point.value)));
        }
        let states = lines.iter().map(|line| match line.point {
            Some(point) => report.state(start, point.fetched_at, now_unix),
            None => State::Missing,
        });
        BucketTotal {
            start,
            value: sum.value(),
            state: states.max().unwrap_or(State::Missing),
            fetched_at: lines.iter().filter_map(|line| line.point).map(|p| p.fetched_at).max(),
        }
    }
}
