//! `-f json`: one document, every key always there, `null` for "not asked or unknown".

use std::collections::BTreeMap;

use crate::document::WarningDocument;
use ark_usage_model::{Call, Gap, Target, TargetId};
use serde::Serialize;

use super::row::RowOrFields;
use super::{Answer, QueryScope, SiteEcho, row, serialized};
use ark_usage_report::ReportError;
use ark_usage_report::view::{
    Comparison, CostSummary, Dimension, Driver, FieldValue, TimeSpan, TotalRow,
};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/rows";
const SCHEMA_VERSION: u32 = 1;

/// Writes the document.
pub fn json(answer: &Answer<'_>) -> Result<Vec<u8>, ReportError> {
    serialized(&document(answer)?, true)
}

#[derive(Serialize)]
struct RowsDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    query: QueryDocument<'a>,
    rows: Vec<RowOrFields<'a>>,
    totals: Vec<TotalDocument<'a>>,
    cost: Option<CostDocument<'a>>,
    comparison: Option<ComparisonDocument<'a>>,
    coverage: CoverageDocument<'a>,
    calls: Vec<CallDocument<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct QueryDocument<'a> {
    api: &'a str,
    #[serde(flatten)]
    site: SiteEcho,
    /// Start of the first bucket.
    start: String,
    /// First instant after the last bucket.
    end: String,
    /// Start of the last bucket, as `--end` names it.
    last: String,
    interval: &'static str,
    tz: &'a str,
    /// Days begin within hours, which are not taken apart.
    approximate_days: bool,
    by: Vec<String>,
    /// The metrics that were chosen; empty for all.
    metrics: Vec<&'a str>,
    #[serde(flatten)]
    about: QueryScope<'a>,
}

#[derive(Serialize)]
struct TotalDocument<'a> {
    metric: &'a str,
    value: Option<i128>,
    /// The sum of the metrics of the same unit.
    total: Option<i128>,
    state: &'static str,
    buckets: FieldValue<'a>,
    previous: FieldValue<'a>,
    cost: FieldValue<'a>,
    /// The number of its values without a price.
    unpriced: Option<usize>,
}

/// The total cost.
#[derive(Serialize)]
struct CostDocument<'a> {
    /// By currency; none when nothing has a price.
    total: FieldValue<'a>,
    state: &'static str,
    unpriced: Vec<UnpricedDocument<'a>>,
}

/// Usage without a price.
#[derive(Serialize)]
struct UnpricedDocument<'a> {
    metric: &'a str,
    project: Option<&'a str>,
    endpoint_id: Option<&'a str>,
    model: Option<&'a str>,
    values: usize,
}

/// The range before, and what moved most.
#[derive(Serialize)]
struct ComparisonDocument<'a> {
    start: String,
    end: String,
    drivers: Vec<DriverDocument<'a>>,
}

#[derive(Serialize)]
struct DriverDocument<'a> {
    metric: &'a str,
    /// Value by dimension; `null` where usage is unattributed.
    key: BTreeMap<String, Option<&'a str>>,
    value: Option<i128>,
    previous: Option<i128>,
    change: i128,
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
    /// Start of the first bucket requested.
    start: String,
    /// First instant after the last bucket requested.
    end: String,
    /// Start of the last bucket requested.
    last: String,
    attempts: u32,
    request_id: Option<&'a str>,
}

fn document<'a>(answer: &'a Answer<'a>) -> Result<RowsDocument<'a>, ReportError> {
    let report = answer.report;
    let view = answer.view;
    let missing = report.coverage.missing.iter().chain(&report.coverage.parts);
    let rows = view.rows.iter().map(|row| row::document(answer.range, row, answer.fields));
    Ok(RowsDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: answer.range.rfc3339(answer.generated_at),
        query: query(answer),
        rows: rows.collect::<Result<_, _>>()?,
        totals: view.totals.iter().map(|total| total_document(answer, total)).collect(),
        cost: view.costs.as_ref().map(cost_document),
        comparison: view.comparison.as_ref().map(|it| comparison_document(answer, it)),
        coverage: CoverageDocument {
            complete: report.coverage.complete,
            missing: missing.map(|gap| gap_document(answer, gap)).collect(),
        },
        calls: report.calls.iter().map(|call| call_document(answer, call)).collect(),
        warnings: WarningDocument::all(answer.warnings),
    })
}

fn cost_document(costs: &CostSummary) -> CostDocument<'_> {
    let unpriced = costs.unpriced.iter().map(|(of, values)| UnpricedDocument {
        metric: of.metric.as_str(),
        project: of.project.as_deref(),
        endpoint_id: of.endpoint_id.as_deref(),
        model: of.model.as_deref(),
        values,
    });
    CostDocument {
        total: FieldValue::of_cost(Some(&costs.total)),
        state: costs.state.name(),
        unpriced: unpriced.collect(),
    }
}

fn query<'a>(answer: &'a Answer<'a>) -> QueryDocument<'a> {
    let (echo, window) = (&answer.query, answer.range.window);
    QueryDocument {
        api: echo.api,
        site: echo.site,
        start: answer.range.rfc3339(window.first()),
        end: answer.range.rfc3339(window.end()),
        last: answer.range.rfc3339(answer.range.last_row()),
        interval: answer.range.rows.name(),
        tz: &answer.range.zone_name,
        approximate_days: echo.approximate_days,
        by: answer.view.by.iter().map(Dimension::name).collect(),
        metrics: chosen(answer),
        about: echo.scope,
    }
}

fn chosen<'a>(answer: &'a Answer<'a>) -> Vec<&'a str> {
    answer.view.chosen.iter().map(ark_usage_model::Metric::as_str).collect()
}

fn total_document<'a>(answer: &Answer<'_>, total: &'a TotalRow) -> TotalDocument<'a> {
    TotalDocument {
        metric: total.metric.as_str(),
        value: total.value,
        total: total.total,
        state: total.state.name(),
        buckets: FieldValue::of_buckets(total.buckets),
        previous: FieldValue::of_previous(answer.range, total.previous.as_ref()),
        cost: FieldValue::of_cost(total.cost.as_ref()),
        unpriced: total.cost.as_ref().map(|cost| cost.unpriced),
    }
}

fn comparison_document<'a>(
    answer: &Answer<'_>,
    comparison: &'a Comparison,
) -> ComparisonDocument<'a> {
    let TimeSpan { start, end } = comparison.span;
    let dimensions = answer.view.by.iter().filter(|one| !one.is_time());
    let names: Vec<String> = dimensions.map(Dimension::name).collect();
    let driver = |driver: &'a Driver| DriverDocument {
        metric: driver.metric.as_str(),
        key: names.iter().cloned().zip(driver.key.iter().map(Option::as_deref)).collect(),
        value: driver.value,
        previous: driver.previous,
        change: driver.change,
    };
    ComparisonDocument {
        start: answer.range.rfc3339(start),
        end: answer.range.rfc3339(end),
        drivers: comparison.drivers.iter().map(driver).collect(),
    }
}

fn gap_document<'a>(answer: &'a Answer<'a>, gap: &'a Gap) -> GapDocument<'a> {
    GapDocument {
        profile: answer.meta.profile(gap.target),
        project: project(answer, gap.target),
        metric: gap.metric.as_ref().map(ark_usage_model::Metric::as_str),
        start: answer.range.rfc3339(gap.start),
        end: answer.range.rfc3339(gap.end),
        reason: gap.reason.to_string(),
    }
}

fn call_document<'a>(answer: &'a Answer<'a>, call: &'a Call) -> CallDocument<'a> {
    CallDocument {
        profile: answer.meta.profile(call.target),
        project: project(answer, call.target),
        start: answer.range.rfc3339(call.window.first()),
        end: answer.range.rfc3339(call.window.end()),
        last: answer.range.rfc3339(call.window.last()),
        attempts: call.attempts,
        request_id: call.request_id.as_deref(),
    }
}

fn project<'a>(answer: &'a Answer<'a>, target: TargetId) -> Option<&'a str> {
    answer.report.targets.get(target.index()).and_then(|target: &Target| target.project.as_deref())
}
