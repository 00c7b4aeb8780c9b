//! Subscription plans: what each window of a quota has left, and when it resets.
//!
//! Pure: the responses of the service become [`PlanStatus`] values, and everything else is computed from them.
//! Numbers keep every digit they came with. Only what the service does not say is computed: the percent and the
//! rest of a quota.

mod number;
mod pace;
mod reading;
mod seats;
mod usage;
mod warnings;
mod window;

use std::cmp::Ordering;

use crate::lang::{Lang, Text};
use crate::text;

pub use self::number::PlanNumber;
pub use self::pace::{PlanPace, pace};
pub use self::reading::{PlanAnswer, PlanCallFailure, agent_plan, coding_plan, lacks_permission};
pub use self::seats::{PlanSeat, SeatUse, agent_seats, coding_seats};
pub use self::usage::{
    CODING_PLAN_BILLING, PlanUsageRow, agent_usage, coding_usage, details_since,
    incomplete_objects, usage_totals,
};
pub use self::warnings::{
    PLAN_LIMIT_REACHED, PLAN_NOT_ALLOWED, PLAN_TYPE_UNKNOWN, plan_warnings, reached_warnings,
    unknown_members,
};
pub use self::window::{PlanWindow, QuotaWindow};

/// The plans of an account. It may hold both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum PlanKind {
    /// The Agent Plan, whose quotas are counted in AFP.
    Agent,
    /// The Coding Plan, of which only percents are known.
    Coding,
}

impl PlanKind {
    /// Both plans, in the order of outputs.
    pub const ALL: [Self; 2] = [Self::Agent, Self::Coding];

    /// The name in documents and templates.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Coding => "coding",
        }
    }

    /// The vendor's name, the same in both languages.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Agent => "Agent Plan",
            Self::Coding => "Coding Plan",
        }
    }

    /// Returns the plan with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.name() == name)
    }
}

/// The result of asking for a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum PlanState {
    /// The account has the plan.
    Active,
    /// The account does not have the plan: no error.
    NotSubscribed,
    /// The keys may not read the plan.
    NotAllowed,
    /// No usable response was received.
    Failed,
}

impl PlanState {
    /// The name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NotSubscribed => "not-subscribed",
            Self::NotAllowed => "not-allowed",
            Self::Failed => "failed",
        }
    }

    /// The name for people.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Active => lang.pick("active", "生效中"),
            Self::NotSubscribed => lang.pick("not subscribed", "未订阅"),
            Self::NotAllowed => lang.pick("not allowed", "无权限"),
            Self::Failed => lang.pick("failed", "查询失败"),
        }
    }

    /// Returns true if the service said whether there is such a plan.
    pub const fn is_known(self) -> bool {
        matches!(self, Self::Active | Self::NotSubscribed)
    }
}

/// One plan of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStatus {
    /// The plan.
    pub plan: PlanKind,
    /// The number of the account; `None` where STS did not say.
    pub account_id: Option<String>,
    /// The profile of the account, where one was named.
    pub profile: Option<String>,
    /// The result.
    pub state: PlanState,
    /// The kind of plan, such as `medium`, as it came; any text is kept.
    pub plan_type: Option<String>,
    /// The service's own word for the state of the subscription, such as `Running`, as it came.
    pub service_status: Option<String>,
    /// The reason why the plan could not be read.
    pub reason: Option<Text>,
    /// The IAM action that the keys lack to read the type of the plan.
    pub missing_type_permission: Option<String>,
    /// The windows of its quota.
    pub windows: Vec<PlanWindow>,
    /// Members of the response without a meaning that is known, each with its JSON.
    pub other_members: Vec<(String, String)>,
}

impl PlanStatus {
    /// Returns a plan of an unnamed account without windows.
    pub fn new(plan: PlanKind, state: PlanState) -> Self {
        Self {
            plan,
            account_id: None,
            profile: None,
            state,
            plan_type: None,
            service_status: None,
            reason: None,
            missing_type_permission: None,
            windows: Vec::new(),
            other_members: Vec::new(),
        }
    }

    /// Returns true for a window that only `--daily` shows: the day of the Agent Plan holds for some models only,
    /// is often larger than the week, and says nothing about what is left of the plan.
    pub fn is_daily(&self, window: &PlanWindow) -> bool {
        self.plan == PlanKind::Agent && window.window == QuotaWindow::Day
    }

    /// Returns the windows, with the day of the Agent Plan only where `daily` wants it.
    pub fn shown_windows(&self, daily: bool) -> impl Iterator<Item = &PlanWindow> {
        self.windows.iter().filter(move |window| daily || !self.is_daily(window))
    }

    /// Returns the windows that limit the plan: those that apply, without the day of the Agent Plan.
    pub fn limiting_windows(&self) -> impl Iterator<Item = &PlanWindow> {
        self.windows.iter().filter(|window| window.applies() && !self.is_daily(window))
    }

    /// The name of the plan, with the profile of its account where one was named.
    pub fn described(&self) -> Text {
        let title = self.plan.title();
        match &self.profile {
            Some(profile) => text!("{title} of profile {profile}", "profile {profile} 的 {title}"),
            None => Text::same(title),
        }
    }
}

/// A window together with its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowOfPlan<'a> {
    /// The plan.
    pub status: &'a PlanStatus,
    /// The window.
    pub window: &'a PlanWindow,
}

/// Returns the windows that limit any of the plans.
pub fn limiting_windows(plans: &[PlanStatus]) -> impl Iterator<Item = WindowOfPlan<'_>> {
    plans.iter().flat_map(|status| {
        status.limiting_windows().map(move |window| WindowOfPlan { status, window })
    })
}

/// Returns the window with the largest percent, the first of equal ones; `None` where none is known.
pub fn worst_window<'a>(
    windows: impl IntoIterator<Item = WindowOfPlan<'a>>,
) -> Option<WindowOfPlan<'a>> {
    let known = windows.into_iter().filter(|found| found.window.percent().is_some());
    known.reduce(|worst, next| match worst.window.cmp_percent(next.window) {
        Some(Ordering::Less) => next,
        _ => worst,
    })
}

/// The verdict on a threshold in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an exit code belongs to each")]
pub enum ThresholdVerdict {
    /// Some window is at the threshold or over it.
    Reached,
    /// Every window is known and below.
    Below,
    /// No window is known to be over, and some are not known.
    Unknown,
}

/// Compares every window that limits a plan with a threshold. What is known to be over is over, whatever else is
/// unknown.
pub fn threshold_verdict(plans: &[PlanStatus], at: &PlanNumber) -> ThresholdVerdict {
    let mut verdict = ThresholdVerdict::Below;
    let is_open = |status: &PlanStatus| {
        !status.state.is_known() || status.state == PlanState::Active && status.windows.is_empty()
    };
    if plans.iter().any(is_open) {
        verdict = ThresholdVerdict::Unknown;
    }
    for found in limiting_windows(plans) {
        match found.window.reaches(at.value()) {
            Some(true) => return ThresholdVerdict::Reached,
            Some(false) => {}
            None => verdict = ThresholdVerdict::Unknown,
        }
    }
    verdict
}

#[cfg(test)]
mod tests;
