//! The usage that limits count, prepared once for all of them: limits and usage may both be many.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ark_usage_model::{BucketTotal, Metric, ReportIndex, TargetId, UsageReport};
use ark_usage_report::budget::{Cell, MetricSelector};
use ark_usage_report::{MissingUsage, Text};

use super::limits::Limit;

/// Usage, prepared for many limits.
#[derive(Debug)]
pub(super) struct UsageCounts<'a> {
    /// Projects as a whole.
    pub(super) whole: Option<TargetCounts<'a>>,
    /// One target for each endpoint.
    pub(super) endpoints: Option<TargetCounts<'a>>,
    /// Every value could be read.
    pub(super) readable: bool,
    /// Some projects are not counted: their usage may be over a limit without a project.
    pub(super) is_reduced: bool,
}

impl UsageCounts<'_> {
    /// Returns the usage that a limit counts.
    pub(super) fn cells(&self, limit: &Limit) -> Vec<Cell> {
        let Some(counts) = self.of(limit) else { return Vec::new() };
        let mut cells = Vec::new();
        for target in counts.targets(limit) {
            for metric in counts.metrics(target, &limit.rule.counted) {
                let seconds = counts.index.report().window.interval().seconds();
                cells.extend(counts.totals(target, metric).iter().map(|whole| Cell {
                    start: whole.start,
                    end: whole.start + seconds,
                    value: whole.value,
                    state: whole.state,
                }));
            }
        }
        cells
    }

    /// Returns true if all data for a limit was received and could be read.
    pub(super) fn is_complete(&self, limit: &Limit) -> bool {
        let hidden = self.of(limit).is_some_and(|counts| {
            let mut targets = counts.targets(limit).into_iter();
            let known = targets.any(|target| counts.index.hides_usage(target));
            // A project that was not listed counts for every limit without a project.
            known || limit.rule.project.is_none() && counts.index.hides_targets()
        });
        let is_whole = limit.rule.project.is_some() || !self.is_reduced;
        is_whole && self.readable && !hidden
    }

    /// Returns the names of the usage of a limit that was not received: `project search`.
    pub(super) fn missing(&self, limit: &Limit, profiles: &[Option<String>]) -> Vec<Text> {
        let Some(counts) = self.of(limit) else { return Vec::new() };
        MissingUsage::new(counts.index.report(), profiles).names(&counts.targets(limit))
    }

    fn of(&self, limit: &Limit) -> Option<&TargetCounts<'_>> {
        let counts = if limit.endpoint_ids.is_some() { &self.endpoints } else { &self.whole };
        counts.as_ref()
    }
}

/// The usage of one report, by target and metric.
#[derive(Debug)]
pub(super) struct TargetCounts<'a> {
    index: ReportIndex<'a>,
    now_unix: i64,
    projects: BTreeMap<Option<&'a str>, Vec<TargetId>>,
    endpoints: BTreeMap<&'a str, Vec<TargetId>>,
    /// The metrics that count together as all tokens, by target.
    tokens: BTreeMap<TargetId, Vec<&'a Metric>>,
    /// The buckets asked for so far.
    totals: RefCell<Totals>,
}

/// Buckets by target and metric.
type Totals = BTreeMap<(TargetId, Metric), Rc<[BucketTotal]>>;

impl<'a> TargetCounts<'a> {
    pub(super) fn new(report: &'a UsageReport, now_unix: i64) -> Self {
        let index = report.index();
        let mut counts = Self {
            now_unix,
            projects: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            tokens: BTreeMap::new(),
            totals: RefCell::default(),
            index,
        };
        for (id, target) in (0..).map(TargetId).zip(&report.targets) {
            counts.projects.entry(target.project.as_deref()).or_default().push(id);
            for endpoint in &target.endpoint_ids {
                counts.endpoints.entry(endpoint).or_default().push(id);
            }
            let present = counts.index.metrics_of(id);
            let tokens = MetricSelector::Total.metrics(present, &report.metrics);
            counts.tokens.insert(id, tokens);
        }
        counts
    }

    /// Returns the targets whose usage a limit counts.
    fn targets(&self, limit: &Limit) -> Vec<TargetId> {
        let project = limit.rule.project.as_deref();
        let Some(ids) = &limit.endpoint_ids else {
            let named = project.map(|project| self.projects.get(&Some(project)));
            return match named {
                Some(targets) => targets.cloned().unwrap_or_default(),
                None => self.projects.values().flatten().copied().collect(),
            };
        };
        let targets = &self.index.report().targets;
        let counts = |id: &TargetId| {
            let target = targets.get(id.index());
            project.is_none() || target.is_some_and(|target| target.project.as_deref() == project)
        };
        let of_ids = ids.iter().filter_map(|id| self.endpoints.get(id.as_str())).flatten();
        of_ids.copied().filter(counts).collect()
    }

    /// Returns the metrics of a target that a limit counts.
    fn metrics<'m>(&'m self, target: TargetId, counted: &'m MetricSelector) -> Vec<&'m Metric> {
        match counted {
            MetricSelector::One(metric) => {
                let declared = &self.index.report().metrics;
                let metric = MetricSelector::on_the_wire(metric, declared);
                let present = self.index.has(target, metric).then_some(metric);
                counted.metrics(present, declared)
            }
            _ => self.tokens.get(&target).into_iter().flatten().copied().collect(),
        }
    }

    /// Returns a metric of a target bucket by bucket; several limits may count it.
    fn totals(&self, target: TargetId, metric: &Metric) -> Rc<[BucketTotal]> {
        let mut known = self.totals.borrow_mut();
        let totals = known
            .entry((target, metric.clone()))
            .or_insert_with(|| self.index.bucket_totals(target, metric, self.now_unix).into());
        Rc::clone(totals)
    }
}
