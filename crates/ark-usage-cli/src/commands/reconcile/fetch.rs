//! Usage to compare: projects by day, their endpoints by day, and the projects by hour.

use std::collections::BTreeSet;

use ark_usage_model::{Interval, QueryOptions, Tags, Target, TargetId, Window};
use ark_usage_report::Scope;
use ark_usage_report::range::Range;
use ark_usage_report::reconciliation::Reports;
use ark_usage_report::text;
use ark_usage_report::view::action_fit;
use ark_usage_transport::ExchangeError;
use volc_openapi::BaseUrl;

use super::rerun::ComparedPlace;
use crate::args::ReconcileArgs;
use crate::commands::fetch::{FetchContext, ListedTargets, QueryBatch, UsageRequest};
use crate::commands::summary::QuerySummary;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// The reports that are compared.
#[derive(Debug)]
pub(super) struct ReconcileData {
    pub(super) reports: Reports,
    /// The compared projects.
    pub(super) projects: Vec<Target>,
    /// The compared days, by the server's clock once that is known.
    pub(super) range: Range,
    /// The profile of each account, `None` for the default one.
    pub(super) profiles: Vec<Option<String>>,
    /// The projects whose usage is compared.
    pub(super) scope: Scope,
    /// Code and message of each warning.
    pub(super) warnings: Vec<(&'static str, Text)>,
    pub(super) base_url: BaseUrl,
    /// A hint on the first failure.
    hint: Option<Text>,
    /// The last exchange without a response.
    last_error: Option<ExchangeError>,
}

/// Fetches all reports. An interruption is an error: half of a comparison is of no use.
pub(super) async fn fetch(
    args: &ReconcileArgs,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<ReconcileData, CliError> {
    let session =
        FetchContext::open("reconcile", &args.usage.account.network, request, context).await?;
    let listed = session.targets().await?;
    let unlisted = unlisted(request, &listed)?;
    let groups = action_fit::groups(request.effective().action, Tags::ENDPOINT_ID);
    let (endpoints, places) = if groups {
        grouped_by_endpoint(&listed.targets)
    } else {
        by_endpoint(&listed.targets, &unlisted)
    };
    let projects = without_endpoints(&listed.targets);

    let mut batch = QueryBatch::new(&session, context);
    let (daily, mut range) = (&request.query_options(), session.range()?);
    let mut days = batch.fetch(projects.clone(), &mut range, daily.clone()).await?;
    let mut endpoints = if endpoints.is_empty() {
        None
    } else {
        Some(batch.fetch(endpoints, &mut range, daily.clone()).await?)
    };
    let hourly = args.usage.account.query.options(Interval::Hour, request.effective().action)?;
    let hourly = QueryOptions { seed: context.record_mode.seed(), ..hourly };
    // The server says which hours have begun.
    let mut by_hour = hours_of(&range, days.server_time(context.clock.now().as_second()))?;
    let mut hours = batch.fetch(projects.clone(), &mut by_hour, hourly).await?;

    let QueryBatch { mut warnings, last_error, .. } = batch;
    let hint = session.hint(&days).await;
    [&mut days, &mut hours].into_iter().chain(&mut endpoints).for_each(|report| {
        listed.mark_projects(report);
    });
    let mut unlisted = BTreeSet::new();
    for (project, shortfall) in listed.partly_listed().filter(|_| !groups) {
        unlisted.insert(project.index());
        let place = places.get(project.index()).copied().flatten();
        if let Some((report, place)) = endpoints.as_mut().zip(place) {
            report.add_unlisted(Some(place), shortfall);
        }
    }
    warnings.extend(listed.warnings());
    Ok(ReconcileData {
        reports: Reports { days, hours, endpoints, places, unlisted },
        projects,
        range,
        profiles: session.profiles(),
        scope: listed.scope,
        warnings,
        base_url: session.base_url().clone(),
        hint,
        last_error,
    })
}

/// Returns the endpoints of the command line that no project lists. Refuses them where it is open which project
/// had them.
pub(super) fn unlisted(
    request: &UsageRequest,
    listed: &ListedTargets,
) -> Result<Vec<String>, CliError> {
    let is_unlisted =
        |id: &&String| !listed.targets.iter().any(|target| target.endpoint_ids.contains(*id));
    let unlisted: Vec<String> =
        request.filter.endpoint_ids.iter().filter(is_unlisted).cloned().collect();
    if !unlisted.is_empty() && listed.targets.len() > 1 {
        return Err(super::several_projects(&unlisted));
    }
    Ok(unlisted)
}

/// Returns the projects as wholes.
pub(super) fn without_endpoints(targets: &[Target]) -> Vec<Target> {
    let without = |target: &Target| target.with_endpoints([]);
    targets.iter().map(without).collect()
}

/// Returns targets of an action that reports each endpoint separately, and the position of each
/// project's: no list of endpoints is needed, which may lack some.
pub(super) fn grouped_by_endpoint(projects: &[Target]) -> (Vec<Target>, Vec<Option<TargetId>>) {
    let grouped = |project: &Target| {
        let whole = project.with_endpoints([]);
        action_fit::by_instead(&whole, Tags::ENDPOINT_ID)
    };
    let places = (0..).map(TargetId).map(Some).take(projects.len());
    (projects.iter().map(grouped).collect(), places.collect())
}

/// Returns targets by endpoint for the projects that have any, with endpoints that are no longer
/// listed; and for each project the position of its target.
pub(super) fn by_endpoint(
    projects: &[Target],
    unlisted: &[String],
) -> (Vec<Target>, Vec<Option<TargetId>>) {
    let mut endpoints: Vec<Target> = Vec::new();
    let mut places = Vec::new();
    for project in projects {
        let mut target = project.clone();
        let more = unlisted.iter().filter(|id| !project.endpoint_ids.contains(id));
        target.endpoint_ids.extend(more.cloned());
        let place = u32::try_from(endpoints.len()).ok().map(TargetId);
        let has_any = !target.endpoint_ids.is_empty();
        places.push(place.filter(|_| has_any));
        endpoints.extend(has_any.then_some(target));
    }
    (endpoints, places)
}

/// Returns the hours of the days that have begun, in the same zone.
fn hours_of(days: &Range, now: i64) -> Result<Range, CliError> {
    let last = (days.window.end() - Interval::Hour.seconds()).min(now);
    let (hour, first) = (Interval::Hour, days.window.first());
    let window = Window::of_days(days.window.days(), hour, first, hour.bucket_start(last));
    let window = window.map_err(|error| {
        let range = days.words();
        CliError::usage(text!(
            "{range}: this range cannot be requested by hour",
            "{range}：这个范围无法按小时查询";
            range = range
        ))
        .with_source(error)
    })?;
    Ok(Range { window, rows: Interval::Hour, ..days.clone() })
}

impl ReconcileData {
    /// Returns the projects and the server, as commands that are shown name them.
    pub(super) fn place(&self) -> ComparedPlace<'_> {
        let Self { projects, profiles, base_url, .. } = self;
        ComparedPlace { projects, profiles, base_url }
    }

    /// Returns the summary its exit status follows from.
    pub(super) fn summary(&self) -> QuerySummary<'_> {
        let Reports { days, hours, endpoints, .. } = &self.reports;
        let reports = [days, hours].into_iter().chain(endpoints);
        QuerySummary::new(reports, &self.warnings, self.last_error.as_ref(), &self.base_url)
            .with_hint(self.hint.as_ref())
    }
}
