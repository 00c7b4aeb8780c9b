//! The one day the vendor's documentation shows: project `default`, 2024-11-19.
//!
//! The sample request was made at 18:45:37 +08:00 of that very day and answered with the numbers
//! below. So they are what had been used by then: they are spread over the hours before 18:00 and
//! the evening stays empty. That way the same query gives the same numbers at the sample's own
//! instant and at any later one, and hours, endpoints and scenes add up to them, whatever the seed.

use super::catalogue::Endpoint;
use super::usage::{METRICS, Metric, rhythmic_value};

/// Project of the documented day.
pub const VENDOR_DAY_PROJECT: &str = "default";
/// 2024-11-19 00:00 +08:00, in unix seconds: `StartTime` and `EndTime` of the documented request.
pub const VENDOR_DAY_START: i64 = 1_731_945_600;
/// Prompt tokens of that day in the documented answer.
pub const VENDOR_DAY_PROMPT_TOKENS: u64 = 1_529_525_715;
/// Completion tokens of that day in the documented answer.
pub const VENDOR_DAY_COMPLETION_TOKENS: u64 = 40_207_324;

/// Hours of the day that hold something: the sample was taken within the next one.
const BUSY_HOURS: i64 = 18;
const HOUR: i64 = 3600;

/// One workload's part of the day, hour by hour.
#[derive(Clone, Debug, Default)]
pub(crate) struct VendorDayShare {
    prompt: Vec<u64>,
    completion: Vec<u64>,
}

impl VendorDayShare {
    /// The value of the hour that starts at `hour`; `None` outside of the documented day.
    pub(super) fn value(&self, hour: i64, metric: Metric) -> Option<u64> {
        let index = hour.checked_sub(VENDOR_DAY_START)?.div_euclid(HOUR);
        let values = match metric {
            Metric::PromptTokens => &self.prompt,
            Metric::CompletionTokens => &self.completion,
        };
        (0..24)
            .contains(&index)
            .then(|| usize::try_from(index).ok().and_then(|index| values.get(index)).copied())
            .map(Option::unwrap_or_default)
    }

    fn push(&mut self, metric: Metric, value: u64) {
        match metric {
            Metric::PromptTokens => self.prompt.push(value),
            Metric::CompletionTokens => self.completion.push(value),
        }
    }
}

/// Gives every workload of the project its part of the documented totals, in proportion to what
/// its rhythm would have made of the day.
pub(super) fn share_out(endpoints: &mut [Endpoint]) {
    for metric in METRICS {
        let total = match metric {
            Metric::PromptTokens => VENDOR_DAY_PROMPT_TOKENS,
            Metric::CompletionTokens => VENDOR_DAY_COMPLETION_TOKENS,
        };
        share_out_metric(endpoints, metric, total);
    }
}

fn share_out_metric(endpoints: &mut [Endpoint], metric: Metric, total: u64) {
    let hours = || (0..BUSY_HOURS).map(|hour| VENDOR_DAY_START + hour * HOUR);
    let whole: u128 = endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.workloads)
        .flat_map(|workload| hours().map(|hour| u128::from(rhythmic_value(workload, hour, metric))))
        .sum();
    // Differences of a rounded running sum: each part is rounded, the sum is exact.
    let portion = |running: u128| {
        let share = (u128::from(total) * running).checked_div(whole).unwrap_or_default();
        u64::try_from(share).unwrap_or(total)
    };
    let mut running = 0;
    for workload in endpoints.iter_mut().flat_map(|endpoint| &mut endpoint.workloads) {
        for hour in hours() {
            let before = portion(running);
            running += u128::from(rhythmic_value(workload, hour, metric));
            let value = portion(running) - before;
            workload.vendor_day.get_or_insert_default().push(metric, value);
        }
    }
}
