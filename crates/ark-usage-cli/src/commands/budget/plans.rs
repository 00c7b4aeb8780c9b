//! Limits on plans: the plans of the accounts, and the result of each limit.

use ark_usage_render::{JudgedPlan, plan_notice};
use ark_usage_report::budget::{AlertLevel, BudgetVerdict, PlanRule, PlanRuleStatus};
use ark_usage_report::plan::PlanStatus;
use jiff::Timestamp;

use super::Notice;
use super::once::OnceFile;
use crate::commands::fetch::FetchedPlans;
use crate::error::CliError;

/// The limits on plans with their results.
#[derive(Debug)]
pub(super) struct CheckedPlans {
    rules: Vec<PlanRule>,
    findings: Vec<PlanRuleStatus>,
    /// The alert of each limit, if it has one, is to be printed.
    due: Vec<bool>,
    statuses: Vec<PlanStatus>,
}

impl CheckedPlans {
    /// Evaluates every limit. Fails where `is_all`, nothing else is checked, and no plan could be read.
    pub(super) fn new(
        rules: Vec<PlanRule>,
        fetched: Option<FetchedPlans>,
        is_all: bool,
        once: &mut Option<OnceFile>,
        now: Timestamp,
    ) -> Result<Self, CliError> {
        let statuses = match fetched {
            Some(fetched) if is_all => fetched.require_any()?.plans,
            Some(fetched) => fetched.plans,
            None => Vec::new(),
        };
        let findings: Vec<_> = rules.iter().map(|rule| rule.evaluate(&statuses)).collect();
        let due = match once {
            Some(once) => once.due_plans(&rules, &findings, now),
            None => vec![true; rules.len()],
        };
        Ok(Self { rules, findings, due, statuses })
    }

    /// Returns every limit with its result.
    pub(super) fn judged(&self) -> Vec<JudgedPlan<'_>> {
        let judged = self.rules.iter().zip(&self.findings);
        judged.map(|(rule, finding)| JudgedPlan { rule, finding }).collect()
    }

    /// Returns the plans of all accounts.
    pub(super) fn statuses(&self) -> &[PlanStatus] {
        &self.statuses
    }

    /// Returns the result of each limit.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = BudgetVerdict> {
        self.findings.iter().map(|finding| finding.verdict)
    }

    /// Returns true if some limit is not simply kept.
    pub(super) fn has_alert(&self) -> bool {
        self.findings.iter().any(|finding| !finding.alerts().is_empty())
    }

    /// Returns the lines to print about limits that are not simply kept.
    pub(super) fn notices(&self, now: i64) -> Vec<Notice> {
        let due = self.judged().into_iter().zip(&self.due).filter(|(_, is_due)| **is_due);
        let notice = |(judged, _): (JudgedPlan<'_>, &bool)| {
            let is_urgent = judged.finding.alerts().into_iter().any(AlertLevel::is_urgent);
            Some(Notice { line: plan_notice(&judged, now)?, is_urgent })
        };
        due.filter_map(notice).collect()
    }
}
