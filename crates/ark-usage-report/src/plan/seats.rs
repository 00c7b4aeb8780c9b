//! Seats of a team: who has which seat, and what is left of it.

use std::collections::BTreeMap;

use ark_usage_model::get_seat_afp_usage::SeatAfpUsage;
use ark_usage_model::get_seat_info_usage::SeatInfoUsage;
use ark_usage_model::list_seat_infos::SeatInfo;
use ark_usage_model::{Decimal, UnixMilliseconds};

use super::PlanKind;
use super::reading::{agent_windows, milliseconds, named, number};
use super::window::{PlanWindow, QuotaWindow};

/// A seat of a team's plan. The text of its API key is never part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanSeat {
    /// The plan.
    pub plan: PlanKind,
    /// The number of the account that has the seat.
    pub account_id: Option<String>,
    /// The profile of the account, where one was named.
    pub profile: Option<String>,
    /// The project.
    pub project: Option<String>,
    /// The id of the seat.
    pub seat_id: String,
    /// The name of its user, else the user's id.
    pub user: Option<String>,
    /// The kind of seat, such as `Pro`, as it came.
    pub seat_type: Option<String>,
    /// The state of the seat as the service names it.
    pub status: Option<String>,
    /// The billing status: 1 not paid for, 2 running, 3 expired, 4 taken back.
    pub billing_status: Option<i64>,
    /// The windows of its quota; empty where its usage is not known.
    pub windows: Vec<PlanWindow>,
}

/// The use of a seat in its current windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "something was used, nothing was, or it is unknown")]
pub enum SeatUse {
    /// Something was used in some window.
    Used,
    /// Nothing was used in any window.
    Unused,
    /// Some window is unknown, and the others were not used.
    Unknown,
}

impl PlanSeat {
    fn new(plan: PlanKind, seat_id: String) -> Self {
        Self {
            plan,
            account_id: None,
            profile: None,
            project: None,
            seat_id,
            user: None,
            seat_type: None,
            status: None,
            billing_status: None,
            windows: Vec::new(),
        }
    }

    /// Returns the use of the seat in its current windows.
    pub fn usage(&self) -> SeatUse {
        let is_used = |window: &PlanWindow| {
            let used = window.used.clone().or_else(|| window.percent());
            used.map(|used| !used.value().is_zero())
        };
        let uses: Vec<Option<bool>> = self.windows.iter().map(is_used).collect();
        if uses.contains(&Some(true)) {
            SeatUse::Used
        } else if uses.is_empty() || uses.contains(&None) {
            SeatUse::Unknown
        } else {
            SeatUse::Unused
        }
    }

    /// Returns the windows, with the day of the Agent Plan only where `daily` wants it.
    pub fn shown_windows(&self, daily: bool) -> impl Iterator<Item = &PlanWindow> {
        let is_daily = |window: &&PlanWindow| {
            self.plan == PlanKind::Agent && window.window == QuotaWindow::Day
        };
        self.windows.iter().filter(move |window| daily || !is_daily(window))
    }
}

/// Returns the seats of an Agent Plan. A seat of which only one of the two responses tells is kept.
pub fn agent_seats(infos: &[SeatInfo], usages: &[SeatAfpUsage]) -> Vec<PlanSeat> {
    let mut seats = listed(PlanKind::Agent, infos);
    for usage in usages {
        let Some(id) = named(usage.seat_id.clone()) else { continue };
        let seat = seats.entry(id.clone()).or_insert_with(|| PlanSeat::new(PlanKind::Agent, id));
        let user = named(usage.user_name.clone()).or_else(|| named(usage.user_id.clone()));
        seat.user = seat.user.take().or(user);
        seat.seat_type = named(Some(usage.plan_type.clone())).or_else(|| seat.seat_type.take());
        seat.windows = agent_windows(&usage.windows);
    }
    seats.into_values().collect()
}

/// Returns the seats of a Coding Plan. A seat of which only one of the two responses tells is kept.
pub fn coding_seats(infos: &[SeatInfo], usages: &[SeatInfoUsage]) -> Vec<PlanSeat> {
    let mut seats = listed(PlanKind::Coding, infos);
    for usage in usages {
        let Some(id) = named(usage.seat_id.clone()) else { continue };
        let seat = seats.entry(id.clone()).or_insert_with(|| PlanSeat::new(PlanKind::Coding, id));
        let user = named(usage.user_name.clone()).or_else(|| named(usage.user_id.clone()));
        seat.user = seat.user.take().or(user);
        seat.account_id = seat.account_id.take().or_else(|| named(usage.account_id.clone()));
        seat.windows = coding_windows(usage);
    }
    seats.into_values().collect()
}

fn listed(plan: PlanKind, infos: &[SeatInfo]) -> BTreeMap<String, PlanSeat> {
    let seat = |info: &SeatInfo| {
        let id = named(info.seat_id.clone())?;
        let seat = PlanSeat {
            account_id: named(info.account_id.clone()),
            project: named(info.project_name.clone()),
            user: named(info.user_name.clone()).or_else(|| named(info.user_id.clone())),
            seat_type: named(info.biz_info.clone()),
            status: named(info.seat_status.clone()),
            billing_status: info.billing_status,
            ..PlanSeat::new(plan, id.clone())
        };
        Some((id, seat))
    };
    infos.iter().filter_map(seat).collect()
}

fn coding_windows(usage: &SeatInfoUsage) -> Vec<PlanWindow> {
    let window = |kind, percent: &Option<Decimal>, resets_at: Option<UnixMilliseconds>| {
        let percent = number(percent.as_ref());
        let resets_at = resets_at.and_then(milliseconds);
        (percent.is_some() || resets_at.is_some()).then(|| PlanWindow {
            reported_percent: percent,
            resets_at,
            ..PlanWindow::new(kind)
        })
    };
    let month = window(QuotaWindow::Month, &usage.monthly_usage, usage.monthly_reset_milestone);
    let started_at = usage.monthly_subscribe_milestone.and_then(milliseconds);
    let windows = [
        window(QuotaWindow::Session, &usage.short_term_usage, usage.short_term_reset_milestone),
        window(QuotaWindow::Week, &usage.weekly_usage, usage.weekly_reset_milestone),
        month.map(|month| PlanWindow { started_at, ..month }),
    ];
    windows.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn seats_are_joined_by_id_and_none_is_lost() {
        let infos: Vec<SeatInfo> = read(
            r#"[{"SeatID":"s1","UserName":"ann","BizInfo":"Pro","SeatStatus":"active","ApiKey":"not-to-be-kept"},
            {"SeatID":"s2"},{"UserName":"nobody"}]"#,
        );
        let usages: Vec<SeatInfoUsage> = read(
            r#"[{"SeatID":"s1","ShortTermUsage":"0.5","ShortTermResetMilestone":-1,"WeeklyUsage":101},
            {"SeatID":"s3","UserID":"u3","MonthlyUsage":7}]"#,
        );
        let seats = coding_seats(&infos, &usages);
        let ids: Vec<&str> = seats.iter().map(|seat| seat.seat_id.as_str()).collect();
        assert_eq!(ids, ["s1", "s2", "s3"]);
        assert_eq!((seats[0].user.as_deref(), seats[2].user.as_deref()), (Some("ann"), Some("u3")));
        let percents: Vec<_> = seats[0]
            .windows
            .iter()
            .map(|window| window.percent().unwrap().as_str().to_owned())
            .collect();
        assert_eq!(percents, ["0.5", "101"]);
        assert_eq!(seats[0].windows[0].resets_at, None);
        assert!(!format!("{seats:?}").contains("not-to-be-kept"));
    }

    #[test]
    fn seats_of_an_agent_plan_have_quotas() {
        let usages: Vec<SeatAfpUsage> = read(
            r#"[{"SeatID":"a1","UserName":"bo","PlanType":"Medium","AFPDaily":{"Quota":5,"Used":1},
            "AFPWeekly":{"Quota":"35000","Used":4.1392,"ResetTime":1787155199999}}]"#,
        );
        let seats = agent_seats(&[], &usages);
        assert_eq!(seats[0].seat_type.as_deref(), Some("Medium"));
        assert_eq!(
            (seats[0].shown_windows(false).count(), seats[0].shown_windows(true).count()),
            (1, 2)
        );
        assert_eq!(seats[0].windows[1].left().unwrap().as_str(), "34995.8608");
    }
}
