//! The parameters of `GetInferenceUsage`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, ServiceDays, post_json, read_answer,
};

use super::dates;
use crate::get_inference_usage::GetInferenceUsageResponse;

/// `GetInferenceUsage`: usage by day or hour of the service (UTC+8), both ends included, at most 30 days.
///
/// The service ignores parameters and names that it does not know, with HTTP 200: check them before
/// sending, as [`GetInferenceUsageAction`](super::GetInferenceUsageAction) does.
///
/// ```
/// use ark_usage_model::get_inference_usage::{GetInferenceUsage, QueryInterval, UsageFilter};
/// use volc_openapi::Action;
///
/// let action = GetInferenceUsage {
///     start_time: "2026-07-10".to_owned(),
///     end_time: "2026-07-11".to_owned(),
///     filters: vec![UsageFilter { key: "ModelName".to_owned(), ..UsageFilter::default() }],
///     ..GetInferenceUsage::default()
/// };
/// let request = action.to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(
///     std::str::from_utf8(request.body())?,
///     r#"{"StartTime":"2026-07-10","EndTime":"2026-07-11","QueryInterval":"Day","Filters":[{"Key":"ModelName","Values":[]}]}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInferenceUsage {
    /// The first day, `2026-07-11`, of UTC+8.
    pub start_time: String,
    /// The last day, included.
    pub end_time: String,
    /// The width of the buckets.
    pub query_interval: QueryInterval,
    /// The project; the response has a column for it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// Filters and groupings, of which all apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<UsageFilter>,
}

impl GetInferenceUsage {
    /// Returns the start of a day as requests and responses name it, unix seconds.
    pub fn day_start(day: &str, days: ServiceDays) -> Option<i64> {
        dates::day(day, days)
    }
}

/// The width of the buckets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum QueryInterval {
    /// Days.
    #[default]
    Day,
    /// Hours.
    Hour,
}

/// A filter by a column, or a grouping by it when no values are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UsageFilter {
    /// `ModelName`, `ModelVersion`, `ModelEndpoint`, `ApikeyID`, `BillingStatus`, `BatchJobID`,
    /// `BatchType` or `ModelUnitID`.
    pub key: String,
    /// The values to count; usage is reported separately for each value when empty.
    pub values: Vec<String>,
}

impl Action for GetInferenceUsage {
    type Response = GetInferenceUsageResponse;
    const NAME: &'static str = "GetInferenceUsage";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<GetInferenceUsageResponse>, ResponseError> {
        let Answer { metadata, result } = read_answer::<Option<_>, B>(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
