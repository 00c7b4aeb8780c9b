//! Effective settings, each with its origin.

use std::fmt;

use ark_usage_report::text;
use volc_credentials::{Environment, ProfileSettings, UnreadableVariable};
use volc_openapi::BaseUrl;

use crate::args::ServerArgs;
use crate::error::CliError;
use crate::lang::{InChinese, Text, TextOf as _};

/// The origin of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The default of the program.
    Default,
    /// A flag.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A place in a file: path, line and key.
    Place(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::Place(place) => f.write_str(place),
        }
    }
}

impl InChinese for Origin {
    fn zh(&self) -> String {
        match self {
            Self::Default => "默认值".to_owned(),
            other => other.to_string(),
        }
    }
}

/// A value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    /// Returns the value of a flag, if it is given.
    pub(crate) fn flag(flag: &'static str, given: Option<T>) -> Option<Self> {
        given.map(|value| Self { value, origin: Origin::Flag(flag) })
    }

    /// Returns a value from a recording.
    pub(crate) fn recorded(value: T) -> Self {
        Self { value, origin: Origin::Place("the recording".to_owned()) }
    }

    /// Returns a default of the program.
    pub(crate) fn default(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }
}

impl Setting<String> {
    /// Returns the value of the first of these variables that is set.
    pub(crate) fn variable(
        environment: &Environment,
        names: &[&'static str],
    ) -> Result<Option<Self>, UnreadableVariable> {
        let own = |(name, value): (_, &str)| Self {
            value: value.to_owned(),
            origin: Origin::Variable(name),
        };
        Ok(environment.read_first(names)?.map(own))
    }
}

/// Settings from the profile of another tool.
impl<T: Clone> From<&volc_credentials::Setting<T>> for Setting<T> {
    fn from(setting: &volc_credentials::Setting<T>) -> Self {
        Self { value: setting.value.clone(), origin: Origin::Place(setting.place.to_string()) }
    }
}

/// The address of the server and the scope of signatures.
#[derive(Clone, Debug)]
pub(crate) struct ServerSettings {
    pub(crate) base_url: Setting<BaseUrl>,
    pub(crate) region: Setting<String>,
    pub(crate) service: Setting<String>,
}

/// The public address of every Volcengine service that has no regional one.
const DEFAULT_BASE_URL: &str = "https://open.volcengineapi.com";
const DEFAULT_REGION: &str = "cn-beijing";
/// The default service of a scope.
pub(crate) const DEFAULT_SERVICE: &str = "ark";
/// Variables that the `ve` tool and the Go SDK read.
const REGION: [&str; 2] = ["VOLCENGINE_REGION", "VOLCSTACK_REGION"];
const BASE_URL: &str = "VOLCENGINE_ENDPOINT";
const PLAIN: &str = "VOLCENGINE_DISABLE_SSL";

impl ServerSettings {
    /// Resolves flags, then variables, then the profile, then defaults, and refuses unusable values.
    /// With `--demo` only flags count. Requests that are not `sent` may have any address.
    pub(crate) fn new(
        args: &ServerArgs,
        environment: &Environment,
        profile: Option<&ProfileSettings>,
        sent: bool,
    ) -> Result<Self, CliError> {
        let plain = args.allow_http || !sent;
        let nothing = Environment::new();
        let environment = if args.demo { &nothing } else { environment };
        let profile = profile.filter(|_| !args.demo);
        let region = region(args.region.as_deref(), environment, profile)?;
        let service = Setting::flag("--service", args.service.clone());
        Ok(Self {
            base_url: base_url(args.base_url.as_deref(), plain, environment, profile)?,
            region: scope_part(region)?,
            service: scope_part(service.unwrap_or_else(service_of_ark))?,
        })
    }
}

/// Resolves the region of a scope, unchecked: the flag, then variables, the profile, the default.
pub(crate) fn region(
    flag: Option<&str>,
    environment: &Environment,
    profile: Option<&ProfileSettings>,
) -> Result<Setting<String>, UnreadableVariable> {
    let given = match Setting::flag("--region", flag.map(str::to_owned)) {
        None => Setting::variable(environment, &REGION)?,
        given => given,
    };
    Ok(given
        .or_else(|| profile?.region.as_ref().map(Into::into))
        .unwrap_or_else(|| Setting::default(DEFAULT_REGION.to_owned())))
}

fn service_of_ark() -> Setting<String> {
    Setting::default(DEFAULT_SERVICE.to_owned())
}

fn base_url(
    flag: Option<&str>,
    plain: bool,
    environment: &Environment,
    profile: Option<&ProfileSettings>,
) -> Result<Setting<BaseUrl>, CliError> {
    if let Some(url) = flag {
        let value = parse_base_url("--base-url", url, plain)?;
        return Ok(Setting { value, origin: Origin::Flag("--base-url") });
    }
    if let Some(host) = environment.read(BASE_URL)? {
        // The `ve` tool takes a bare host there.
        environment.read(PLAIN)?;
        let scheme = if environment.is_true(PLAIN) { "http" } else { "https" };
        let url = if host.contains("://") { host.to_owned() } else { format!("{scheme}://{host}") };
        let value = parse_base_url(BASE_URL, &url, plain)?;
        return Ok(Setting { value, origin: Origin::Variable(BASE_URL) });
    }
    let Some(profile) = profile else { return Ok(default_base_url()) };
    let wrong = |error: volc_credentials::SourceError| CliError::configuration(Text::of(&error));
    match (&profile.endpoint, profile.base_url().map_err(wrong)?) {
        (Some(endpoint), Some(url)) => {
            let place = endpoint.place.to_string();
            allowed(&place, &url, plain)?;
            Ok(Setting { value: url, origin: Origin::Place(place) })
        }
        _ => Ok(default_base_url()),
    }
}

/// Returns the address of IAM and STS, which is the common one even if Ark has its own.
pub(crate) fn common_base_url(base_url: &BaseUrl) -> BaseUrl {
    let common = ["volcengineapi.com", "byteplusapi.com"];
    let domain = common.into_iter().find(|domain| base_url.host().ends_with(&format!(".{domain}")));
    domain
        .and_then(|domain| format!("https://open.{domain}").parse().ok())
        .unwrap_or_else(|| base_url.clone())
}

/// Parses the address from a flag or a variable.
pub(crate) fn parse_base_url(
    origin: &str,
    text: &str,
    allow_http: bool,
) -> Result<BaseUrl, CliError> {
    let url: BaseUrl = text.parse().map_err(|error| {
        CliError::usage(text!(
            "{origin}: invalid server address",
            "{origin}：不是有效的服务端地址"
        ))
        .with_source(Box::<dyn std::error::Error + Send + Sync>::from(error))
        .with_hint(text!(
            "write a scheme and a host, for example https://open.volcengineapi.com or http://127.0.0.1:8080",
            "请写协议和主机，例如 https://open.volcengineapi.com 或 http://127.0.0.1:8080"
        ))
    })?;
    allowed(origin, &url, allow_http)?;
    Ok(url)
}

fn allowed(origin: &str, url: &BaseUrl, allow_http: bool) -> Result<(), CliError> {
    if url.is_https() || url.is_loopback() || allow_http {
        return Ok(());
    }
    Err(CliError::usage(text!(
        "{origin} {url}: plain http exposes the request to everyone on the network path",
        "{origin} {url}：明文 http 会让沿途的人都看到请求"
    ))
    .with_hint(text!(
        "use https, or pass --allow-http on a trusted network",
        "请用 https；在可信网络中可用 --allow-http 放行"
    )))
}

/// Returns whether this is the default address.
pub(crate) fn is_default_base_url(base_url: &BaseUrl) -> bool {
    *base_url == default_base_url().value
}

#[expect(clippy::expect_used, reason = "a constant, read in a test")]
fn default_base_url() -> Setting<BaseUrl> {
    Setting::default(DEFAULT_BASE_URL.parse().expect("the default is a URL"))
}

/// Checks a region or service: the scope of a signature separates them by slashes.
fn scope_part(setting: Setting<String>) -> Result<Setting<String>, CliError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if setting.value.is_empty() || !setting.value.bytes().all(fits) {
        return Err(CliError::usage(text!(
            "{origin} {value:?}: only letters, digits, dots, dashes and underscores are allowed",
            "{origin} {value:?}：只能包含字母、数字、点、连字符和下划线",
            origin = setting.origin,
            value = setting.value
        ))
        .with_hint(text!(
            "for example --region cn-beijing --service ark",
            "例如 --region cn-beijing --service ark"
        )));
    }
    Ok(setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iam_is_called_at_the_common_address() {
        let cases = [
            ("https://ark.cn-beijing.volcengineapi.com", "https://open.volcengineapi.com/"),
            ("https://open.volcengineapi.com", "https://open.volcengineapi.com/"),
            ("https://ark.ap-southeast.byteplusapi.com", "https://open.byteplusapi.com/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("https://evilvolcengineapi.com", "https://evilvolcengineapi.com/"),
        ];
        for (given, expected) in cases {
            assert_eq!(common_base_url(&given.parse().unwrap()).to_string(), expected);
        }
    }
}
