//! The parameters of `GetCallerIdentity`: none.

use serde::{Deserialize, Serialize};
use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_answer};

use crate::get_caller_identity::CallerIdentity;

/// `GetCallerIdentity`: whose keys these are. Needs no permission.
///
/// ```
/// use ark_usage_model::get_caller_identity::GetCallerIdentity;
/// use volc_openapi::Action;
///
/// let request = GetCallerIdentity {}.to_http(&"https://sts.volcengineapi.com".parse()?)?;
/// assert_eq!(request.body(), b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetCallerIdentity {}

impl Action for GetCallerIdentity {
    type Response = CallerIdentity;
    const NAME: &'static str = "GetCallerIdentity";
    const VERSION: &'static str = "2018-01-01";
    const SERVICE: &'static str = "sts";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<CallerIdentity>, ResponseError> {
        // A null result tells as little as one without an account.
        let Answer { metadata, result } = read_answer::<Option<CallerIdentity>, B>(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
