//! Rows: one bucket of one series each.

use std::collections::BTreeMap;

use crate::{Metric, Tags, Target, TargetId, UsageReport, UsageSeries, Window};

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
    /// The project asked for, or from the tag; `None` when neither names one.
    pub project: Option<String>,
    /// From the tag, or the only one asked for.
    pub endpoint_id: Option<String>,
    /// From the tag.
    pub account_id: Option<String>,
    /// From the tag, or the one asked for.
    pub batch_job_id: Option<String>,
    /// From the tag, or the only one asked for.
    pub scene: Option<String>,
    /// The model's name, from the tag or the only one asked for.
    pub model: Option<String>,
    /// The model's version, alike.
    pub model_version: Option<String>,
    /// The API key's id, alike.
    pub api_key_id: Option<String>,
    /// The billing status, alike.
    pub billing_status: Option<String>,
    /// The kind of batch inference, alike.
    pub batch_type: Option<String>,
    /// The model unit's id, alike.
    pub model_unit_id: Option<String>,
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
        self.rows_within(self.window, now_unix)
    }

    /// The same [rows](Self::rows) of a part of the window.
    pub fn rows_within(&self, window: Window, now_unix: i64) -> Vec<Row> {
        let mut rows = Vec::with_capacity(window.len().saturating_mul(self.series.len()));
        let labels: Vec<_> = self.series.iter().map(|series| self.label(series)).collect();
        for start in window.buckets() {
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
        let label = label.clone();
        Row {
            target: series.target,
            start,
            end: start + self.window.interval().seconds(),
            metric: series.metric.clone(),
            project: label.project,
            endpoint_id: label.endpoint_id,
            account_id: label.account_id,
            batch_job_id: label.batch_job_id,
            scene: label.scene,
            model: label.model,
            model_version: label.model_version,
            api_key_id: label.api_key_id,
            billing_status: label.billing_status,
            batch_type: label.batch_type,
            model_unit_id: label.model_unit_id,
            other: label.other,
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
    /// The project asked for, or from the tag; `None` when neither names one.
    pub project: Option<String>,
    /// From the tag, or the only one asked for.
    pub endpoint_id: Option<String>,
    /// From the tag.
    pub account_id: Option<String>,
    /// From the tag, or the one asked for.
    pub batch_job_id: Option<String>,
    /// From the tag, or the only one asked for.
    pub scene: Option<String>,
    /// The model's name, from the tag or the only one asked for.
    pub model: Option<String>,
    /// The model's version, alike.
    pub model_version: Option<String>,
    /// The API key's id, alike.
    pub api_key_id: Option<String>,
    /// The billing status, alike.
    pub billing_status: Option<String>,
    /// The kind of batch inference, alike.
    pub batch_type: Option<String>,
    /// The model unit's id, alike.
    pub model_unit_id: Option<String>,
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
        let either = |key| tag(key).or_else(|| target?.only_value(key).cloned());
        let other = tags.iter().filter(|(key, _)| !Tags::KNOWN.contains(key));
        // A target that is none of the report's stands for projects that were not listed.
        let project =
            target.map_or_else(|| Some(Self::UNLISTED.to_owned()), |target| target.project.clone());
        Self {
            project: tag(Tags::PROJECT).or(project),
            endpoint_id: either(Tags::ENDPOINT_ID)
                .or_else(|| target.and_then(|target| only(&target.endpoint_ids).cloned())),
            account_id: tag(Tags::ACCOUNT_ID),
            batch_job_id: either(Tags::BATCH_JOB_ID)
                .or_else(|| target.and_then(|target| target.batch_job_id.clone())),
            scene: tag(Tags::SCENE).or_else(|| {
                target.and_then(|target| only(&target.scenes).map(|s| s.as_str().to_owned()))
            }),
            model: either(Tags::MODEL_NAME),
            model_version: either(Tags::MODEL_VERSION),
            api_key_id: either(Tags::API_KEY_ID),
            billing_status: either(Tags::BILLING_STATUS),
            batch_type: either(Tags::BATCH_TYPE),
            model_unit_id: either(Tags::MODEL_UNIT_ID),
            other: other.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        }
    }
}

impl Label {
    /// The value of a tag's key.
    pub fn get(&self, key: &str) -> Option<&String> {
        let field = match key {
            Tags::PROJECT => &self.project,
            Tags::ENDPOINT_ID => &self.endpoint_id,
            Tags::ACCOUNT_ID => &self.account_id,
            Tags::BATCH_JOB_ID => &self.batch_job_id,
            Tags::SCENE => &self.scene,
            Tags::MODEL_NAME => &self.model,
            Tags::MODEL_VERSION => &self.model_version,
            Tags::API_KEY_ID => &self.api_key_id,
            Tags::BILLING_STATUS => &self.billing_status,
            Tags::BATCH_TYPE => &self.batch_type,
            Tags::MODEL_UNIT_ID => &self.model_unit_id,
            key => return self.other.get(key),
        };
        field.as_ref()
    }
}

fn only<T>(items: &[T]) -> Option<&T> {
    match items {
        [one] => Some(one),
        _ => None,
    }
}
