//! The parameters of `GetSeatAFPUsage`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::get_seat_afp_usage::SeatAfpUsages;

/// `GetSeatAFPUsage`: the quotas of seats. Needs `ark:GetSeatAFPUsage`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetSeatAfpUsage {
    /// The seats, at most [`MAX_SEATS`](Self::MAX_SEATS).
    #[serde(rename = "SeatIDs")]
    pub seat_ids: Vec<String>,
}

impl GetSeatAfpUsage {
    /// The most seats of a call.
    pub const MAX_SEATS: usize = 1_000;
}

impl Action for GetSeatAfpUsage {
    type Response = SeatAfpUsages;
    const NAME: &'static str = "GetSeatAFPUsage";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<SeatAfpUsages>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
