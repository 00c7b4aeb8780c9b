//! `statusline -f json`: the line and the numbers it is made from.

use std::collections::BTreeMap;

use ark_usage_report::{ReportError, Scope, accounts_added_up};
use jiff::Timestamp;
use serde::Serialize;

use super::{LineCosts, LineValue, Template, TemplateValues};
use crate::document::WarningDocument;
use crate::mark::unverified_accounts;
use crate::{SiteEcho, serialized};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/statusline";
const SCHEMA_VERSION: u32 = 1;

/// The code of the warning that several accounts are added up: no key of the document names them.
const ADDED_UP: &str = "accounts_added_up";

/// Writes the document.
pub fn json(template: &Template, values: &TemplateValues<'_>) -> Result<Vec<u8>, ReportError> {
    let snapshot = values.snapshot;
    let at = Timestamp::from_second(snapshot.at).unwrap_or_default().to_zoned(values.zone.clone());
    let unverified = snapshot.unverified.then(unverified_accounts);
    let added = accounts_added_up(&snapshot.profiles).map(|words| (ADDED_UP, words));
    let warnings = unverified.into_iter().chain(snapshot.scope.warning()).chain(added);
    let warnings: Vec<_> = warnings.collect();
    let spans = snapshot.usage.iter().map(|(span, metrics)| {
        let cost = snapshot.costs.get(span).map(cost_document);
        let metrics = metrics.iter().map(|(name, value)| (name.as_str(), value_document(*value)));
        (span.name(), ShownSpan { metrics: metrics.collect(), cost })
    });
    let document = StatusLineDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        query: StatusLineQuery { site: values.site, scope: &snapshot.scope },
        line: template.write(values),
        stale: values.stale,
        age_seconds: values.now.saturating_sub(snapshot.at).max(0),
        spans: spans.collect(),
        warnings: WarningDocument::all(&warnings),
    };
    serialized(&document, true)
}

#[derive(Serialize)]
struct StatusLineDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    /// The time the numbers were received.
    generated_at: String,
    query: StatusLineQuery<'a>,
    /// The line as it is printed without `-f json`.
    line: String,
    /// The numbers are older than requested.
    stale: bool,
    age_seconds: i64,
    /// Numbers by `today`, `yesterday` and `month`, as far as the template names them.
    spans: BTreeMap<&'static str, ShownSpan<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct StatusLineQuery<'a> {
    #[serde(flatten)]
    site: SiteEcho,
    #[serde(flatten)]
    scope: &'a Scope,
}

#[derive(Serialize)]
struct ShownSpan<'a> {
    metrics: BTreeMap<&'a str, ShownValue>,
    cost: Option<SpanCost<'a>>,
}

#[derive(Serialize)]
struct ShownValue {
    value: Option<i128>,
    state: &'static str,
}

#[derive(Serialize)]
struct SpanCost<'a> {
    /// Exact amounts by currency.
    amounts: &'a BTreeMap<String, String>,
    /// The number of values without a price.
    unpriced: usize,
}

fn value_document(value: LineValue) -> ShownValue {
    ShownValue { value: value.value, state: value.state.name() }
}

fn cost_document(costs: &LineCosts) -> SpanCost<'_> {
    SpanCost { amounts: &costs.amounts, unpriced: costs.unpriced }
}
