//! Adds up values of one metric, and refuses where they must not be added.

use crate::{Metric, MetricTable};

/// A sum of values of one metric. Of a metric that is not additive, only a single value has one.
///
/// ```
/// use ark_usage_model::RunningSum;
///
/// let mut tokens = RunningSum::new(true);
/// tokens.add(Some(2));
/// tokens.add(None);
/// tokens.add(Some(3));
/// assert_eq!(tokens.value(), Some(5));
///
/// let mut peak = RunningSum::new(false);
/// peak.add(Some(2));
/// assert_eq!(peak.value(), Some(2));
/// peak.add(Some(3));
/// assert_eq!(peak.value(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningSum {
    additive: bool,
    /// The number of values added, missing ones included.
    count: usize,
    value: Option<i128>,
}

impl Default for RunningSum {
    fn default() -> Self {
        Self::new(true)
    }
}

impl RunningSum {
    /// A sum of nothing.
    pub const fn new(additive: bool) -> Self {
        Self { additive, count: 0, value: None }
    }

    /// A sum of nothing, of a metric.
    pub fn of(metric: &Metric, metrics: &MetricTable) -> Self {
        Self::new(metrics.is_additive(metric))
    }

    /// Adds a value; `None` is a missing one.
    pub fn add(&mut self, value: Option<i128>) {
        self.merge(&Self { additive: self.additive, count: 1, value });
    }

    /// Adds another sum of the same metric.
    pub fn merge(&mut self, other: &Self) {
        self.additive &= other.additive;
        self.count = self.count.saturating_add(other.count);
        self.value = match (self.value, other.value) {
            _ if !self.additive && self.count > 1 => None,
            (Some(one), Some(other)) => Some(one.saturating_add(other)),
            (one, other) => one.or(other),
        };
    }

    /// True when values may be added; a sum of nothing takes that over from what is added to it.
    pub const fn is_additive(&self) -> bool {
        self.additive
    }

    /// The exact sum of the values that are there; `None` without any, and where values must not
    /// be added.
    pub const fn value(&self) -> Option<i128> {
        self.value
    }
}
