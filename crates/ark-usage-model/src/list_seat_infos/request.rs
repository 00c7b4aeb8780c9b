//! The parameters of `ListSeatInfos`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::list_seat_infos::SeatInfos;

/// `ListSeatInfos`: seats, by page. Needs `ark:ListSeatInfos`.
///
/// ```
/// use ark_usage_model::list_seat_infos::ListSeatInfos;
/// use volc_openapi::Action;
///
/// let request = ListSeatInfos::default().to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(request.body(), br#"{"Filter":{}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListSeatInfos {
    /// The seats to list. The service wants it, even if it is empty.
    pub filter: SeatFilter,
    /// [`CODING_SCENE`](Self::CODING_SCENE) when absent, or [`AGENT_SCENE`](Self::AGENT_SCENE).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
    /// The default project when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_num: Option<u32>,
    /// Seats of a page, at most [`MAX_PAGE`](Self::MAX_PAGE).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// The token of the page before, where the service pages by tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// A field, such as `OrderTimestamp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// `Asc` or `Desc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
}

impl ListSeatInfos {
    /// The most seats of a page.
    pub const MAX_PAGE: u32 = 100;
    /// Seats of a Coding Plan.
    pub const CODING_SCENE: &'static str = "coding_plan_enterprise";
    /// Seats of an Agent Plan.
    pub const AGENT_SCENE: &'static str = "agent_plan_enterprise";
}

/// The seats to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SeatFilter {
    /// 1 not paid for, 2 running, 3 expired, 4 taken back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub billing_status: Vec<i64>,
    /// 1 idle, 2 active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat_status: Option<i64>,
    /// The size, such as `Lite` or `Pro`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biz_info: Option<String>,
    /// These seats, at most 1000.
    #[serde(rename = "SeatIDs", skip_serializing_if = "Vec::is_empty")]
    pub seat_ids: Vec<String>,
    /// Seats of this user.
    #[serde(rename = "UserID", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Seats of the user with this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl Action for ListSeatInfos {
    type Response = SeatInfos;
    const NAME: &'static str = "ListSeatInfos";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<SeatInfos>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
