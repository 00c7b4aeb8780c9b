//! The open questions about `GetUsage`.

mod empty;
mod ends;
mod hours;
mod observation;
mod order;
mod tags;

use ark_usage_model::list_endpoints::ListEndpoints;
use ark_usage_model::{GetUsage, Interval};
use volc_openapi::{ApiError, ServiceDays};

pub(super) use self::observation::UsageObservation;
use super::calls::{ProbeCalls, ProbeError, or_refused};
use super::finding::ProbeFinding;
use super::range::{RangeSearch, history};
use super::{DAY, HOUR, ProbeScope, day_name, no_usage, or_open};
use crate::text;

/// The number of days that are searched for usage; few, as the service may limit the range.
const DAYS: i64 = 7;

/// Answers all of them.
pub(super) async fn findings<C: ProbeCalls>(
    calls: &C,
    scope: ProbeScope<'_>,
) -> Result<Vec<ProbeFinding>, ProbeError<C::Error>> {
    let today = scope.today();
    let client = UsageProbe { calls, project: scope.project, days: scope.days };
    let days = client.days(today - DAYS * DAY, today - DAY).await?;
    let mut hourly = Vec::new();
    let endpoint_id = scope.endpoint_id;
    let ends = or_open(ends::QUESTION, ends::finding(&client, &days).await)?;
    let hours = or_open(hours::QUESTION, hours::finding(&client, &days, &mut hourly).await)?;
    let tags = tags::finding(&client, endpoint_id, &days, &mut hourly).await;
    let tags = or_open(tags::QUESTION, tags)?;
    let order = order::finding(&days, &hourly);
    Ok(vec![
        ends,
        hours,
        tags,
        or_open(empty::QUESTION, empty::finding(&client, &days, hourly).await)?,
        order,
        range(&client, Interval::Day, today - DAY).await?,
        range(&client, Interval::Hour, today - HOUR).await?,
        history(async |age| client.refusal(Interval::Day, today - age * DAY, 1).await).await?,
    ])
}

async fn range<C: ProbeCalls>(
    client: &UsageProbe<'_, C>,
    interval: Interval,
    last: i64,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let search = match interval {
        Interval::Day => RangeSearch {
            question: "largest range by day",
            unit: text!("days", "天"),
            sizes: &[31, 92, 184, 366],
        },
        Interval::Hour => RangeSearch {
            question: "largest range by hour",
            unit: text!("hours", "小时"),
            sizes: &[168, 744, 2_208, 4_416],
        },
    };
    search.finding(async |size| client.refusal(interval, last, size).await).await
}

/// Calls `GetUsage` for one project.
struct UsageProbe<'a, C> {
    calls: &'a C,
    project: Option<&'a str>,
    days: ServiceDays,
}

impl<C: ProbeCalls> UsageProbe<'_, C> {
    /// Fetches days, from the start of the first to the start of the last.
    async fn days(&self, first: i64, last: i64) -> Result<UsageObservation, ProbeError<C::Error>> {
        self.fetch(&GetUsage::new(Interval::Day, first, last)).await
    }

    /// Fetches hours, from the start of the first to the start of the last.
    async fn hours(&self, first: i64, last: i64) -> Result<UsageObservation, ProbeError<C::Error>> {
        self.fetch(&GetUsage::new(Interval::Hour, first, last)).await
    }

    async fn fetch(&self, query: &GetUsage) -> Result<UsageObservation, ProbeError<C::Error>> {
        let project_name = self.project.map(str::to_owned);
        let query = GetUsage { project_name, ..query.clone() };
        let (start, end) = (query.start_time, query.end_time);
        let interval = query.interval.name();
        let about = text!(
            "probe: by {interval}, from {start} to {end}",
            "探测：按 {interval}，从 {start} 到 {end}"
        );
        self.calls.send(&query, about).await.map(|response| UsageObservation::new(&response))
    }

    /// Returns the refusal of a call for some buckets, the last of which is given.
    async fn refusal(
        &self,
        interval: Interval,
        last: i64,
        buckets: i64,
    ) -> Result<Option<ApiError>, ProbeError<C::Error>> {
        let first = last - (buckets - 1) * interval.seconds();
        let end = self.fetch(&GetUsage::new(interval, first, last)).await;
        or_refused(end).map(Result::err)
    }

    /// Returns an endpoint of the project, if the credentials may list them.
    async fn some_endpoint(&self) -> Option<String> {
        let list = ListEndpoints {
            project_name: self.project.map(str::to_owned),
            page_size: Some(1),
            ..ListEndpoints::default()
        };
        let about = text!("probe: an endpoint", "探测：一个推理接入点");
        let response = self.calls.send(&list, about).await.ok()?;
        response.items.into_iter().next()?.id
    }
}

/// Returns the days with usage, newest first.
fn busy(days: &UsageObservation) -> impl Iterator<Item = (i64, i128)> {
    days.whole()
        .iter()
        .rev()
        .filter(|(_, value)| **value > 0)
        .map(|(label, value)| (*label, *value))
}
