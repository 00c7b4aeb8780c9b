//! The parameters of `ListEndpoints`.

use serde::{Deserialize, Serialize};
use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_answer};

use crate::list_endpoints::ListEndpointsResponse;

/// `ListEndpoints`: which inference endpoints there are. Absent parameters are left out.
///
/// ```
/// use ark_usage_model::list_endpoints::ListEndpoints;
/// use volc_openapi::Action;
///
/// let first = ListEndpoints {
///     project_name: Some("default".to_owned()),
///     page_number: Some(1),
///     page_size: Some(100),
///     ..ListEndpoints::default()
/// };
/// let request = first.to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(
///     std::str::from_utf8(request.body())?,
///     r#"{"ProjectName":"default","PageNumber":1,"PageSize":100}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListEndpoints {
    /// The default project when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u32>,
    /// Endpoints of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
    /// A field's name, such as `CreateTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// `Asc` or `Desc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
    /// Only endpoints like this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<EndpointFilter>,
    /// Only endpoints with these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag_filters: Vec<TagFilter>,
}

/// The endpoints to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EndpointFilter {
    /// Only these ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Only names with this text in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only these states, such as `Running`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<String>,
    /// Only endpoints of this foundation model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foundation_model_name: Option<String>,
}

/// A tag to filter by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TagFilter {
    /// The tag's key.
    pub key: String,
    /// Any of these values; all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl Action for ListEndpoints {
    type Response = ListEndpointsResponse;
    const NAME: &'static str = "ListEndpoints";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<ListEndpointsResponse>, ResponseError> {
        read_answer(response)
    }
}
