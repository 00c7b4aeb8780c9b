//! Formats of a signed request: headers, text, curl command, JSON.

mod curl;
mod http;
mod json;

use std::fmt::Write as _;

use crate::request::{GivenRequest, Header};

pub(crate) use self::http::http;
pub(crate) use curl::{curl, feeds_stdin};
pub(crate) use json::json;

/// A request with its signature and every stage of it.
///
/// Printing it is the purpose of `sign`, so nothing is masked.
pub(crate) struct SignedRequest<'a> {
    pub(crate) given: &'a GivenRequest,
    pub(crate) canonical_request: String,
    pub(crate) string_to_sign: String,
    pub(crate) signed_headers: String,
    pub(crate) signature: String,
    /// `None` if the signature is in the URL.
    pub(crate) authorization: Option<String>,
    /// All headers to send: the given ones and those of the signature.
    pub(crate) headers: Vec<Header>,
    /// The presigned URL, with `--presign`.
    pub(crate) presigned_url: Option<String>,
}

impl SignedRequest<'_> {
    /// Returns the URL to send the request to.
    fn url(&self) -> &str {
        self.presigned_url.as_deref().unwrap_or(&self.given.url)
    }
}

/// Returns the headers, one a line; for a presigned request its URL, which is enough.
pub(crate) fn headers(request: &SignedRequest<'_>) -> Vec<u8> {
    match &request.presigned_url {
        Some(url) => format!("{url}\n").into_bytes(),
        None => header_lines(request).into_bytes(),
    }
}

fn header_lines(request: &SignedRequest<'_>) -> String {
    let mut text = String::new();
    for header in &request.headers {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{header}");
    }
    text
}
