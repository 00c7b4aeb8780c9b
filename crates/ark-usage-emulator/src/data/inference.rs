//! The usage of `GetInferenceUsage`: every hour of a workload, divided among API keys.
//!
//! The parts of an hour add up to it exactly, so whatever is summed by key, model or endpoint agrees
//! with `GetUsage`. Cached tokens, requests, images and totals are those of the parts: any grouping
//! has equal sums.

use std::ops::AddAssign;

use super::api_key::ApiKey;
use super::catalogue::Project;
use super::metric::METRICS;
use super::noise::mix;
use super::usage::{Adjustment, hour_value};
use super::workload::{Endpoint, Output, Workload};

/// `BillingStatus` of tokens that a Coding Plan pays for.
pub(crate) const PLAN_BILLING: &str = "free_for_coding_plan";

/// A part of a workload: what was called with one key, and paid for in one way.
#[derive(Clone, Debug)]
pub(crate) struct InferenceSource<'a> {
    pub(crate) project: &'a str,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) workload: &'a Workload,
    /// `None` for calls that were signed or made with a temporary key.
    pub(crate) api_key: Option<&'a ApiKey>,
    pub(crate) billing_status: &'static str,
    /// Its part of every hour, in thousandths: those from the first to the second.
    share: (u64, u64),
    key: u64,
}

/// The measures of some usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) input: u64,
    /// A part of `input`.
    pub(crate) cached: u64,
    pub(crate) output: u64,
    pub(crate) images: u64,
    /// More than input and output for videos.
    pub(crate) total: u64,
    pub(crate) requests: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let sum = |own: &mut u64, other| *own = own.saturating_add(other);
        sum(&mut self.input, other.input);
        sum(&mut self.cached, other.cached);
        sum(&mut self.output, other.output);
        sum(&mut self.images, other.images);
        sum(&mut self.total, other.total);
        sum(&mut self.requests, other.requests);
    }
}

impl InferenceSource<'_> {
    /// Its part of a value of its workload.
    pub(crate) fn part_of(&self, whole: u64) -> u64 {
        part_of(whole, self.share)
    }
}

/// The sources of a project, endpoint by endpoint; those of a workload follow each other.
pub(crate) fn inference_sources(project: &Project) -> Vec<InferenceSource<'_>> {
    let endpoints = project.endpoints.iter().chain(&project.presets).enumerate();
    let workloads = endpoints.flat_map(|(nth, endpoint)| {
        endpoint.workloads.iter().map(move |workload| (nth, endpoint, workload))
    });
    workloads
        .flat_map(|(nth, endpoint, workload)| parts(project, nth, endpoint, workload))
        .collect()
}

/// Ordinary calls come with three of the project's keys and without one; batch jobs are signed, a
/// batch chat has one key.
fn parts<'a>(
    project: &'a Project,
    nth: usize,
    endpoint: &'a Endpoint,
    workload: &'a Workload,
) -> Vec<InferenceSource<'a>> {
    let key = |offset: usize| {
        let index = (nth + offset).checked_rem(project.api_keys.len())?;
        project.api_keys.get(index)
    };
    let second = if nth.is_multiple_of(2) { "free_for_free_quota" } else { "normal" };
    let third = if nth.is_multiple_of(2) { "normal" } else { PLAN_BILLING };
    let parts = match workload.scene {
        "Batch" => vec![(None, "normal", 1)],
        "BatchChat" => vec![(key(0), "normal", 1)],
        _ => vec![
            (key(0), "normal", 40 + mix(workload.key, 11) % 20),
            (key(1), second, 20 + mix(workload.key, 12) % 10),
            (key(2), third, 10 + mix(workload.key, 13) % 10),
            (None, "normal", 5 + mix(workload.key, 14) % 10),
        ],
    };
    let whole: u64 = parts.iter().map(|(.., weight)| weight).sum();
    let mut running = 0;
    let part = |(number, (api_key, billing, weight)): (usize, (_, _, u64))| {
        let first = running * 1000 / whole.max(1);
        running += weight;
        InferenceSource {
            project: &project.name,
            endpoint,
            workload,
            api_key,
            // Tokens on a rented unit are not paid for.
            billing_status: if endpoint.model_unit.is_some() {
                "free_for_model_unit"
            } else {
                billing
            },
            share: (first, running * 1000 / whole.max(1)),
            key: mix(workload.key, 200 + number as u64),
        }
    };
    parts.into_iter().enumerate().map(part).collect()
}

/// Hands over the measures of each source, by its position, in the hour that starts at `hour`, as
/// known at `now`.
pub(crate) fn hour_counts(
    sources: &[InferenceSource<'_>],
    hour: i64,
    now: i64,
    adjustments: &[Adjustment],
    mut add: impl FnMut(usize, Counts),
) {
    // Sources of one workload follow each other.
    let mut last: Option<(&Workload, [u64; 2])> = None;
    for (position, source) in sources.iter().enumerate() {
        let whole = |metric| hour_value(source.workload, hour, metric, now, adjustments);
        let values = match last {
            Some((workload, values)) if std::ptr::eq(workload, source.workload) => values,
            _ => METRICS.map(whole),
        };
        last = Some((source.workload, values));
        if values != [0, 0] {
            add(position, counts(source, hour, values));
        }
    }
}

fn counts(source: &InferenceSource<'_>, hour: i64, values: [u64; 2]) -> Counts {
    let [main, output] = values.map(|whole| source.part_of(whole));
    match source.endpoint.output {
        Output::Text => text_counts(source, hour, main, output),
        Output::Images => Counts { images: main, requests: main.div_ceil(2), ..Counts::default() },
        Output::Videos => {
            Counts { total: main.saturating_mul(48_000), requests: main, ..Counts::default() }
        }
    }
}

fn text_counts(source: &InferenceSource<'_>, hour: i64, input: u64, output: u64) -> Counts {
    let noise = mix(source.key, hour.cast_unsigned());
    let cached_permille = u128::from(100 + source.key % 400 + noise % 200);
    let cached = u128::from(input) * cached_permille / 1000;
    Counts {
        input,
        cached: u64::try_from(cached).unwrap_or(input),
        output,
        images: 0,
        total: input.saturating_add(output),
        requests: input.max(output).div_ceil(800 + source.key % 3000),
    }
}

/// Differences of a rounded running sum: each part is rounded, the sum is exact.
fn part_of(whole: u64, (first, last): (u64, u64)) -> u64 {
    let up_to = |permille: u64| u128::from(whole) * u128::from(permille) / 1000;
    u64::try_from(up_to(last) - up_to(first)).unwrap_or(whole)
}
