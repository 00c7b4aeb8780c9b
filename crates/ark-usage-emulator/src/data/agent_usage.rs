//! The usage of an Agent Plan: tokens of models by the hour. It is no part of the usage of endpoints.
//!
//! One AFP is ten thousand tokens here, so that four decimals say every token.

use super::noise::{fold_text, mix};
use super::plan::AgentPlan;
use super::plan_window::PlanWindow;
use super::usage::{Adjustment, hour_value};
use super::workload::{Rhythm, Workload};
use super::{METRICS, Metric};

/// Tokens of one AFP.
pub(crate) const AFP_TOKENS: u64 = 10_000;

/// A model that a plan is used with.
#[derive(Clone, Debug)]
pub(crate) struct AgentModel {
    pub(crate) name: &'static str,
    /// `Tokens` or `Images`.
    pub(crate) unit: &'static str,
    /// Thousandths that the plan pays for; the others are paid for outside of it.
    pub(crate) within_permille: u64,
    /// Vision: the only kind that the day's window counts.
    pub(crate) is_vision: bool,
    workload: Workload,
}

impl AgentModel {
    /// The usage of an hour: what the plan pays for, and what it does not.
    pub(crate) fn hour(&self, hour: i64, now: i64, adjustments: &[Adjustment]) -> (u64, u64) {
        let value = |metric| hour_value(&self.workload, hour, metric, now, adjustments);
        let whole: u64 = match self.unit {
            "Images" => value(Metric::PromptTokens),
            _ => METRICS.into_iter().map(value).sum(),
        };
        let within = whole / 1000 * self.within_permille;
        (within, whole - within)
    }
}

/// Name, unit, part of the load and part within the plan in thousandths, vision or not.
const MODELS: [(&str, &str, u64, u64, bool); 5] = [
    ("doubao-seed-code", "Tokens", 520, 1000, false),
    ("deepseek-v3-2", "Tokens", 260, 1000, false),
    ("kimi-k2", "Tokens", 140, 900, false),
    ("doubao-seed-1-6-vision", "Tokens", 80, 1000, true),
    ("doubao-seedream-4-5", "Images", 0, 0, false),
];

/// Images of an hour at full load.
const IMAGES: u64 = 40;

/// The models of an account's Agent Plan.
pub(crate) fn agent_models(seed: u64, account_id: u64, plan: AgentPlan) -> Vec<AgentModel> {
    let seed = mix(mix(seed, account_id), 0x4147_454E);
    // About 250 hours of a month are busy: so the month ends at some three quarters of its quota.
    let busiest = plan.size.month * AFP_TOKENS / 300;
    let model = |(name, unit, permille, within_permille, is_vision)| {
        let key = fold_text(seed, name);
        let share = if unit == "Images" { IMAGES } else { busiest * permille / 1000 };
        let workload = Workload {
            scene: "AgentPlan",
            batch_job_id: None,
            key,
            full_load: share / 10 * 9 + mix(key, 1) % (share / 10 + 1),
            completion_permille: 15 + mix(key, 2) % 45,
            rhythm: Rhythm::OfficeHours,
            vendor_day: None,
        };
        AgentModel { name, unit, within_permille, is_vision, workload }
    };
    MODELS.into_iter().map(model).collect()
}

/// The tokens within the plan in a window, as known at `now`.
pub(crate) fn tokens_within(
    models: &[AgentModel],
    window: PlanWindow,
    now: i64,
    adjustments: &[Adjustment],
) -> u64 {
    let counted = models.iter().filter(|model| model.unit == "Tokens");
    let hours = || window.hours(now);
    counted.flat_map(|model| hours().map(|hour| model.hour(hour, now, adjustments).0)).sum()
}
