//! Usage for limits: projects as a whole, and the endpoints that limits name one by one.

use std::collections::BTreeSet;
use std::rc::Rc;

use ark_usage_model::{Metric, Target, UsageReport};
use ark_usage_report::budget::{BudgetRule, MetricSelector};
use ark_usage_report::range::Range;
use ark_usage_report::{MissingUsage, Scope};
use ark_usage_transport::ExchangeError;
use volc_openapi::BaseUrl;

use super::counts::{TargetCounts, UsageCounts};
use super::limits::Limit;
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
    /// The range, by the server's clock once that is known.
    pub(super) range: Range,
    /// Seconds to add to this machine's clock to get the time that the range goes by.
    pub(super) clock_offset: i64,
    /// Code and message of each warning.
    pub(super) warnings: Vec<(&'static str, Text)>,
    /// The profile of each account, `None` for the default one.
    pub(super) profiles: Vec<Option<String>>,
    base_url: BaseUrl,
    /// A hint on the first failure.
    hint: Option<Text>,
    /// The last exchange without a response.
    last_error: Option<ExchangeError>,
}

/// Fetches the usage. An interruption is an error: a budget cannot be checked on half of the data.
pub(super) async fn fetch(
    session: &FetchContext<'_>,
    limits: &[Limit],
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<BudgetUsage, CliError> {
    if limits.is_empty() {
        return without_usage(session);
    }
    let listed = session.targets().await?;
    let endpoints = endpoint_targets(session, request, &listed, limits).await?;
    let whole = limits.iter().any(|limit| limit.endpoint_ids.is_none());
    let mut batch = QueryBatch::new(session, context);
    let (mut range, options) = (session.range()?, &request.query_options());
    let mut whole = if whole {
        Some(batch.fetch(listed.targets.clone(), &mut range, options.clone()).await?)
    } else {
        None
    };
    let mut endpoints = if endpoints.is_empty() {
        None
    } else {
        Some(batch.fetch(endpoints, &mut range, options.clone()).await?)
    };
    let QueryBatch { mut warnings, last_error, .. } = batch;
    whole.iter_mut().chain(&mut endpoints).for_each(|report| listed.mark(report));
    warnings.extend(listed.warnings());
    let (clock_offset, base_url) = (session.clock_offset(), session.base_url().clone());
    let hint = match whole.as_ref().or(endpoints.as_ref()) {
        Some(report) => session.hint(report).await,
        None => None,
    };
    let scope = listed.scope;
    Ok(BudgetUsage {
        whole,
        endpoints,
        scope,
        range,
        clock_offset,
        warnings,
        profiles: session.profiles(),
        base_url,
        hint,
        last_error,
    })
}

/// Returns the result where no limit counts usage.
fn without_usage(session: &FetchContext<'_>) -> Result<BudgetUsage, CliError> {
    Ok(BudgetUsage {
        whole: None,
        endpoints: None,
        scope: Scope::default(),
        range: session.range()?,
        clock_offset: session.clock_offset(),
        warnings: Vec::new(),
        profiles: session.profiles(),
        base_url: session.base_url().clone(),
        hint: None,
        last_error: None,
    })
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
    let ids = named(limits.iter().filter(is_open)).cloned();
    let ids: BTreeSet<String> = ids.collect();
    // Limits without a project count an endpoint in the project that has it.
    let found = session.find_endpoints(&ids.into_iter().collect::<Vec<_>>(), listed).await?;
    let mut targets: BTreeSet<Target> = BTreeSet::new();
    let one = |project: &Target, id: &String| project.with_endpoints([id.clone()]);
    for project in &found {
        targets.extend(project.endpoint_ids.iter().map(|id| one(project, id)));
    }
    for project in &listed.targets {
        let counts = |limit: &&Limit| !is_open(limit) && of_project(&limit.rule, project);
        targets.extend(named(limits.iter().filter(counts)).map(|id| one(project, id)));
    }
    Ok(targets.into_iter().collect())
}

/// Returns the endpoints that limits name. Limits of one label share them, and they count once.
fn named<'a>(limits: impl Iterator<Item = &'a Limit>) -> impl Iterator<Item = &'a String> {
    let mut taken = BTreeSet::new();
    let ids = limits.filter_map(|limit| limit.endpoint_ids.as_ref());
    ids.filter(move |ids| taken.insert(Rc::as_ptr(ids))).flat_map(|ids| ids.iter())
}

fn of_project(rule: &BudgetRule, target: &Target) -> bool {
    rule.project.is_none() || rule.project == target.project
}

impl BudgetUsage {
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
            .with_hint(self.hint.as_ref())
    }

    /// Returns the usage that was not received, with its time.
    pub(super) fn gaps(&self) -> impl Iterator<Item = Text> {
        self.reports()
            .flat_map(|report| MissingUsage::new(report, &self.profiles).gaps(&self.range))
    }

    fn reports(&self) -> impl Iterator<Item = &UsageReport> {
        self.whole.iter().chain(&self.endpoints)
    }

    /// Prepares for many limits.
    pub(super) fn counts(&self, now_unix: i64) -> UsageCounts<'_> {
        UsageCounts {
            whole: self.whole.as_ref().map(|report| TargetCounts::new(report, now_unix)),
            endpoints: self.endpoints.as_ref().map(|report| TargetCounts::new(report, now_unix)),
            readable: unreadable(&self.warnings).is_none(),
            is_reduced: self.scope.is_reduced(),
        }
    }
}
