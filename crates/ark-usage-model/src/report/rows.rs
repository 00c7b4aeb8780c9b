//! Rows: one bucket of one series each.

use std::collections::BTreeMap;

use crate::{Metric, Tags, Target, TargetId, UsageReport, UsageSeries};

/// The state of a value: final, settling or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "ordered from best to worst; code matches on all")]
pub enum State {
    /// It has settled.
    Final,
    /// Its bucket had not ended long enough ago when it was fetched.
    Settling,
    /// It did not come. Never the same as 0.
    Missing,
}

impl State {
    /// `final`, `settling` or `missing`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Settling => "settling",
            Self::Missing => "missing",
        }
    }
}

/// One bucket of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The target.
    pub target: TargetId,
    /// Start of the bucket, unix seconds.
    pub start: i64,
    /// Its end, not included.
    pub end: i64,
    /// The metric.
    pub metric: Metric,
    /// The project asked for; `None` when none was.
    pub project: Option<String>,
    /// From the tag, or the only one asked for.
    pub endpoint_id: Option<String>,
    /// From the tag.
    pub account_id: Option<String>,
    /// From the tag, or the one asked for.
    pub batch_job_id: Option<String>,
    /// From the tag, or the only one asked for.
    pub scene: Option<String>,
    /// All other tags.
    pub other: BTreeMap<String, String>,
    /// The value; `None` when it did not come.
    pub value: Option<i64>,
    /// Final, settling or missing.
    pub state: State,
    /// The time of the response by the server's clock, unix seconds.
    pub fetched_at: Option<i64>,
}

impl UsageReport {
    /// A row for each wanted bucket of each series, also for those that did not come; sorted by
    /// time, then target, metric and tags. `now_unix` is this machine's time, which is
    /// [corrected](Self::server_time): a bucket settles by the earlier of it and the time of its
    /// answer.
    pub fn rows(&self, now_unix: i64) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.window.len().saturating_mul(self.series.len()));
        let labels: Vec<_> = self.series.iter().map(|series| self.label(series)).collect();
        for start in self.window.buckets() {
            for (series, label) in self.series.iter().zip(&labels) {
                rows.push(self.row(series, label, start, now_unix));
            }
        }
        rows
    }

    /// The server's time when this machine's clock shows `now_unix`.
    pub fn server_time(&self, now_unix: i64) -> i64 {
        now_unix.saturating_add(self.clock_offset)
    }

    /// The state of a bucket that came.
    pub(crate) fn state(&self, start: i64, fetched_at: i64, now_unix: i64) -> State {
        let end = start.saturating_add(self.window.interval().seconds());
        let settle = i64::try_from(self.settle.as_secs()).unwrap_or(i64::MAX);
        if end.saturating_add(settle) > self.server_time(now_unix).min(fetched_at) {
            State::Settling
        } else {
            State::Final
        }
    }

    fn row(&self, series: &UsageSeries, label: &Label, start: i64, now_unix: i64) -> Row {
        let point = series.points.get(start);
        let Label { project, endpoint_id, account_id, batch_job_id, scene, other } = label.clone();
        Row {
            target: series.target,
            start,
            end: start + self.window.interval().seconds(),
            metric: series.metric.clone(),
            project,
            endpoint_id,
            account_id,
            batch_job_id,
            scene,
            other,
            value: point.map(|point| point.value),
            state: point
                .map_or(State::Missing, |point| self.state(start, point.fetched_at, now_unix)),
            fetched_at: point.map(|point| point.fetched_at),
        }
    }

    fn label(&self, series: &UsageSeries) -> Label {
        let target = self.targets.get(series.target.index());
        Label::new(target, &series.tags)
    }
}

/// The names that tags and the target give to usage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The project asked for; `None` when none was.
    pub project: Option<String>,
    /// From the tag, or the only one asked for.
    pub endpoint_id: Option<String>,
    /// From the tag.
    pub account_id: Option<String>,
    /// From the tag, or the one asked for.
    pub batch_job_id: Option<String>,
    /// From the tag, or the only one asked for.
    pub scene: Option<String>,
    /// All other tags.
    pub other: BTreeMap<String, String>,
}

impl Label {
    /// Stands for the projects that an incomplete list leaves out; no project can have this name.
    pub const UNLISTED: &str = "(unlisted)";

    /// The names that a target gives all of its usage: its project, and its only endpoint or scene.
    pub fn of_target(target: &Target) -> Self {
        Self::new(Some(target), &Tags::default())
    }

    pub(super) fn new(target: Option<&Target>, tags: &Tags) -> Self {
        let tag = |key| tags.get(key).map(str::to_owned);
        let known = [Tags::ENDPOINT_ID, Tags::ACCOUNT_ID, Tags::BATCH_JOB_ID, Tags::SCENE];
        let other = tags.iter().filter(|(key, _)| !known.contains(key));
        Self {
            // A target that is none of the report's stands for projects that were not listed.
            project: target
                .map_or_else(|| Some(Self::UNLISTED.to_owned()), |target| target.project.clone()),
            endpoint_id: tag(Tags::ENDPOINT_ID)
                .or_else(|| target.and_then(|target| only(&target.endpoint_ids).cloned())),
            account_id: tag(Tags::ACCOUNT_ID),
            batch_job_id: tag(Tags::BATCH_JOB_ID)
                .or_else(|| target.and_then(|target| target.batch_job_id.clone())),
            scene: tag(Tags::SCENE).or_else(|| {
                target.and_then(|target| only(&target.scenes).map(|s| s.as_str().to_owned()))
            }),
            other: other.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        }
    }
}

fn only<T>(items: &[T]) -> Option<&T> {
    match items {
        [one] => Some(one),
        _ => None,
    }
}
