//! A signed request: as headers, as text, for curl, as JSON.

mod curl;
mod http;
mod json;

use std::fmt::Write as _;

use crate::request::{GivenRequest, Header};

pub(crate) use self::http::http;
pub(crate) use curl::{curl, feeds_stdin};
pub(crate) use json::json;

/// A request with its signature, and every stage that led to it.
///
/// It is printed because somebody asked for it, so nothing of it is masked.
pub(crate) struct SignedRequest<'a> {
    pub(crate) given: &'a GivenRequest,
    pub(crate) canonical_request: String,
    pub(crate) string_to_sign: String,
    pub(crate) signed_headers: String,
    pub(crate) signature: String,
    /// Absent when the signature is in the URL.
    pub(crate) authorization: Option<String>,
    /// Everything to send: what was given, and what signing made.
    pub(crate) headers: Vec<Header>,
    /// The URL with the signature in it, when that was asked for.
    pub(crate) presigned_url: Option<String>,
}

impl SignedRequest<'_> {
    /// The URL to send the request to.
    fn url(&self) -> &str {
        self.presigned_url.as_deref().unwrap_or(&self.given.url)
    }
}

/// The headers, one a line; of a presigned request the URL, which is all that is needed.
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
