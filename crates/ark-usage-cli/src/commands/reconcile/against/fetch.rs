//! The usage that two actions report: of each project, by day and endpoint.

use std::collections::BTreeSet;

use ark_usage_model::{
    Call, CallFailure, Interval, QueryOptions, Tags, Target, TargetId, UsageAction, UsageReport,
};
use ark_usage_report::Scope;
use ark_usage_report::action_comparison::metric_pairs;
use ark_usage_report::range::Range;
use ark_usage_report::view::action_fit;
use ark_usage_transport::ExchangeError;
use volc_openapi::{BaseUrl, CodeClass};

use super::super::fetch::{by_endpoint, grouped_by_endpoint, unlisted, without_endpoints};
use super::super::rerun::ComparedPlace;
use crate::args::ReconcileArgs;
use crate::commands::fetch::{FetchContext, ListedTargets, QueryBatch, UsageRequest};
use crate::commands::summary::QuerySummary;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, model_warning};

/// The reports that are compared.
#[derive(Debug)]
pub(super) struct AgainstData {
    /// That of the first action, and that of the second.
    pub(super) reports: [UsageReport; 2],
    /// The endpoints the service lists, where an action was called for each.
    pub(super) listed: Option<BTreeSet<String>>,
    pub(super) projects: Vec<Target>,
    /// The compared days, by the server's clock once that is known.
    pub(super) range: Range,
    pub(super) profiles: Vec<Option<String>>,
    pub(super) scope: Scope,
    /// Code and message of each warning.
    pub(super) warnings: Vec<(&'static str, Text)>,
    base_url: BaseUrl,
    hint: Option<Text>,
    last_error: Option<ExchangeError>,
}

impl AgainstData {
    /// Returns the projects and the server, as commands that are shown name them.
    pub(super) fn place(&self) -> ComparedPlace<'_> {
        let Self { projects, profiles, base_url, .. } = self;
        ComparedPlace { projects, profiles, base_url }
    }

    /// Returns the summary its exit status follows from.
    pub(super) fn summary(&self) -> QuerySummary<'_> {
        let (error, base_url) = (self.last_error.as_ref(), &self.base_url);
        QuerySummary::new(&self.reports, &self.warnings, error, base_url)
            .with_hint(self.hint.as_ref())
    }
}

/// Fetches both reports. An interruption is an error: half of a comparison is of no use.
pub(super) async fn fetch(
    args: &ReconcileArgs,
    request: &UsageRequest,
    actions: [&'static dyn UsageAction; 2],
    context: &Context<'_>,
) -> Result<AgainstData, CliError> {
    let session =
        FetchContext::open("reconcile", &args.usage.account.network, request, context).await?;
    let listed = session.targets().await?;
    let unlisted = unlisted(request, &listed)?;
    let mut run = AgainstRun {
        args,
        listed: &listed,
        unlisted,
        range: session.range()?,
        batch: QueryBatch::new(&session, context),
        seed: context.record_mode.seed(),
    };
    let [first, second] = actions;
    // An action that names endpoints by itself may know some that no list has.
    let reports = if names_endpoints(second) {
        let there = run.grouped(second).await?;
        [run.side(first, Some((second, &there))).await?, there]
    } else {
        let here = run.side(first, None).await?;
        let there = run.side(second, Some((first, &here))).await?;
        [here, there]
    };
    let AgainstRun { range, batch, .. } = run;
    let QueryBatch { mut warnings, last_error, .. } = batch;
    warnings.extend(reports.iter().filter_map(action_fit::warn_not_grouped));
    warnings.extend(listed.warnings());
    let hint = session.hint(&reports[0]).await;
    let ids = listed.targets.iter().flat_map(|target| &target.endpoint_ids).cloned();
    let is_listed = !actions.into_iter().all(names_endpoints);
    Ok(AgainstData {
        listed: is_listed.then(|| ids.collect()),
        projects: without_endpoints(&listed.targets),
        range,
        profiles: session.profiles(),
        scope: listed.scope.clone(),
        warnings,
        base_url: session.base_url().clone(),
        hint,
        last_error,
        reports,
    })
}

fn names_endpoints(action: &'static dyn UsageAction) -> bool {
    action_fit::groups(action, Tags::ENDPOINT_ID)
}

/// The queries of one comparison.
struct AgainstRun<'a> {
    args: &'a ReconcileArgs,
    listed: &'a ListedTargets,
    /// Endpoints of the command line that no project lists.
    unlisted: Vec<String>,
    range: Range,
    batch: QueryBatch<'a>,
    seed: u64,
}

impl AgainstRun<'_> {
    /// Fetches usage by endpoint of either kind of action. `other` is the report of the other one, if it is known.
    async fn side(
        &mut self,
        action: &'static dyn UsageAction,
        other: Option<(&'static dyn UsageAction, &UsageReport)>,
    ) -> Result<UsageReport, CliError> {
        if names_endpoints(action) {
            return self.grouped(action).await;
        }
        let (listed, parts_of) = by_endpoint(&self.listed.targets, &self.unlisted);
        let mut whole = self.query(action, without_endpoints(&self.listed.targets)).await?;
        let mut wholes: Vec<TargetId> = (0..)
            .map(TargetId)
            .zip(&parts_of)
            .filter_map(|(id, part)| part.and(Some(id)))
            .collect();
        if !listed.is_empty() {
            let mut parts = self.query(action, listed.clone()).await?;
            if !names_any_endpoint(&parts) {
                // The service does not tell endpoints apart in one answer.
                (parts, wholes) = self.one_by_one(action, &listed, &wholes).await?;
            }
            self.add(&mut whole, parts, &wholes);
        }
        if let Some((of, other)) = other {
            let (targets, wholes) = self.known_to(of, other, action);
            if !targets.is_empty() {
                let mut parts = self.query(action, targets).await?;
                forget_unknown(&mut parts);
                self.add(&mut whole, parts, &wholes);
            }
        }
        for (target, shortfall) in self.listed.partly_listed() {
            whole.add_unlisted_parts(target, shortfall);
        }
        self.listed.mark_projects(&mut whole);
        Ok(whole)
    }

    /// Fetches usage of an action that names endpoints by itself, and billing statuses where it knows them: they
    /// are reasons for differences.
    async fn grouped(&mut self, action: &'static dyn UsageAction) -> Result<UsageReport, CliError> {
        let (mut targets, _) = grouped_by_endpoint(&self.listed.targets);
        for target in &mut targets {
            let is_filtered = |key| target.filters.iter().any(|filter| filter.key == key);
            if action_fit::groups(action, Tags::BILLING_STATUS)
                && !is_filtered(Tags::BILLING_STATUS)
            {
                *target = action_fit::by_instead(target, Tags::BILLING_STATUS);
            }
        }
        let mut report = self.query(action, targets).await?;
        self.listed.mark_projects(&mut report);
        Ok(report)
    }

    async fn query(
        &mut self,
        action: &'static dyn UsageAction,
        targets: Vec<Target>,
    ) -> Result<UsageReport, CliError> {
        let options = self.args.usage.account.query.options(Interval::Day, action)?;
        let options = QueryOptions { seed: self.seed, ..options };
        self.batch.fetch_with(action, targets, &mut self.range, options).await
    }

    fn add(&mut self, whole: &mut UsageReport, parts: UsageReport, wholes: &[TargetId]) {
        let known = whole.warnings.len() + parts.warnings.len();
        whole.add_parts(parts, wholes);
        self.batch.warnings.extend(whole.warnings.iter().skip(known).map(model_warning));
    }

    /// Fetches each endpoint by itself; returns the project of each as well.
    async fn one_by_one(
        &mut self,
        action: &'static dyn UsageAction,
        listed: &[Target],
        wholes: &[TargetId],
    ) -> Result<(UsageReport, Vec<TargetId>), CliError> {
        let (mut targets, mut of) = (Vec::new(), Vec::new());
        for (target, whole) in listed.iter().zip(wholes) {
            for id in &target.endpoint_ids {
                targets.push(target.with_endpoints([id.clone()]));
                of.push(*whole);
            }
        }
        Ok((self.query(action, targets).await?, of))
    }

    /// Returns targets of the endpoints that only the other action knows and reports usage of, with their projects.
    fn known_to(
        &self,
        of: &'static dyn UsageAction,
        other: &UsageReport,
        action: &'static dyn UsageAction,
    ) -> (Vec<Target>, Vec<TargetId>) {
        let pairs = metric_pairs(of.metrics(), action.metrics());
        let mut found = BTreeSet::new();
        for series in &other.series {
            let id = series.tags.get(Tags::ENDPOINT_ID).filter(|id| *id != Tags::NONE);
            let is_used = series.points.iter().any(|(_, point)| point.value != 0);
            if let Some(id) = id.filter(|_| is_used)
                && pairs.iter().any(|pair| pair.here == series.metric)
                && !self.unlisted.iter().any(|unlisted| unlisted == id)
            {
                found.insert((series.target, id));
            }
        }
        let new = found.into_iter().filter_map(|(whole, id)| {
            let project = self.listed.targets.get(whole.index())?;
            let is_new = !project.endpoint_ids.iter().any(|listed| listed == id);
            is_new.then(|| (project.with_endpoints([id.to_owned()]), whole))
        });
        new.unzip()
    }
}

fn names_any_endpoint(report: &UsageReport) -> bool {
    let one_each = report.targets.iter().all(|target| target.endpoint_ids.len() == 1);
    let names = || report.series.iter().any(|series| series.tags.get(Tags::ENDPOINT_ID).is_some());
    report.series.is_empty() || one_each || names()
}

/// Drops endpoints that the service does not know for this action: it has no usage of them.
fn forget_unknown(report: &mut UsageReport) {
    let is_unknown = |call: &&Call| {
        let failure = call.error.as_ref().map(CallFailure::root);
        matches!(failure, Some(CallFailure::Api(error))
            if error.error_code().class() == CodeClass::NotFound(Some("EndpointIds")))
    };
    let unknown: BTreeSet<TargetId> =
        report.calls.iter().filter(is_unknown).map(|call| call.target).collect();
    report.calls.retain(|call| !unknown.contains(&call.target));
    report.coverage.missing.retain(|gap| !unknown.contains(&gap.target));
    report.coverage.failed = report.calls.iter().any(|call| call.error.is_some());
    report.coverage.complete = report.coverage.missing.is_empty();
}
