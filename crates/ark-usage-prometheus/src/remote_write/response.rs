//! What a response of a receiver means.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use volc_openapi::ServerHints;

/// The characters of a response that an error shows.
const SHOWN: usize = 300;

/// The meaning of a receiver's response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "received, later, or never")]
pub enum WriteResponse {
    /// The samples were received.
    Received,
    /// The receiver cannot take them now: 429, or 5xx.
    Later {
        /// The status.
        status: u16,
        /// The first line of the body.
        line: String,
        /// The delay that it asks for.
        retry_after: Option<Duration>,
    },
    /// The receiver refuses them, and would again.
    Refused {
        /// The status.
        status: u16,
        /// The first line of the body.
        line: String,
    },
}

impl WriteResponse {
    /// Reads a response. `now_unix` is this machine's clock, for a `Retry-After` that is a date.
    pub fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], now_unix: i64) -> Self {
        if status.is_success() {
            return Self::Received;
        }
        let (number, line) = (status.as_u16(), first_line(body));
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            let retry_after = ServerHints::from_headers(headers, now_unix).retry_after;
            return Self::Later { status: number, line, retry_after };
        }
        Self::Refused { status: number, line }
    }
}

fn first_line(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(SHOWN).collect()
}
