//! From the responses of the service to the state of a plan.

use ark_usage_model::get_afp_usage::{AfpUsage, AfpWindow, AfpWindows, GetAfpUsage};
use ark_usage_model::get_coding_plan_usage::{
    CodingPlanUsage, CodingPlanWindow, GetCodingPlanUsage,
};
use ark_usage_model::get_personal_plan::{GetPersonalPlan, PersonalPlan};
use ark_usage_model::{Decimal, OtherMembers, UnixMilliseconds, UnixSeconds};
use jiff::Timestamp;
use volc_openapi::{Action, ApiError};

use super::number::PlanNumber;
use super::window::{PlanWindow, QuotaWindow};
use super::{PlanKind, PlanState, PlanStatus};
use crate::lang::Text;
use crate::{missing_permission, text};

/// A call about a plan that brought no usable result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a state belongs to each")]
pub enum PlanCallFailure {
    /// The account does not have the plan.
    NotBought,
    /// The keys may not call the action; the IAM action that is missing.
    NotAllowed(String),
    /// Any other failure, in words.
    Failed(Text),
}

impl PlanCallFailure {
    /// Returns the failure that an error of `action` means; `None` for one that is no statement about the plan.
    pub fn of(error: &ApiError, action: &str) -> Option<Self> {
        if GetPersonalPlan::is_not_bought(error) {
            return Some(Self::NotBought);
        }
        missing_permission(error, action).map(Self::NotAllowed)
    }
}

impl PlanCallFailure {
    /// Returns the failure of `action` in words.
    pub fn words(self, action: &str) -> Text {
        match self {
            Self::NotAllowed(permission) => lacks_permission(&permission),
            Self::Failed(reason) => reason,
            Self::NotBought => text!("{action}: not subscribed", "{action}：未订阅"),
        }
    }
}

/// The result of a call about a plan; `None` where the service sent an empty one.
pub type PlanAnswer<T> = Result<Option<T>, PlanCallFailure>;

/// The part of a usage response that both plans have.
struct PlanUsage {
    plan_type: Option<String>,
    status: Option<String>,
    windows: Vec<PlanWindow>,
    other: OtherMembers,
    is_subscribed: bool,
    /// True where quotas came in a shape that cannot be read.
    is_unreadable: bool,
}

/// Returns the Agent Plan of an account from its two responses.
pub fn agent_plan(usage: PlanAnswer<AfpUsage>, personal: PlanAnswer<PersonalPlan>) -> PlanStatus {
    let usage = usage.map(|usage| usage.map(of_agent));
    status(PlanKind::Agent, usage, personal, GetAfpUsage::NAME)
}

/// Returns the Coding Plan of an account from its two responses.
pub fn coding_plan(
    usage: PlanAnswer<CodingPlanUsage>,
    personal: PlanAnswer<PersonalPlan>,
) -> PlanStatus {
    let usage = usage.map(|usage| usage.map(of_coding));
    status(PlanKind::Coding, usage, personal, GetCodingPlanUsage::NAME)
}

/// The usage decides; the other response adds the type, and says what an empty or refused one leaves open.
fn status(
    plan: PlanKind,
    usage: PlanAnswer<PlanUsage>,
    personal: PlanAnswer<PersonalPlan>,
    action: &'static str,
) -> PlanStatus {
    let is_running = personal.as_ref().is_ok_and(|found| found.as_ref().is_some_and(is_running));
    let mut status = PlanStatus::new(plan, PlanState::Active);
    if let Err(PlanCallFailure::NotAllowed(permission)) = &personal {
        status.missing_type_permission = Some(permission.clone());
    }
    let is_not_bought = matches!(personal, Err(PlanCallFailure::NotBought));
    if let Ok(Some(personal)) = personal {
        status.plan_type = named(personal.plan_type);
        status.service_status = named(personal.status);
    }
    match usage {
        Ok(Some(usage)) if usage.is_subscribed || is_running || usage.is_unreadable => {
            status.plan_type = usage.plan_type.or(status.plan_type);
            status.service_status = usage.status.or(status.service_status);
            status.windows = usage.windows;
            status.other_members = members(&usage.other);
            if usage.is_unreadable && !usage.is_subscribed {
                status.state = PlanState::Failed;
                status.reason = Some(text!(
                    "the quotas in the response of {action} cannot be read",
                    "无法读取 {action} 应答中的额度"
                ));
            }
        }
        Ok(None) if is_running => {}
        Ok(_) | Err(PlanCallFailure::NotBought) => status.state = PlanState::NotSubscribed,
        Err(_) if is_not_bought => status.state = PlanState::NotSubscribed,
        Err(PlanCallFailure::NotAllowed(permission)) => {
            status.state = PlanState::NotAllowed;
            status.reason = Some(lacks_permission(&permission));
        }
        Err(PlanCallFailure::Failed(reason)) => {
            status.state = PlanState::Failed;
            status.reason = Some(reason);
        }
    }
    status
}

/// Returns the words for an IAM action that the keys lack.
pub fn lacks_permission(permission: &str) -> Text {
    text!("the keys lack the permission {permission}", "密钥缺少权限 {permission}")
}

fn is_running(plan: &PersonalPlan) -> bool {
    plan.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("running"))
}

/// Returns a name, if it is one.
pub(super) fn named(name: Option<String>) -> Option<String> {
    name.filter(|name| !name.trim().is_empty())
}

fn members(other: &OtherMembers) -> Vec<(String, String)> {
    other.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn of_agent(usage: AfpUsage) -> PlanUsage {
    let is_unreadable = usage.other.iter().any(|(name, _)| name.starts_with("AFP"));
    PlanUsage {
        is_subscribed: usage.is_subscribed(),
        is_unreadable,
        windows: agent_windows(&usage.windows),
        plan_type: named(Some(usage.plan_type)),
        status: None,
        other: usage.other,
    }
}

/// Returns the windows of an Agent Plan in order; one with another name keeps it.
pub(super) fn agent_windows(windows: &AfpWindows) -> Vec<PlanWindow> {
    let named_window = |(name, window): (&str, &AfpWindow)| {
        let kind = match name {
            "AFPFiveHour" => QuotaWindow::Session,
            "AFPDaily" => QuotaWindow::Day,
            "AFPWeekly" => QuotaWindow::Week,
            "AFPMonthly" => QuotaWindow::Month,
            other => QuotaWindow::Other(other.to_owned()),
        };
        agent_window(kind, window)
    };
    in_order(windows.iter().map(named_window).collect())
}

fn agent_window(window: QuotaWindow, found: &AfpWindow) -> PlanWindow {
    PlanWindow {
        used: number(found.used.as_ref()),
        quota: number(found.quota.as_ref()),
        started_at: found.subscribe_time.and_then(milliseconds),
        resets_at: found.reset_time.and_then(milliseconds),
        other_members: members(&found.other),
        ..PlanWindow::new(window)
    }
}

fn of_coding(usage: CodingPlanUsage) -> PlanUsage {
    let is_subscribed = usage.is_subscribed();
    let is_unreadable = usage.other.iter().any(|(name, _)| name == "QuotaUsage");
    PlanUsage {
        windows: in_order(usage.quota_usage.iter().map(coding_window).collect()),
        plan_type: None,
        status: named(usage.status),
        other: usage.other,
        is_subscribed,
        is_unreadable,
    }
}

fn coding_window(found: &CodingPlanWindow) -> PlanWindow {
    let level = found.level.trim();
    let window = match level.to_ascii_lowercase().as_str() {
        "session" => QuotaWindow::Session,
        "daily" => QuotaWindow::Day,
        "weekly" => QuotaWindow::Week,
        "monthly" => QuotaWindow::Month,
        _ => QuotaWindow::Other(level.to_owned()),
    };
    PlanWindow {
        reported_percent: number(found.percent.as_ref()),
        resets_at: found.reset_timestamp.and_then(seconds),
        other_members: members(&found.other),
        ..PlanWindow::new(window)
    }
}

/// Sorts windows by their length; those with other names stay last, as they came.
fn in_order(mut windows: Vec<PlanWindow>) -> Vec<PlanWindow> {
    let place = |window: &PlanWindow| {
        QuotaWindow::KNOWN.iter().position(|known| *known == window.window).unwrap_or(usize::MAX)
    };
    windows.sort_by_key(place);
    windows
}

pub(super) fn number(number: Option<&Decimal>) -> Option<PlanNumber> {
    PlanNumber::read(number?.as_str())
}

fn seconds(at: UnixSeconds) -> Option<Timestamp> {
    Timestamp::from_second(at.instant()?).ok()
}

pub(super) fn milliseconds(at: UnixMilliseconds) -> Option<Timestamp> {
    Timestamp::from_millisecond(at.0).ok().filter(|_| at.0 > 0)
}
