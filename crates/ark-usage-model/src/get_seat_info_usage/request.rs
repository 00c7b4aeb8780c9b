//! The parameters of `GetSeatInfoUsage`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::get_seat_info_usage::SeatInfoUsage;

/// `GetSeatInfoUsage`: the usage of a seat. Needs `ark:GetSeatInfoUsage`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetSeatInfoUsage {
    /// The seat.
    #[serde(rename = "SeatID")]
    pub seat_id: String,
    /// The default project when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// `coding_plan_enterprise` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
}

impl Action for GetSeatInfoUsage {
    type Response = SeatInfoUsage;
    const NAME: &'static str = "GetSeatInfoUsage";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<SeatInfoUsage>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
