//! The common part of every Volcengine OpenAPI action: the [`Action`] contract, the response
//! envelope, errors in three grades, the meaning of error codes, and the retry policy.
//!
//! Everything here is a value or a pure function. Nothing signs, sends, sleeps, reads a clock or
//! draws a random number: time and randomness are arguments.
//!
//! # An action in a few lines
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_answer};
//!
//! #[derive(Serialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct GetThing { name: String }
//!
//! #[derive(Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Thing { colour: Option<String> }
//!
//! impl Action for GetThing {
//!     type Response = Thing;
//!     const NAME: &'static str = "GetThing";
//!     const VERSION: &'static str = "2024-01-01";
//!     const SERVICE: &'static str = "ark";
//!     const METHOD: http::Method = http::Method::POST;
//!
//!     fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
//!         post_json::<Self, _>(base_url, self)
//!     }
//!
//!     fn from_http<B: AsRef<[u8]>>(
//!         response: &http::Response<B>,
//!     ) -> Result<Answer<Thing>, ResponseError> {
//!         read_answer(response)
//!     }
//! }
//!
//! let base_url: BaseUrl = "https://open.volcengineapi.com".parse()?;
//! let request = GetThing { name: "kettle".to_owned() }.to_http(&base_url)?;
//! assert_eq!(request.uri(), "https://open.volcengineapi.com/?Action=GetThing&Version=2024-01-01");
//! assert_eq!(request.body(), br#"{"Name":"kettle"}"#);
//!
//! let body = r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Colour":"blue"}}"#;
//! let answer = GetThing::from_http(&http::Response::new(body))?;
//! assert_eq!(answer.metadata.request_id.as_deref(), Some("r1"));
//! assert_eq!(answer.result.colour.as_deref(), Some("blue"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Contents
//!
//! - [`BaseUrl`]: the address of the service, parsed and normalised once
//! - [`ProxyAddress`]: the address of a proxy, likewise
//! - [`Action`], [`Answer`], [`post_json`], [`get_query`], [`read_answer`]: from a value to an
//!   unsigned request, from a response to a value
//! - [`ApiError`], [`GatewayError`], [`ProtocolError`], together [`ResponseError`]: a response
//!   that is not a result; [`TransportFailure`]: no response
//! - [`ErrorCode`], [`CodeClass`]: the meaning of a code
//! - [`RetryPolicy`], [`Verdict`]: the next step after a failure
//! - [`Site`]: the addresses, variables, currency and days of Volcengine and of BytePlus
//! - [`utf8_text`]: bytes from outside as text; [`one_line`], [`Excerpt`], [`is_harmful`]: text from outside as it
//!   is shown

mod action;
mod base_url;
mod code;
mod encode;
mod envelope;
mod error;
mod few_letters;
mod http_date;
mod json_excerpt;
mod metadata;
mod one_line;
mod proxy_address;
mod redact;
mod request_error;
mod retry;
mod site;
mod split_mix;
mod transport_failure;
mod utf8_text;

pub use action::{Action, Answer, get_query, post_json};
pub use base_url::{BaseUrl, BaseUrlError, is_loopback_host};
pub use code::{CodeClass, ErrorCode, head_of};
pub use encode::{encode_component, encode_query};
pub use envelope::{read_answer, read_envelope, read_optional, read_with};
pub use error::{
    ApiError, FailedBody, GatewayError, ProtocolError, ProtocolProblem, ResponseError,
};
pub use few_letters::{few_letters, few_letters_of_quotes, first_letters, looks_secret};
pub use http_date::{format_http_date, parse_http_date};
pub use metadata::{ErrorBody, ResponseMetadata};
pub use one_line::{Excerpt, is_harmful, one_line};
pub use proxy_address::{ProxyAddress, ProxyAddressError};
pub use redact::redact_access_keys;
pub use request_error::RequestError;
pub use retry::{Attempt, Failure, RetryPolicy, ServerHints, Verdict};
pub use site::{KeyVariables, ServiceDays, Site};
pub use split_mix::SplitMix64;
pub use transport_failure::TransportFailure;
pub use utf8_text::{NotUtf8, utf8_text};

// The README's example runs as a test.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
