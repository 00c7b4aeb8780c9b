//! `plan -f csv`: a line for each window, and one for each plan without any.

use std::borrow::Cow;

use ark_usage_report::ReportError;
use ark_usage_report::plan::{PlanNumber, PlanStatus, PlanWindow};

use super::PlanReport;
use crate::csv::records;
use crate::harmless::csv_cell;

const COLUMNS: [&str; 10] = [
    "plan",
    "account_id",
    "type",
    "state",
    "window",
    "used",
    "quota",
    "percent",
    "left",
    "resets_at",
];

/// Writes the lines, with the names of the columns first.
pub fn csv(report: &PlanReport<'_>) -> Result<Vec<u8>, ReportError> {
    let mut lines = vec![COLUMNS.map(Cow::Borrowed).to_vec()];
    for status in report.plans {
        let before = lines.len();
        for window in status.shown_windows(report.daily) {
            lines.push(line(report, status, Some(window)));
        }
        if lines.len() == before {
            lines.push(line(report, status, None));
        }
    }
    records(lines)
}

fn line(
    report: &PlanReport<'_>,
    status: &PlanStatus,
    window: Option<&PlanWindow>,
) -> Vec<Cow<'static, str>> {
    let text = |text: Option<&str>| Cow::Owned(text.map(csv_cell).unwrap_or_default());
    let number = |number: Option<PlanNumber>| {
        Cow::Owned(number.map(|number| number.as_str().to_owned()).unwrap_or_default())
    };
    let resets_at = window.and_then(|window| window.resets_at).map(|at| report.rfc3339(at));
    vec![
        Cow::Borrowed(status.plan.name()),
        text(status.account_id.as_deref()),
        text(status.plan_type.as_deref()),
        Cow::Borrowed(status.state.name()),
        text(window.map(|window| window.window.name())),
        number(window.and_then(|window| window.used.clone())),
        number(window.and_then(|window| window.quota.clone())),
        number(window.and_then(PlanWindow::percent)),
        number(window.and_then(PlanWindow::left)),
        Cow::Owned(resets_at.unwrap_or_default()),
    ]
}
