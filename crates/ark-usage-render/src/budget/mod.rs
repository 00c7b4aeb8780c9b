//! Results of budgets, for people and for programs.

mod json;
mod table;

use ark_usage_report::budget::{BudgetRule, BudgetStatus};
use ark_usage_report::range::Range;
use ark_usage_report::{Scope, Text};

pub use json::json;
pub use table::table;

/// The results of all limits, with their metadata.
#[derive(Debug)]
pub struct Budget<'a> {
    /// In the order in which limits were given.
    pub judged: &'a [Judged<'a>],
    /// The range that was requested.
    pub range: &'a Range,
    /// Wall clock when the answer was complete, unix seconds.
    pub generated_at: i64,
    /// The projects whose usage is counted.
    pub scope: &'a Scope,
    /// The data is made up.
    pub demo: bool,
    /// Code and prose.
    pub warnings: &'a [(&'static str, Text)],
}

/// A limit and its result.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The limit.
    pub rule: &'a BudgetRule,
    /// The result of checking it.
    pub finding: &'a BudgetStatus,
}
