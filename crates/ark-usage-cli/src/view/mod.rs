//! The view: what came, as it is wanted: grouped, sorted, compared, with names joined.
//!
//! A command asks with [`ViewSpec`] and gets a [`View`], which every renderer takes. Without any
//! wish the view holds the rows as they came.

mod dimension;
mod facts;
mod row;

use ark_usage_model::{Total, UsageReport};

pub(crate) use self::dimension::Dimension;
pub(crate) use self::facts::Facts;
pub(crate) use self::row::{Previous, TotalRow, ViewRow};

/// What a command wants of the view.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewSpec {
    /// What rows are summed by; the rows as they came when empty.
    pub(crate) by: Vec<Dimension>,
}

/// What is shown.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// What its rows are summed by; empty when they are as they came.
    pub(crate) by: Vec<Dimension>,
    pub(crate) rows: Vec<ViewRow>,
    /// The sums of everything, a metric each; they do not depend on `by`.
    pub(crate) totals: Vec<TotalRow>,
}

impl View {
    /// The view of a report. `now_unix` is when it was complete: younger buckets still settle.
    pub(crate) fn new(
        spec: &ViewSpec,
        report: &UsageReport,
        facts: &Facts<'_>,
        now_unix: i64,
    ) -> Self {
        let rows = report.rows(now_unix);
        Self {
            by: spec.by.clone(),
            rows: rows.into_iter().map(|row| ViewRow::plain(facts, row)).collect(),
            totals: report.totals(now_unix).into_iter().map(total).collect(),
        }
    }
}

fn total(total: Total) -> TotalRow {
    let Total { metric, value, state, buckets, .. } = total;
    TotalRow { metric, value, state, buckets, previous: None }
}
