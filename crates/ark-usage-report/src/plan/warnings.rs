//! Warnings about plans: what could not be read, and which permission is missing.

use super::{PlanNumber, PlanState, PlanStatus, WindowOfPlan, lacks_permission, limiting_windows};
use crate::lang::Text;
use crate::text;

/// The code of the warning that the type of a plan is unknown.
pub const PLAN_TYPE_UNKNOWN: &str = "plan_type_unknown";

/// The code of the warning that the keys may not read a plan.
pub const PLAN_NOT_ALLOWED: &str = "plan_not_allowed";

/// Returns the warnings about plans: code and words.
pub fn plan_warnings(plans: &[PlanStatus]) -> Vec<(&'static str, Text)> {
    plans.iter().filter_map(warning).collect()
}

fn warning(status: &PlanStatus) -> Option<(&'static str, Text)> {
    let plan = status.described();
    let reason = status.reason.clone().unwrap_or_else(|| Text::same(""));
    match status.state {
        PlanState::NotAllowed => Some((
            PLAN_NOT_ALLOWED,
            text!("{plan}: {reason}", "{plan}：{reason}"; plan = plan, reason = reason),
        )),
        PlanState::Failed => Some((
            "plan_failed",
            text!("{plan}: {reason}", "{plan}：{reason}"; plan = plan, reason = reason),
        )),
        PlanState::Active if status.plan_type.is_none() => {
            let permission = status.missing_type_permission.as_ref()?;
            let words = text!(
                "{plan}: its type is unknown: {reason}",
                "{plan}：类型未知：{reason}";
                plan = plan, reason = lacks_permission(permission)
            );
            Some((PLAN_TYPE_UNKNOWN, words))
        }
        _ => None,
    }
}

/// The code of the warning that a window is used up to a threshold.
pub const PLAN_LIMIT_REACHED: &str = "plan_limit_reached";

/// Returns a warning for each window that limits a plan and is used up to a threshold: code and words.
pub fn reached_warnings(plans: &[PlanStatus], at: &PlanNumber) -> Vec<(&'static str, Text)> {
    let is_reached = |found: &WindowOfPlan<'_>| found.window.reaches(at.value()) == Some(true);
    let warning = |found: WindowOfPlan<'_>| {
        let percent = found.window.percent()?;
        let window = Text::each(|lang| found.window.window.words(lang).to_owned());
        let words = text!(
            "{plan}, {window}: {percent} % used, at or over {at} %",
            "{plan}，{window}：已用 {percent} %，达到或超过 {at} %",
            percent = percent.as_str(),
            at = at.as_str();
            plan = found.status.described(), window = window
        );
        Some((PLAN_LIMIT_REACHED, words))
    };
    limiting_windows(plans).filter(is_reached).filter_map(warning).collect()
}

/// Returns the members of responses that have no known meaning, a line each.
pub fn unknown_members(plans: &[PlanStatus]) -> Vec<Text> {
    let mut lines = Vec::new();
    for status in plans {
        let plan = status.described();
        for (name, value) in &status.other_members {
            lines.push(text!("{plan}: {name} = {value}", "{plan}：{name} = {value}"; plan = plan));
        }
        for window in &status.windows {
            let kind = Text::each(|lang| window.window.words(lang).to_owned());
            for (name, value) in &window.other_members {
                lines.push(text!(
                    "{plan}, {kind}: {name} = {value}",
                    "{plan}，{kind}：{name} = {value}";
                    plan = plan, kind = kind
                ));
            }
        }
    }
    lines
}
