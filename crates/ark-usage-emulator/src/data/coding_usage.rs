//! The usage of a Coding Plan: the tokens that it pays for, which `GetInferenceUsage` reports with a
//! billing status of their own.

use super::catalogue::Catalogue;
use super::inference::{InferenceSource, PLAN_BILLING, hour_counts, inference_sources};
use super::plan_window::PlanWindow;
use super::usage::Adjustment;

/// The tokens that a Coding Plan pays for in a window, in all projects, as known at `now`.
pub(crate) fn plan_tokens(
    catalogue: &Catalogue,
    window: PlanWindow,
    now: i64,
    adjustments: &[Adjustment],
) -> u64 {
    let sources = catalogue.projects.iter().flat_map(inference_sources);
    let of_plan = |source: &InferenceSource<'_>| source.billing_status == PLAN_BILLING;
    let sources: Vec<_> = sources.filter(of_plan).collect();
    let mut tokens: u64 = 0;
    for hour in window.hours(now) {
        hour_counts(&sources, hour, now, adjustments, |_, counts| {
            tokens = tokens.saturating_add(counts.total);
        });
    }
    tokens
}
