//! The proxy of a request, if any.

use std::fmt;
use std::sync::Arc;

use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use volc_openapi::is_loopback_host;

/// Proxies by the target's scheme, as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` describe them.
///
/// The values are handed in; nothing is read from the environment here. A plain HTTP target is
/// asked for through the proxy in absolute form, an HTTPS one through a tunnel (CONNECT), so that
/// the proxy sees neither request nor answer. Loopback (`localhost`, `127.0.0.0/8`, `::1`) never
/// goes through a proxy.
///
/// ```
/// use ark_usage_transport::ProxySettings;
///
/// let proxy = ProxySettings::new(None, Some("http://proxy.example:3128"), Some("10.0.0.0/8"))?;
/// assert!(ProxySettings::new(None, Some("socks5://proxy.example"), None).is_err());
/// # let _ = proxy;
/// # Ok::<(), ark_usage_transport::ProxyError>(())
/// ```
#[derive(Clone)]
pub struct ProxySettings {
    matcher: Option<Arc<Matcher>>,
    /// The passwords as written; servers may repeat what a proxy passed on.
    passwords: Arc<[String]>,
}

impl ProxySettings {
    /// No proxy at all.
    pub fn none() -> Self {
        Self { matcher: None, passwords: Arc::default() }
    }

    /// A proxy for `http` targets, one for `https` targets, and where to go directly.
    ///
    /// A proxy is `http://[user:password@]host[:port]`; the scheme may be left out. `no_proxy` is
    /// a list with commas of hosts (with all below them), addresses, networks (`10.0.0.0/8`), or
    /// `*`. Empty values count as absent.
    ///
    /// # Errors
    ///
    /// [`ProxyError`] when a proxy is no such URL, or one of another kind (SOCKS, a proxy spoken
    /// to over TLS). It never shows the value, which may hold a password.
    pub fn new(
        http: Option<&str>,
        https: Option<&str>,
        no_proxy: Option<&str>,
    ) -> Result<Self, ProxyError> {
        let http = checked("http", http)?;
        let https = checked("https", https)?;
        if http.is_empty() && https.is_empty() {
            return Ok(Self::none());
        }
        let passwords = [&http, &https].into_iter().filter_map(|proxy| password(proxy)).collect();
        let no_proxy = no_proxy.unwrap_or_default().trim().to_owned();
        let matcher = Matcher::builder().http(http).https(https).no(no_proxy).build();
        Ok(Self { matcher: Some(Arc::new(matcher)), passwords })
    }

    /// The proxy that a target is reached through, if any: host and port.
    ///
    /// ```
    /// use ark_usage_transport::ProxySettings;
    ///
    /// let proxy = ProxySettings::new(None, Some("http://me:fake-password@proxy.example"), None)?;
    /// let target = http::Uri::from_static("https://open.volcengineapi.com/");
    /// assert_eq!(proxy.address_for(&target), Some(("proxy.example".to_owned(), 80)));
    /// # Ok::<(), ark_usage_transport::ProxyError>(())
    /// ```
    pub fn address_for(&self, target: &Uri) -> Option<(String, u16)> {
        let proxy = self.for_target(target)?;
        let uri = proxy.uri();
        Some((uri.host()?.to_owned(), uri.port_u16().unwrap_or(80)))
    }

    /// The passwords of all of them.
    pub(super) fn passwords(&self) -> &[String] {
        &self.passwords
    }

    /// The proxy for this target, if there is one.
    pub(super) fn for_target(&self, target: &Uri) -> Option<Intercept> {
        let matcher = self.matcher.as_deref()?;
        if target.host().is_none_or(is_loopback_host) { None } else { matcher.intercept(target) }
    }

    /// The `Proxy-Authorization` for a proxy that reads the request itself, as for plain HTTP.
    pub(super) fn authorization(&self, target: &Uri) -> Option<HeaderValue> {
        if target.scheme() != Some(&Scheme::HTTP) {
            return None;
        }
        self.for_target(target)?.basic_auth().cloned()
    }
}

impl Default for ProxySettings {
    fn default() -> Self {
        Self::none()
    }
}

/// Hosts and ports, never user and password.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxySettings").field("matcher", &self.matcher).finish_non_exhaustive()
    }
}

/// A proxy setting that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// Not a URL with a host. Write it as `http://host:port`.
    #[error("the proxy for {targets} targets is not of the form http://host:port")]
    Malformed {
        /// For which targets it was meant: `http` or `https`.
        targets: &'static str,
    },
    /// Not a plain HTTP proxy. Only those are spoken to; most also carry HTTPS by CONNECT.
    #[error("the proxy for {targets} targets is not an http:// proxy; no other kind is supported")]
    Unsupported {
        /// For which targets it was meant: `http` or `https`.
        targets: &'static str,
    },
}

fn password(proxy: &str) -> Option<String> {
    let (user, _) = proxy.rsplit_once('@')?;
    let user = user.split_once("://").map_or(user, |(_, user)| user);
    user.split_once(':').map(|(_, password)| password.to_owned())
}

/// The value, if it is one that the matcher understands: it ignores others silently.
fn checked(targets: &'static str, value: Option<&str>) -> Result<String, ProxyError> {
    let value = value.unwrap_or_default().trim();
    if value.is_empty() {
        return Ok(String::new());
    }
    let example = Uri::from_static("http://example.com/");
    let understood = Matcher::builder().http(value.to_owned()).build().intercept(&example);
    match understood.as_ref().map(|proxy| proxy.uri().scheme_str()) {
        Some(Some("http")) => Ok(value.to_owned()),
        Some(_) => Err(ProxyError::Unsupported { targets }),
        None if value.contains("://") && !value.starts_with("http") => {
            Err(ProxyError::Unsupported { targets })
        }
        None => Err(ProxyError::Malformed { targets }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy_for(settings: &ProxySettings, target: &'static str) -> Option<String> {
        let proxy = settings.for_target(&Uri::from_static(target))?;
        Some(proxy.uri().to_string())
    }

    #[test]
    fn the_scheme_chooses_the_proxy() {
        let settings = ProxySettings::new(Some("a.example:1"), Some("http://b.example:2"), None);
        let settings = settings.unwrap();
        assert_eq!(proxy_for(&settings, "http://x.example/").unwrap(), "http://a.example:1/");
        assert_eq!(proxy_for(&settings, "https://x.example/").unwrap(), "http://b.example:2/");
    }

    #[test]
    fn loopback_and_exceptions_go_directly() {
        let settings = ProxySettings::new(
            Some("http://p:1"),
            Some("http://p:1"),
            Some("x.example, 10.0.0.0/8"),
        );
        let settings = settings.unwrap();
        for target in [
            "http://localhost/",
            "http://LOCALHOST:81/",
            "http://127.8.9.1:8080/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://api.x.example/",
            "http://10.1.2.3/",
        ] {
            assert_eq!(proxy_for(&settings, target), None, "{target}");
        }
        assert!(proxy_for(&settings, "https://notx.example/").is_some());
        assert!(proxy_for(&settings, "https://localhost.example/").is_some());
    }

    #[test]
    fn empty_values_are_absent() {
        let settings = ProxySettings::new(Some(" "), Some(""), Some("*")).unwrap();
        assert!(settings.matcher.is_none());
    }

    #[test]
    fn an_unusable_proxy_is_refused_without_showing_it() {
        let secret = "user:fake-password";
        for (value, unsupported) in [
            (format!("socks5://{secret}@proxy.example"), true),
            (format!("https://{secret}@proxy.example"), true),
            (format!("ftp://{secret}@proxy.example"), true),
            (format!("http://{secret}@"), false),
            (format!("http://{secret} @proxy"), false),
        ] {
            let error = ProxySettings::new(None, Some(&value), None).unwrap_err();
            assert_eq!(matches!(error, ProxyError::Unsupported { .. }), unsupported, "{value}");
            assert!(!error.to_string().contains("fake-password"));
        }
    }

    #[test]
    fn passwords_are_sent_to_the_proxy_and_nowhere_else() {
        let settings = ProxySettings::new(Some("http://u:fake-pw@p:1"), None, None).unwrap();
        assert!(!format!("{settings:?}").contains("fake-pw"), "{settings:?}");
        let shown = settings.authorization(&Uri::from_static("http://x.example/")).unwrap();
        assert!(shown.is_sensitive());
        assert_eq!(shown, "Basic dTpmYWtlLXB3");
        assert_eq!(settings.authorization(&Uri::from_static("https://x.example/")), None);
        assert_eq!(settings.authorization(&Uri::from_static("http://localhost/")), None);
    }
}
