//! Results of a reconciliation, for people and for programs.

mod completeness;
mod json;
mod table;

use ark_usage_model::Target;

use super::QueryEcho;
use ark_usage_report::Text;
use ark_usage_report::range::Range;
use ark_usage_report::reconciliation::Check;

pub use json::json;
pub use table::table;

/// The results of all checks, with their metadata.
pub struct Reconciliation<'a> {
    /// By day, project, metric and kind.
    pub checks: &'a [Check],
    /// The commands that show both sides of a check.
    pub commands: &'a dyn Fn(&Check) -> Vec<String>,
    /// The projects compared.
    pub targets: &'a [Target],
    /// The profile of each account, where one was named.
    pub profiles: &'a [Option<String>],
    /// The range that was checked.
    pub range: &'a Range,
    /// The request, as documents repeat it.
    pub query: QueryEcho<'a>,
    /// The time after the end of a bucket until its value is final, in seconds.
    pub settle: i64,
    /// Wall clock when the answer was complete, unix seconds.
    pub generated_at: i64,
    /// Code and prose.
    pub warnings: &'a [(&'static str, Text)],
}

impl<'a> Reconciliation<'a> {
    fn project(&self, check: &Check) -> Option<&'a str> {
        self.targets.get(check.project)?.project.as_deref()
    }

    fn profile(&self, check: &Check) -> Option<&'a str> {
        let account = self.targets.get(check.project)?.account;
        self.profiles.get(usize::try_from(account.0).ok()?)?.as_deref()
    }

    fn count(&self, wanted: impl Fn(&Check) -> bool) -> usize {
        self.checks.iter().filter(|check| wanted(check)).count()
    }
}

/// Returns whether the two numbers of a check are not the same, or not both known.
fn is_open(check: &Check) -> bool {
    !check.agrees()
}
