//! Quotas besides those of plans, for people and for programs.

mod csv;
mod json;
mod metrics;
mod table;

use ark_usage_report::Text;
use ark_usage_report::quota::{AccountQuotas, QuotaRow};
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use csv::csv;
pub use json::json;
pub use metrics::{openmetrics, prometheus};
pub use table::table;

/// The quotas of the accounts in scope, as documents show them.
#[derive(Debug)]
pub struct QuotaReport<'a> {
    /// The quotas, account by account.
    pub accounts: &'a [AccountQuotas],
    /// Packs of other products are shown too, and in a table free usage that nobody has used.
    pub all: bool,
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

impl QuotaReport<'_> {
    /// The rows of an account.
    fn rows<'a>(&self, account: &'a AccountQuotas) -> impl Iterator<Item = &'a QuotaRow> {
        let all = self.all;
        account.rows.iter().filter(move |row| all || row.is_of_ark())
    }
}

#[cfg(test)]
mod tests;
