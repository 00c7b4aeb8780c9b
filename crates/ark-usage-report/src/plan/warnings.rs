//! Warnings about plans: what could not be read, and which permission is missing.

use super::{PlanState, PlanStatus, lacks_permission};
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
