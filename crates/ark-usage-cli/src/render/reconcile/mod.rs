//! What came of a reconciliation, for people and for programs.

mod json;
mod table;

use ark_usage_model::Target;

use super::QueryEcho;
use crate::lang::Text;
use crate::range::Range;
use crate::reconciliation::{Check, Verdict};

pub(crate) use json::json;
pub(crate) use table::table;

/// Everything that may be shown.
pub(crate) struct Reconciliation<'a> {
    /// By day, project, metric and kind.
    pub(crate) checks: &'a [Check],
    /// The commands that show both sides of a check.
    pub(crate) commands: &'a dyn Fn(&Check) -> Vec<String>,
    /// The projects compared.
    pub(crate) targets: &'a [Target],
    /// The profile of each account, where one was named.
    pub(crate) profiles: &'a [Option<String>],
    pub(crate) range: &'a Range,
    pub(crate) query: QueryEcho<'a>,
    /// Wall clock when the answer was complete, unix seconds.
    pub(crate) generated_at: i64,
    /// Code and prose.
    pub(crate) warnings: &'a [(&'static str, Text)],
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

/// Whether a check is worth a look.
fn is_open(check: &Check) -> bool {
    check.verdict() != Verdict::Equal
}
