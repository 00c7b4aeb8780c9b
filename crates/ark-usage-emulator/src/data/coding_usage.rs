//! The usage of a Coding Plan: the tokens that it pays for, which `GetInferenceUsage` reports with a
//! billing status of their own.

use super::api_key::ApiKey;
use super::catalogue::{Catalogue, Project};
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
    of_plan(sources, window, now, adjustments)
}

/// The tokens of one API key that a Coding Plan pays for in a window, as known at `now`.
pub(crate) fn key_tokens(
    project: &Project,
    key: &ApiKey,
    window: PlanWindow,
    now: i64,
    adjustments: &[Adjustment],
) -> u64 {
    let sources = inference_sources(project).into_iter();
    let of_key = sources.filter(|source| source.api_key.is_some_and(|own| own.id == key.id));
    of_plan(of_key, window, now, adjustments)
}

fn of_plan<'a>(
    sources: impl Iterator<Item = InferenceSource<'a>>,
    window: PlanWindow,
    now: i64,
    adjustments: &[Adjustment],
) -> u64 {
    let sources: Vec<_> = sources.filter(|source| source.billing_status == PLAN_BILLING).collect();
    let mut tokens: u64 = 0;
    for hour in window.hours(now) {
        hour_counts(&sources, hour, now, adjustments, |_, counts| {
            tokens = tokens.saturating_add(counts.total);
        });
    }
    tokens
}
