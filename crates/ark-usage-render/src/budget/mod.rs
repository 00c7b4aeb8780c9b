//! Results of budgets, for people and for programs.

mod json;
mod notice;
mod plan;
mod said_file;
mod table;

use ark_usage_report::budget::{BudgetRule, BudgetStatus};
use ark_usage_report::chart_data::grouped;
use ark_usage_report::range::Range;
use ark_usage_report::{Scope, Text};

use crate::SiteEcho;

pub use json::json;
pub use notice::{NoticeContext, notice};
pub use plan::{JudgedPlan, plan_notice};
pub use said_file::{read_said, write_said};
pub use table::table;

/// The results of all limits, with their metadata.
#[derive(Debug)]
pub struct Budget<'a> {
    /// In the order in which limits were given.
    pub judged: &'a [Judged<'a>],
    /// The limits on plans, in the order in which they were given.
    pub plans: &'a [JudgedPlan<'a>],
    /// The range that was requested.
    pub range: &'a Range,
    /// Wall clock when the answer was complete, unix seconds.
    pub generated_at: i64,
    /// The site that was queried.
    pub site: SiteEcho,
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
    /// The names of the usage that was not received.
    pub missing: &'a [Text],
}

/// `1234.5` as `1,234.5`.
fn in_threes(percent: &str) -> String {
    let (whole, tenths) = percent.split_once('.').unwrap_or((percent, "0"));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    format!("{whole}.{tenths}")
}
