//! Formats of a signed request: headers, text, curl command, JSON.

mod curl;
mod http;
mod json;

use std::fmt::Write as _;

use ark_usage_report::text;
use jiff::Timestamp;
use volc_sign::SigningTime;

use crate::lang::Text;
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
    /// The last second at which servers accept the signature.
    pub(crate) good_until: Option<SigningTime>,
}

impl SignedRequest<'_> {
    /// Returns the URL to send the request to.
    fn url(&self) -> &str {
        self.presigned_url.as_deref().unwrap_or(&self.given.url)
    }

    /// Returns the time in RFC 3339 until which servers accept the signature.
    fn good_until(&self) -> Option<String> {
        let unix = i64::try_from(self.good_until?.unix_seconds()).ok()?;
        Some(Timestamp::from_second(unix).ok()?.to_string())
    }

    /// Returns the note on that time.
    pub(crate) fn validity(&self) -> Option<Text> {
        let until = self.good_until()?;
        Some(text!("the signature is good until {until}", "签名的有效期至 {until}"))
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
