//! The known reasons why two actions differ, as far as the numbers show them.

use std::collections::BTreeMap;

use ark_usage_model::{Metric, Tags, TargetId, UsageReport};

use super::{ActionCheck, ActionReports, ActionSide, ActionVerdict};
use crate::lang::Text;
use crate::text;

/// A known reason for a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DifferenceReason {
    /// Usage with these billing statuses is exactly what one action reports more.
    BillingStatus {
        /// The action that reports less.
        lacking: ActionSide,
        /// The statuses, sorted.
        statuses: Vec<String>,
    },
    /// The action that tells billing statuses apart reports less, and nothing that a plan pays for: it may
    /// leave that out. Possible, not proven.
    PlanTokens {
        /// The action that reports less.
        lacking: ActionSide,
    },
    /// The service does not list the endpoint, so the action was not called for it as for others.
    NotListed {
        /// The action that reports nothing.
        lacking: ActionSide,
    },
    /// The usage has no endpoint in one of the actions.
    NoEndpoint,
}

impl DifferenceReason {
    /// For programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BillingStatus { .. } => "billing_status",
            Self::PlanTokens { .. } => "plan_tokens",
            Self::NotListed { .. } => "not_listed",
            Self::NoEndpoint => "no_endpoint",
        }
    }

    /// Returns the billing statuses it names.
    pub fn billing_statuses(&self) -> &[String] {
        match self {
            Self::BillingStatus { statuses, .. } => statuses,
            _ => &[],
        }
    }

    /// Returns it for people; `actions` are the names of both.
    pub fn words(&self, actions: [&str; 2]) -> Text {
        let [here, there] = actions;
        let name = |side| match side {
            ActionSide::Here => here,
            ActionSide::There => there,
        };
        match self {
            Self::BillingStatus { lacking, statuses } => text!(
                "{name} leaves out the billing status {statuses}: it is exactly the difference",
                "{name} 不计入计费状态 {statuses}：差值恰好等于它",
                name = name(*lacking),
                statuses = statuses.join(" + ")
            ),
            Self::PlanTokens { lacking } => text!(
                "{name} may leave out tokens that a plan pays for: it reports none here",
                "{name} 可能不计入套餐支付的用量：此处没有这类用量",
                name = name(*lacking)
            ),
            Self::NotListed { lacking } => text!(
                "the endpoint is not in the list of endpoints, and {name} does not report it",
                "该接入点不在接入点列表中，{name} 没有报告它",
                name = name(*lacking)
            ),
            Self::NoEndpoint => text!(
                "one of the actions names no endpoint for this usage",
                "其中一个接口没有给出这部分用量的接入点"
            ),
        }
    }
}

/// Usage that is paid for as usual: no action has a reason to leave it out.
const NORMAL: &str = "normal";

/// The billing status of tokens that a Coding Plan pays for.
const PLAN: &str = "free_for_coding_plan";

/// The most statuses of which every choice is tried.
const MOST: u32 = 12;

type Statuses<'a> = BTreeMap<&'a str, i128>;

/// Usage by billing status, of the action that tells them apart.
pub(super) struct Explainer<'a> {
    side: ActionSide,
    statuses: BTreeMap<(TargetId, Option<&'a str>, &'a Metric, i64), Statuses<'a>>,
}

impl<'a> Explainer<'a> {
    /// Adds the known reasons to all checks that disagree.
    pub(super) fn explain(reports: &'a ActionReports<'a>, checks: &mut [ActionCheck]) {
        let disagreeing = || checks.iter().filter(|check| check.verdict.disagrees());
        if disagreeing().next().is_none() {
            return;
        }
        let sides = [ActionSide::There, ActionSide::Here];
        let explainers: Vec<_> =
            sides.into_iter().filter_map(|side| Self::new(side, reports.of(side))).collect();
        for check in checks.iter_mut().filter(|check| check.verdict.disagrees()) {
            check.reasons.extend(not_listed(check, reports));
            check
                .reasons
                .extend(check.endpoint_id.is_none().then_some(DifferenceReason::NoEndpoint));
            let of_billing = explainers.iter().find_map(|explainer| explainer.reason(check));
            check.reasons.extend(of_billing);
        }
    }

    /// Returns `None` for an action that does not tell billing statuses apart.
    fn new(side: ActionSide, report: &'a UsageReport) -> Option<Self> {
        let mut statuses: BTreeMap<_, Statuses<'a>> = BTreeMap::new();
        for series in &report.series {
            let Some(status) = series.tags.get(Tags::BILLING_STATUS) else { continue };
            let endpoint = series.tags.get(Tags::ENDPOINT_ID).filter(|id| *id != Tags::NONE);
            for (start, point) in series.points.iter() {
                let key = (series.target, endpoint, &series.metric, start);
                *statuses.entry(key).or_default().entry(status).or_default() +=
                    i128::from(point.value);
            }
        }
        (!statuses.is_empty()).then_some(Self { side, statuses })
    }

    fn reason(&self, check: &ActionCheck) -> Option<DifferenceReason> {
        let (own, other, metric) = match self.side {
            ActionSide::Here => (check.here, check.there, &check.metrics.here),
            ActionSide::There => (check.there, check.here, &check.metrics.there),
        };
        let more = own.value.unwrap_or(0) - other.value.unwrap_or(0);
        let target = TargetId(u32::try_from(check.project).ok()?);
        let key = (target, check.endpoint_id.as_deref(), metric, check.start);
        let statuses = self.statuses.get(&key);
        if more < 0 {
            let has_plan = statuses.is_some_and(|statuses| statuses.contains_key(PLAN));
            let lacking = self.side;
            return (!has_plan).then_some(DifferenceReason::PlanTokens { lacking });
        }
        let statuses = exact(statuses?, more)?;
        Some(DifferenceReason::BillingStatus { lacking: self.side.other(), statuses })
    }
}

fn not_listed(check: &ActionCheck, reports: &ActionReports<'_>) -> Option<DifferenceReason> {
    let lacking = match check.verdict {
        ActionVerdict::OnlyHere => ActionSide::There,
        ActionVerdict::OnlyThere => ActionSide::Here,
        _ => return None,
    };
    let listed = reports.listed?;
    let endpoint = check.endpoint_id.as_ref()?;
    (!listed.contains(endpoint)).then_some(DifferenceReason::NotListed { lacking })
}

/// Returns the fewest statuses whose usage is exactly a difference.
fn exact(statuses: &Statuses<'_>, difference: i128) -> Option<Vec<String>> {
    let unusual: Vec<_> =
        statuses.iter().filter(|(status, value)| **status != NORMAL && **value > 0).collect();
    let count = u32::try_from(unusual.len()).ok().filter(|count| *count <= MOST)?;
    let chosen = |choice: u32| {
        let statuses = (0..).zip(&unusual);
        statuses.filter(move |(place, _)| choice >> place & 1 == 1).map(|(_, status)| *status)
    };
    let is_exact =
        |choice: &u32| chosen(*choice).map(|(_, value)| *value).sum::<i128>() == difference;
    let choices = (1..1_u32 << count).filter(is_exact);
    let fewest = choices.min_by_key(|choice| choice.count_ones())?;
    Some(chosen(fewest).map(|(status, _)| (*status).to_owned()).collect())
}
