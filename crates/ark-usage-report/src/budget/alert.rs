//! Alerts: the levels a limit has reached in its period, and those that were said already.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{BudgetRule, BudgetStatus, BudgetVerdict, PeriodSpan, PlanRule};
use crate::plan::{PlanKind, PlanNumber, QuotaWindow};

/// A level that a limit can reach. A limit that is kept has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AlertLevel {
    /// The forecast is over the hard limit, or over the soft one where there is no hard one.
    Forecast,
    /// Usage is over the soft limit.
    Soft,
    /// Usage is over the hard limit.
    Hard,
    /// Data is missing, so the limit cannot be checked.
    Unknown,
}

impl AlertLevel {
    /// Returns the name in documents for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Forecast => "forecast",
            Self::Soft => "soft",
            Self::Hard => "hard",
            Self::Unknown => "unknown",
        }
    }

    /// Returns true if the level decides the exit code.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::Hard | Self::Unknown)
    }
}

impl BudgetStatus {
    /// Returns the levels that the limit has reached.
    pub fn alerts(&self, rule: &BudgetRule) -> BTreeSet<AlertLevel> {
        let is_ahead = match self.forecast_verdict {
            Some(BudgetVerdict::HardExceeded) => true,
            Some(BudgetVerdict::SoftExceeded) => rule.hard.is_none() && !self.over_soft,
            _ => false,
        };
        let (level, may_be_ahead) = match self.verdict {
            BudgetVerdict::HardExceeded => (Some(AlertLevel::Hard), false),
            BudgetVerdict::Unknown => (Some(AlertLevel::Unknown), false),
            BudgetVerdict::SoftExceeded => (Some(AlertLevel::Soft), true),
            BudgetVerdict::Within => (None, true),
        };
        let ahead = (is_ahead && may_be_ahead).then_some(AlertLevel::Forecast);
        level.into_iter().chain(ahead).collect()
    }
}

/// A limit as it is known from one run to the next. A limit that is changed is another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AlertKey {
    /// Everything else that decides which usage is counted, such as accounts and filters.
    request: String,
    name: String,
    metric: String,
    project: Option<String>,
    endpoint_id: Option<String>,
    label: Option<(String, String)>,
    period: String,
    soft: Option<i128>,
    hard: Option<i128>,
    /// Start of the period, unix seconds.
    start: i64,
}

impl AlertKey {
    /// Returns the key of a limit in a period; `request` stands for the accounts and filters.
    pub fn new(request: &str, rule: &BudgetRule, span: PeriodSpan) -> Self {
        Self {
            request: request.to_owned(),
            name: rule.name.clone(),
            metric: rule.counted.name().to_owned(),
            project: rule.project.clone(),
            endpoint_id: rule.endpoint_id().map(str::to_owned),
            label: rule.label().map(|(key, value)| (key.to_owned(), value.to_owned())),
            period: rule.period.name().to_owned(),
            soft: rule.soft,
            hard: rule.hard,
            start: span.start,
        }
    }

    /// Returns the key of a limit on plans, in a window that ends at `resets_at`, unix seconds; 0 where it has not
    /// started.
    pub fn of_plan(request: &str, rule: &PlanRule, resets_at: i64) -> Self {
        let percent = |limit: &Option<PlanNumber>| {
            limit.as_ref().map_or_else(|| "-".to_owned(), |limit| limit.as_str().to_owned())
        };
        let (plan, soft, hard) =
            (rule.plan.map_or("any", PlanKind::name), percent(&rule.soft), percent(&rule.hard));
        Self {
            request: request.to_owned(),
            name: rule.name.clone(),
            metric: format!("plan {plan} soft {soft} hard {hard}"),
            project: None,
            endpoint_id: None,
            label: None,
            period: rule.window.as_ref().map_or("any", QuotaWindow::name).to_owned(),
            soft: None,
            hard: None,
            start: resets_at,
        }
    }
}

/// The alerts that were said: levels by limit and period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidAlerts {
    said: BTreeMap<AlertKey, SaidLevels>,
}

/// The levels that were said of one limit in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidLevels {
    /// End of the period, unix seconds.
    end: i64,
    levels: BTreeSet<AlertLevel>,
}

/// The time that a period is kept after its end, seconds: clocks are not exact.
const KEPT: i64 = 2 * 86_400;

impl SaidAlerts {
    /// Adds the levels a limit has reached, and returns true if one of them was not said before in its period.
    ///
    /// Usage over the hard limit includes the lower levels. While a limit cannot be checked, nothing but that
    /// is said of it; once it can be checked again, the next failure is a new one.
    pub fn add(&mut self, key: AlertKey, end: i64, reached: &BTreeSet<AlertLevel>) -> bool {
        let said =
            self.said.entry(key).or_insert_with(|| SaidLevels { end, levels: BTreeSet::new() });
        if !reached.contains(&AlertLevel::Unknown) {
            said.levels.remove(&AlertLevel::Unknown);
        }
        let is_new = !reached.is_subset(&said.levels);
        said.levels.extend(reached);
        if reached.contains(&AlertLevel::Hard) {
            said.levels.extend([AlertLevel::Soft, AlertLevel::Forecast]);
        }
        is_new
    }

    /// Removes periods that are over, and limits of which nothing was said.
    pub fn forget_before(&mut self, now: i64) {
        self.said.retain(|_, said| !said.levels.is_empty() && said.end.saturating_add(KEPT) > now);
    }

    /// Returns every limit and period with what was said.
    pub fn iter(&self) -> impl Iterator<Item = (&AlertKey, &SaidLevels)> {
        self.said.iter()
    }
}

impl FromIterator<(AlertKey, SaidLevels)> for SaidAlerts {
    fn from_iter<I: IntoIterator<Item = (AlertKey, SaidLevels)>>(said: I) -> Self {
        Self { said: said.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Cell, evaluate, read_flag};
    use ark_usage_model::State;

    const MONTH: PeriodSpan = PeriodSpan { start: 0, end: 100 };
    const NEXT: PeriodSpan = PeriodSpan { start: 100, end: 200 };

    fn rule() -> BudgetRule {
        BudgetRule { soft: Some(50), ..read_flag("total=100/month").unwrap() }
    }

    fn said(all: &mut SaidAlerts, span: PeriodSpan, levels: &[AlertLevel]) -> bool {
        let reached = levels.iter().copied().collect();
        all.add(AlertKey::new("r", &rule(), span), span.end, &reached)
    }

    #[test]
    fn a_level_is_said_once_in_a_period() {
        use AlertLevel::{Forecast, Hard, Soft};
        let mut all = SaidAlerts::default();
        assert!(!said(&mut all, MONTH, &[]));
        assert!(said(&mut all, MONTH, &[Forecast]));
        assert!(!said(&mut all, MONTH, &[Forecast]));
        assert!(!said(&mut all, MONTH, &[]));
        assert!(said(&mut all, MONTH, &[Forecast, Soft]));
        assert!(!said(&mut all, MONTH, &[Soft]));
        assert!(said(&mut all, MONTH, &[Hard]));
        // A value that was revised: less than was said.
        assert!(!said(&mut all, MONTH, &[Soft, Forecast]));
        assert!(said(&mut all, NEXT, &[Soft]));
    }

    #[test]
    fn what_could_not_be_known_is_not_said() {
        use AlertLevel::{Soft, Unknown};
        let mut all = SaidAlerts::default();
        assert!(said(&mut all, MONTH, &[Unknown]));
        assert!(!said(&mut all, MONTH, &[Unknown]));
        assert!(said(&mut all, MONTH, &[Soft]));
        assert!(said(&mut all, MONTH, &[Unknown]));
        assert!(!said(&mut all, MONTH, &[Soft]));
    }

    #[test]
    fn another_limit_is_another_alert() {
        let mut all = SaidAlerts::default();
        let reached = BTreeSet::from([AlertLevel::Hard]);
        let key =
            |request: &str, max: &str| AlertKey::new(request, &read_flag(max).unwrap(), MONTH);
        for (request, max) in [
            ("r", "total=1/month"),
            ("r", "total=2/month"),
            ("q", "total=1/month"),
            ("r", "total=1/week"),
        ] {
            assert!(all.add(key(request, max), 100, &reached), "{request} {max}");
        }
        assert!(!all.add(key("r", "total=1.0/month"), 100, &reached));
        all.forget_before(100 + KEPT);
        assert_eq!(all, SaidAlerts::default());
    }

    #[test]
    fn levels_follow_from_the_result() {
        let levels = |value: i128, complete| {
            let cells = [Cell { start: 0, end: 50, value: Some(value), state: State::Final }];
            let finding = evaluate(&rule(), MONTH, &cells, complete, 50);
            finding.alerts(&rule()).into_iter().map(AlertLevel::name).collect::<Vec<_>>()
        };
        assert!(levels(50, true).is_empty(), "the forecast is 100");
        assert_eq!(levels(51, true), ["forecast", "soft"]);
        assert_eq!(levels(101, true), ["hard"]);
        assert_eq!(levels(51, false), ["unknown"]);
        let soft_alone = BudgetRule { hard: None, ..rule() };
        let cells = [Cell { start: 0, end: 50, value: Some(26), state: State::Final }];
        let finding = evaluate(&soft_alone, MONTH, &cells, true, 50);
        assert_eq!(finding.alerts(&soft_alone), BTreeSet::from([AlertLevel::Forecast]));
        let ahead = BudgetRule { hard: Some(1_000), ..rule() };
        assert!(evaluate(&ahead, MONTH, &cells, true, 50).alerts(&ahead).is_empty());
    }
}
