//! Effective settings, each with its origin.

use std::fmt;

use ark_usage_report::text;
use volc_credentials::{Environment, ProfileSettings, UnreadableVariable};
use volc_openapi::{BaseUrl, Site};

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
    /// The site, which is not the default one.
    Site(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A place in a file: path, line and key.
    Place(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Site(name) => write!(f, "site {name}"),
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::Place(place) => f.write_str(place),
        }
    }
}

impl InChinese for Origin {
    fn zh(&self) -> String {
        match self {
            Self::Default => "默认值".to_owned(),
            Self::Site(name) => format!("站点 {name}"),
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

    /// Returns a default of a site.
    fn of_site(site: &Site, value: T) -> Self {
        Self {
            value,
            origin: if is_default(site) { Origin::Default } else { Origin::Site(site.name) },
        }
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
    pub(crate) site: Setting<&'static Site>,
    pub(crate) base_url: Setting<BaseUrl>,
    pub(crate) region: Setting<String>,
    pub(crate) service: Setting<String>,
}

/// The default service of a scope.
pub(crate) const DEFAULT_SERVICE: &str = "ark";
/// Makes the `ve` tool use plain http.
const PLAIN: &str = "VOLCENGINE_DISABLE_SSL";

impl ServerSettings {
    /// Resolves flags, then variables, then the profile, then defaults of the site, and refuses unusable values.
    /// With `--demo` only flags count. Requests that are not `sent` may have any address.
    pub(crate) fn new(
        args: &ServerArgs,
        site: Setting<&'static Site>,
        environment: &Environment,
        profile: Option<&ProfileSettings>,
        sent: bool,
    ) -> Result<Self, CliError> {
        let plain = args.allow_http || !sent;
        let nothing = Environment::new();
        let environment = if args.demo { &nothing } else { environment };
        let profile = profile.filter(|_| !args.demo);
        let region = scope_part(region(args.region.as_deref(), site.value, environment, profile)?)?;
        let service = Setting::flag("--service", args.service.clone());
        let service = scope_part(service.unwrap_or_else(service_of_ark))?;
        let usual = UsualAddress {
            site: site.value,
            region: &region.value,
            // The demo serves them all.
            service: if args.demo { DEFAULT_SERVICE } else { &service.value },
        };
        let base_url = base_url(args.base_url.as_deref(), plain, &usual, environment, profile)?;
        Ok(Self { site, base_url, region, service })
    }
}

/// Resolves the region of a scope, unchecked: the flag, then variables, the profile, the default of the site.
pub(crate) fn region(
    flag: Option<&str>,
    site: &'static Site,
    environment: &Environment,
    profile: Option<&ProfileSettings>,
) -> Result<Setting<String>, UnreadableVariable> {
    let given = match Setting::flag("--region", flag.map(str::to_owned)) {
        None => Setting::variable(environment, site.region_variables)?,
        given => given,
    };
    // Profiles are those of Volcengine's tool, and so are their regions.
    let profile = profile.filter(|_| is_default(site));
    Ok(given
        .or_else(|| profile?.region.as_ref().map(Into::into))
        .unwrap_or_else(|| Setting::of_site(site, site.region.to_owned())))
}

fn service_of_ark() -> Setting<String> {
    Setting::default(DEFAULT_SERVICE.to_owned())
}

/// The address of a service where none is given.
struct UsualAddress<'a> {
    site: &'static Site,
    region: &'a str,
    service: &'a str,
}

impl UsualAddress<'_> {
    fn setting(&self) -> Result<Setting<BaseUrl>, CliError> {
        let Self { site, region, service } = *self;
        let address = site.address(service, region).ok_or_else(|| {
            CliError::usage(text!(
                "--site {site}: the address of service {service} is unknown",
                "--site {site}：服务 {service} 的地址未知"
            ))
            .with_hint(text!(
                "pass --base-url URL; known are the addresses of {known}",
                "请用 --base-url URL 给出；已知地址的服务有 {known}",
                known = site.known_services().collect::<Vec<_>>().join(", ")
            ))
        })?;
        let value = parse_base_url("--region", &address, false)?;
        Ok(Setting::of_site(site, value))
    }
}

fn base_url(
    flag: Option<&str>,
    plain: bool,
    usual: &UsualAddress<'_>,
    environment: &Environment,
    profile: Option<&ProfileSettings>,
) -> Result<Setting<BaseUrl>, CliError> {
    if let Some(url) = flag {
        let value = parse_base_url("--base-url", url, plain)?;
        return Ok(Setting { value, origin: Origin::Flag("--base-url") });
    }
    let variable = usual.site.address_variable;
    if let Some((variable, host)) = environment.read_first(variable.as_slice())? {
        // The `ve` tool takes a bare host there.
        environment.read(PLAIN)?;
        let scheme = if environment.is_true(PLAIN) { "http" } else { "https" };
        let url = if host.contains("://") { host.to_owned() } else { format!("{scheme}://{host}") };
        let value = parse_base_url(variable, &url, plain)?;
        return Ok(Setting { value, origin: Origin::Variable(variable) });
    }
    let Some(profile) = profile else { return usual.setting() };
    let wrong = |error: volc_credentials::SourceError| CliError::configuration(Text::of(&error));
    match (&profile.endpoint, profile.base_url().map_err(wrong)?) {
        // Keys of one site are not sent to another.
        (Some(endpoint), Some(url))
            if Site::of_host(url.host()).is_none_or(|site| site == usual.site) =>
        {
            let place = endpoint.place.to_string();
            check_http(&place, &url, plain)?;
            Ok(Setting { value: url, origin: Origin::Place(place) })
        }
        _ => usual.setting(),
    }
}

/// Returns the address of another service, such as `sts`, beside that of Ark: the one of its site, else the same.
pub(crate) fn service_url(base_url: &BaseUrl, service: &str) -> BaseUrl {
    let host = base_url.host();
    Site::of_host(host)
        .and_then(|site| site.address_beside(host, service)?.parse().ok())
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
    check_http(origin, &url, allow_http)?;
    Ok(url)
}

/// Refuses plain http, unless it stays on this machine or a flag allows it.
pub(crate) fn check_http(origin: &str, url: &BaseUrl, allow_http: bool) -> Result<(), CliError> {
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

fn is_default(site: &Site) -> bool {
    *site == *Site::VOLCENGINE
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
    fn iam_is_called_at_the_address_of_the_site() {
        let cases = [
            ("https://ark.cn-beijing.volcengineapi.com", "https://open.volcengineapi.com/"),
            ("https://open.volcengineapi.com", "https://open.volcengineapi.com/"),
            ("https://ark.ap-southeast-1.byteplusapi.com", "https://iam.byteplusapi.com/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("https://evilvolcengineapi.com", "https://evilvolcengineapi.com/"),
        ];
        for (given, expected) in cases {
            assert_eq!(service_url(&given.parse().unwrap(), "iam").to_string(), expected);
        }
    }
}
