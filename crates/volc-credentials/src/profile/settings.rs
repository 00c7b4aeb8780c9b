//! The settings of a profile besides its credentials.

use std::fmt;
use std::path::PathBuf;

use volc_openapi::{BaseUrl, ProxyAddress};

use super::Profile;
use crate::content_problem::ContentProblem;
use crate::error::{Place, SourceError};

/// Region, server address, proxies and the like of one profile. Each value has its place.
///
/// Flags and variables take precedence; the caller applies them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProfileSettings {
    /// The profile's name.
    pub profile: String,
    /// The file that holds it.
    pub file: PathBuf,
    /// `region`.
    pub region: Option<Setting<String>>,
    /// `endpoint`: a host name or a URL; see [`base_url`](Self::base_url).
    pub endpoint: Option<Setting<String>>,
    /// `endpoint-resolver`: how the server address follows from service and region.
    pub endpoint_resolver: Option<Setting<String>>,
    /// `use-dual-stack`: IPv6 addresses too.
    pub use_dual_stack: Option<Setting<bool>>,
    /// `disable-ssl`: plain HTTP.
    pub disable_ssl: Option<Setting<bool>>,
    /// `http-proxy`.
    pub http_proxy: Option<Setting<ProxyUrl>>,
    /// `https-proxy`.
    pub https_proxy: Option<Setting<ProxyUrl>>,
}

impl ProfileSettings {
    pub(crate) fn of(profile: &Profile<'_>) -> Result<Self, SourceError> {
        let text = |key| Self::setting(profile, key, profile.string(key));
        let flag = |key| Self::setting(profile, key, profile.boolean(key));
        let proxy = |key| {
            let url = profile.string(key).map(|url| url.map(ProxyUrl));
            Self::setting(profile, key, url)
        };
        Ok(Self {
            profile: profile.name().to_owned(),
            file: profile.path().into(),
            region: text("region")?,
            endpoint: text("endpoint")?,
            endpoint_resolver: text("endpoint-resolver")?,
            use_dual_stack: flag("use-dual-stack")?,
            disable_ssl: flag("disable-ssl")?,
            http_proxy: proxy("http-proxy")?,
            https_proxy: proxy("https-proxy")?,
        })
    }

    /// `endpoint` as a base URL: a bare host gets `https`, or `http` with `disable-ssl`.
    ///
    /// # Errors
    ///
    /// `endpoint` is neither a host name nor a base URL.
    pub fn base_url(&self) -> Result<Option<BaseUrl>, SourceError> {
        let Some(endpoint) = &self.endpoint else { return Ok(None) };
        let plain = self.disable_ssl.as_ref().is_some_and(|setting| setting.value);
        base_url(&endpoint.value, plain).map(Some).ok_or_else(|| {
            SourceError::malformed(endpoint.place.clone(), ContentProblem::ExpectedAddress)
        })
    }

    fn setting<T>(
        profile: &Profile<'_>,
        key: &str,
        value: Result<Option<T>, SourceError>,
    ) -> Result<Option<Setting<T>>, SourceError> {
        Ok(value?.map(|value| Setting { value, place: profile.place(key) }))
    }
}

/// A host name or a URL as a base URL.
pub(crate) fn base_url(text: &str, plain: bool) -> Option<BaseUrl> {
    let scheme = if plain { "http" } else { "https" };
    let url = if text.contains("://") { text.to_owned() } else { format!("{scheme}://{text}") };
    url.parse().ok()
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// File, line and key.
    pub place: Place,
}

/// The address of a proxy. It may hold a user name and a password, which neither `Debug` nor
/// `Display` show.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl(String);

impl ProxyUrl {
    /// An address as it was written.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The address as it was written, with its password.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProxyUrl {
    /// The address as it is used, with `***` for user and password. One that cannot be used is shown
    /// as it was written, with `***` for what stands before its last `@`; `***` alone when what is
    /// left makes no sense, because nobody knows then where the password is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(address) = self.0.parse::<ProxyAddress>() {
            return address.fmt(f);
        }
        let (scheme, rest) = match self.0.split_once("://") {
            Some((scheme @ ("http" | "https" | "socks5" | "socks5h"), rest)) => (scheme, rest),
            Some(_) => return f.write_str("***"),
            None => ("", self.0.as_str()),
        };
        let (user, host) = match rest.rsplit_once('@') {
            Some((_, host)) => ("***@", host),
            None => ("", rest),
        };
        if base_url(host, true).is_none() {
            return f.write_str("***");
        }
        let separator = if scheme.is_empty() { "" } else { "://" };
        write!(f, "{scheme}{separator}{user}{host}")
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_password_is_not_shown() {
        for (url, shown) in [
            ("http://user:p@ss@proxy:3128", "http://***@proxy:3128"),
            ("user:pass@Proxy:3128", "http://***@proxy:3128"),
            ("http://user:p#ss@proxy:3128", "http://***@proxy:3128"),
            ("http://proxy:3128/", "http://proxy:3128"),
            ("socks5://proxy", "socks5://proxy"),
            ("http://user:passproxy:3128", "***"),
            ("http:/user:pass@proxy:3128", "***@proxy:3128"),
            ("user:pass://proxy", "***"),
        ] {
            let url = ProxyUrl(url.to_owned());
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("ProxyUrl({shown})"));
        }
    }

    #[test]
    fn a_bare_host_gets_a_scheme() {
        let shown = |text, plain| base_url(text, plain).map(|url| url.to_string());
        assert_eq!(
            shown("open.volcengineapi.com", false).as_deref(),
            Some("https://open.volcengineapi.com/")
        );
        assert_eq!(shown("localhost:80", true).as_deref(), Some("http://localhost/"));
        assert_eq!(shown("http://a/b", false).as_deref(), Some("http://a/b"));
        assert_eq!(shown("a b", false), None);
    }
}
