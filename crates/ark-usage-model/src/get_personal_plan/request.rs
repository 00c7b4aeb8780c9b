//! The parameters of `GetPersonalPlan`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, ApiError, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::get_personal_plan::PersonalPlan;

/// `GetPersonalPlan`: a plan of the caller. Needs `ark:GetPersonalPlan`.
///
/// A plan that was not bought is an error: see [`is_not_bought`](Self::is_not_bought).
///
/// ```
/// use ark_usage_model::get_personal_plan::GetPersonalPlan;
/// use volc_openapi::Action;
///
/// let request = GetPersonalPlan::agent().to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(request.body(), br#"{"Plan":"AgentPlan"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetPersonalPlan {
    /// `AgentPlan` or `CodingPlan`.
    pub plan: String,
}

impl GetPersonalPlan {
    /// The code of the error about a plan that was not bought.
    pub const NOT_BOUGHT: &'static str = "ResourceNotFound.Plan";

    /// The Agent Plan.
    pub fn agent() -> Self {
        Self { plan: "AgentPlan".to_owned() }
    }

    /// The Coding Plan.
    pub fn coding() -> Self {
        Self { plan: "CodingPlan".to_owned() }
    }

    /// Returns true for the error that says there is no such plan.
    pub fn is_not_bought(error: &ApiError) -> bool {
        error.code == Self::NOT_BOUGHT
    }
}

impl Action for GetPersonalPlan {
    type Response = Option<PersonalPlan>;
    const NAME: &'static str = "GetPersonalPlan";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<Option<PersonalPlan>>, ResponseError> {
        read_optional(response)
    }
}
