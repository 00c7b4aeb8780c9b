//! The lines and failures of a report by metric and target: found once, because searching the report
//! for each metric would cost the square of its length.

use std::collections::{BTreeMap, BTreeSet};

use super::totals::Levels;
use crate::{BucketTotal, Gap, Metric, State, TargetId, UsageReport, UsageSeries};

/// A report prepared for questions about many metrics and targets.
#[derive(Clone, Debug)]
pub struct ReportIndex<'a> {
    report: &'a UsageReport,
    lines: BTreeMap<&'a Metric, BTreeMap<TargetId, Vec<&'a UsageSeries>>>,
    metrics: BTreeMap<TargetId, BTreeSet<&'a Metric>>,
    failed: BTreeMap<TargetId, Vec<&'a Gap>>,
}

impl UsageReport {
    /// Prepares for questions about many metrics and targets.
    pub fn index(&self) -> ReportIndex<'_> {
        let mut lines: BTreeMap<&Metric, BTreeMap<TargetId, Vec<&UsageSeries>>> = BTreeMap::new();
        let mut metrics: BTreeMap<TargetId, BTreeSet<&Metric>> = BTreeMap::new();
        for line in &self.series {
            metrics.entry(line.target).or_default().insert(&line.metric);
            lines.entry(&line.metric).or_default().entry(line.target).or_default().push(line);
        }
        let mut failed: BTreeMap<TargetId, Vec<&Gap>> = BTreeMap::new();
        for gap in self.coverage.missing.iter().filter(|gap| gap.reason.hides_usage()) {
            failed.entry(gap.target).or_default().push(gap);
        }
        ReportIndex { report: self, lines, metrics, failed }
    }
}

impl<'a> ReportIndex<'a> {
    /// The report.
    pub fn report(&self) -> &'a UsageReport {
        self.report
    }

    /// Every metric of which anything came, sorted.
    pub fn metrics(&self) -> impl Iterator<Item = &'a Metric> {
        self.lines.keys().copied()
    }

    /// The metrics of which anything of a target came, sorted.
    pub fn metrics_of(&self, target: TargetId) -> impl Iterator<Item = &'a Metric> {
        self.metrics.get(&target).into_iter().flatten().copied()
    }

    /// True when anything of a metric of a target came.
    pub fn has(&self, target: TargetId, metric: &Metric) -> bool {
        self.lines.get(metric).is_some_and(|lines| lines.contains_key(&target))
    }

    /// True when usage of a target may exist that the report does not show: a call failed, or a list
    /// was not whole.
    pub fn hides_usage(&self, target: TargetId) -> bool {
        self.failed.contains_key(&target)
    }

    /// True when targets were not listed, so that nothing was asked about them.
    pub fn hides_targets(&self) -> bool {
        self.failed.keys().any(|target| target.index() >= self.report.targets.len())
    }

    /// The targets that count for a metric: those with a line of it, and those that might have one,
    /// had a call not failed.
    pub fn targets_of(&self, metric: &Metric) -> BTreeSet<TargetId> {
        let known = self.lines.get(metric).into_iter().flat_map(BTreeMap::keys);
        known.chain(self.failed.keys()).copied().collect()
    }

    /// A metric of a target bucket by bucket: whatever lines the service sent, the whole of them.
    pub fn bucket_totals(
        &self,
        target: TargetId,
        metric: &Metric,
        now_unix: i64,
    ) -> Vec<BucketTotal> {
        let levels = self.levels(target, metric);
        let wholes = self.report.window.buckets().map(|start| {
            let mut whole = levels.whole(self.report, start, now_unix);
            // A failed call may have been about a part that no other response has.
            if self.has_failed(target, start) {
                whole.state = State::Missing;
            }
            whole
        });
        wholes.collect()
    }

    /// The lines of a metric of a target, by level.
    pub(super) fn levels(&self, target: TargetId, metric: &Metric) -> Levels<'a> {
        let lines = self.lines.get(metric).and_then(|lines| lines.get(&target));
        let lines = lines.into_iter().flatten().copied();
        Levels::new(lines, self.report.metrics.is_additive(metric))
    }

    /// True when a failed call asked for a bucket of a target.
    pub(super) fn has_failed(&self, target: TargetId, start: i64) -> bool {
        self.failed.get(&target).is_some_and(|gaps| gaps.iter().any(|gap| gap.covers(start)))
    }
}
