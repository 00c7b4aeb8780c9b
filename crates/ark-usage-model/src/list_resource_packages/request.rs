//! The parameters of `ListResourcePackages`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::list_resource_packages::ListResourcePackagesResponse;

/// `ListResourcePackages`: packs of every product of the vendor. Needs `billing:ListResourcePackages`, as
/// in the policy `BillingCenterReadOnlyAccess`.
///
/// ```
/// use ark_usage_model::list_resource_packages::ListResourcePackages;
/// use volc_openapi::Action;
///
/// let request = ListResourcePackages::page(None).to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(request.body(), br#"{"ResourceType":"Package","MaxResults":"100"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListResourcePackages {
    /// `Package`.
    pub resource_type: String,
    /// Packs of a page, as text.
    pub max_results: String,
    /// The token of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Such as `Effective` or `UsedUp`; effective ones when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl ListResourcePackages {
    /// A page of packs that can be used: the first one, or that of a token.
    pub fn page(next_token: Option<String>) -> Self {
        let (resource_type, max_results) = ("Package".to_owned(), "100".to_owned());
        Self { resource_type, max_results, next_token, status: None }
    }
}

impl Action for ListResourcePackages {
    type Response = ListResourcePackagesResponse;
    const NAME: &'static str = "ListResourcePackages";
    const VERSION: &'static str = "2022-01-01";
    const SERVICE: &'static str = "billing";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<ListResourcePackagesResponse>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
