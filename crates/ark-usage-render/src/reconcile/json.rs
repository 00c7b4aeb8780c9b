//! For programs: every check, every key always there.

use crate::document::WarningDocument;
use serde::Serialize;

use super::{Reconciliation, is_open};
use crate::{QueryScope, SiteEcho, serialized};
use ark_usage_report::ReportError;
use ark_usage_report::reconciliation::{Check, CheckVerdict, Side};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/reconcile";
const SCHEMA_VERSION: u32 = 1;

/// Writes the document.
pub fn json(answer: &Reconciliation<'_>) -> Result<Vec<u8>, ReportError> {
    let window = answer.range.window;
    let document = ReconciliationDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: answer.range.rfc3339(answer.generated_at),
        query: ReconciledQuery {
            start: answer.range.rfc3339(window.first()),
            end: answer.range.rfc3339(window.end()),
            last: answer.range.rfc3339(window.last()),
            tz: &answer.range.zone_name,
            site: answer.query.site,
            about: answer.query.scope,
        },
        summary: summary(answer),
        checks: answer.checks.iter().map(|check| check_document(answer, check)).collect(),
        warnings: WarningDocument::all(answer.warnings),
    };
    serialized(&document, true)
}

#[derive(Serialize)]
struct ReconciliationDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    query: ReconciledQuery<'a>,
    summary: Summary,
    checks: Vec<CheckDocument<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct ReconciledQuery<'a> {
    /// Start of the first day.
    start: String,
    /// First instant after the last day.
    end: String,
    /// Start of the last day.
    last: String,
    tz: &'a str,
    #[serde(flatten)]
    site: SiteEcho,
    #[serde(flatten)]
    about: QueryScope<'a>,
}

#[derive(Serialize)]
struct Summary {
    checks: usize,
    equal: usize,
    differs: usize,
    settling: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    check: &'static str,
    start: String,
    /// First instant after the day.
    end: String,
    start_unix: i64,
    end_unix: i64,
    profile: Option<&'a str>,
    project: Option<&'a str>,
    metric: Option<&'a str>,
    whole: SideDocument,
    parts: SideDocument,
    /// Parts less whole.
    difference: Option<i128>,
    verdict: &'static str,
    /// Commands that show both sides; of what is equal, none.
    queries: Vec<String>,
}

#[derive(Serialize)]
struct SideDocument {
    value: Option<i128>,
    state: &'static str,
    buckets: Buckets,
}

#[derive(Serialize)]
struct Buckets {
    wanted: usize,
    received: usize,
}

fn summary(answer: &Reconciliation<'_>) -> Summary {
    let count = |verdict| answer.count(|check| check.verdict() == verdict);
    Summary {
        checks: answer.checks.len(),
        equal: count(CheckVerdict::Equal),
        differs: count(CheckVerdict::Differs),
        settling: count(CheckVerdict::Settling),
        unknown: count(CheckVerdict::Unknown),
    }
}

fn check_document<'a>(answer: &Reconciliation<'a>, check: &'a Check) -> CheckDocument<'a> {
    let end = check.start + answer.range.window.interval().seconds();
    CheckDocument {
        check: check.kind.name(),
        start: answer.range.rfc3339(check.start),
        end: answer.range.rfc3339(end),
        start_unix: check.start,
        end_unix: end,
        profile: answer.profile(check),
        project: answer.project(check),
        metric: check.metric.as_ref().map(ark_usage_model::Metric::as_str),
        whole: side(check.whole),
        parts: side(check.parts),
        difference: check.difference(),
        verdict: check.verdict().name(),
        queries: if is_open(check) { (answer.commands)(check) } else { Vec::new() },
    }
}

fn side(side: Side) -> SideDocument {
    let Side { value, state, wanted, received } = side;
    SideDocument { value, state: state.name(), buckets: Buckets { wanted, received } }
}
