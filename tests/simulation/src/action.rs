//! The actions that schedules use.

use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{Metric, UsageAction};
use third_action::{CACHED_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, PEAK_HOUR_TOKENS, REQUESTS};
use third_action::{QueryUsageTableAction, cached, requests};

use crate::world::Cell;

/// A usage action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the real ones and the made-up one")]
pub enum ActionKind {
    /// `GetUsage`.
    GetUsage,
    /// `GetInferenceUsage`.
    InferenceUsage,
    /// `QueryUsageTable`, which only tests know.
    UsageTable,
}

impl ActionKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GetUsage, Self::InferenceUsage, Self::UsageTable];

    /// The action as the query machine takes it.
    pub fn usage_action(self) -> &'static dyn UsageAction {
        match self {
            Self::GetUsage => &GetUsageAction,
            Self::InferenceUsage => &GetInferenceUsageAction,
            Self::UsageTable => &QueryUsageTableAction,
        }
    }

    /// The true cells in this action's metrics, from cells by hour: its own, or those of `GetUsage`.
    pub(crate) fn cells(self, by_hour: &[Cell], hours_in_bucket: usize) -> Vec<Cell> {
        let derive = |cell: &Cell| self.derived(cell, hours_in_bucket);
        by_hour.iter().flat_map(derive).map(summed).collect()
    }

    fn derived(self, cell: &Cell, hours_in_bucket: usize) -> Vec<Cell> {
        let of = |metric: &Metric, hour: fn(u64) -> u64| Cell {
            metric: metric.as_str().to_owned(),
            hours: cell.hours.iter().map(|value| through(*value, hour)).collect(),
            hours_in_bucket,
            ..cell.clone()
        };
        match (self, cell.metric.as_str()) {
            (Self::GetUsage | Self::InferenceUsage, _) => {
                vec![Cell { hours_in_bucket, ..cell.clone() }]
            }
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

/// The same cell with the sum of each bucket in its first hour; a peak needs all of its hours.
fn summed(cell: Cell) -> Cell {
    if is_peak(&cell.metric) || cell.hours_in_bucket == 1 {
        return cell;
    }
    let mut hours = vec![0; cell.hours.len()];
    for (first, bucket) in
        hours.chunks_mut(cell.hours_in_bucket).zip(cell.hours.chunks(cell.hours_in_bucket))
    {
        first[0] = bucket.iter().sum();
    }
    Cell { hours, hours_in_bucket: 1, ..cell }
}

fn through(value: i64, hour: fn(u64) -> u64) -> i64 {
    i64::try_from(hour(value.unsigned_abs())).unwrap_or(i64::MAX)
}

/// True for the metric whose value in a bucket is that of its busiest hour.
pub(crate) fn is_peak(metric: &str) -> bool {
    metric == PEAK_HOUR_TOKENS.as_str()
}

/// The world's metric that one repeats: the emulator's undocumented one is the first of its action.
/// That one comes and goes, so that nobody can say what the whole of it is.
pub(crate) fn repeated_metric(kind: ActionKind, metric: &str) -> &str {
    match (metric, kind) {
        ("UndocumentedTokens", ActionKind::InferenceUsage) => "InputTokens",
        ("UndocumentedTokens", _) => "PromptTokens",
        _ => metric,
    }
}
