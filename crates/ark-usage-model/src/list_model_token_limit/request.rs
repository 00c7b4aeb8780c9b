//! The parameters of `ListModelTokenLimit`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::list_model_token_limit::ListModelTokenLimitResponse;

/// `ListModelTokenLimit`: the caps of models. Needs `ark:ListModelTokenLimit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListModelTokenLimit {
    /// The models, by their names without a date.
    pub foundation_model_names: Vec<String>,
}

impl Action for ListModelTokenLimit {
    type Response = ListModelTokenLimitResponse;
    const NAME: &'static str = "ListModelTokenLimit";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<ListModelTokenLimitResponse>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
