//! The pace a quota is used at, and the time it would be empty.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::number::PlanNumber;
use super::window::{PlanWindow, QuotaWindow};

/// The pace of one window: the mean since its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPace {
    /// The used part of each hour since the start: in the unit of the quota, or in percent where that is all the
    /// service says.
    pub per_hour: PlanNumber,
    /// True where `per_hour` is in percent.
    pub is_percent: bool,
    /// The start of the window.
    pub started_at: Timestamp,
    /// The time at which the quota would be empty; `None` where nothing was used.
    pub empty_at: Option<Timestamp>,
    /// True if that is before the window resets.
    pub is_too_fast: bool,
}

/// The seconds since the start from which a mean says something.
const LEAST_SECONDS: i64 = 60;

/// Returns the pace of a window at `now`; `None` where it has not started, or too little of it is known.
///
/// The method is the mean since the window began: used divided by the time since then, and the rest divided by that.
/// A start that the service does not say is the reset less the length of the window.
pub fn pace(window: &PlanWindow, now: Timestamp, zone: &TimeZone) -> Option<PlanPace> {
    let resets_at = window.resets_at.filter(|at| *at > now)?;
    let started_at = window.started_at.or_else(|| start_of(&window.window, resets_at, zone))?;
    let elapsed = now.as_second().checked_sub(started_at.as_second())?;
    if elapsed < LEAST_SECONDS || !window.applies() {
        return None;
    }
    let (used, left, is_percent) = match (&window.used, window.left()) {
        (Some(used), Some(left)) => (used.value(), left.value(), false),
        _ => (window.percent()?.value(), window.left_percent()?.value(), true),
    };
    let seconds = Decimal::from(elapsed);
    let per_hour = used.checked_mul(Decimal::from(3_600))?.checked_div(seconds)?;
    let until_empty = left.checked_mul(seconds).and_then(|left| left.checked_div(used));
    let until_empty = until_empty.and_then(|seconds| i64::try_from(seconds.trunc()).ok());
    let empty_at = until_empty
        .and_then(|seconds| now.as_second().checked_add(seconds))
        .and_then(|at| Timestamp::from_second(at).ok());
    Some(PlanPace {
        per_hour: PlanNumber::computed(per_hour),
        is_percent,
        started_at,
        empty_at,
        is_too_fast: empty_at.is_some_and(|at| at < resets_at),
    })
}

/// Returns the start of a window by its length. A month is one of the calendar.
fn start_of(window: &QuotaWindow, end: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    const HOUR: i64 = 3_600;
    let hours = match window {
        QuotaWindow::Session => 5,
        QuotaWindow::Day => 24,
        QuotaWindow::Week => 7 * 24,
        QuotaWindow::Month => return month_before(end, zone),
        QuotaWindow::Other(_) => return None,
    };
    Timestamp::from_second(end.as_second().checked_sub(hours * HOUR)?).ok()
}

fn month_before(end: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let local: DateTime = end.to_zoned(zone.clone()).datetime();
    let before = local.checked_sub(jiff::Span::new().try_months(1).ok()?).ok()?;
    before.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}
