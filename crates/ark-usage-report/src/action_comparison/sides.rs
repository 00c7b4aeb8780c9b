//! The values of one action by place, and what is known where there is none.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Cell, Gap, Metric, State, Tags, TargetId, UsageReport};

use super::ComparedValue;

/// A project, an endpoint (`None` for usage without one), and a day.
pub(super) type Place<'a> = (TargetId, Option<&'a str>, i64);

/// A value of one action, or the reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The value, final or settling.
    Value(i128, State),
    /// The service answered without a row; a row may still come while it `settles`.
    NoRow { settles: bool },
    /// The row has no such value, or rows were lost.
    NoValue,
    /// The call failed, or it is not known of which endpoint usage is.
    Failed,
}

impl Found {
    pub(super) fn compared(self) -> ComparedValue {
        let (value, state, answered) = match self {
            Self::Value(value, state) => (Some(value), state, true),
            Self::NoRow { .. } => (None, State::Missing, true),
            Self::NoValue | Self::Failed => (None, State::Missing, false),
        };
        ComparedValue { value, state, answered }
    }
}

/// Warnings after which rows or values of an answer are not known.
const LOST: [&str; 9] = [
    "not_grouped",
    "outside_range",
    "overflow",
    "row_count",
    "row_length",
    "unaligned_bucket",
    "unreadable_cell",
    "unreadable_row",
    "unreadable_value",
];

/// Values and their states by the start of the day.
type ValuesByDay = BTreeMap<i64, (i128, State)>;

/// The usage that one action reports, by place.
pub(super) struct SideTable<'a> {
    report: &'a UsageReport,
    values: BTreeMap<(TargetId, Option<String>, &'a Metric), ValuesByDay>,
    /// The metrics of which the answers have any value.
    metrics: BTreeSet<&'a Metric>,
    /// The places of which the answer has any value.
    rows: BTreeSet<(TargetId, Option<String>, i64)>,
    /// The projects and days with usage that no endpoint accounts for.
    unattributed: BTreeSet<(TargetId, i64)>,
    /// The failed calls and incomplete lists of each project.
    hidden: BTreeMap<TargetId, Vec<&'a Gap>>,
    /// The same of the parts of projects alone.
    hidden_parts: BTreeMap<TargetId, Vec<&'a Gap>>,
    loses_rows: bool,
    /// The time that a missing row is judged by.
    known_at: i64,
}

impl<'a> SideTable<'a> {
    pub(super) fn new(
        report: &'a UsageReport,
        metrics: impl Iterator<Item = &'a Metric>,
        now: i64,
    ) -> Self {
        let mut table = Self {
            report,
            values: BTreeMap::new(),
            metrics: report.series.iter().map(|series| &series.metric).collect(),
            rows: BTreeSet::new(),
            unattributed: BTreeSet::new(),
            hidden: BTreeMap::new(),
            hidden_parts: BTreeMap::new(),
            loses_rows: report.warnings.iter().any(|warning| LOST.contains(&warning.code)),
            known_at: report.server_time(now),
        };
        let metrics: Vec<&Metric> = metrics.collect();
        // Line by line: that one line of an endpoint has no row does not make the others missing.
        for share in report.attribute(&Tags::KNOWN, now) {
            let endpoint = share.label.endpoint_id.filter(|id| id != Tags::NONE);
            let metric = metrics.iter().copied().find(|metric| **metric == share.metric);
            for cell in share.cells {
                table.add(share.target, endpoint.as_ref(), metric, cell);
            }
        }
        let is_hidden = |gap: &&Gap| gap.reason.hides_usage();
        for gap in report.coverage.missing.iter().filter(is_hidden) {
            table.hidden.entry(gap.target).or_default().push(gap);
        }
        for gap in report.coverage.parts.iter().filter(is_hidden) {
            table.hidden_parts.entry(gap.target).or_default().push(gap);
        }
        table
    }

    fn add(
        &mut self,
        target: TargetId,
        endpoint: Option<&String>,
        metric: Option<&'a Metric>,
        cell: Cell,
    ) {
        let Some(value) = cell.value else { return };
        self.known_at = self.known_at.min(cell.fetched_at.unwrap_or(i64::MAX));
        self.rows.insert((target, endpoint.cloned(), cell.start));
        let Some(metric) = metric else { return };
        if endpoint.is_none() && value != 0 {
            self.unattributed.insert((target, cell.start));
        }
        let cells = self.values.entry((target, endpoint.cloned(), metric)).or_default();
        let (sum, state) = cells.entry(cell.start).or_insert((0, State::Final));
        *sum = sum.saturating_add(value);
        *state = (*state).max(cell.state);
    }

    /// Returns the endpoints of a project with a value.
    pub(super) fn endpoints(&self, target: TargetId) -> BTreeSet<Option<&str>> {
        let of_target = self.values.keys().filter(|(one, ..)| *one == target);
        of_target.map(|(_, endpoint, _)| endpoint.as_deref()).collect()
    }

    /// Returns the value of a place, or what is known instead.
    pub(super) fn find(&self, place: Place<'_>, metric: &'a Metric) -> Found {
        let (target, endpoint, start) = place;
        let key = (target, endpoint.map(str::to_owned), metric);
        let covers = |gaps: &BTreeMap<TargetId, Vec<&Gap>>| {
            gaps.get(&target).is_some_and(|gaps| gaps.iter().any(|gap| gap.covers(start)))
        };
        let hides_parts = covers(&self.hidden_parts);
        // A part that was not received may account for it.
        let is_rest_unknown = endpoint.is_none() && hides_parts;
        let cell = self.values.get(&key).and_then(|cells| cells.get(&start));
        if let Some((value, state)) = cell.copied()
            && state != State::Missing
            && !is_rest_unknown
        {
            return Found::Value(value, state);
        }
        let is_of_any = endpoint.is_some() && self.unattributed.contains(&(target, start));
        if cell.is_some() || hides_parts || covers(&self.hidden) || is_of_any {
            return Found::Failed;
        }
        let (target, endpoint, _) = key;
        // A column that is absent is unknown, whatever rows there are.
        let lacks_column = !self.rows.is_empty() && !self.metrics.contains(metric);
        if self.loses_rows || lacks_column || self.rows.contains(&(target, endpoint, start)) {
            return Found::NoValue;
        }
        Found::NoRow { settles: self.settles(start) }
    }

    /// Returns true if a bucket had not settled when it was fetched.
    fn settles(&self, start: i64) -> bool {
        let end = start.saturating_add(self.report.window.interval().seconds());
        let settle = i64::try_from(self.report.settle.as_secs()).unwrap_or(i64::MAX);
        end.saturating_add(settle) > self.known_at
    }
}
