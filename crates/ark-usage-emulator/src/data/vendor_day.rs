//! The one day the vendor's documentation shows: project `default`, 2024-11-19.
//!
//! The sample request was made at 18:45:37 +08:00 of that very day and answered with the numbers
//! below. So they are what had been used by then: they are spread over the hours before 18:00 and
//! the evening stays empty. That way the same query gives the same numbers at the sample's own
//! instant and at any later one, and hours, endpoints and scenes add up to them, whatever the seed.

use super::metric::Metric;
use crate::calendar::HOUR;

/// Project of the documented day.
pub const VENDOR_DAY_PROJECT: &str = "default";
/// 2024-11-19 00:00 +08:00, in unix seconds: `StartTime` and `EndTime` of the documented request.
pub const VENDOR_DAY_START: i64 = 1_731_945_600;
/// Prompt tokens of that day in the documented answer.
pub const VENDOR_DAY_PROMPT_TOKENS: u64 = 1_529_525_715;
/// Completion tokens of that day in the documented answer.
pub const VENDOR_DAY_COMPLETION_TOKENS: u64 = 40_207_324;

/// Hours of the day that hold something: the sample was taken within the next one.
pub(super) const BUSY_HOURS: i64 = 18;
/// One workload's part of the day, hour by hour.
#[derive(Clone, Debug, Default)]
pub(crate) struct VendorDayPart {
    prompt: Vec<u64>,
    completion: Vec<u64>,
}

impl VendorDayPart {
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

    pub(super) fn push(&mut self, metric: Metric, value: u64) {
        match metric {
            Metric::PromptTokens => self.prompt.push(value),
            Metric::CompletionTokens => self.completion.push(value),
        }
    }
}
