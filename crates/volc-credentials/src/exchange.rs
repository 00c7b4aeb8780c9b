//! Requests to the services that issue temporary credentials, and their outcomes.
//!
//! Nothing here sends anything: a request comes out with the time it may take, its answer goes in.

mod answer;
mod assume_role;
mod assume_role_with_oidc;
mod metadata;
mod portal;
mod provider;

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use volc_openapi::{BaseUrl, CodeClass, ErrorCode, TransportFailure};
use volc_sign::SignError;

pub use self::assume_role::AssumeRole;
pub use self::assume_role_with_oidc::AssumeRoleWithOidc;
pub(crate) use self::assume_role_with_oidc::OidcFlow;
pub(crate) use self::metadata::MetadataFlow;
pub use self::metadata::MetadataRole;
pub(crate) use self::portal::PortalFlow;
pub(crate) use self::provider::{Provider, ProviderStep};
use crate::content_problem::ContentProblem;
use crate::temporary::Temporary;

/// A request to send, complete with its signature where it needs one.
///
/// `Debug` shows neither headers nor body.
#[non_exhaustive]
pub struct Exchange {
    /// The request to send as it is. Its host is in the URI and in the `host` header.
    pub request: http::Request<Vec<u8>>,
    /// The purpose of the request.
    pub purpose: Purpose,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The delay before sending it; zero at the first attempt.
    pub wait: Duration,
    /// The time-out for connecting.
    pub connect_timeout: Duration,
    /// The time-out for the response, once connected.
    pub read_timeout: Duration,
    /// Set for the metadata service: it answers this machine only, so no proxy may come between.
    pub bypass_proxy: bool,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("purpose", &self.purpose)
            .field("method", self.request.method())
            .field("host", &self.request.uri().host())
            .field("attempt", &self.attempt)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

/// The purpose of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// A role, for the keys that signed the request.
    AssumeRole,
    /// A role, for an OIDC token.
    AssumeRoleWithOidc,
    /// The keys of the cloud server's role.
    MetadataCredentials,
    /// The names of the cloud server's roles.
    MetadataRoles,
    /// The token that the metadata service wants to see.
    MetadataToken,
    /// A role, for a single sign-on session.
    PortalRoleCredentials,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AssumeRole => "STS AssumeRole",
            Self::AssumeRoleWithOidc => "STS AssumeRoleWithOIDC",
            Self::MetadataCredentials => "fetching credentials from instance metadata",
            Self::MetadataRoles => "fetching roles from instance metadata",
            Self::MetadataToken => "fetching a token from instance metadata",
            Self::PortalRoleCredentials => "fetching role credentials from the sign-on portal",
        })
    }
}

/// A service gave no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeError {
    /// The purpose of the request.
    pub purpose: Purpose,
    /// The number of attempts.
    pub tries: u32,
    /// The problem at the last attempt.
    pub problem: ExchangeProblem,
    /// The command that helps, where there is one.
    pub command: Option<String>,
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed", self.purpose)?;
        if self.tries > 1 {
            write!(f, " after {} tries", self.tries)?;
        }
        write!(f, ": {}", self.problem)?;
        match &self.command {
            Some(command) => write!(f, "; log in again with `{command}`"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ExchangeError {}

/// The reason a request for credentials could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestProblem {
    /// The address of the service makes no URL.
    #[error("{0} cannot be completed to a URL")]
    Url(String),
    /// The parameters make no URL.
    #[error("the parameters do not make a URL")]
    Parameters,
    /// The host cannot be sent.
    #[error("the host is not a valid header value")]
    Host,
    /// The token cannot be sent.
    #[error("the token is not a valid header value")]
    Token,
    /// The clock shows a time that no signature can have.
    #[error("the request cannot be signed: the clock shows a time that has no date")]
    Clock,
    /// The request cannot be signed.
    #[error("the request cannot be signed: {0}")]
    Unsignable(SignError),
}

/// The reason an exchange failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeProblem {
    /// The answer is not what it should be. Report it to the service, with the text.
    Answer(ContentProblem),
    /// The credentials in the answer have ended already: look at this machine's clock.
    Expired,
    /// The service refused and said why; look the code up.
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// The error code, such as `AccessDenied`.
        code: String,
        /// The service's own words, with every secret of the request left out.
        message: String,
        /// The request's id, to be told to the service's support.
        request_id: Option<String>,
    },
    /// The request could not be made: correct the setting.
    Request(RequestProblem),
    /// The service refused without a reason that could be read.
    Status(StatusCode),
    /// No answer came: look at network and proxy.
    Transport(TransportFailure),
}

impl ExchangeProblem {
    /// True when the same request may succeed a moment later. Codes count as well as statuses:
    /// throttling is also sent with HTTP 200.
    fn is_temporary(&self) -> bool {
        let by_status = |status: StatusCode| {
            status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
        };
        match self {
            Self::Answer(_) | Self::Expired | Self::Request(_) => false,
            Self::Refused { status, code, .. } => {
                by_status(*status)
                    || matches!(class(code), CodeClass::Throttle | CodeClass::Temporary)
            }
            Self::Status(status) => by_status(*status),
            Self::Transport(failure) => failure.is_temporary(),
        }
    }

    /// True when logging in again may help: the service rejected the token rather than refused its
    /// owner the role.
    fn blames_login(&self) -> bool {
        let by_status = |status: StatusCode| matches!(status.as_u16(), 400 | 401 | 403);
        match self {
            Self::Refused { status, code, .. } => {
                by_status(*status)
                    && !matches!(class(code), CodeClass::Permission | CodeClass::ProjectPermission)
            }
            Self::Status(status) => by_status(*status),
            Self::Answer(_) | Self::Expired | Self::Request(_) | Self::Transport(_) => false,
        }
    }

    /// True when the server rejects the time of the signature.
    fn is_clock_skew(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if class(code) == CodeClass::ClockSkew)
    }
}

fn class(code: &str) -> CodeClass<'_> {
    ErrorCode::new(code, None).class()
}

impl fmt::Display for ExchangeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(what) => write!(f, "unusable response: {what}"),
            Self::Expired => f.write_str(
                "the credentials in the response have already expired; check this machine's clock",
            ),
            Self::Refused { status, code, message, request_id } => {
                write!(f, "{} {code}", status.as_u16())?;
                if !message.is_empty() {
                    write!(f, ": {message}")?;
                }
                match request_id {
                    Some(id) => write!(f, " (request {id})"),
                    None => Ok(()),
                }
            }
            Self::Request(problem) => problem.fmt(f),
            Self::Status(status) => write!(f, "HTTP status {}", status.as_u16()),
            Self::Transport(failure) => failure.fmt(f),
        }
    }
}

/// The addresses of the services. `None` is the official one; a test or an emulator has its own.
#[derive(Clone, Debug, Default)]
pub struct ServiceUrls {
    /// STS, `https://sts.volcengineapi.com`.
    pub sts: Option<BaseUrl>,
    /// Instance metadata, `http://100.96.0.96`.
    pub metadata: Option<BaseUrl>,
    /// The sign-on portal, `https://cloudidentity-portal.<region>.volces.com`.
    pub portal: Option<BaseUrl>,
}

/// One service's conversation: what to ask next, and what an answer means.
pub(crate) trait Flow: Send + Sync {
    fn purpose(&self) -> Purpose;

    /// The next request. `now` (Unix seconds) goes into the signature.
    fn request(&mut self, now: i64) -> Result<http::Request<Vec<u8>>, ExchangeProblem>;

    fn read(&mut self, response: &http::Response<&[u8]>) -> Result<Progress, ExchangeProblem>;

    /// Connecting and reading.
    fn timeouts(&self) -> (Duration, Duration) {
        (Duration::from_secs(10), Duration::from_secs(30))
    }

    fn bypass_proxy(&self) -> bool {
        false
    }

    /// The secrets to mask if the service repeats them in an error message.
    fn secrets(&self) -> Vec<&str>;

    /// The command that helps when the service refuses.
    fn login_command(&self) -> Option<&str> {
        None
    }
}

pub(crate) enum Progress {
    More,
    Done(Temporary),
}

/// An address with a path and query, as a URI.
fn join(base: &BaseUrl, path_and_query: &str) -> Result<http::Uri, ExchangeProblem> {
    let base = base.to_string();
    format!("{}{path_and_query}", base.trim_end_matches('/'))
        .parse()
        .map_err(|_| ExchangeProblem::Request(RequestProblem::Url(base)))
}

/// The URI of an action: an address with an encoded query.
fn action_uri(base: &BaseUrl, query: &str) -> Result<http::Uri, ExchangeProblem> {
    base.join_query(query).map_err(|_| ExchangeProblem::Request(RequestProblem::Parameters))
}

/// The official address of a service, unless another one is set.
fn official(set: Option<&BaseUrl>, address: &str) -> Result<BaseUrl, ExchangeProblem> {
    set.cloned().map_or_else(
        || {
            address
                .parse()
                .map_err(|_| ExchangeProblem::Request(RequestProblem::Url(address.to_owned())))
        },
        Ok,
    )
}

/// Query or form text, without the pairs that have no value.
fn encode_pairs<'a, const N: usize>(pairs: [(&'a str, Option<&'a str>); N]) -> String {
    volc_openapi::encode_query(pairs.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

/// The `Host` header of an address.
fn host(base_url: &BaseUrl) -> Result<http::HeaderValue, ExchangeProblem> {
    http::HeaderValue::from_str(base_url.authority())
        .map_err(|_| ExchangeProblem::Request(RequestProblem::Host))
}

/// A header value that must not show in `Debug`.
fn sensitive(value: &str) -> Result<http::HeaderValue, ExchangeProblem> {
    let mut value = http::HeaderValue::from_str(value)
        .map_err(|_| ExchangeProblem::Request(RequestProblem::Token))?;
    value.set_sensitive(true);
    Ok(value)
}
