//! One line about usage for a prompt or a status bar: its template, the values it is made from, and
//! their cache.
//!
//! Pure: a template, values and the text of a cache are arguments; the line and the text are results.

mod cached_plan;
mod cached_values;
mod json;
mod plan_field;
mod template;

use std::collections::BTreeMap;

use ark_usage_model::State;
use ark_usage_report::Scope;
use ark_usage_report::plan::PlanStatus;

pub use self::cached_values::CachedValues;
pub use self::json::json;
pub use self::template::{Template, TemplateValues};

/// A part of the calendar that usage is summed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a line is filled in for each of them")]
pub enum LineSpan {
    /// The current day.
    Today,
    /// The day before.
    Yesterday,
    /// This month, until now.
    Month,
}

impl LineSpan {
    /// Every span.
    pub const ALL: [Self; 3] = [Self::Today, Self::Yesterday, Self::Month];

    /// The name it has in templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::Month => "month",
        }
    }

    /// Returns the span with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name() == name)
    }
}

/// Usage and costs at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The time of the numbers, unix seconds.
    pub at: i64,
    /// Start of the day that was today then, unix seconds.
    pub day: i64,
    /// The projects whose usage is counted.
    pub scope: Scope,
    /// Seconds to add to this machine's clock to get the server's.
    pub clock_offset: i64,
    /// Usage by span and metric.
    pub usage: BTreeMap<LineSpan, BTreeMap<String, LineValue>>,
    /// Costs by span and currency; empty without prices.
    pub costs: BTreeMap<LineSpan, LineCosts>,
    /// Accounts are only assumed to be different, so usage may be counted twice.
    pub unverified: bool,
    /// The profile of each account, where one was named.
    pub profiles: Vec<Option<String>>,
    /// The plans of each account; empty where the line shows none.
    pub plans: Vec<PlanStatus>,
}

/// A sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineValue {
    /// `None` when nothing was received.
    pub value: Option<i128>,
    /// The worst state of its parts.
    pub state: State,
}

/// Exact sums as they are shown, a currency each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineCosts {
    /// The sum of each currency.
    pub amounts: BTreeMap<String, String>,
    /// The number of values without a price; the sums are then less than the whole.
    pub unpriced: usize,
}

impl LineValue {
    /// Returns the sum of both. When one of them is missing, it is the other one with the state
    /// `missing`: the true sum is that or more, and lines show it with a mark.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            value: match (self.value, other.value) {
                (Some(one), Some(two)) => one.checked_add(two),
                (one, two) => one.or(two),
            },
            state: self.state.max(other.state),
        }
    }
}

#[cfg(test)]
mod tests;
