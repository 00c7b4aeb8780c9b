//! The parameters of `ListSeatInfoUsages`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::list_seat_info_usages::SeatInfoUsages;

/// `ListSeatInfoUsages`: the usage of seats. Needs `ark:ListSeatInfoUsages`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListSeatInfoUsages {
    /// The seats, at most [`MAX_SEATS`](Self::MAX_SEATS).
    #[serde(rename = "SeatIDs")]
    pub seat_ids: Vec<String>,
    /// The default project when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// `coding_plan_enterprise` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
}

impl ListSeatInfoUsages {
    /// The most seats of a call.
    pub const MAX_SEATS: usize = 1_000;
}

impl Action for ListSeatInfoUsages {
    type Response = SeatInfoUsages;
    const NAME: &'static str = "ListSeatInfoUsages";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<SeatInfoUsages>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
