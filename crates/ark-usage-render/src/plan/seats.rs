//! `plan --seats`: the seats of teams with their windows.

use std::borrow::Cow;

use ark_usage_report::plan::{PlanNumber, PlanSeat, PlanWindow, SeatUse};
use ark_usage_report::{Lang, ReportError, Text, text};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::table::{left, number_cell, percent_cell, resets_in};
use super::{PlanReport, raw};
use crate::csv::records;
use crate::document::WarningDocument;
use crate::grid::{Cell, Grid};
use crate::harmless::{csv_cell, document_lines};
use crate::mark::marks;
use crate::screen::Screen;
use crate::serialized;

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/plan-seats";
const SCHEMA_VERSION: u32 = 1;

/// Writes the document about the seats of a project. The plans of the report are not part of it.
pub fn seats_json(
    report: &PlanReport<'_>,
    project: &str,
    seats: &[PlanSeat],
) -> Result<Vec<u8>, ReportError> {
    let windows = seats.iter().flat_map(|seat| {
        let windows = seat.shown_windows(report.daily);
        windows.map(move |window| seat_window(report, seat, window))
    });
    let now = Timestamp::from_second(report.now.as_second()).unwrap_or_default();
    let document = SeatsDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: report.rfc3339(now),
        tz: report.zone_name,
        demo: report.demo,
        project,
        seats: seats.iter().map(seat_entry).collect(),
        windows: windows.collect::<Result<_, _>>()?,
        warnings: WarningDocument::all(report.warnings),
    };
    serialized(&document, true)
}

#[derive(Serialize)]
struct SeatsDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    tz: &'a str,
    demo: bool,
    project: &'a str,
    seats: Vec<SeatEntry<'a>>,
    windows: Vec<SeatWindow<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct SeatEntry<'a> {
    plan: &'static str,
    account_id: Option<&'a str>,
    project: Option<&'a str>,
    seat_id: &'a str,
    user: Option<&'a str>,
    #[serde(rename = "type")]
    seat_type: Option<&'a str>,
    status: Option<&'a str>,
    billing_status: Option<i64>,
}

#[derive(Serialize)]
struct SeatWindow<'a> {
    plan: &'static str,
    account_id: Option<&'a str>,
    seat_id: &'a str,
    window: &'a str,
    used: Option<Box<RawValue>>,
    quota: Option<Box<RawValue>>,
    percent: Option<Box<RawValue>>,
    left: Option<Box<RawValue>>,
    resets_at: Option<String>,
}

fn seat_entry(seat: &PlanSeat) -> SeatEntry<'_> {
    SeatEntry {
        plan: seat.plan.name(),
        account_id: seat.account_id.as_deref(),
        project: seat.project.as_deref(),
        seat_id: &seat.seat_id,
        user: seat.user.as_deref(),
        seat_type: seat.seat_type.as_deref(),
        status: seat.status.as_deref(),
        billing_status: seat.billing_status,
    }
}

fn seat_window<'a>(
    report: &PlanReport<'_>,
    seat: &'a PlanSeat,
    window: &'a PlanWindow,
) -> Result<SeatWindow<'a>, ReportError> {
    Ok(SeatWindow {
        plan: seat.plan.name(),
        account_id: seat.account_id.as_deref(),
        seat_id: &seat.seat_id,
        window: window.window.name(),
        used: raw(window.used.as_ref())?,
        quota: raw(window.quota.as_ref())?,
        percent: raw(window.percent().as_ref())?,
        left: raw(window.left().as_ref())?,
        resets_at: window.resets_at.map(|at| report.rfc3339(at)),
    })
}

/// Writes a line for each window, and one for each seat without any.
pub fn seats_csv(report: &PlanReport<'_>, seats: &[PlanSeat]) -> Result<Vec<u8>, ReportError> {
    let head = [
        "plan",
        "account_id",
        "project",
        "seat_id",
        "user",
        "type",
        "status",
        "window",
        "used",
        "quota",
        "percent",
        "left",
        "resets_at",
    ];
    let mut lines = vec![head.map(Cow::Borrowed).to_vec()];
    for seat in seats {
        let before = lines.len();
        lines.extend(
            seat.shown_windows(report.daily).map(|window| csv_line(report, seat, Some(window))),
        );
        if lines.len() == before {
            lines.push(csv_line(report, seat, None));
        }
    }
    records(lines)
}

fn csv_line(
    report: &PlanReport<'_>,
    seat: &PlanSeat,
    window: Option<&PlanWindow>,
) -> Vec<Cow<'static, str>> {
    let text = |text: Option<&str>| Cow::Owned(text.map(csv_cell).unwrap_or_default());
    let number = |number: Option<PlanNumber>| {
        Cow::Owned(number.map(|number| number.as_str().to_owned()).unwrap_or_default())
    };
    let resets_at = window.and_then(|window| window.resets_at).map(|at| report.rfc3339(at));
    vec![
        Cow::Borrowed(seat.plan.name()),
        text(seat.account_id.as_deref()),
        text(seat.project.as_deref()),
        text(Some(&seat.seat_id)),
        text(seat.user.as_deref()),
        text(seat.seat_type.as_deref()),
        text(seat.status.as_deref()),
        text(window.map(|window| window.window.name())),
        number(window.and_then(|window| window.used.clone())),
        number(window.and_then(|window| window.quota.clone())),
        number(window.and_then(PlanWindow::percent)),
        number(window.and_then(PlanWindow::left)),
        Cow::Owned(resets_at.unwrap_or_default()),
    ]
}

/// Draws a line for each window of each seat of a project, and their number.
pub fn seats_table(
    report: &PlanReport<'_>,
    project: &str,
    seats: &[PlanSeat],
    screen: Screen,
    lang: Lang,
) -> Vec<u8> {
    if seats.is_empty() {
        let text = if report.warnings.is_empty() {
            text!("no seats in project {project}\n", "项目 {project} 中没有席位\n")
        } else {
            text!("no seats received of project {project}\n", "没有收到项目 {project} 的任何席位\n")
        };
        let text = document_lines(text.in_lang(lang)).into_owned();
        return (text + &marks(report.warnings, lang)).into_bytes();
    }
    let head = vec![
        Cell::text(lang.pick("plan", "套餐")),
        Cell::text(lang.pick("seat", "席位")),
        Cell::text(lang.pick("user", "用户")),
        Cell::text(lang.pick("window", "窗口")),
        Cell::amount(lang.pick("used", "已用")),
        Cell::amount(lang.pick("quota", "额度")),
        Cell::amount("%"),
        Cell::amount(lang.pick("left", "剩余")),
        Cell::text(lang.pick("resets in", "距重置")),
    ];
    let mut lines = Vec::new();
    for seat in seats {
        let mut windows = seat.shown_windows(report.daily).peekable();
        if windows.peek().is_none() {
            let mut line = about(seat);
            line.push(Cell::text(lang.pick("usage unknown", "用量未知")));
            lines.push(line);
        }
        lines.extend(windows.map(|window| seat_line(report, seat, window, lang)));
    }
    let mut grid = Grid { head, lines };
    if grid.fits(screen, lang) {
        grid.align_amounts();
    }
    let count = seat_count(project, seats);
    let count = document_lines(count.in_lang(lang));
    (grid.fitted(4, screen, lang) + &count + &marks(report.warnings, lang)).into_bytes()
}

/// Returns the number of seats, of those that nothing was used of, and of those that are unknown.
fn seat_count(project: &str, seats: &[PlanSeat]) -> Text {
    let count = |state: SeatUse| seats.iter().filter(|seat| seat.usage() == state).count();
    let (all, unused, unknown) = (seats.len(), count(SeatUse::Unused), count(SeatUse::Unknown));
    let unknown = (unknown > 0).then(|| text!(", {unknown} unknown", "，{unknown} 个用量未知"));
    text!(
        "seats in project {project}: {all}, {unused} of them unused in their current windows{unknown}\n",
        "项目 {project} 的席位：{all} 个，其中 {unused} 个在当前窗口内未使用{unknown}\n";
        unknown = Text::all(unknown)
    )
}

fn about(seat: &PlanSeat) -> Vec<Cell> {
    let kind = seat.seat_type.as_deref().map(|kind| format!(" {kind}")).unwrap_or_default();
    vec![
        Cell::text(&format!("{}{kind}", seat.plan.title())),
        Cell::text(&seat.seat_id),
        Cell::text(seat.user.as_deref().unwrap_or("-")),
    ]
}

fn seat_line(
    report: &PlanReport<'_>,
    seat: &PlanSeat,
    window: &PlanWindow,
    lang: Lang,
) -> Vec<Cell> {
    let mut cells = about(seat);
    cells.push(Cell::text(window.window.words(lang)));
    cells.push(number_cell(window.used.as_ref()));
    cells.push(number_cell(window.quota.as_ref()));
    cells.push(percent_cell(window.percent().as_ref()));
    cells.push(left(window));
    cells.push(Cell::text(&resets_in(report, window, lang)));
    cells
}
