//! Two actions beside each other, for people and for programs.

mod json;
mod sentences;
mod table;

use ark_usage_model::Target;
use ark_usage_report::Text;
use ark_usage_report::action_comparison::{ActionCheck, ActionComparison, ActionVerdict};
use ark_usage_report::range::Range;

use super::QueryEcho;

pub use json::json;
pub use table::table;

/// The comparison of two actions, with its metadata.
pub struct ComparedActions<'a> {
    /// The checks.
    pub comparison: &'a ActionComparison,
    /// The commands that show both sides of a check.
    pub commands: &'a dyn Fn(&ActionCheck) -> Vec<String>,
    /// The projects compared.
    pub targets: &'a [Target],
    /// The profile of each account, where one was named.
    pub profiles: &'a [Option<String>],
    /// The range that was compared.
    pub range: &'a Range,
    /// The request, as documents repeat it; its action is the first.
    pub query: QueryEcho<'a>,
    /// The second action.
    pub against: &'a str,
    /// The time after the end of a bucket until its value is final in both, in seconds.
    pub settle: i64,
    /// Wall clock when the answer was complete, unix seconds.
    pub generated_at: i64,
    /// Code and prose.
    pub warnings: &'a [(&'static str, Text)],
}

impl<'a> ComparedActions<'a> {
    /// The names of both actions.
    fn actions(&self) -> [&'a str; 2] {
        [self.query.api, self.against]
    }

    fn checks(&self) -> &'a [ActionCheck] {
        &self.comparison.checks
    }

    fn project(&self, check: &ActionCheck) -> Option<&'a str> {
        self.targets.get(check.project)?.project.as_deref()
    }

    fn profile(&self, check: &ActionCheck) -> Option<&'a str> {
        let account = self.targets.get(check.project)?.account;
        self.profiles.get(usize::try_from(account.0).ok()?)?.as_deref()
    }

    fn count(&self, verdict: ActionVerdict) -> usize {
        self.checks().iter().filter(|check| check.verdict == verdict).count()
    }
}
