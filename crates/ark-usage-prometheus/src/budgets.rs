//! Limits on usage, and how much of each is used.

use crate::{Family, FamilyKind, Labels, SampleValue};

/// The state of one limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the state is these")]
pub struct BudgetFigures {
    /// The name in messages.
    pub name: String,
    /// `day`, `week` or `month`.
    pub period: String,
    /// The metric that counts, or `total`.
    pub metric: String,
    /// The project that counts; empty for all.
    pub project: String,
    /// The usage of the period so far; `None` when nothing is known.
    pub used: Option<i128>,
    /// The soft limit.
    pub soft: Option<i128>,
    /// The hard limit.
    pub hard: Option<i128>,
    /// All usage of the period so far is known.
    pub complete: bool,
}

/// Returns the families of limits. Their values are in the unit of the metric that counts.
pub fn budget_families(budgets: &[BudgetFigures]) -> Vec<Family> {
    type Value = fn(&BudgetFigures) -> Option<i128>;
    let families: [(&str, &str, Value); 4] = [
        (
            "ark_usage_budget_used",
            "Usage of the period so far, in the unit of the metric.",
            |one| one.used,
        ),
        ("ark_usage_budget_soft_limit", "The soft limit of the period.", |one| one.soft),
        ("ark_usage_budget_hard_limit", "The hard limit of the period.", |one| one.hard),
        (
            "ark_usage_budget_complete",
            "1 if all usage of the period is known, 0 if some is missing.",
            |one| Some(one.complete.into()),
        ),
    ];
    let family = |(name, help, value): (&str, &str, Value)| {
        let mut family = Family::new(name, FamilyKind::Gauge, help);
        for budget in budgets {
            let labels = Labels::new()
                .with("budget", &budget.name)
                .with("period", &budget.period)
                .with("metric", &budget.metric)
                .with("project", &budget.project);
            if let Some(value) = value(budget) {
                family.set(labels, SampleValue::Whole(value));
            }
        }
        family
    };
    families.map(family).into()
}
