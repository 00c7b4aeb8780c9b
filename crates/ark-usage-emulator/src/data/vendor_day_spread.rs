//! Spreads the documented totals over the hours and workloads of the vendor's day.

use super::metric::{METRICS, Metric};
use super::usage::rhythmic_value;
use super::vendor_day::{
    BUSY_HOURS, VENDOR_DAY_COMPLETION_TOKENS, VENDOR_DAY_PROMPT_TOKENS, VENDOR_DAY_START,
};
use super::workload::Endpoint;
use crate::calendar::HOUR;

/// Gives every workload of the project its part of the documented totals, in proportion to what
/// its rhythm would have made of the day.
pub(super) fn spread(endpoints: &mut [Endpoint]) {
    for metric in METRICS {
        let total = match metric {
            Metric::PromptTokens => VENDOR_DAY_PROMPT_TOKENS,
            Metric::CompletionTokens => VENDOR_DAY_COMPLETION_TOKENS,
        };
        spread_metric(endpoints, metric, total);
    }
}

fn spread_metric(endpoints: &mut [Endpoint], metric: Metric, total: u64) {
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
