//! The contract of one action: from a value to an unsigned request, from a response to a value.

use http::header::{CONTENT_TYPE, HOST};
use serde::Serialize;

use crate::{BaseUrl, RequestError, ResponseError, ResponseMetadata, encode_query};

/// One OpenAPI action. Implemented by the type that holds its parameters.
///
/// [`post_json`] and [`get_query`] write the request, [`read_answer`](crate::read_answer) reads the
/// response, so that an action is its two types and a few lines (see the crate's example).
pub trait Action {
    /// The type under `Result`.
    type Response;
    /// Query parameter `Action`.
    const NAME: &'static str;
    /// Query parameter `Version`, `yyyy-mm-dd`.
    const VERSION: &'static str;
    /// The service of the credential scope, such as `ark`.
    const SERVICE: &'static str;
    /// POST with a JSON body, or GET with everything in the query.
    const METHOD: http::Method;

    /// Returns the request, wire-ready except for its signature.
    ///
    /// # Errors
    ///
    /// The parameters cannot be written as a request.
    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError>;

    /// Parses the response.
    ///
    /// # Errors
    ///
    /// [`ResponseError`]: the server refused, a gateway answered, or the response is not as documented.
    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<Self::Response>, ResponseError>;
}

/// A successful response. Serialises to the envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer<T> {
    /// The metadata of the call.
    #[serde(rename = "ResponseMetadata")]
    pub metadata: ResponseMetadata,
    /// The result of the action.
    #[serde(rename = "Result")]
    pub result: T,
}

/// POST `/?Action=…&Version=…` with a JSON body; headers `Host`, then
/// `Content-Type: application/json; charset=UTF-8`, as on the vendor's pages.
///
/// # Errors
///
/// The parameters do not serialise.
pub fn post_json<A: Action, P: Serialize + ?Sized>(
    base_url: &BaseUrl,
    parameters: &P,
) -> Result<http::Request<Vec<u8>>, RequestError> {
    let body = serde_json::to_vec(parameters)
        .map_err(|source| RequestError::Body { action: A::NAME, source })?;
    let uri = base_url.join_query(&encode_query([("Action", A::NAME), ("Version", A::VERSION)]))?;
    http::Request::post(uri)
        .header(HOST, base_url.authority())
        .header(CONTENT_TYPE, "application/json; charset=UTF-8")
        .body(body)
        .map_err(|source| RequestError::Http { action: A::NAME, source })
}

/// GET `/?Action=…&Version=…&NAME=VALUE…` without a body; the only header is `Host`.
///
/// # Errors
///
/// The query does not make a URI, for instance because it is too long.
pub fn get_query<A: Action>(
    base_url: &BaseUrl,
    parameters: &[(&str, String)],
) -> Result<http::Request<Vec<u8>>, RequestError> {
    let fixed = [("Action", A::NAME), ("Version", A::VERSION)];
    let given = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    let uri = base_url.join_query(&encode_query(fixed.into_iter().chain(given)))?;
    http::Request::get(uri)
        .header(HOST, base_url.authority())
        .body(Vec::new())
        .map_err(|source| RequestError::Http { action: A::NAME, source })
}
