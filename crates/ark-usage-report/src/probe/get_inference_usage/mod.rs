//! The open questions about `GetInferenceUsage`.

mod beside;
mod empty;
mod groups;
mod hour_text;
mod observation;
mod plan;
mod project;
mod spelling;
mod unknown_filters;

use ark_usage_model::get_inference_usage::{
    GetInferenceUsage, QueryInterval, RawTableQuery, UsageFilter,
};
use volc_openapi::{ApiError, Excerpt, ServiceDays};

use self::observation::TableObservation;
use super::calls::{ProbeCalls, ProbeError, or_refused};
use super::finding::{ProbeFinding, refused};
use super::range::{RangeSearch, history};
use super::{DAY, ProbeScope, day_name, no_usage, or_open};
use crate::text;

/// The number of days that are searched for usage.
const DAYS: i64 = 7;
/// The most days that every client asks for.
const SAFE_DAYS: i64 = 30;

const API_KEY: &str = "ApikeyID";
const MODEL: &str = "ModelName";
const BILLING: &str = "BillingStatus";
const TIME: [&str; 2] = ["Day", "Hour"];
const MEASURES: [&str; 6] =
    ["InputTokens", "CacheTokensHit", "OutputTokens", "ImageCount", "TotalTokens", "ReqCnt"];

/// A response, or its refusal.
type Observed = Result<TableObservation, ApiError>;

/// Answers all of them.
pub(super) async fn findings<C: ProbeCalls>(
    calls: &C,
    scope: ProbeScope<'_>,
) -> Result<Vec<ProbeFinding>, ProbeError<C::Error>> {
    let today = scope.today();
    let client = InferenceProbe { calls, project: scope.project, days: scope.days };

    let week = client.days(today - DAYS * DAY, today - DAY);
    let whole = client.fetch(&week).await?;
    let grouped = client.observe(&grouped(&week, &[API_KEY, MODEL])).await?;
    let busy = whole.busy_days();
    let (oldest, newest) = (busy.first().map(String::as_str), busy.last().map(String::as_str));
    let by_hour = by_hour(newest.map_or_else(|| day_name(today - DAY, scope.days), str::to_owned));
    let hours = client.observe(&by_hour).await?;
    Ok(vec![
        hour_text::finding(&hours),
        groups::combined(&whole, &grouped),
        groups::without_key(&grouped),
        or_open(plan::QUESTION, plan::finding(&client, today, scope.now).await)?,
        or_open(project::QUESTION, project::finding(&client, &week, &whole).await)?,
        or_open(beside::QUESTION, beside::finding(&client, &whole, oldest).await)?,
        unknown_filters::finding(&client, &week, &whole).await?,
        empty::finding(&client, &by_hour, &hours).await?,
        spelling::cached(&whole, &grouped),
        spelling::numbers(&whole, &grouped),
        spelling::columns(&whole),
        spelling::order(&hours),
        range(&client, QueryInterval::Day, today - DAY).await?,
        range(&client, QueryInterval::Hour, today - DAY).await?,
        history(async |age| {
            let day = today - age * DAY;
            client.observe(&client.days(day, day)).await.map(Result::err)
        })
        .await?,
    ])
}

/// Days are counted for both widths, because both name whole days.
async fn range<C: ProbeCalls>(
    client: &InferenceProbe<'_, C>,
    interval: QueryInterval,
    last: i64,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    let question = match interval {
        QueryInterval::Hour => "largest range by hour",
        _ => "largest range by day",
    };
    let sizes = &[SAFE_DAYS, SAFE_DAYS + 1, 92, 184, 366];
    let search = RangeSearch { question, unit: text!("days", "天"), sizes };
    let call = async |size: i64| {
        let range = client.days(last - (size - 1) * DAY, last);
        let range = GetInferenceUsage { query_interval: interval, ..range };
        client.observe(&range).await.map(Result::err)
    };
    search.finding(call).await
}

/// Asks for the hours of a day, by API key and model.
fn by_hour(day: String) -> GetInferenceUsage {
    let query = GetInferenceUsage {
        end_time: day.clone(),
        start_time: day,
        query_interval: QueryInterval::Hour,
        ..GetInferenceUsage::default()
    };
    grouped(&query, &[API_KEY, MODEL])
}

fn grouped(query: &GetInferenceUsage, keys: &[&str]) -> GetInferenceUsage {
    let filter = |key: &&str| UsageFilter { key: (*key).to_owned(), values: Vec::new() };
    GetInferenceUsage { filters: keys.iter().map(filter).collect(), ..query.clone() }
}

/// Calls `GetInferenceUsage` for one project.
struct InferenceProbe<'a, C> {
    calls: &'a C,
    project: Option<&'a str>,
    days: ServiceDays,
}

impl<C: ProbeCalls> InferenceProbe<'_, C> {
    /// Asks for days, both included, by the start of each.
    fn days(&self, first: i64, last: i64) -> GetInferenceUsage {
        GetInferenceUsage {
            start_time: day_name(first, self.days),
            end_time: day_name(last, self.days),
            ..GetInferenceUsage::default()
        }
    }

    /// Fetches usage of the project, unless the query names another.
    async fn fetch(
        &self,
        query: &GetInferenceUsage,
    ) -> Result<TableObservation, ProbeError<C::Error>> {
        let mut query = query.clone();
        query.project_name = query.project_name.or_else(|| self.project.map(str::to_owned));
        let (start, end) = (&query.start_time, &query.end_time);
        let interval = match query.query_interval {
            QueryInterval::Hour => "hour",
            _ => "day",
        };
        let about = text!(
            "probe: by {interval}, from {start} to {end}",
            "探测：按 {interval}，从 {start} 到 {end}"
        );
        self.calls.send(&RawTableQuery(query), about).await.map(TableObservation)
    }

    /// The same; a refusal is a result as well.
    async fn observe(&self, query: &GetInferenceUsage) -> Result<Observed, ProbeError<C::Error>> {
        or_refused(self.fetch(query).await)
    }
}

/// Returns a word of the service as a finding shows it.
fn shown(word: &str) -> String {
    Excerpt::new(word, Excerpt::NAME).to_string()
}
