//! Every effective setting, with where it came from.

use std::fmt;

use volc_openapi::BaseUrl;

use crate::args::ServerArgs;
use crate::error::CliError;

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The program's own default.
    Default,
    /// A flag of this call.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    fn new(flag: &'static str, given: Option<T>, default: impl FnOnce() -> T) -> Self {
        match given {
            Some(value) => Self { value, origin: Origin::Flag(flag) },
            None => Self { value: default(), origin: Origin::Default },
        }
    }
}

/// Where requests go and what their signature is scoped to.
#[derive(Clone, Debug)]
pub(crate) struct ServerSettings {
    pub(crate) base_url: Setting<BaseUrl>,
    pub(crate) region: Setting<String>,
    pub(crate) service: Setting<String>,
}

/// The public address of every Volcengine service without a regional one.
const DEFAULT_BASE_URL: &str = "https://open.volcengineapi.com";
const DEFAULT_REGION: &str = "cn-beijing";
const DEFAULT_SERVICE: &str = "ark";

impl ServerSettings {
    /// Puts flags over defaults, and refuses what could not be used.
    pub(crate) fn new(args: &ServerArgs) -> Result<Self, CliError> {
        if let Some(profile) = &args.profile {
            return Err(CliError::usage(format!(
                "--profile {profile}: profiles cannot be read yet"
            ))
            .with_hint("set VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY instead"));
        }
        let given = args
            .base_url
            .as_deref()
            .map(|url| parse_base_url(url, args.allow_http || args.dry_run));
        Ok(Self {
            base_url: Setting::new("--base-url", given.transpose()?, default_base_url),
            region: Setting::new(
                "--region",
                scope_part("--region", args.region.as_deref())?,
                || DEFAULT_REGION.into(),
            ),
            service: Setting::new(
                "--service",
                scope_part("--service", args.service.as_deref())?,
                || DEFAULT_SERVICE.into(),
            ),
        })
    }
}

/// Reads `--base-url`.
pub(crate) fn parse_base_url(text: &str, allow_http: bool) -> Result<BaseUrl, CliError> {
    let url: BaseUrl = text.parse().map_err(|error| {
        CliError::usage("--base-url: not the address of a server")
            .with_source(Box::<dyn std::error::Error + Send + Sync>::from(error))
            .with_hint("write scheme and host, as in https://open.volcengineapi.com or http://127.0.0.1:8080")
    })?;
    if url.is_https() || url.is_loopback() || allow_http {
        return Ok(url);
    }
    Err(CliError::usage(format!(
        "--base-url {url}: plain http would show the request to everybody on the way"
    ))
    .with_hint("use https; for a trusted network, --allow-http allows it"))
}

#[expect(clippy::expect_used, reason = "a constant, read in a test")]
fn default_base_url() -> BaseUrl {
    DEFAULT_BASE_URL.parse().expect("the default is a URL")
}

/// Region and service are copied into the signature's scope, whose parts are split at slashes.
fn scope_part(flag: &str, given: Option<&str>) -> Result<Option<String>, CliError> {
    let Some(text) = given else { return Ok(None) };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if text.is_empty() || !text.bytes().all(fits) {
        return Err(CliError::usage(format!(
            "{flag} {text:?}: letters, digits, dashes and underscores only"
        ))
        .with_hint("for example --region cn-beijing --service ark"));
    }
    Ok(Some(text.to_owned()))
}
