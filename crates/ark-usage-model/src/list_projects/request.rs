//! The parameters of `ListProjects`.

use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, get_query, read_answer};

use crate::list_projects::ListProjectsResponse;

/// `ListProjects`: which projects there are. A GET: everything stands in the query.
///
/// ```
/// use ark_usage_model::list_projects::ListProjects;
/// use volc_openapi::Action;
///
/// let page = ListProjects { limit: Some(100), offset: Some(0), query: Some("a b".to_owned()) };
/// let request = page.to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(
///     request.uri().query(),
///     Some("Action=ListProjects&Version=2021-08-01&Limit=100&Offset=0&Query=a%20b"),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListProjects {
    /// Most projects of this page.
    pub limit: Option<u32>,
    /// Projects to pass over.
    pub offset: Option<u32>,
    /// Only names with this text in them.
    pub query: Option<String>,
}

impl Action for ListProjects {
    type Response = ListProjectsResponse;
    const NAME: &'static str = "ListProjects";
    const VERSION: &'static str = "2021-08-01";
    const SERVICE: &'static str = "iam";
    const METHOD: http::Method = http::Method::GET;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        let parameters = [
            ("Limit", self.limit.map(|limit| limit.to_string())),
            ("Offset", self.offset.map(|offset| offset.to_string())),
            ("Query", self.query.clone()),
        ];
        let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        get_query::<Self>(base_url, &given.collect::<Vec<_>>())
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<ListProjectsResponse>, ResponseError> {
        read_answer(response)
    }
}
