//! The settings of a query.

use std::time::Duration;

use volc_openapi::RetryPolicy;

/// The way a query is asked. Written as `QueryOptions { seed, ..QueryOptions::default() }`.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryOptions {
    /// Most days of one call (31).
    pub max_window_days: u32,
    /// Most hours of one call (168, a week).
    pub max_window_hours: u32,
    /// Most endpoint ids of one call (100).
    pub max_ids: u32,
    /// Most exchanges out at once for one account (4). Halved on throttling, then grows back.
    pub concurrency: u32,
    /// Most exchanges out at once in all (64).
    pub max_in_flight: u32,
    /// Most requests a second for one account; no limit (the default) until throttling sets one.
    pub rate: Option<f64>,
    /// The retry policy.
    pub retry: RetryPolicy,
    /// After this long (`Now::elapsed`) the query ends with what came.
    pub deadline: Option<Duration>,
    /// A bucket younger than this may still change (1 hour).
    pub settle: Duration,
    /// The edge of an hour the service labels it by; only for actions that leave it open.
    pub hour_labels: HourLabels,
    /// The seed of jitter.
    pub seed: u64,
}

impl Default for QueryOptions {
    fn default() -> Self {
        Self {
            max_window_days: 31,
            max_window_hours: 7 * 24,
            max_ids: 100,
            concurrency: 4,
            max_in_flight: 64,
            rate: None,
            retry: RetryPolicy::default(),
            deadline: None,
            settle: Duration::from_hours(1),
            hour_labels: HourLabels::Start,
            seed: 0,
        }
    }
}

/// The meaning of an hour's timestamp. No answer can reveal it: the vendor's samples say start for
/// days and hint at end for hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an hour has these two edges")]
pub enum HourLabels {
    /// The start of the hour.
    #[default]
    Start,
    /// The end of the hour, which is the start of the next. Days are not affected.
    End,
}
