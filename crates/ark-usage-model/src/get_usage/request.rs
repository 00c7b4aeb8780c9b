//! The parameters of `GetUsage`.

use serde::{Deserialize, Serialize};
use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_answer};

use crate::{GetUsageResponse, Interval, Scene};

/// `GetUsage`: how many tokens were used, by day or hour.
///
/// The service does not say whether a bucket that starts at `end_time` belongs to the answer (its
/// sample says yes); [`UsageQuery`](crate::UsageQuery) is right either way.
///
/// ```
/// use ark_usage_model::{Interval, get_usage::GetUsage};
/// use volc_openapi::Action;
///
/// // The vendor's own sample.
/// let action = GetUsage {
///     project_name: Some("default".to_owned()),
///     ..GetUsage::new(Interval::Day, 1_731_945_600, 1_731_945_600)
/// };
/// let request = action.to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(
///     std::str::from_utf8(request.body())?,
///     r#"{"Interval":86400,"StartTime":1731945600,"EndTime":1731945600,"ProjectName":"default"}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetUsage {
    /// The width of the buckets.
    pub interval: Interval,
    /// Start of the first bucket, unix seconds.
    pub start_time: i64,
    /// Start of the last bucket, unix seconds.
    pub end_time: i64,
    /// The default project when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// Inference endpoints; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoint_ids: Vec<String>,
    /// Scenes; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenes: Vec<Scene>,
    /// One batch inference job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_job_id: Option<String>,
}

impl GetUsage {
    /// Everything in the default project.
    pub fn new(interval: Interval, start_time: i64, end_time: i64) -> Self {
        Self {
            interval,
            start_time,
            end_time,
            project_name: None,
            endpoint_ids: Vec::new(),
            scenes: Vec::new(),
            batch_job_id: None,
        }
    }
}

impl Action for GetUsage {
    type Response = GetUsageResponse;
    const NAME: &'static str = "GetUsage";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<GetUsageResponse>, ResponseError> {
        // A null result means that nothing was used.
        let Answer { metadata, result } = read_answer::<Option<GetUsageResponse>, B>(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
