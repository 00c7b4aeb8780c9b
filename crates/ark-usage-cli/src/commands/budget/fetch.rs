//! Usage for limits: projects as a whole, and the endpoints that limits name one by one.

use std::collections::BTreeSet;

use ark_usage_model::{Gap, Metric, Target, TargetId, UsageReport};
use ark_usage_report::Scope;
use ark_usage_report::budget::{BudgetRule, Cell, MetricSelector};
use ark_usage_transport::ExchangeError;
use volc_openapi::BaseUrl;

use super::limits::Limit;
use crate::args::BudgetArgs;
use crate::commands::fetch::{FetchContext, ListedTargets, QueryBatch, UsageRequest};
use crate::commands::summary::{QuerySummary, unreadable};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// The usage that limits are checked against.
#[derive(Debug)]
pub(super) struct BudgetUsage {
    /// The projects, if some limit counts whole projects.
    whole: Option<UsageReport>,
    /// One target for each endpoint, if some limit names endpoints.
    endpoints: Option<UsageReport>,
    /// The projects whose usage is counted.
    pub(super) scope: Scope,
    /// Code and message of each warning.
    pub(super) warnings: Vec<(&'static str, Text)>,
    base_url: BaseUrl,
    /// The last exchange without a response.
    last_error: Option<ExchangeError>,
}

/// Fetches the usage. An interruption is an error: a budget cannot be checked on half of the data.
pub(super) async fn fetch(
    args: &BudgetArgs,
    limits: &[Limit],
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<BudgetUsage, CliError> {
    let session =
        FetchContext::open("budget", &args.usage.account.network, request, context).await?;
    let listed = session.targets().await?;
    let endpoints = endpoint_targets(&session, request, &listed, limits).await?;
    let whole = limits.iter().any(|limit| limit.endpoint_ids.is_none());
    let mut batch = QueryBatch::new(&session, context);
    let (range, options) = (&request.range, &request.options);
    let mut whole = if whole {
        Some(batch.fetch(listed.targets.clone(), range, options.clone()).await?)
    } else {
        None
    };
    let mut endpoints = if endpoints.is_empty() {
        None
    } else {
        Some(batch.fetch(endpoints, range, options.clone()).await?)
    };
    let QueryBatch { mut warnings, last_error, .. } = batch;
    whole.iter_mut().chain(&mut endpoints).for_each(|report| listed.mark(report));
    warnings.extend(listed.warnings());
    let base_url = session.base_url().clone();
    Ok(BudgetUsage { whole, endpoints, scope: listed.scope, warnings, base_url, last_error })
}

/// Returns one target for each endpoint: so its usage is known even if the service does not tag it.
async fn endpoint_targets(
    session: &FetchContext<'_>,
    request: &UsageRequest,
    listed: &ListedTargets,
    limits: &[Limit],
) -> Result<Vec<Target>, CliError> {
    let is_open =
        |limit: &&Limit| request.filter.projects.is_every() && limit.rule.project.is_none();
    let ids = limits.iter().filter(is_open).filter_map(|limit| limit.endpoint_ids.as_ref());
    let ids: BTreeSet<String> = ids.flatten().cloned().collect();
    // Limits without a project count an endpoint in the project that has it.
    let found = session.find_endpoints(&ids.into_iter().collect::<Vec<_>>(), listed).await?;
    let mut targets: BTreeSet<Target> = BTreeSet::new();
    let one = |project: &Target, id: &String| Target {
        endpoint_ids: vec![id.clone()],
        ..project.clone()
    };
    for project in &found {
        targets.extend(project.endpoint_ids.iter().map(|id| one(project, id)));
    }
    for project in &listed.targets {
        let counts = |limit: &&Limit| !is_open(limit) && of_project(&limit.rule, project);
        let named = limits.iter().filter(counts).filter_map(|limit| limit.endpoint_ids.as_ref());
        targets.extend(named.flatten().map(|id| one(project, id)));
    }
    Ok(targets.into_iter().collect())
}

fn of_project(rule: &BudgetRule, target: &Target) -> bool {
    rule.project.is_none() || rule.project == target.project
}

impl BudgetUsage {
    /// Returns the usage that a limit counts.
    pub(super) fn cells(&self, limit: &Limit, now_unix: i64) -> Vec<Cell> {
        let mut cells = Vec::new();
        let counted = &limit.rule.counted;
        for (report, target) in self.counted(limit) {
            let seconds = report.window.interval().seconds();
            for metric in counted.metrics(metrics(report, target), &report.metrics) {
                let wholes = report.bucket_totals(target, metric, now_unix).into_iter();
                cells.extend(wholes.map(|whole| Cell {
                    start: whole.start,
                    end: whole.start + seconds,
                    value: whole.value,
                    state: whole.state,
                }));
            }
        }
        cells
    }

    /// Returns true if all data for a limit was received and could be read.
    pub(super) fn is_complete(&self, limit: &Limit) -> bool {
        let failed = |(report, target): (&UsageReport, TargetId)| {
            // A project that was not listed counts for every limit without a project.
            let unlisted = |gap: &Gap| {
                limit.rule.project.is_none() && gap.target.index() >= report.targets.len()
            };
            let counts = |gap: &&Gap| gap.target == target || unlisted(gap);
            let mut gaps = report.coverage.missing.iter().filter(counts);
            gaps.any(|gap| gap.reason.hides_usage())
        };
        // Usage of a project that is not counted may be over the limit.
        let is_whole = limit.rule.project.is_some() || !self.scope.is_reduced();
        is_whole && unreadable(&self.warnings).is_none() && !self.counted(limit).any(failed)
    }

    /// Returns every metric that was received.
    pub(super) fn metrics(&self) -> BTreeSet<&str> {
        let series = self.reports().flat_map(|report| &report.series);
        series.map(|series| series.metric.as_str()).collect()
    }

    /// Returns the metric a limit counts, where its values must not be added up.
    pub(super) fn level<'m>(&self, counted: &'m MetricSelector) -> Option<&'m Metric> {
        let MetricSelector::One(metric) = counted else { return None };
        let mut reports = self.reports();
        reports.any(|report| !report.metrics.is_additive(metric)).then_some(metric)
    }

    /// Returns the summary its exit status follows from.
    pub(super) fn summary(&self) -> QuerySummary<'_> {
        let last_error = self.last_error.as_ref();
        QuerySummary::new(self.reports(), &self.warnings, last_error, &self.base_url)
    }

    fn reports(&self) -> impl Iterator<Item = &UsageReport> {
        self.whole.iter().chain(&self.endpoints)
    }

    /// Returns the targets whose usage a limit counts.
    fn counted<'a>(
        &'a self,
        limit: &'a Limit,
    ) -> impl Iterator<Item = (&'a UsageReport, TargetId)> + use<'a> {
        let ids = limit.endpoint_ids.as_ref();
        let report = if ids.is_some() { &self.endpoints } else { &self.whole };
        report.iter().flat_map(move |report| {
            let targets = (0..).map(TargetId).zip(&report.targets);
            let counted = targets.filter(move |(_, target)| {
                let named =
                    |ids: &BTreeSet<String>| target.endpoint_ids.iter().all(|id| ids.contains(id));
                ids.is_none_or(named) && of_project(&limit.rule, target)
            });
            counted.map(move |(id, _)| (report, id))
        })
    }
}

fn metrics(report: &UsageReport, target: TargetId) -> impl Iterator<Item = &Metric> {
    let series = report.series.iter().filter(move |series| series.target == target);
    series.map(|series| &series.metric).collect::<BTreeSet<_>>().into_iter()
}
