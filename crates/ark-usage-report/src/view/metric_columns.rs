//! Metrics side by side: the columns that a table or a wide CSV has for them.

use ark_usage_model::{Metric, MetricTable, Unit};

use super::words::metric_order;
use super::{Sort, View, ViewSpec};

/// The metrics of a view as columns, the total beside them, and the column that shares are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetricColumns<'a> {
    /// The metrics, in the order of their declaration.
    pub metrics: Vec<&'a Metric>,
    /// The unit of the total beside them; `None` when no two of them may be added up, or when metrics were
    /// chosen.
    pub total: Option<Unit>,
    /// The metric whose share of the whole is shown; `None` for the total.
    pub share_of: Option<&'a Metric>,
}

impl View {
    /// Returns true if rows are parts of the whole by more than time, or the largest of them.
    pub fn has_groups(&self) -> bool {
        let is_split = self.by.iter().any(|dimension| !dimension.is_time());
        is_split || self.rows.iter().any(|row| row.others.is_some())
    }

    /// Returns the columns of its metrics.
    pub fn metric_columns(&self, declared: MetricTable) -> MetricColumns<'_> {
        let of_rows = self.rows.iter().map(|row| &row.metric);
        let of_totals = self.totals.iter().map(|total| &total.metric);
        let mut metrics: Vec<&Metric> = of_rows.chain(of_totals).collect();
        metrics.sort_unstable_by(|one, two| metric_order(declared, one, two));
        metrics.dedup();
        let groups = declared.sum_groups(metrics.iter().copied());
        let several = groups.iter().filter(|group| group.metrics.len() > 1);
        let total = several.map(|group| group.unit.clone()).min();
        let total = total.filter(|_| self.chosen.is_empty());
        let ranked = self.ranked_by.as_ref().and_then(|by| metrics.iter().find(|it| **it == by));
        // A metric that is the whole of the others is the one that shares are of.
        let whole = groups.iter().find_map(|group| group.metrics.first()).copied();
        let additive = || metrics.iter().find(|metric| declared.is_additive(metric));
        let first = || metrics.iter().find(|metric| Some(**metric) == whole).or_else(additive);
        let share_of = if total.is_some() { ranked } else { ranked.or_else(first) };
        let share_of = share_of.copied();
        MetricColumns { metrics, total, share_of }
    }
}

impl ViewSpec {
    /// Returns the metric that rows are ranked by: the one of `--sort`, or the first that was chosen.
    pub(super) fn ranking_metric(&self, declared: MetricTable) -> Option<Metric> {
        let sorted = self.sort.as_ref().and_then(Sort::metric);
        let sorted = sorted.map(|named| {
            super::metrics::find(named.as_str(), declared).unwrap_or_else(|| named.clone())
        });
        sorted.or_else(|| self.metrics.as_ref()?.metrics().first().cloned())
    }
}
