//! Plans, for people and for programs.

mod csv;
mod json;
mod metrics;
mod reset_time;
mod seats;
mod table;
mod usage;

use ark_usage_report::Text;
use ark_usage_report::plan::PlanStatus;
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use csv::csv;
pub use json::json;
pub(crate) use json::raw;
pub use metrics::{openmetrics, prometheus};
pub(crate) use reset_time::duration_words;
pub use seats::{seats_csv, seats_json, seats_table};
pub use table::table;
pub(crate) use table::{in_threes, percent_text};
pub use usage::{PLAN_USAGE_FAILED, PlanUsage, usage_csv, usage_json, usage_table};

/// The plans of the accounts in scope, as documents show them.
#[derive(Debug)]
pub struct PlanReport<'a> {
    /// The plans, account by account.
    pub plans: &'a [PlanStatus],
    /// The windows of `--daily` are shown too.
    pub daily: bool,
    /// The time of the answer.
    pub now: Timestamp,
    /// The time zone of times.
    pub zone: &'a TimeZone,
    /// The name of that zone.
    pub zone_name: &'a str,
    /// The data is made up.
    pub demo: bool,
    /// Code and prose.
    pub warnings: &'a [(&'static str, Text)],
}

impl PlanReport<'_> {
    /// Returns an instant as RFC 3339 in the zone, with the fraction of a second it came with.
    fn rfc3339(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
    }
}

#[cfg(test)]
mod tests;
