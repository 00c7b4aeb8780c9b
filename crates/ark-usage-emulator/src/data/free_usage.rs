//! Free usage of models: the tokens that `GetInferenceUsage` reports as free of charge by a quota.

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use super::inference::{InferenceSource, hour_counts, inference_sources};
use super::plan_window::PlanWindow;
use super::usage::Adjustment;

/// `BillingStatus` of tokens that a free quota pays for.
const FREE_BILLING: &str = "free_for_free_quota";

/// The tokens of every model of an account in a window, as known at `now`: all of them, or those that a
/// free quota pays for. Models without any are there, with 0.
pub(crate) fn model_tokens(
    catalogue: &Catalogue,
    window: PlanWindow,
    now: i64,
    adjustments: &[Adjustment],
    only_free: bool,
) -> BTreeMap<&'static str, u64> {
    let sources: Vec<InferenceSource<'_>> =
        catalogue.projects.iter().flat_map(inference_sources).collect();
    let mut tokens: BTreeMap<_, u64> =
        sources.iter().map(|source| (source.endpoint.model, 0)).collect();
    let counted =
        |source: &InferenceSource<'_>| !only_free || source.billing_status == FREE_BILLING;
    let sources: Vec<_> = sources.into_iter().filter(counted).collect();
    for hour in window.hours(now) {
        hour_counts(&sources, hour, now, adjustments, |position, counts| {
            let model = sources.get(position).map(|source| source.endpoint.model);
            if let Some(sum) = model.and_then(|model| tokens.get_mut(model)) {
                *sum = sum.saturating_add(counts.total);
            }
        });
    }
    tokens
}
