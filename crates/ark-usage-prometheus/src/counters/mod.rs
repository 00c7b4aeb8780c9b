//! Counters over the usage of a store: how much has settled, ever.
//!
//! 1. Choose the subjects that count (`chosen.rs`), so that no usage is counted twice.
//! 2. Add up their buckets (`read.rs`).
//! 3. Hold what a server has shown (`floor.rs`): a counter never falls.
//! 4. Give them names (`families.rs`).

mod chosen;
mod families;
mod floor;
mod read;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_history::Names;
use ark_usage_model::{MetricTable, Unit};

use crate::Labels;

pub use floor::CounterFloor;
pub use read::usage_totals;

/// The facts about an action that a store does not hold.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the facts are these")]
pub struct ActionFacts {
    /// The metrics that it declares: their units, and which may be added up.
    pub metrics: MetricTable,
    /// The time after its end during which a bucket may change.
    pub settle: Duration,
}

/// The rule by which usage is read.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a function")]
#[expect(clippy::exhaustive_structs, reason = "the rule is these")]
pub struct ReadRule<'a> {
    /// The start of the month to date, unix seconds.
    pub month_start: i64,
    /// Gives the facts about an action by its name.
    pub facts: &'a dyn Fn(&str) -> ActionFacts,
}

/// The usage of a store, added up series by series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageTotals {
    series: BTreeMap<SeriesKey, SeriesTotal>,
    /// The end of the last bucket that has settled, by project.
    settled_until: BTreeMap<Labels, i64>,
    /// The time of the latest answer, by account.
    fetched_at: BTreeMap<String, i64>,
    /// The names of each account.
    names: BTreeMap<String, Names>,
}

impl UsageTotals {
    /// The number of series.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// True when the store holds no usage.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }
}

/// The series of a total: of a whole project, or of one endpoint that was asked for by itself and is
/// part of its project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SeriesKey {
    is_endpoint: bool,
    unit: Unit,
    labels: Labels,
}

/// The sums of one series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SeriesTotal {
    /// The highest final value of each bucket, added up.
    counted: i128,
    /// Of that, the part that later final values took back.
    overcounted: i128,
    /// The usage of the month to date, with what may still change.
    month: Option<i128>,
    /// The start of the first bucket.
    first: Option<i64>,
}
