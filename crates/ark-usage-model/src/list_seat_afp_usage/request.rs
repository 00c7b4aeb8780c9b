//! The parameters of `ListSeatAFPUsage`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::list_seat_afp_usage::SeatAfpUsagePage;

/// `ListSeatAFPUsage`: the quotas of the seats of a project. Needs `ark:ListSeatAFPUsage`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListSeatAfpUsage {
    /// The project; the service wants it.
    pub project_name: String,
    /// The seats to list; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<SeatAfpFilter>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Seats of a page, from 10 to [`MAX_PAGE`](Self::MAX_PAGE).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// `AFPFiveHour`, `AFPWeekly`, `AFPMonthly` or `CreateTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// `Asc` or `Desc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
}

impl ListSeatAfpUsage {
    /// The most seats of a page.
    pub const MAX_PAGE: u32 = 100;
}

/// The seats to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SeatAfpFilter {
    /// Seats of these sizes, such as `Medium`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plan_type: Vec<String>,
    /// These seats, at most 1000.
    #[serde(rename = "SeatIDs", skip_serializing_if = "Vec::is_empty")]
    pub seat_ids: Vec<String>,
    /// Seats of users with these names, at most 1000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_names: Vec<String>,
}

impl Action for ListSeatAfpUsage {
    type Response = SeatAfpUsagePage;
    const NAME: &'static str = "ListSeatAFPUsage";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<SeatAfpUsagePage>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
