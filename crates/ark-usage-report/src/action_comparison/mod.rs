//! Comparison of two actions that report the same usage, by day, project and endpoint.
//!
//! Pure: reports are arguments, and checks are values. A missing value is never taken for 0: an answer
//! without a row says that one action alone has usage, and a failed call says nothing.

mod reasons;
mod sides;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use ark_usage_model::{Metric, MetricTable, State, TargetId, UsageReport};

use self::reasons::Explainer;
use self::sides::{Found, SideTable};
use crate::lang::Text;
use crate::text;

pub use reasons::DifferenceReason;

/// One of the two actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a comparison has two sides")]
pub enum ActionSide {
    /// The action of `--api`.
    Here,
    /// The action of `--against`.
    There,
}

impl ActionSide {
    /// Returns the other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Here => Self::There,
            Self::There => Self::Here,
        }
    }
}

/// The result of comparing two numbers of two actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "every output has words for each")]
pub enum ActionVerdict {
    /// Both are known, final and the same.
    Equal,
    /// One of them may still change.
    Settling,
    /// Both are final, and not the same.
    Differs,
    /// The first action reports usage; the second answered without a row for it.
    OnlyHere,
    /// The second action reports usage; the first answered without a row for it.
    OnlyThere,
    /// One of them was not received.
    Unknown,
}

impl ActionVerdict {
    /// All, best known first.
    pub const ALL: [Self; 6] = [
        Self::Equal,
        Self::Settling,
        Self::Differs,
        Self::OnlyHere,
        Self::OnlyThere,
        Self::Unknown,
    ];

    /// `equal`, `settling`, `differs`, `only_here`, `only_there` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Settling => "settling",
            Self::Differs => "differs",
            Self::OnlyHere => "only_here",
            Self::OnlyThere => "only_there",
            Self::Unknown => "unknown",
        }
    }

    /// Returns it for people; `actions` are the names of both.
    pub fn label(self, actions: [&str; 2]) -> Text {
        let [here, there] = actions;
        match self {
            Self::Equal => text!("equal", "一致"),
            Self::Settling => text!("settling", "未定"),
            Self::Differs => text!("differs", "不一致"),
            Self::OnlyHere => text!("only {here}", "仅 {here}"),
            Self::OnlyThere => text!("only {there}", "仅 {there}"),
            Self::Unknown => text!("unknown", "未知"),
        }
    }

    /// Returns true if the two actions do not agree, and will not.
    pub fn disagrees(self) -> bool {
        matches!(self, Self::Differs | Self::OnlyHere | Self::OnlyThere)
    }
}

/// Two metrics that should be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricPair {
    /// The name that both have for people, such as `input`.
    pub name: &'static str,
    /// The metric of the first action.
    pub here: Metric,
    /// The metric of the second action.
    pub there: Metric,
}

/// Returns the metrics that two actions have under one name for people, in the order of the first.
pub fn metric_pairs(here: MetricTable, there: MetricTable) -> Vec<MetricPair> {
    let pairs = here.iter().filter_map(|info| {
        let name = info.alias?;
        let other = there.iter().find(|other| other.alias == Some(name))?;
        let is_comparable = info.additive && other.additive && info.unit == other.unit;
        let pair = || MetricPair { name, here: info.name.clone(), there: other.name.clone() };
        is_comparable.then(pair)
    });
    pairs.collect()
}

/// The value of one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComparedValue {
    /// The value received.
    pub value: Option<i128>,
    /// Final, settling or missing.
    pub state: State,
    /// The service answered for the day and the project: without a value, its answer has no row.
    pub answered: bool,
}

/// The comparison of one day, project, endpoint and metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionCheck {
    /// Start of the day, unix seconds.
    pub start: i64,
    /// The project's position among those compared.
    pub project: usize,
    /// The endpoint; `None` for usage without one.
    pub endpoint_id: Option<String>,
    /// The compared metrics.
    pub metrics: MetricPair,
    /// The value of the first action.
    pub here: ComparedValue,
    /// The value of the second action.
    pub there: ComparedValue,
    /// The result.
    pub verdict: ActionVerdict,
    /// The known reasons for a difference.
    pub reasons: Vec<DifferenceReason>,
}

impl ActionCheck {
    /// Returns the second value minus the first, when both are known.
    pub fn difference(&self) -> Option<i128> {
        Some(self.there.value?.saturating_sub(self.here.value?))
    }

    /// Returns true if the values are not both known and the same, if only for now.
    pub fn is_open(&self) -> bool {
        match self.verdict {
            ActionVerdict::Equal => false,
            ActionVerdict::Settling => self.here.value != self.there.value,
            _ => true,
        }
    }
}

/// Two actions compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionComparison {
    /// The compared metrics.
    pub pairs: Vec<MetricPair>,
    /// By day, project, endpoint and metric.
    pub checks: Vec<ActionCheck>,
    /// The number of values 0 of one action for which the other answered without a row or value: there is no
    /// usage to compare, and no row is no 0.
    pub idle: usize,
}

/// The usage of two actions, on the same projects in the same order.
#[derive(Clone, Copy, Debug)]
pub struct ActionReports<'a> {
    /// The usage that the first action reports.
    pub here: &'a UsageReport,
    /// The usage that the second action reports.
    pub there: &'a UsageReport,
    /// The metrics to compare.
    pub pairs: &'a [MetricPair],
    /// The endpoints that the service lists, where an action was called for each of them.
    pub listed: Option<&'a BTreeSet<String>>,
}

impl ActionReports<'_> {
    fn of(&self, side: ActionSide) -> &UsageReport {
        match side {
            ActionSide::Here => self.here,
            ActionSide::There => self.there,
        }
    }
}

/// Compares what two actions report.
pub fn compare(reports: &ActionReports<'_>, now: i64) -> ActionComparison {
    let here = SideTable::new(reports.here, reports.pairs.iter().map(|pair| &pair.here), now);
    let there = SideTable::new(reports.there, reports.pairs.iter().map(|pair| &pair.there), now);
    let pairs = reports.pairs.to_vec();
    let mut comparison = ActionComparison { pairs, checks: Vec::new(), idle: 0 };
    let targets = (0..).map(TargetId).take(reports.here.targets.len());
    for (project, target) in targets.enumerate() {
        let mut endpoints = here.endpoints(target);
        endpoints.extend(there.endpoints(target));
        // A failure is shown, even where no endpoint is known.
        if endpoints.is_empty() {
            endpoints.insert(None);
        }
        for endpoint in endpoints {
            for pair in reports.pairs {
                for start in reports.here.window.buckets() {
                    let place = (target, endpoint, start);
                    let found = [here.find(place, &pair.here), there.find(place, &pair.there)];
                    let Some(verdict) = verdict(found) else {
                        let is_idle = found.iter().any(|side| matches!(side, Found::Value(..)));
                        comparison.idle += usize::from(is_idle);
                        continue;
                    };
                    let [here, there] = found.map(Found::compared);
                    comparison.checks.push(ActionCheck {
                        start,
                        project,
                        endpoint_id: endpoint.map(str::to_owned),
                        metrics: pair.clone(),
                        here,
                        there,
                        verdict,
                        reasons: Vec::new(),
                    });
                }
            }
        }
    }
    comparison.checks.sort_by(|one, other| order(one).cmp(&order(other)));
    Explainer::explain(reports, &mut comparison.checks);
    comparison
}

/// Usage without an endpoint goes last.
fn order(check: &ActionCheck) -> (i64, usize, bool, Option<&str>) {
    let endpoint = check.endpoint_id.as_deref();
    (check.start, check.project, endpoint.is_none(), endpoint)
}

/// Returns the verdict on two values; `None` where there is no usage to compare.
fn verdict([here, there]: [Found; 2]) -> Option<ActionVerdict> {
    use Found::{Failed, NoRow, NoValue, Value};
    let settling = |state| state == State::Settling;
    Some(match (here, there) {
        (Value(0, _) | NoRow { .. } | NoValue, NoRow { .. } | NoValue)
        | (NoRow { .. } | NoValue, Value(0, _)) => return None,
        (Failed, _) | (_, Failed) | (Value(..), NoValue) | (NoValue, Value(..)) => {
            ActionVerdict::Unknown
        }
        (Value(_, one), Value(_, other)) if settling(one.max(other)) => ActionVerdict::Settling,
        (Value(one, _), Value(other, _)) if one == other => ActionVerdict::Equal,
        (Value(..), Value(..)) => ActionVerdict::Differs,
        (Value(_, state), NoRow { settles }) | (NoRow { settles }, Value(_, state))
            if settles || settling(state) =>
        {
            ActionVerdict::Settling
        }
        (Value(..), NoRow { .. }) => ActionVerdict::OnlyHere,
        (NoRow { .. }, Value(..)) => ActionVerdict::OnlyThere,
    })
}
