//! The parameters of `ListModelActivations`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::list_model_activations::ListModelActivationsResponse;

/// `ListModelActivations`: models, with their free usage if wanted. Needs `ark:ListModelActivations`.
///
/// ```
/// use ark_usage_model::list_model_activations::ListModelActivations;
/// use volc_openapi::Action;
///
/// let action = ListModelActivations { with_free_usage: Some(true), ..ListModelActivations::default() };
/// let request = action.to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(request.body(), br#"{"WithFreeUsage":true}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListModelActivations {
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Models of a page, at most [`MAX_PAGE`](Self::MAX_PAGE).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// True for free usage as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_free_usage: Option<bool>,
}

impl ListModelActivations {
    /// The most models of a page.
    pub const MAX_PAGE: u32 = 100;
}

impl Action for ListModelActivations {
    type Response = ListModelActivationsResponse;
    const NAME: &'static str = "ListModelActivations";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<ListModelActivationsResponse>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
