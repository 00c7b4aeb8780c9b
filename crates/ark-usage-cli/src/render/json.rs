//! `-f json`: one document, every key always there, `null` for "not asked or unknown".

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::{Endpoint, EndpointTag};
use ark_usage_model::{Call, Gap, Row, Target, TargetId, Total};
use serde::Serialize;

use super::{Answer, model, serialized};
use crate::error::CliError;

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/rows";
const SCHEMA_VERSION: u32 = 1;

/// Writes the document.
pub(crate) fn json(answer: &Answer<'_>) -> Result<Vec<u8>, CliError> {
    serialized(&document(answer), true)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    query: Query<'a>,
    rows: Vec<RowDocument<'a>>,
    totals: Vec<TotalDocument<'a>>,
    coverage: CoverageDocument<'a>,
    calls: Vec<CallDocument<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct Query<'a> {
    api: &'a str,
    /// Start of the first bucket.
    start: String,
    /// Start of the last bucket, which is included.
    end: String,
    interval: &'static str,
    tz: &'a str,
    by: [&'a str; 0],
    projects: &'a [String],
    endpoint_ids: &'a [String],
    scenes: &'a [String],
    batch_job_id: Option<&'a str>,
    demo: bool,
}

#[derive(Serialize)]
struct RowDocument<'a> {
    start: String,
    /// First instant after the bucket.
    end: String,
    start_unix: i64,
    end_unix: i64,
    profile: Option<&'a str>,
    account_id: Option<&'a str>,
    project: Option<&'a str>,
    endpoint_id: Option<&'a str>,
    scene: Option<&'a str>,
    batch_job_id: Option<&'a str>,
    tags: &'a BTreeMap<String, String>,
    /// Known when the service was asked for a list of endpoints, as are the next two.
    endpoint_name: Option<&'a str>,
    model: Option<String>,
    endpoint_tags: Option<BTreeMap<&'a str, &'a str>>,
    metric: &'a str,
    value: Option<i64>,
    state: &'static str,
    fetched_at: Option<String>,
}

#[derive(Serialize)]
struct TotalDocument<'a> {
    metric: &'a str,
    value: Option<i128>,
    state: &'static str,
}

#[derive(Serialize)]
struct CoverageDocument<'a> {
    complete: bool,
    missing: Vec<GapDocument<'a>>,
}

#[derive(Serialize)]
struct GapDocument<'a> {
    profile: Option<&'a str>,
    project: Option<&'a str>,
    metric: Option<&'a str>,
    start: String,
    /// First instant after the last missing bucket.
    end: String,
    reason: String,
}

#[derive(Serialize)]
struct CallDocument<'a> {
    profile: Option<&'a str>,
    project: Option<&'a str>,
    /// Start of the first bucket asked for.
    start: String,
    /// Start of the last bucket asked for, which is included.
    end: String,
    attempts: u32,
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
struct WarningDocument<'a> {
    code: &'a str,
    message: &'a str,
}

fn document<'a>(answer: &'a Answer<'a>) -> Document<'a> {
    let report = answer.report;
    Document {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: answer.range.rfc3339(answer.generated_at),
        query: query(answer),
        rows: answer.rows.iter().map(|row| row_document(answer, row)).collect(),
        totals: answer.totals.iter().map(total_document).collect(),
        coverage: CoverageDocument {
            complete: report.coverage.complete,
            missing: report.coverage.missing.iter().map(|gap| gap_document(answer, gap)).collect(),
        },
        calls: report.calls.iter().map(|call| call_document(answer, call)).collect(),
        warnings: answer.warnings.iter().map(warning_document).collect(),
    }
}

fn query<'a>(answer: &'a Answer<'a>) -> Query<'a> {
    let (echo, window) = (&answer.query, answer.range.window);
    Query {
        api: echo.api,
        start: answer.range.rfc3339(window.first()),
        end: answer.range.rfc3339(window.last()),
        interval: window.interval().name(),
        tz: &answer.range.zone_name,
        by: [],
        projects: echo.projects,
        endpoint_ids: echo.endpoint_ids,
        scenes: echo.scenes,
        batch_job_id: echo.batch_job_id,
        demo: echo.demo,
    }
}

fn row_document<'a>(answer: &'a Answer<'a>, row: &'a Row) -> RowDocument<'a> {
    let endpoint = answer.endpoint(row);
    RowDocument {
        start: answer.range.rfc3339(row.start),
        end: answer.range.rfc3339(row.end),
        start_unix: row.start,
        end_unix: row.end,
        profile: answer.profile(row.target),
        account_id: row.account_id.as_deref(),
        project: row.project.as_deref(),
        endpoint_id: row.endpoint_id.as_deref(),
        scene: row.scene.as_deref(),
        batch_job_id: row.batch_job_id.as_deref(),
        tags: &row.other,
        endpoint_name: endpoint.and_then(|endpoint| endpoint.name.as_deref()),
        model: endpoint.and_then(model),
        endpoint_tags: endpoint.map(endpoint_tags),
        metric: row.metric.as_str(),
        value: row.value,
        state: row.state.name(),
        fetched_at: row.fetched_at.map(|at| answer.range.rfc3339(at)),
    }
}

fn endpoint_tags(endpoint: &Endpoint) -> BTreeMap<&str, &str> {
    endpoint.tags.iter().filter_map(pair).collect()
}

fn pair(tag: &EndpointTag) -> Option<(&str, &str)> {
    Some((tag.key.as_deref()?, tag.value.as_deref()?))
}

fn total_document(total: &Total) -> TotalDocument<'_> {
    TotalDocument { metric: total.metric.as_str(), value: total.value, state: total.state.name() }
}

fn gap_document<'a>(answer: &'a Answer<'a>, gap: &'a Gap) -> GapDocument<'a> {
    GapDocument {
        profile: answer.profile(gap.target),
        project: project(answer, gap.target),
        metric: gap.metric.as_ref().map(ark_usage_model::Metric::as_str),
        start: answer.range.rfc3339(gap.start),
        end: answer.range.rfc3339(gap.end),
        reason: gap.reason.to_string(),
    }
}

fn call_document<'a>(answer: &'a Answer<'a>, call: &'a Call) -> CallDocument<'a> {
    CallDocument {
        profile: answer.profile(call.target),
        project: project(answer, call.target),
        start: answer.range.rfc3339(call.window.first()),
        end: answer.range.rfc3339(call.window.last()),
        attempts: call.attempts,
        request_id: call.request_id.as_deref(),
    }
}

fn warning_document<'a>((code, message): &'a (&'static str, String)) -> WarningDocument<'a> {
    WarningDocument { code, message }
}

fn project<'a>(answer: &'a Answer<'a>, target: TargetId) -> Option<&'a str> {
    answer.report.targets.get(target.index()).and_then(|target: &Target| target.project.as_deref())
}
