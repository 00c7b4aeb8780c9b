//! For programs: every limit, every key always there.

use std::collections::BTreeSet;

use crate::document::WarningDocument;
use serde::Serialize;

use super::plan::{self, PlanRuleDocument};
use super::{Budget, Judged};
use crate::{SiteEcho, serialized};
use ark_usage_report::budget::{AlertLevel, BudgetVerdict, Forecast, RuleOrigin};
use ark_usage_report::range::Range;
use ark_usage_report::{ReportError, Scope};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/budget";
const SCHEMA_VERSION: u32 = 1;

/// The method of forecasts; docs/budget.md describes it.
const METHOD: &str = "run_rate_settled";

/// Writes the document.
pub fn json(budget: &Budget<'_>) -> Result<Vec<u8>, ReportError> {
    let plans = budget.plans.iter().map(|judged| plan::document(budget.range, judged));
    let document = BudgetDocument {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        generated_at: budget.range.rfc3339(budget.generated_at),
        tz: &budget.range.zone_name,
        demo: budget.demo,
        query: BudgetQuery { site: budget.site, scope: budget.scope },
        budgets: budget.judged.iter().map(|it| judged(budget.range, it)).collect(),
        plans: plans.collect::<Result<_, _>>()?,
        warnings: WarningDocument::all(budget.warnings),
    };
    serialized(&document, true)
}

#[derive(Serialize)]
struct BudgetDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    tz: &'a str,
    demo: bool,
    query: BudgetQuery<'a>,
    budgets: Vec<JudgedDocument<'a>>,
    /// Left out without limits on plans.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plans: Vec<PlanRuleDocument<'a>>,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct BudgetQuery<'a> {
    #[serde(flatten)]
    site: SiteEcho,
    #[serde(flatten)]
    scope: &'a Scope,
}

#[derive(Serialize)]
struct JudgedDocument<'a> {
    name: &'a str,
    /// The file of `--rules` and the line in it; null for `--max`.
    file: Option<&'a str>,
    line: Option<usize>,
    metric: &'a str,
    project: Option<&'a str>,
    endpoint_id: Option<&'a str>,
    label: Option<LabelDocument<'a>>,
    period: &'static str,
    start: String,
    /// First instant after the period.
    end: String,
    soft: Option<i128>,
    hard: Option<i128>,
    used: Option<i128>,
    /// Usage as a part of the hard limit, or else of the soft one.
    percent: Option<String>,
    state: &'static str,
    forecast: Option<ForecastDocument>,
    verdict: &'static str,
    /// The forecast is more than the hard limit.
    heads_over: bool,
    /// The levels that were reached.
    alerts: BTreeSet<AlertLevel>,
}

#[derive(Serialize)]
struct LabelDocument<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct ForecastDocument {
    /// An estimate of usage at the end of the period.
    value: i128,
    method: &'static str,
    settled_value: i128,
    settled_seconds: i64,
    remaining_seconds: i64,
    percent: Option<String>,
    /// The verdict if the forecast is right.
    verdict: Option<&'static str>,
}

fn judged<'a>(range: &Range, judged: &Judged<'a>) -> JudgedDocument<'a> {
    let Judged { rule, finding, .. } = *judged;
    let (file, line) = match &rule.place {
        RuleOrigin::Flag(_) => (None, None),
        RuleOrigin::File { path, line } => (Some(path.as_str()), Some(*line)),
    };
    JudgedDocument {
        name: &rule.name,
        file,
        line,
        metric: rule.counted.name(),
        project: rule.project.as_deref(),
        endpoint_id: rule.endpoint_id(),
        label: rule.label().map(|(name, value)| LabelDocument { name, value }),
        period: rule.period.name(),
        start: range.rfc3339(finding.span.start),
        end: range.rfc3339(finding.span.end),
        soft: rule.soft,
        hard: rule.hard,
        used: finding.used,
        state: finding.state.name(),
        percent: finding.used.and_then(|used| rule.percent(used)),
        forecast: finding.forecast.map(|it| forecast(it, judged)),
        verdict: finding.verdict.name(),
        heads_over: finding.heads_over,
        alerts: finding.alerts(rule),
    }
}

fn forecast(forecast: Forecast, judged: &Judged<'_>) -> ForecastDocument {
    let Forecast { value, settled_value, settled_seconds, remaining_seconds } = forecast;
    ForecastDocument {
        value,
        method: METHOD,
        settled_value,
        settled_seconds,
        remaining_seconds,
        percent: judged.rule.percent(value),
        verdict: judged.finding.forecast_verdict.map(BudgetVerdict::name),
    }
}
