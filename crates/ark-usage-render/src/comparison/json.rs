//! For programs: every check, every key always there.

use ark_usage_model::Metric;
use ark_usage_report::action_comparison::{
    ActionCheck, ActionVerdict, ComparedValue, DifferenceReason,
};
use ark_usage_report::{Lang, ReportError};
use serde::Serialize;

use super::ComparedActions;
use crate::document::WarningDocument;
use crate::{QueryScope, serialized};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/reconcile-actions";
const SCHEMA_VERSION: u32 = 1;

/// Writes the document.
pub fn json(answer: &ComparedActions<'_>) -> Result<Vec<u8>, ReportError> {
    let window = answer.range.window;
    let document = ComparedActionsDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: answer.range.rfc3339(answer.generated_at),
        query: ComparedQuery {
            start: answer.range.rfc3339(window.first()),
            end: answer.range.rfc3339(window.end()),
            last: answer.range.rfc3339(window.last()),
            tz: &answer.range.zone_name,
            api: answer.query.api,
            against: answer.against,
            about: answer.query.scope,
        },
        summary: summary(answer),
        checks: answer.checks().iter().map(|check| check_document(answer, check)).collect(),
        warnings: WarningDocument::all(answer.warnings),
    };
    serialized(&document, true)
}

#[derive(Serialize)]
struct ComparedActionsDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    query: ComparedQuery<'a>,
    summary: VerdictCounts,
    checks: Vec<ActionCheckDocument<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct ComparedQuery<'a> {
    /// Start of the first day.
    start: String,
    /// First instant after the last day.
    end: String,
    /// Start of the last day.
    last: String,
    tz: &'a str,
    /// The action called `here`.
    api: &'a str,
    /// The action called `there`.
    against: &'a str,
    #[serde(flatten)]
    about: QueryScope<'a>,
}

#[derive(Serialize)]
struct VerdictCounts {
    checks: usize,
    equal: usize,
    settling: usize,
    differs: usize,
    only_here: usize,
    only_there: usize,
    unknown: usize,
    /// Values 0 of one action without a row or value of the other, which are no checks.
    idle: usize,
}

#[derive(Serialize)]
struct ActionCheckDocument<'a> {
    start: String,
    /// First instant after the day.
    end: String,
    start_unix: i64,
    end_unix: i64,
    profile: Option<&'a str>,
    project: Option<&'a str>,
    endpoint_id: Option<&'a str>,
    /// The name that both metrics have for people.
    metric: &'static str,
    here: ComparedValueDocument<'a>,
    there: ComparedValueDocument<'a>,
    /// There less here.
    difference: Option<i128>,
    verdict: &'static str,
    reasons: Vec<ReasonDocument<'a>>,
    /// Commands that show both sides; of what is equal, none.
    queries: Vec<String>,
}

#[derive(Serialize)]
struct ComparedValueDocument<'a> {
    metric: &'a str,
    value: Option<i128>,
    state: &'static str,
    answered: bool,
}

#[derive(Serialize)]
struct ReasonDocument<'a> {
    code: &'static str,
    message: String,
    billing_statuses: &'a [String],
}

fn summary(answer: &ComparedActions<'_>) -> VerdictCounts {
    VerdictCounts {
        checks: answer.checks().len(),
        equal: answer.count(ActionVerdict::Equal),
        settling: answer.count(ActionVerdict::Settling),
        differs: answer.count(ActionVerdict::Differs),
        only_here: answer.count(ActionVerdict::OnlyHere),
        only_there: answer.count(ActionVerdict::OnlyThere),
        unknown: answer.count(ActionVerdict::Unknown),
        idle: answer.comparison.idle,
    }
}

fn check_document<'a>(
    answer: &ComparedActions<'a>,
    check: &'a ActionCheck,
) -> ActionCheckDocument<'a> {
    let end = check.start + answer.range.window.interval().seconds();
    let reason = |reason: &'a DifferenceReason| ReasonDocument {
        code: reason.code(),
        message: reason.words(answer.actions()).in_lang(Lang::En).to_owned(),
        billing_statuses: reason.billing_statuses(),
    };
    ActionCheckDocument {
        start: answer.range.rfc3339(check.start),
        end: answer.range.rfc3339(end),
        start_unix: check.start,
        end_unix: end,
        profile: answer.profile(check),
        project: answer.project(check),
        endpoint_id: check.endpoint_id.as_deref(),
        metric: check.metrics.name,
        here: value(&check.metrics.here, check.here),
        there: value(&check.metrics.there, check.there),
        difference: check.difference(),
        verdict: check.verdict.name(),
        reasons: check.reasons.iter().map(reason).collect(),
        queries: if check.is_open() { (answer.commands)(check) } else { Vec::new() },
    }
}

fn value(metric: &Metric, compared: ComparedValue) -> ComparedValueDocument<'_> {
    let ComparedValue { value, state, answered } = compared;
    ComparedValueDocument { metric: metric.as_str(), value, state: state.name(), answered }
}
