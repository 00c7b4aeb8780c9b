//! The retry policy: a pure function of what failed, how often, and a number from a seed.

use std::time::Duration;

use http::StatusCode;
use http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::{CodeClass, ProtocolProblem, ResponseError, TransportFailure, parse_http_date};

/// Decides about retries.
///
/// All usage actions are reads, so a retry is safe. Each retry must be signed again.
///
/// ```
/// use std::time::Duration;
/// use volc_openapi::{Attempt, RetryPolicy, ServerHints, TransportFailure, Verdict};
///
/// let policy = RetryPolicy::default();
/// let reset = TransportFailure::Reset.into();
/// let first = Attempt { jitter: u64::MAX / 2, ..Attempt::default() };
/// let verdict = policy.decide(reset, first, ServerHints::default());
/// // Full jitter: somewhere from 0 to 300 ms, here half way.
/// assert!(matches!(verdict, Verdict::Retry { after, .. } if after.as_millis() == 149));
///
/// let last = Attempt { retries: 3, ..first };
/// assert_eq!(policy.decide(reset, last, ServerHints::default()), Verdict::GiveUp);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Retries after the first attempt (3).
    pub max_retries: u32,
    /// The longest first delay (300 ms); doubles with each retry.
    pub base: Duration,
    /// The longest first delay after throttling (1 s); doubles too, and is never less than half.
    pub throttle_base: Duration,
    /// No delay is longer (20 s), but for what the server itself asks for.
    pub cap: Duration,
    /// A `Retry-After` longer than this (2 min) is not waited for: that is for people to decide.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 3,
            base: Duration::from_millis(300),
            throttle_base: Duration::from_secs(1),
            cap: Duration::from_secs(20),
            max_retry_after: Duration::from_mins(2),
        }
    }
}

/// A failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is a response or there is none")]
pub enum Failure<'a> {
    /// The response is not a result.
    Response(&'a ResponseError),
    /// There is no response.
    Transport(TransportFailure),
}

impl Failure<'_> {
    /// True when the server refuses because of too many requests.
    pub fn is_throttle(self) -> bool {
        match self {
            Failure::Response(ResponseError::Api(error)) => {
                error.error_code().class() == CodeClass::Throttle
                    || error.status == StatusCode::TOO_MANY_REQUESTS
            }
            Failure::Response(error) => error.status() == StatusCode::TOO_MANY_REQUESTS,
            Failure::Transport(_) => false,
        }
    }

    /// True when the request timed out, here or behind the gateway: requesting less may help.
    pub fn is_timeout(self) -> bool {
        match self {
            Failure::Response(ResponseError::Api(error)) => {
                error.status == StatusCode::GATEWAY_TIMEOUT
                    || error.code_n == Some(100_016)
                    || error.error_code().head().contains("Timeout")
            }
            Failure::Response(error) => error.status() == StatusCode::GATEWAY_TIMEOUT,
            Failure::Transport(failure) => failure == TransportFailure::ReadTimeout,
        }
    }
}

impl<'a> From<&'a ResponseError> for Failure<'a> {
    fn from(error: &'a ResponseError) -> Self {
        Self::Response(error)
    }
}

impl From<TransportFailure> for Failure<'_> {
    fn from(failure: TransportFailure) -> Self {
        Self::Transport(failure)
    }
}

/// The attempts so far, and a random number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    /// Retries already made.
    pub retries: u32,
    /// The clock was corrected for this call.
    pub clock_corrected: bool,
    /// The credentials were refreshed for this call.
    pub credentials_refreshed: bool,
    /// Evenly distributed over all 64 bits.
    pub jitter: u64,
}

/// The headers of a response that matter to a retry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerHints {
    /// `Retry-After`, as a delay from now.
    pub retry_after: Option<Duration>,
    /// The server's clock minus this machine's, in seconds, from `Date`.
    pub clock_offset: Option<i64>,
}

impl ServerHints {
    /// Reads `Retry-After` (seconds or a date) and `Date`. `now_unix` is this machine's clock; a
    /// `Retry-After` date is compared with the server's own `Date` when there is one.
    pub fn from_headers(headers: &HeaderMap, now_unix: i64) -> Self {
        Self {
            retry_after: retry_after(headers, Some(now_unix)),
            clock_offset: date(headers).map(|date| date.saturating_sub(now_unix)),
        }
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn date(headers: &HeaderMap) -> Option<i64> {
    text(headers, DATE).and_then(parse_http_date)
}

/// Reads `Retry-After`: seconds, rounded up, or a date, which is compared with the `Date` of the
/// server or, without one, with `now_unix`.
pub(crate) fn retry_after(headers: &HeaderMap, now_unix: Option<i64>) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?.trim();
    if let Some(seconds) = whole_seconds(value) {
        return Some(Duration::from_secs(seconds));
    }
    let delay = parse_http_date(value)?.saturating_sub(date(headers).or(now_unix)?);
    Some(Duration::from_secs(u64::try_from(delay).unwrap_or(0)))
}

/// Reads `2` or `2.5`, rounded up: some servers count in fractions, which the standard does not know.
fn whole_seconds(value: &str) -> Option<u64> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let more = u64::from(fraction.bytes().any(|digit| digit != b'0'));
    Some(whole.parse::<u64>().unwrap_or(u64::MAX).saturating_add(more))
}

/// The next step after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Send it again.
    Retry {
        /// The delay from now.
        after: Duration,
        /// There were too many requests: send fewer at once from now on.
        throttled: bool,
    },
    /// Get fresh temporary credentials, then send it again at once.
    RefreshCredentials,
    /// Sign with this machine's clock plus `offset` seconds, then send it again at once.
    CorrectClock {
        /// Seconds to add to the signing time.
        offset: i64,
    },
    /// A retry does not help.
    GiveUp,
}

impl RetryPolicy {
    /// Returns the next step after a failure.
    pub fn decide(&self, failure: Failure<'_>, attempt: Attempt, hints: ServerHints) -> Verdict {
        match Remedy::of(failure) {
            Remedy::Wait { throttled } => self.wait(throttled, attempt, hints.retry_after),
            Remedy::Clock => match hints.clock_offset {
                Some(offset) if !attempt.clock_corrected => Verdict::CorrectClock { offset },
                _ => Verdict::GiveUp,
            },
            Remedy::Credentials if !attempt.credentials_refreshed => Verdict::RefreshCredentials,
            Remedy::Credentials | Remedy::None => Verdict::GiveUp,
        }
    }

    /// True for a `Retry-After` that is not waited for.
    pub fn is_too_long(&self, retry_after: Duration) -> bool {
        retry_after > self.max_retry_after
    }

    fn wait(&self, throttled: bool, attempt: Attempt, retry_after: Option<Duration>) -> Verdict {
        let asked = retry_after.unwrap_or_default();
        if attempt.retries >= self.max_retries || self.is_too_long(asked) {
            return Verdict::GiveUp;
        }
        let after = self.delay(throttled, attempt).max(asked);
        Verdict::Retry { after, throttled }
    }

    /// Full jitter, 0 to the doubled base; after throttling its upper half, so that a throttled
    /// client never comes back at once.
    fn delay(&self, throttled: bool, attempt: Attempt) -> Duration {
        let base = if throttled { self.throttle_base } else { self.base };
        let factor = 1_u32.checked_shl(attempt.retries).unwrap_or(u32::MAX);
        let longest = base.saturating_mul(factor).min(self.cap);
        if throttled {
            let half = longest / 2;
            half + fraction(half, attempt.jitter)
        } else {
            fraction(longest, attempt.jitter)
        }
    }
}

/// `whole` times `jitter / 2^64`.
fn fraction(whole: Duration, jitter: u64) -> Duration {
    let nanos = u128::from(u64::try_from(whole.as_nanos()).unwrap_or(u64::MAX));
    let part = (nanos * u128::from(jitter)) >> 64;
    Duration::from_nanos(u64::try_from(part).unwrap_or(u64::MAX))
}

/// The remedy for a failure.
enum Remedy {
    Wait { throttled: bool },
    Clock,
    Credentials,
    None,
}

impl Remedy {
    fn of(failure: Failure<'_>) -> Self {
        if failure.is_throttle() {
            return Self::Wait { throttled: true };
        }
        match failure {
            Failure::Transport(failure) if failure.is_temporary() => {
                Self::Wait { throttled: false }
            }
            Failure::Transport(_) => Self::None,
            Failure::Response(ResponseError::Api(error)) => match error.error_code().class() {
                CodeClass::Temporary => Self::Wait { throttled: false },
                CodeClass::ClockSkew => Self::Clock,
                CodeClass::Credential => Self::Credentials,
                CodeClass::Other => Self::of_status(error.status),
                _ => Self::None,
            },
            Failure::Response(ResponseError::Protocol(error))
                if error.problem == ProtocolProblem::NotJson =>
            {
                Self::Wait { throttled: false }
            }
            Failure::Response(error) => Self::of_status(error.status()),
        }
    }

    fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            500 | 502 | 503 | 504 => Self::Wait { throttled: false },
            _ => Self::None,
        }
    }
}
