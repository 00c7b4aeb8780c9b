//! The parameters of `GetAFPUsage`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::get_afp_usage::AfpUsage;

/// `GetAFPUsage`: the quota of the caller's Agent Plan. Needs `ark:GetAFPUsage`.
///
/// Without a plan the result is null, or absent, or has a quota of 0 in every window: see
/// [`AfpUsage::is_subscribed`].
///
/// ```
/// use ark_usage_model::get_afp_usage::GetAfpUsage;
/// use volc_openapi::Action;
///
/// let request = GetAfpUsage::default().to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(request.body(), b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetAfpUsage {
    /// A plan belongs to the account; the service takes a project's name, and ignores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
}

impl Action for GetAfpUsage {
    type Response = Option<AfpUsage>;
    const NAME: &'static str = "GetAFPUsage";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<Option<AfpUsage>>, ResponseError> {
        read_optional(response)
    }
}
