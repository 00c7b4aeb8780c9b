//! `plan -f json`: every plan and every window, every key always there.

use ark_usage_report::ReportError;
use ark_usage_report::plan::{PlanNumber, PlanStatus, PlanWindow};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::PlanReport;
use crate::document::{WarningDocument, unwritable};
use crate::serialized;

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/plan";
const SCHEMA_VERSION: u32 = 1;

/// Writes the document.
pub fn json(report: &PlanReport<'_>) -> Result<Vec<u8>, ReportError> {
    let windows = report.plans.iter().flat_map(|status| {
        let windows = status.shown_windows(report.daily);
        windows.map(move |window| window_document(report, status, window))
    });
    let document = PlansDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: report
            .rfc3339(Timestamp::from_second(report.now.as_second()).unwrap_or_default()),
        tz: report.zone_name,
        demo: report.demo,
        plans: report.plans.iter().map(plan_document).collect(),
        windows: windows.collect::<Result<_, _>>()?,
        warnings: WarningDocument::all(report.warnings),
    };
    serialized(&document, true)
}

#[derive(Serialize)]
struct PlansDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    tz: &'a str,
    demo: bool,
    plans: Vec<PlanEntry<'a>>,
    windows: Vec<WindowEntry<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct PlanEntry<'a> {
    plan: &'static str,
    account_id: Option<&'a str>,
    #[serde(rename = "type")]
    plan_type: Option<&'a str>,
    state: &'static str,
}

/// A window. Numbers have every digit they came with.
#[derive(Serialize)]
struct WindowEntry<'a> {
    plan: &'static str,
    account_id: Option<&'a str>,
    window: &'a str,
    used: Option<Box<RawValue>>,
    quota: Option<Box<RawValue>>,
    percent: Option<Box<RawValue>>,
    left: Option<Box<RawValue>>,
    resets_at: Option<String>,
}

fn plan_document(status: &PlanStatus) -> PlanEntry<'_> {
    PlanEntry {
        plan: status.plan.name(),
        account_id: status.account_id.as_deref(),
        plan_type: status.plan_type.as_deref(),
        state: status.state.name(),
    }
}

fn window_document<'a>(
    report: &PlanReport<'_>,
    status: &'a PlanStatus,
    window: &'a PlanWindow,
) -> Result<WindowEntry<'a>, ReportError> {
    Ok(WindowEntry {
        plan: status.plan.name(),
        account_id: status.account_id.as_deref(),
        window: window.window.name(),
        used: raw(window.used.as_ref())?,
        quota: raw(window.quota.as_ref())?,
        percent: raw(window.percent().as_ref())?,
        left: raw(window.left().as_ref())?,
        resets_at: window.resets_at.map(|at| report.rfc3339(at)),
    })
}

/// Returns a number as it stands in a document.
pub(crate) fn raw(number: Option<&PlanNumber>) -> Result<Option<Box<RawValue>>, ReportError> {
    let raw = |number: &PlanNumber| RawValue::from_string(number.as_str().to_owned());
    number.map(raw).transpose().map_err(unwritable)
}
