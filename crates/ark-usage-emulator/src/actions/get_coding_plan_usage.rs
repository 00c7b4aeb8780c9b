//! Ark `GetCodingPlanUsage`: the windows of the account's Coding Plan, in percent.

use http::Response;
use serde::Serialize;

use super::Session;
use super::wire_number::WireNumber;
use crate::behaviors::{
    AbsentCodingPlan, CodingPercent, CodingTimes, LevelText, NumberForm, Rewards, WindowOrder,
};
use crate::calendar::day_of_month;
use crate::data::{CodingPlan, PlanWindow, plan_tokens};
use crate::errors::Refusal;
use crate::parameters::Parameters;

/// The tokens of a month at 100 percent: Pro has five times those of Lite.
const MONTH_TOKENS: u64 = 2_000_000_000;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CodingPlanUsage {
    status: &'static str,
    update_timestamp: i64,
    quota_usage: Vec<CodingPlanWindow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_reward: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CodingPlanWindow {
    level: String,
    percent: WireNumber,
    reset_timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<WireNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reward_total_percent: Option<WireNumber>,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    Parameters::from_body(session.body)?;
    let behaviors = session.behaviors.plans;
    let Some(plan) = session.coding_plan() else {
        return Ok(match behaviors.coding_absent {
            AbsentCodingPlan::Empty => session.about.success(&CodingPlanUsage {
                status: if session.plans_have_ended() { "Expired" } else { "" },
                update_timestamp: session.now,
                quota_usage: Vec::new(),
                has_reward: None,
            }),
            AbsentCodingPlan::Null => session.about.success(&None::<()>),
            AbsentCodingPlan::Missing => session.about.without_result(),
        });
    };
    let mut quota_usage = windows(session, plan);
    if behaviors.coding_order == WindowOrder::Shuffled {
        quota_usage.rotate_left(1);
        quota_usage.reverse();
    }
    Ok(session.about.success(&CodingPlanUsage {
        status: "Running",
        update_timestamp: session.now,
        quota_usage,
        has_reward: (behaviors.coding_rewards == Rewards::Present).then_some(false),
    }))
}

/// The windows, from the shortest on. Their sizes are in the proportions that the vendor's pages have.
fn windows(session: &Session<'_>, plan: CodingPlan) -> Vec<CodingPlanWindow> {
    let now = session.now;
    let week = PlanWindow::calendar_week(now);
    let month = PlanWindow::month(now, day_of_month(plan.since));
    let mut spans = vec![
        ("session", PlanWindow::session(now, PlanWindow::day(now).start), 15),
        ("weekly", week, 2),
        ("monthly", month, 1),
    ];
    if session.behaviors.plans.coding_level == LevelText::Unknown {
        spans.push(("yearly", month, 1));
    }
    let allowance = allowance(plan.name);
    let window = |(level, span, part)| window(session, level, span, allowance / part);
    spans.into_iter().map(window).collect()
}

/// The tokens of a month at 100 percent.
pub(super) fn allowance(size: &str) -> u64 {
    if size == "Lite" { MONTH_TOKENS / 5 } else { MONTH_TOKENS }
}

/// The part of an allowance that is used, in millionths of a percent: never more than all of it.
pub(super) fn percent_of(tokens: u64, allowance: u64) -> u64 {
    let used = u128::from(tokens) * 100_000_000 / u128::from(allowance.max(1));
    u64::try_from(used.min(100_000_000)).unwrap_or_default()
}

fn window(
    session: &Session<'_>,
    level: &str,
    span: PlanWindow,
    allowance: u64,
) -> CodingPlanWindow {
    let behaviors = session.behaviors.plans;
    let number = |units| WireNumber::new(units, 6, behaviors.coding_values);
    let tokens = plan_tokens(session.catalogue, span, session.now, session.adjustments);
    let percent = match behaviors.coding_percent {
        CodingPercent::Usual => percent_of(tokens, allowance),
        CodingPercent::Tiny => 29,
        CodingPercent::Over => 101_000_000,
    };
    let has_begun = level != "session" || percent > 0;
    let (title, rest) = level.split_at(1);
    let rewards = behaviors.coding_rewards == Rewards::Present;
    let whole = |percent| rewards.then(|| WireNumber::new(percent, 0, NumberForm::Number));
    CodingPlanWindow {
        level: match behaviors.coding_level {
            LevelText::Title => format!("{}{rest}", title.to_uppercase()),
            LevelText::Lower | LevelText::Unknown => level.to_owned(),
        },
        percent: number(percent),
        reset_timestamp: match behaviors.coding_reset {
            CodingTimes::Usual if has_begun => span.end,
            CodingTimes::Zero => 0,
            CodingTimes::Usual | CodingTimes::MinusOne => -1,
        },
        cap: whole(100),
        reward_total_percent: whole(0),
    }
}
