//! The windows of an Agent Plan: the account's own, or a seat's.

use serde::Serialize;

use super::Session;
use super::wire_number::WireNumber;
use crate::behaviors::{AfpTimes, ExtraWindow, PlanTypeText, PlanUse};
use crate::data::{AFP_TOKENS, AgentModel, AgentPlan, PlanWindow, tokens_within};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AfpWindow {
    quota: WireNumber,
    used: WireNumber,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscribe_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_time: Option<i64>,
}

/// The windows of a plan.
#[derive(Debug, Serialize)]
pub(super) struct AfpWindowList {
    #[serde(rename = "AFPFiveHour")]
    five_hour: AfpWindow,
    #[serde(rename = "AFPDaily")]
    daily: AfpWindow,
    #[serde(rename = "AFPWeekly")]
    weekly: AfpWindow,
    #[serde(rename = "AFPMonthly")]
    monthly: AfpWindow,
    #[serde(rename = "AFPYearly", skip_serializing_if = "Option::is_none")]
    yearly: Option<AfpWindow>,
}

impl AfpWindowList {
    /// The windows of a plan, and their usage by these models.
    pub(super) fn of(session: &Session<'_>, plan: AgentPlan, models: &[AgentModel]) -> Self {
        let now = session.now;
        let tokens =
            |models: &[AgentModel], window| tokens_within(models, window, now, session.adjustments);
        // By the calendar: the subscription began at midnight.
        let first_day = crate::calendar::day_of_month(plan.since);
        let month = PlanWindow::month(now, first_day);
        let week = PlanWindow::week(now, plan.since);
        let day = PlanWindow::day(now);
        let five_hours = PlanWindow::session(now, plan.since);
        let vision: Vec<AgentModel> =
            models.iter().filter(|model| model.is_vision).cloned().collect();
        let window = |quota, span, tokens| AfpWindow::new(session, quota, Some(span), tokens);
        let extra = session.behaviors.plans.afp_extra == ExtraWindow::Window;
        Self {
            five_hour: window(plan.size.session, five_hours, tokens(models, five_hours)),
            daily: window(plan.size.day, day, tokens(&vision, day)),
            weekly: window(plan.size.week, week, tokens(models, week)),
            monthly: window(plan.size.month, month, tokens(models, month)),
            yearly: extra.then(|| window(plan.size.month * 12, month, tokens(models, month))),
        }
    }

    /// The windows of an account without a plan: quotas of 0.
    pub(super) fn without_plan(session: &Session<'_>) -> Self {
        let none = || AfpWindow::new(session, 0, None, 0);
        Self { five_hour: none(), daily: none(), weekly: none(), monthly: none(), yearly: None }
    }
}

impl AfpWindow {
    fn new(session: &Session<'_>, quota: u64, span: Option<PlanWindow>, tokens: u64) -> Self {
        let behaviors = session.behaviors.plans;
        let number = |units| WireNumber::new(units, 4, behaviors.afp_values);
        let quota = quota * AFP_TOKENS;
        let used = match behaviors.afp_used {
            PlanUse::Over if span.is_some() => quota + AFP_TOKENS,
            PlanUse::Usual => tokens,
            PlanUse::Over | PlanUse::None => 0,
        };
        let time = |instant: i64| match behaviors.afp_reset {
            AfpTimes::Usual => Some(instant.saturating_mul(1000)),
            AfpTimes::Zero => Some(0),
            AfpTimes::Absent => None,
        };
        Self {
            quota: number(quota),
            used: number(used),
            subscribe_time: time(span.map_or(0, |span| span.start)),
            reset_time: time(span.map_or(0, |span| span.end)),
        }
    }
}

impl Session<'_> {
    /// The type of an Agent Plan, as it is written.
    pub(super) fn plan_type_text(&self, name: &str) -> String {
        match self.behaviors.plans.afp_type {
            PlanTypeText::Title => name.to_owned(),
            PlanTypeText::Lower => name.to_lowercase(),
            PlanTypeText::Unknown => "Galactic".to_owned(),
        }
    }
}
