//! The asking: projects by day, their endpoints by day, and the projects by hour.

use ark_usage_model::{Interval, QueryOptions, Target, TargetId, Window};
use ark_usage_transport::ExchangeError;
use volc_openapi::BaseUrl;

use crate::args::ReconcileArgs;
use crate::commands::fetch::{FetchContext, QueryBatch, UsageRequest};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;
use crate::range::Range;
use crate::reconciliation::Reports;
use crate::text;

/// What came of it.
#[derive(Debug)]
pub(super) struct ReconcileData {
    pub(super) reports: Reports,
    /// The projects compared.
    pub(super) projects: Vec<Target>,
    /// The profile of each account, where one was named.
    pub(super) profiles: Vec<Option<String>>,
    /// Code and prose.
    pub(super) warnings: Vec<(&'static str, Text)>,
    pub(super) base_url: BaseUrl,
    /// Why the last exchange without an answer had none.
    pub(super) last_error: Option<ExchangeError>,
}

/// Asks. Ctrl-C ends it: half of a comparison is none.
pub(super) async fn fetch(
    args: &ReconcileArgs,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<ReconcileData, CliError> {
    let session =
        FetchContext::open("reconcile", &args.usage.account.network, request, context).await?;
    let (targets, _) = session.targets().await?;
    let (endpoints, places) = by_endpoint(&targets, request.endpoint_ids());
    let whole = |target| Target { endpoint_ids: Vec::new(), ..target };
    let projects: Vec<Target> = targets.into_iter().map(whole).collect();

    let mut run = QueryBatch::new(&session, context);
    let (daily, range) = (&request.options, &request.range);
    let days = run.fetch(projects.clone(), range, daily.clone()).await?;
    let endpoints = if endpoints.is_empty() {
        None
    } else {
        Some(run.fetch(endpoints, range, daily.clone()).await?)
    };
    let hourly = args.usage.account.query.options(Interval::Hour)?;
    let hourly = QueryOptions { seed: context.record_mode.seed(), ..hourly };
    let range = hours_of(range, context.clock.now().as_second())?;
    let hours = run.fetch(projects.clone(), &range, hourly).await?;

    let QueryBatch { warnings, last_error, .. } = run;
    Ok(ReconcileData {
        reports: Reports { days, hours, endpoints, places },
        projects,
        profiles: session.profiles(),
        warnings,
        base_url: session.base_url().clone(),
        last_error,
    })
}

/// The projects that have endpoints, by endpoint, with those that are not listed any more; and for
/// each project the place of its endpoints.
fn by_endpoint(projects: &[Target], unlisted: &[String]) -> (Vec<Target>, Vec<Option<TargetId>>) {
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

/// The hours of the days, as far as they have begun, named in the same zone.
fn hours_of(days: &Range, now: i64) -> Result<Range, CliError> {
    let last = (days.window.end() - Interval::Hour.seconds()).min(now);
    let window = Window::covering(Interval::Hour, days.window.first(), last).map_err(|error| {
        let range = days.words();
        CliError::usage(text!(
            "{range}: this range cannot be asked by hour",
            "{range}：这个范围无法按小时查询";
            range = range
        ))
        .with_source(error)
    })?;
    Ok(Range { window, rows: Interval::Hour, ..days.clone() })
}
