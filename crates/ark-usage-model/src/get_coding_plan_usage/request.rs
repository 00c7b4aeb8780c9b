//! The parameters of `GetCodingPlanUsage`: none.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::get_coding_plan_usage::CodingPlanUsage;

/// `GetCodingPlanUsage`: the usage of the caller's Coding Plan. Needs `ark:GetCodingPlanUsage`.
///
/// Without a plan the result is null, absent or has no windows: see
/// [`CodingPlanUsage::is_subscribed`].
///
/// ```
/// use ark_usage_model::get_coding_plan_usage::GetCodingPlanUsage;
/// use volc_openapi::Action;
///
/// let body = r#"{"ResponseMetadata":{},"Result":{"QuotaUsage":[{"Level":"weekly","Percent":0.000029}]}}"#;
/// let usage = GetCodingPlanUsage::from_http(&http::Response::new(body))?.result.unwrap_or_default();
/// let percent = usage.quota_usage[0].percent.as_ref().map(|percent| percent.as_str());
/// assert_eq!(percent, Some("0.000029"));
/// # Ok::<(), volc_openapi::ResponseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetCodingPlanUsage {}

impl Action for GetCodingPlanUsage {
    type Response = Option<CodingPlanUsage>;
    const NAME: &'static str = "GetCodingPlanUsage";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<Option<CodingPlanUsage>>, ResponseError> {
        read_optional(response)
    }
}
