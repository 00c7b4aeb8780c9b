//! `plan --usage`: usage by model, and the pace of each window.

use std::borrow::Cow;

use ark_usage_report::chart_data::grouped;
use ark_usage_report::plan::{
    PlanKind, PlanPace, PlanState, PlanStatus, PlanUsageRow, PlanWindow, incomplete_objects, pace,
    usage_totals,
};
use ark_usage_report::{Lang, ReportError, Scope, Text, text};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{PlanReport, duration_words, in_threes, percent_text, raw};
use crate::csv::records;
use crate::document::WarningDocument;
use crate::grid::{Cell, Grid};
use crate::harmless::{csv_cell, document_lines};
use crate::mark::marks;
use crate::screen::Screen;
use crate::serialized;
use crate::table::NOTHING;

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/plan-usage";
const SCHEMA_VERSION: u32 = 1;

/// The method of paces; docs/plan.md describes it.
const METHOD: &str = "mean_since_window_start";

/// The code of the warning that the usage of a plan could not be fetched, or not all of it.
pub const PLAN_USAGE_FAILED: &str = "plan_usage_failed";

/// The usage of plans in a range.
#[derive(Debug)]
pub struct PlanUsage<'a> {
    /// The plans, their time and zone, and the warnings.
    pub report: PlanReport<'a>,
    /// The usage of each day.
    pub rows: &'a [PlanUsageRow],
    /// The first second of the range, unix time.
    pub start: i64,
    /// The first second behind the range, unix time.
    pub end: i64,
}

impl PlanUsage<'_> {
    fn time(&self, unix: i64) -> String {
        self.report.rfc3339(Timestamp::from_second(unix).unwrap_or_default())
    }

    /// The windows that limit a plan and have a pace.
    fn paces(&self) -> impl Iterator<Item = (&PlanStatus, &PlanWindow, PlanPace)> {
        let windows = self
            .report
            .plans
            .iter()
            .flat_map(|status| status.limiting_windows().map(move |window| (status, window)));
        windows.filter_map(|(status, window)| {
            Some((status, window, pace(window, self.report.now, self.report.zone)?))
        })
    }
}

/// Writes the document.
pub fn usage_json(usage: &PlanUsage<'_>) -> Result<Vec<u8>, ReportError> {
    let paces =
        usage.paces().map(|(status, window, pace)| pace_entry(usage, status, window, &pace));
    let document = PlanUsageDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: usage.time(usage.report.now.as_second()),
        tz: usage.report.zone_name,
        demo: usage.report.demo,
        start: usage.time(usage.start),
        end: usage.time(usage.end),
        rows: usage.rows.iter().map(|row| usage_entry(usage, row)).collect(),
        paces: paces.collect::<Result<_, _>>()?,
        warnings: WarningDocument::all(usage.report.warnings),
    };
    serialized(&document, true)
}

#[derive(Serialize)]
struct PlanUsageDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    tz: &'a str,
    demo: bool,
    start: String,
    /// First instant after the range.
    end: String,
    rows: Vec<UsageEntry<'a>>,
    paces: Vec<PaceEntry<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct UsageEntry<'a> {
    plan: &'static str,
    account_id: Option<&'a str>,
    start: Option<String>,
    object: &'a str,
    unit: &'a str,
    billing: &'a str,
    value: Option<i128>,
}

#[derive(Serialize)]
struct PaceEntry<'a> {
    plan: &'static str,
    account_id: Option<&'a str>,
    window: &'a str,
    method: &'static str,
    started_at: String,
    per_hour: Option<Box<RawValue>>,
    unit: &'static str,
    empty_at: Option<String>,
    before_reset: bool,
}

fn usage_entry<'a>(usage: &PlanUsage<'_>, row: &'a PlanUsageRow) -> UsageEntry<'a> {
    UsageEntry {
        plan: row.plan.name(),
        account_id: row.account_id.as_deref(),
        start: row.start.map(|start| usage.time(start)),
        object: &row.object,
        unit: &row.unit,
        billing: &row.billing,
        value: row.value,
    }
}

fn pace_entry<'a>(
    usage: &PlanUsage<'_>,
    status: &'a PlanStatus,
    window: &'a PlanWindow,
    pace: &PlanPace,
) -> Result<PaceEntry<'a>, ReportError> {
    Ok(PaceEntry {
        plan: status.plan.name(),
        account_id: status.account_id.as_deref(),
        window: window.window.name(),
        method: METHOD,
        started_at: usage.report.rfc3339(pace.started_at),
        per_hour: raw(Some(&pace.per_hour))?,
        unit: if pace.is_percent { "percent" } else { "afp" },
        empty_at: pace.empty_at.map(|at| usage.report.rfc3339(at)),
        before_reset: pace.is_too_fast,
    })
}

/// Writes a line for each day, model, unit and billing.
pub fn usage_csv(usage: &PlanUsage<'_>) -> Result<Vec<u8>, ReportError> {
    let head = ["plan", "account_id", "start", "object", "unit", "billing", "value"];
    let text = |text: &str| Cow::Owned(csv_cell(text));
    let line = |row: &PlanUsageRow| {
        vec![
            Cow::Borrowed(row.plan.name()),
            text(row.account_id.as_deref().unwrap_or_default()),
            Cow::Owned(row.start.map(|start| usage.time(start)).unwrap_or_default()),
            text(&row.object),
            text(&row.unit),
            text(&row.billing),
            Cow::Owned(row.value.map(|value| value.to_string()).unwrap_or_default()),
        ]
    };
    let lines = usage.rows.iter().map(line);
    records(std::iter::once(head.map(Cow::Borrowed).to_vec()).chain(lines))
}

/// Draws the sums of the range by model, and below them the pace of each window.
pub fn usage_table(usage: &PlanUsage<'_>, screen: Screen, lang: Lang) -> Vec<u8> {
    let totals = totals(usage, lang);
    let mut text = if totals.lines.is_empty() {
        lang.pick("no usage of a plan received\n", "没有收到套餐用量\n").to_owned()
    } else {
        totals.fitted(3, screen, lang)
    };
    text.push_str(&not_counted(usage, lang));
    if usage.rows.iter().any(|row| row.plan == PlanKind::Coding) {
        text.push_str(lang.pick(
            "Coding Plan: usage with the billing status free_for_coding_plan\n",
            "Coding Plan：计费状态为 free_for_coding_plan 的用量\n",
        ));
    }
    let paces = paces(usage, lang);
    if !paces.lines.is_empty() {
        text.push('\n');
        text.push_str(&paces.fitted(2, screen, lang));
        text.push_str(lang.pick(
            "pace: mean since the window began; empty: the rest at that pace (estimates)\n",
            "速度：自窗口开始以来的平均值；用完时间：余量按此速度推算（均为估计值）\n",
        ));
    }
    (text + &marks(usage.report.warnings, lang)).into_bytes()
}

/// Returns a line for each plan without a usage, and for what the sums leave out.
fn not_counted(usage: &PlanUsage<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    for status in usage.report.plans.iter().filter(|one| one.state == PlanState::NotSubscribed) {
        let plan = status.described();
        lines.push(text!("{plan}: not subscribed", "{plan}：未订阅"; plan = plan));
    }
    let warnings = usage.report.warnings.iter();
    let left_out = warnings.filter(|(code, _)| [PLAN_USAGE_FAILED, Scope::WARNING].contains(code));
    lines.extend(left_out.map(|(_, message)| {
        text!("not counted: {message}", "未统计：{message}"; message = message.clone())
    }));
    let objects = incomplete_objects(usage.rows);
    if !objects.is_empty() {
        let objects = objects.into_iter().collect::<Vec<_>>().join(", ");
        lines.push(text!(
            "without a value on some days, which count nothing: {objects}",
            "某些天没有数值、未计入：{objects}"
        ));
    }
    let line = |line: &Text| document_lines(&format!("{}\n", line.in_lang(lang))).into_owned();
    lines.iter().map(line).collect()
}

fn totals(usage: &PlanUsage<'_>, lang: Lang) -> Grid {
    let head = vec![
        Cell::text(lang.pick("plan", "套餐")),
        Cell::text(lang.pick("model", "模型")),
        Cell::text(lang.pick("billing", "计费")),
        Cell::text(lang.pick("unit", "单位")),
        Cell::number(lang.pick("used", "用量")),
    ];
    let line = |row: &PlanUsageRow| {
        let plan = match &row.profile {
            Some(profile) => format!("{} ({profile})", row.plan.title()),
            None => row.plan.title().to_owned(),
        };
        vec![
            Cell::text(&plan),
            Cell::text(&row.object),
            Cell::text(row.billing_words(lang)),
            Cell::text(&row.unit),
            Cell::number(&row.value.map_or_else(|| NOTHING.to_owned(), grouped)),
        ]
    };
    // A sum of 0 or of nothing tells little about a model; documents have it.
    let totals = usage_totals(usage.rows);
    let of_object = |row: &PlanUsageRow| {
        totals.iter().any(|other| other.object == row.object && other.value.is_some())
    };
    let shown =
        totals.iter().filter(|row| row.value.map_or_else(|| !of_object(row), |sum| sum != 0));
    Grid { head, lines: shown.map(line).collect() }
}

fn paces(usage: &PlanUsage<'_>, lang: Lang) -> Grid {
    let head = vec![
        Cell::text(lang.pick("plan", "套餐")),
        Cell::text(lang.pick("window", "窗口")),
        Cell::number(lang.pick("pace per hour", "每小时速度")),
        Cell::text(lang.pick("at this pace empty", "按此速度用完")),
        Cell::text(lang.pick("resets in", "距重置")),
    ];
    let line = |(status, window, pace): (&PlanStatus, &PlanWindow, PlanPace)| {
        let plan = status.described();
        let resets = window.resets_in(usage.report.now);
        vec![
            Cell::text(plan.in_lang(lang)),
            Cell::text(window.window.words(lang)),
            Cell::number(&speed(&pace)),
            Cell::text(&empty(usage, &pace, lang)),
            Cell::text(
                &resets.map_or_else(|| NOTHING.to_owned(), |left| duration_words(left, lang)),
            ),
        ]
    };
    Grid { head, lines: usage.paces().map(line).collect() }
}

fn speed(pace: &PlanPace) -> String {
    if pace.is_percent {
        return format!("{} %", percent_text(&pace.per_hour));
    }
    // Four digits behind the point, as the service has them.
    let text = in_threes(&pace.per_hour);
    let end = text.find('.').map_or(text.len(), |point| text.len().min(point + 5));
    format!("{} AFP", text.get(..end).unwrap_or(&text))
}

fn empty(usage: &PlanUsage<'_>, pace: &PlanPace, lang: Lang) -> String {
    let Some(at) = pace.empty_at else {
        return lang.pick("never", "不会").to_owned();
    };
    if !pace.is_too_fast {
        return lang.pick("not before the reset", "重置前不会").to_owned();
    }
    let time = at.to_zoned(usage.report.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    lang.pick(format!("on {time}"), time.clone())
}
