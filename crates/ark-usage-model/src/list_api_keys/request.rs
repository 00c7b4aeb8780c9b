//! The parameters of `ListApiKeys`.

use serde::{Deserialize, Serialize};
use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_answer};

use crate::list_api_keys::ListApiKeysResponse;

/// `ListApiKeys`: the API keys of a project. Absent parameters are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListApiKeys {
    /// The default project when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Keys of a page, at most [`MAX_PAGE`](Self::MAX_PAGE).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
}

impl ListApiKeys {
    /// The most keys of a page.
    pub const MAX_PAGE: u32 = 10;
}

impl Action for ListApiKeys {
    type Response = ListApiKeysResponse;
    const NAME: &'static str = "ListApiKeys";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<ListApiKeysResponse>, ResponseError> {
        read_answer(response)
    }
}
