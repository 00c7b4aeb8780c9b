//! Ark `GetSeatInfoUsage` and `ListSeatInfoUsages`: the windows of seats of a team's Coding Plan, in
//! percent.

use http::Response;
use serde::Serialize;

use super::Session;
use super::get_coding_plan_usage::{allowance, percent_of};
use super::seats::{Seat, SeatKind, seat_ids};
use super::wire_number::WireNumber;
use crate::behaviors::{SeatMember, SeatPercent, SeatResult};
use crate::calendar::day_of_month;
use crate::data::{PlanWindow, key_tokens};
use crate::errors::Refusal;
use crate::parameters::Parameters;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SeatInfoUsage<'a> {
    #[serde(rename = "SeatID")]
    seat_id: String,
    #[serde(rename = "AccountID")]
    account_id: u64,
    #[serde(rename = "UserID")]
    user_id: u64,
    user_name: &'static str,
    project_name: &'a str,
    short_term_usage: WireNumber,
    weekly_usage: WireNumber,
    monthly_usage: WireNumber,
    /// Milliseconds; -1 for a window that has not begun.
    short_term_reset_milestone: i64,
    weekly_reset_milestone: i64,
    monthly_reset_milestone: i64,
    monthly_subscribe_milestone: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct WrappedUsage<'a> {
    seat_info_usage: SeatInfoUsage<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SeatInfoUsageList<'a> {
    total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Vec<SeatInfoUsage<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<SeatInfoUsage<'a>>>,
}

/// Answers `GetSeatInfoUsage`.
pub(super) fn get(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let id = body.text("SeatID")?.ok_or_else(|| Refusal::missing_parameter("SeatID"))?;
    let project = session.project(body.text("ProjectName")?)?;
    let seats = SeatKind::Coding.seats(session, project);
    let seat = seats.iter().find(|seat| seat.id == id);
    let seat = seat.ok_or_else(|| Refusal::not_found("SeatID", id))?;
    let seat_info_usage = usage(session, seat);
    Ok(match session.behaviors.seats.result {
        SeatResult::Direct => session.about.success(&seat_info_usage),
        SeatResult::Wrapped => session.about.success(&WrappedUsage { seat_info_usage }),
    })
}

/// Answers `ListSeatInfoUsages`.
pub(super) fn list(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let ids = seat_ids(&body)?;
    let project = session.project(body.text("ProjectName")?)?;
    let seats = SeatKind::Coding.seats(session, project);
    let named = |id: &str| seats.iter().find(|seat| seat.id == id);
    let usages: Vec<_> =
        ids.into_iter().filter_map(named).map(|seat| usage(session, seat)).collect();
    let total = usages.len();
    let (data, items) = match session.behaviors.seats.list {
        SeatMember::Data => (Some(usages), None),
        SeatMember::Items => (None, Some(usages)),
    };
    Ok(session.about.success(&SeatInfoUsageList { total, data, items }))
}

fn usage<'a>(session: &Session<'_>, seat: &Seat<'a>) -> SeatInfoUsage<'a> {
    let now = session.now;
    let day = PlanWindow::day(now).start;
    let session_window = PlanWindow::session(now, day);
    let week = PlanWindow::calendar_week(now);
    let month = PlanWindow::month(now, day_of_month(seat.key.created));
    let all = allowance(seat.coding_size());
    let percent = |window: PlanWindow, part| match session.behaviors.seats.percent {
        SeatPercent::Usual => percent_of(
            key_tokens(seat.project, seat.key, window, now, session.adjustments),
            all / part,
        ),
        SeatPercent::Over => 101_000_000,
    };
    let number = |units| WireNumber::new(units, 6, session.behaviors.seats.values);
    let percents = [percent(session_window, 15), percent(week, 2), percent(month, 1)];
    let [short_term, weekly, monthly] = percents;
    let milestone = |window: PlanWindow, percent: u64| {
        if percent == 0 { -1 } else { window.end.saturating_mul(1000) }
    };
    SeatInfoUsage {
        seat_id: seat.id.clone(),
        account_id: session.account.account_id,
        user_id: seat.user_id,
        user_name: seat.user_name,
        project_name: &seat.project.name,
        short_term_usage: number(short_term),
        weekly_usage: number(weekly),
        monthly_usage: number(monthly),
        short_term_reset_milestone: milestone(session_window, short_term),
        weekly_reset_milestone: milestone(week, weekly),
        monthly_reset_milestone: milestone(month, monthly),
        monthly_subscribe_milestone: month.start.saturating_mul(1000),
    }
}
