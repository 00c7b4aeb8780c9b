//! The parameters of `QueryUsageTable`.

use serde::{Deserialize, Serialize};
use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_answer};

use crate::Table;

/// `QueryUsageTable`: usage as a table, by day or by hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct QueryUsageTable {
    /// The first day, `2024-11-19`.
    pub start_date: String,
    /// The last day, included.
    pub end_date: String,
    /// `Day` or `Hour`.
    pub granularity: String,
    /// The default project when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// Inference endpoints; all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endpoint_ids: Vec<String>,
    /// Scenes; all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenes: Vec<String>,
    /// Columns to group by, `EndpointId` or `Scene`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_by: Vec<String>,
}

impl Action for QueryUsageTable {
    type Response = Table;
    const NAME: &'static str = "QueryUsageTable";
    const VERSION: &'static str = "2030-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<Table>, ResponseError> {
        let Answer { metadata, result } = read_answer::<Option<Table>, B>(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}
