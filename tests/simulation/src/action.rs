//! The actions that schedules use.

use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{Metric, UsageAction};
use third_action::{CACHED_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, PEAK_HOUR_TOKENS, REQUESTS};
use third_action::{QueryUsageTableAction, cached, requests};

use crate::world::Cell;

/// A usage action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the real one and the made-up one")]
pub enum ActionKind {
    /// `GetUsage`.
    GetUsage,
    /// `QueryUsageTable`, which only tests know.
    UsageTable,
}

impl ActionKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::GetUsage, Self::UsageTable];

    /// The action as the query machine takes it.
    pub fn usage_action(self) -> &'static dyn UsageAction {
        match self {
            Self::GetUsage => &GetUsageAction,
            Self::UsageTable => &QueryUsageTableAction,
        }
    }

    /// The true cells in this action's metrics, from cells by hour in those of `GetUsage`.
    pub(crate) fn cells(self, by_hour: &[Cell], hours_in_bucket: usize) -> Vec<Cell> {
        let derive = |cell: &Cell| self.derived(cell, hours_in_bucket);
        by_hour.iter().flat_map(derive).collect()
    }

    fn derived(self, cell: &Cell, hours_in_bucket: usize) -> Vec<Cell> {
        let of = |metric: &Metric, hour: fn(u64) -> u64| Cell {
            metric: metric.as_str().to_owned(),
            hours: cell.hours.iter().map(|value| through(*value, hour)).collect(),
            hours_in_bucket,
            ..cell.clone()
        };
        match (self, cell.metric.as_str()) {
            (Self::GetUsage, _) => vec![Cell { hours_in_bucket, ..cell.clone() }],
            (Self::UsageTable, "PromptTokens") => vec![
                of(&INPUT_TOKENS, |tokens| tokens),
                of(&CACHED_TOKENS, cached),
                of(&REQUESTS, requests),
                of(&PEAK_HOUR_TOKENS, |tokens| tokens),
            ],
            (Self::UsageTable, _) => vec![of(&OUTPUT_TOKENS, |tokens| tokens)],
        }
    }
}

fn through(value: i64, hour: fn(u64) -> u64) -> i64 {
    i64::try_from(hour(value.unsigned_abs())).unwrap_or(i64::MAX)
}

/// True for the metric whose value in a bucket is that of its busiest hour.
pub(crate) fn is_peak(metric: &str) -> bool {
    metric == PEAK_HOUR_TOKENS.as_str()
}
