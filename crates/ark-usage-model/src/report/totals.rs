//! Totals: sums that never count anything twice.

use crate::{Metric, State, UsageReport};

/// The sum of one metric over the whole query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Total {
    /// What is counted.
    pub metric: Metric,
    /// The sum of what came; `None` when nothing came.
    pub value: Option<i128>,
    /// The worst state of its parts.
    pub state: State,
    /// How much of it came.
    pub buckets: Buckets,
}

/// How many buckets went into a sum. Each bucket of each target counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Buckets {
    /// Asked for.
    pub wanted: usize,
    /// Came, in all parts.
    pub received: usize,
    /// Came, but may still change.
    pub settling: usize,
}

impl UsageReport {
    /// The sum of each metric over the whole query.
    pub fn totals(&self, now_unix: i64) -> Vec<Total> {
        let mut totals: std::collections::BTreeMap<Metric, Total> =
            std::collections::BTreeMap::new();
        for series in &self.series {
            let total = totals.entry(series.metric.clone()).or_insert_with(|| Total {
                metric: series.metric.clone(),
                value: None,
                state: State::Final,
                buckets: Buckets::default(),
            });
            total.buckets.wanted += self.window.len();
            for (start, point) in series.points.iter() {
                total.buckets.received += 1;
                *total.value.get_or_insert(0) += i128::from(point.value);
                total.state = total.state.max(self.state(start, point.fetched_at, now_unix));
            }
        }
        totals.into_values().collect()
    }
}
