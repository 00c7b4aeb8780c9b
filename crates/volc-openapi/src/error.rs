//! Responses that are not results, in three grades: typed, JSON, raw bytes.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::json_excerpt::json_excerpt;
use crate::{CodeClass, ErrorCode, Excerpt, is_harmful, redact_access_keys};

/// A response that is not a result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The service refused with a typed error: look up its code.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A gateway in front of the service answered. It often recovers by itself.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// A success status with a body this client does not understand. Report it with the request id:
    /// the service may have changed.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
}

impl ResponseError {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Api(error) => error.status,
            Self::Gateway(error) => error.status,
            Self::Protocol(error) => error.status,
        }
    }

    /// Returns true if the server knows no such service, action or version: an error that says so, or HTTP 404
    /// without a code or a body, as hosts of BytePlus answer that serve something else.
    pub fn is_unknown_action(&self) -> bool {
        match self {
            Self::Api(error) if error.has_no_code() => error.status == StatusCode::NOT_FOUND,
            Self::Api(error) => error.error_code().class() == CodeClass::UnknownAction,
            Self::Gateway(error) => error.is_empty_404(),
            Self::Protocol(_) => false,
        }
    }

    /// The request id, from the body or a header.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.request_id.as_deref(),
            Self::Gateway(error) => error.request_id.as_deref(),
            Self::Protocol(error) => error.request_id.as_deref(),
        }
    }
}

/// The service's own error: `ResponseMetadata.Error`, whatever the HTTP status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status; may well be 200.
    pub status: StatusCode,
    /// The name of the code; empty when the service sent only a number.
    pub code: String,
    /// The gateway's number, when sent.
    pub code_n: Option<i64>,
    /// The message of the service, with access key ids masked; of a long one the first
    /// [`ApiError::MESSAGE_CAP`] bytes.
    pub message: String,
    /// The request id, when sent.
    pub request_id: Option<String>,
    /// `Retry-After`, when sent as a delay, or as a date beside a `Date`.
    pub retry_after: Option<Duration>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_message(&self.shown_message().to_string()))
    }
}

impl std::error::Error for ApiError {}

impl ApiError {
    /// The most bytes of a message that are kept: it is repeated for every call that it ends.
    pub const MESSAGE_CAP: usize = 16 << 10;

    /// Returns the code as it is shown: its number when it has no name.
    pub fn shown_code(&self) -> String {
        match self.code_n {
            Some(number) if self.code.is_empty() => format!("code {number}"),
            None if self.has_no_code() => "an error without a code".to_owned(),
            _ => Excerpt::new(&self.code, Excerpt::NAME).to_string(),
        }
    }

    /// Returns true if neither the name nor the number of a code was sent.
    pub fn has_no_code(&self) -> bool {
        self.code_n.is_none() && self.code.trim().is_empty()
    }

    /// Returns the error with its message in other words.
    pub fn with_message(&self, message: &str) -> String {
        let mut text = self.shown_code();
        if !message.trim().is_empty() {
            text.extend([": ", message]);
        }
        let delay = self.retry_after.map(|delay| format!(", retry after {} s", delay.as_secs()));
        format!("{text} (HTTP {}{})", self.status.as_u16(), delay.unwrap_or_default())
    }

    /// Returns the message as it is shown: its beginning, on one line.
    pub fn shown_message(&self) -> Excerpt<'_> {
        Excerpt::new(&self.message, Excerpt::MESSAGE)
    }

    /// The code, ready to be classified.
    pub fn error_code(&self) -> ErrorCode<'_> {
        ErrorCode::new(&self.code, self.code_n)
    }
}

/// A failure status without a usable error object: a gateway, proxy or load balancer answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayError {
    /// HTTP status.
    pub status: StatusCode,
    /// From the body or the header `X-Tt-Logid`.
    pub request_id: Option<String>,
    /// `Retry-After`, when sent as a delay, or as a date beside a `Date`.
    pub retry_after: Option<Duration>,
    /// The start of the body.
    pub body: FailedBody,
}

impl GatewayError {
    /// Returns true for HTTP 404 without a body: the host does not serve this service or action.
    pub fn is_empty_404(&self) -> bool {
        self.status == StatusCode::NOT_FOUND && self.body.is_empty()
    }
}

impl fmt::Display for GatewayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {} without an API error", self.status.as_u16())?;
        if let Some(delay) = self.retry_after {
            write!(f, ", retry after {} s", delay.as_secs())?;
        }
        if !self.body.is_empty() {
            write!(f, ": {}", self.body)?;
        }
        Ok(())
    }
}

impl std::error::Error for GatewayError {}

/// The untyped grades of a failed body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailedBody {
    /// JSON, but not the envelope; compact, at most [`FailedBody::CAP`] bytes.
    Json(String),
    /// Not JSON (an HTML page, a truncated body, nothing): its first bytes, at most
    /// [`FailedBody::CAP`].
    Raw(Vec<u8>),
}

impl FailedBody {
    /// The most bytes that are kept.
    pub const CAP: usize = 512;

    /// The grade of a body: JSON if it is, else its first bytes. Access key ids are masked.
    pub fn of(body: &[u8]) -> Self {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        // More than the cap is read first: masking must not be cheated by a cut inside a key.
        if let Some(json) = json_excerpt(body, 2 * Self::CAP) {
            return Self::Json(capped(&redact_access_keys(&json)).to_owned());
        }
        let head = body.get(..2 * Self::CAP).unwrap_or(body);
        let text = match std::str::from_utf8(head) {
            Ok(text) => Cow::Borrowed(text),
            // Cut inside a character.
            Err(error) if error.error_len().is_none() => {
                String::from_utf8_lossy(head.get(..error.valid_up_to()).unwrap_or(head))
            }
            Err(_) => {
                let text = String::from_utf8_lossy(head);
                if matches!(redact_access_keys(&text), Cow::Borrowed(_)) {
                    return Self::Raw(body.get(..Self::CAP).unwrap_or(body).to_vec());
                }
                text
            }
        };
        Self::Raw(capped(&redact_access_keys(&text)).as_bytes().to_vec())
    }

    /// True for an empty body.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Json(text) => text.is_empty(),
            Self::Raw(bytes) => bytes.is_empty(),
        }
    }
}

/// One line of at most 200 characters, harmful signs shown as spaces.
impl fmt::Display for FailedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Json(text) => text.into(),
            Self::Raw(bytes) => String::from_utf8_lossy(bytes),
        };
        let words = text.split(|sign: char| sign.is_whitespace() || is_harmful(sign));
        let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{}…", line.get(..end).unwrap_or("")),
            None => f.write_str(&line),
        }
    }
}

/// Characters of a failed body that are shown.
const SHOWN: usize = 200;

/// A success status with a body that is not the documented one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}: {} (HTTP {})", self.shown_detail(), status.as_u16())]
pub struct ProtocolError {
    /// HTTP status.
    pub status: StatusCode,
    /// The request id, when sent.
    pub request_id: Option<String>,
    /// The kind of problem.
    pub problem: ProtocolProblem,
    /// The problem in words.
    pub detail: String,
    /// The start of the body.
    pub body: FailedBody,
}

impl ProtocolError {
    /// Returns the detail as it is shown: its beginning, on one line.
    pub fn shown_detail(&self) -> Excerpt<'_> {
        Excerpt::new(&self.detail, Excerpt::NAME)
    }
}

/// Kinds of [`ProtocolError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolProblem {
    /// Not JSON: truncated, damaged, or a page of a gateway. A retry may help.
    #[error("the response is not JSON")]
    NotJson,
    /// JSON, but not as documented. A retry does not help.
    #[error("the response is not as documented")]
    Shape,
}

/// At most the cap, cut between characters.
fn capped(text: &str) -> &str {
    let mut end = text.len().min(FailedBody::CAP);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades() {
        assert_eq!(FailedBody::of(b"{ \"a\" : 1 }"), FailedBody::Json(r#"{"a":1}"#.to_owned()));
        assert_eq!(FailedBody::of(b"<html>"), FailedBody::Raw(b"<html>".to_vec()));
        assert_eq!(FailedBody::of(&[0xff, 0xfe]), FailedBody::Raw(vec![0xff, 0xfe]));
        assert!(FailedBody::of(b"").is_empty());
    }

    #[test]
    fn capped_between_characters() {
        let FailedBody::Raw(bytes) = FailedBody::of("密".repeat(400).as_bytes()) else { panic!() };
        assert!(bytes.len() <= FailedBody::CAP && std::str::from_utf8(&bytes).is_ok());
    }

    #[test]
    fn text_of_the_server_is_on_one_line_and_has_an_end() {
        let error = ApiError {
            status: StatusCode::BAD_REQUEST,
            code: "Odd\u{1b}[31m".to_owned(),
            code_n: None,
            message: "no\nerror: forged".to_owned(),
            request_id: None,
            retry_after: None,
        };
        assert_eq!(error.to_string(), "Odd [31m: no error: forged (HTTP 400)");
        let nameless = ApiError { code: String::new(), code_n: Some(5), ..error };
        assert_eq!(nameless.to_string(), "code 5: no error: forged (HTTP 400)");
        let retry_after = Some(Duration::from_mins(10));
        let silent = ApiError { code_n: None, message: String::new(), retry_after, ..nameless };
        assert_eq!(silent.to_string(), "an error without a code (HTTP 400, retry after 600 s)");
        let long = ApiError { message: "x".repeat(200_000), retry_after: None, ..silent };
        let shown = long.to_string();
        assert!(shown.ends_with("xx… (199000 more characters) (HTTP 400)"), "{shown}");
        assert!(shown.len() < 1_100, "{shown}");
    }

    #[test]
    fn shown_on_one_line() {
        let body = FailedBody::of(b"<html>\r\n\t<body>\x07busy</body>");
        assert_eq!(body.to_string(), "<html> <body> busy</body>");
        assert!(FailedBody::of("x".repeat(500).as_bytes()).to_string().ends_with('…'));
    }

    #[test]
    fn keys_are_masked_even_at_the_cap() {
        let mut body = "x".repeat(FailedBody::CAP - 8);
        body.push_str("AKLTEXAMPLE0000000000000000000001");
        let shown = format!("{:?}", FailedBody::of(body.as_bytes()));
        assert!(!shown.contains("EXAMPLE"), "{shown}");
        let FailedBody::Raw(bytes) = FailedBody::of(body.as_bytes()) else { panic!() };
        // The whole key was seen, or its end would not show.
        assert_eq!(bytes.strip_prefix("x".repeat(504).as_bytes()), Some(&b"AKLT***0"[..]));
    }
}
