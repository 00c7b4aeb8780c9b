//! The proxy of a request, if any.

use std::fmt;
use std::sync::Arc;

use data_encoding::BASE64;
use http::uri::Scheme;
use http::{HeaderValue, Uri};
use volc_openapi::{ProxyAddress, ProxyAddressError, is_loopback_host};

use super::no_proxy::NoProxy;

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
#[derive(Clone, Default)]
pub struct ProxySettings {
    http: Option<Arc<Proxy>>,
    https: Option<Arc<Proxy>>,
    except: Arc<NoProxy>,
}

/// A proxy, ready to be used.
pub(super) struct Proxy {
    address: ProxyAddress,
    uri: Uri,
    authorization: Option<HeaderValue>,
}

impl Proxy {
    fn new(address: ProxyAddress) -> Self {
        // Base64 is a header value, and what `ProxyAddress` accepts is an authority.
        let authority = format!("{}:{}", address.host(), address.port());
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(authority).path_and_query("/");
        let authorization = address.user_and_password().and_then(|both| {
            let mut value =
                HeaderValue::try_from(format!("Basic {}", BASE64.encode(&both))).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        Self { uri: uri.build().unwrap_or_default(), address, authorization }
    }

    /// The address to connect to.
    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The `Proxy-Authorization`, if a user is set.
    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    /// Host and port, as an error shows them.
    pub(super) fn shown(&self) -> String {
        format!("{}:{}", self.address.host(), self.address.port())
    }
}

impl ProxySettings {
    /// No proxy at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// A proxy for `http` targets, one for `https` targets, and where to go directly.
    ///
    /// A proxy is a [`ProxyAddress`], `no_proxy` a [`NoProxy`]. Empty values count as absent.
    ///
    /// # Errors
    ///
    /// [`ProxyError`] when a proxy is no such address, or one of another kind (SOCKS, a proxy spoken
    /// to over TLS). It never shows the value, which may hold a password.
    pub fn new(
        http: Option<&str>,
        https: Option<&str>,
        no_proxy: Option<&str>,
    ) -> Result<Self, ProxyError> {
        Ok(Self {
            http: read("http", http)?,
            https: read("https", https)?,
            except: Arc::new(NoProxy::new(no_proxy.unwrap_or_default())),
        })
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
        let address = &self.for_target(target)?.address;
        Some((address.host().to_owned(), address.port()))
    }

    /// The passwords, in each spelling in which a server or a proxy may repeat them.
    pub(super) fn passwords(&self) -> Vec<String> {
        let both = self.http.iter().chain(&self.https);
        let spellings = both.flat_map(|proxy| {
            let basic = proxy.authorization.as_ref().and_then(|value| value.to_str().ok());
            let basic = basic.and_then(|value| value.strip_prefix("Basic ")).map(str::to_owned);
            proxy.address.password_spellings().into_iter().chain(basic)
        });
        spellings.collect()
    }

    /// The proxy for this target, if there is one.
    pub(super) fn for_target(&self, target: &Uri) -> Option<&Proxy> {
        let host = target.host()?;
        let (proxy, usual) = match target.scheme_str() {
            Some("http") => (&self.http, 80),
            Some("https") => (&self.https, 443),
            _ => return None,
        };
        let proxy = proxy.as_deref()?;
        let port = target.port_u16().unwrap_or(usual);
        (!is_loopback_host(host) && !self.except.contains(host, port)).then_some(proxy)
    }

    /// The proxy that reads the request itself, as for plain HTTP.
    pub(super) fn forwarding(&self, target: &Uri) -> Option<&Proxy> {
        self.for_target(target).filter(|_| target.scheme() == Some(&Scheme::HTTP))
    }
}

/// Hosts and ports, never user and password.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |proxy: &Option<Arc<Proxy>>| proxy.as_ref().map(|proxy| proxy.shown());
        f.debug_struct("ProxySettings")
            .field("http", &shown(&self.http))
            .field("https", &shown(&self.https))
            .field("except", &self.except)
            .finish()
    }
}

/// A proxy setting that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proxy for {targets} targets: {problem}")]
#[non_exhaustive]
pub struct ProxyError {
    /// For which targets it was meant: `http` or `https`.
    pub targets: &'static str,
    /// The problem with its address.
    pub problem: ProxyAddressError,
}

fn read(targets: &'static str, value: Option<&str>) -> Result<Option<Arc<Proxy>>, ProxyError> {
    let value = value.unwrap_or_default().trim();
    if value.is_empty() {
        return Ok(None);
    }
    let address = value.parse().map_err(|problem| ProxyError { targets, problem })?;
    Ok(Some(Arc::new(Proxy::new(address))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy_for(settings: &ProxySettings, target: &'static str) -> Option<String> {
        settings.for_target(&Uri::from_static(target)).map(|proxy| proxy.uri().to_string())
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
            Some("x.example, 10.0.0.0/8 y.example:81"),
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
            "http://y.example:81/",
        ] {
            assert_eq!(proxy_for(&settings, target), None, "{target}");
        }
        assert!(proxy_for(&settings, "https://notx.example/").is_some());
        assert!(proxy_for(&settings, "https://localhost.example/").is_some());
        assert!(proxy_for(&settings, "http://y.example/").is_some());
    }

    #[test]
    fn a_star_leaves_out_names_and_addresses() {
        let settings = ProxySettings::new(Some("p:1"), Some("p:1"), Some("*")).unwrap();
        for target in ["http://x.example/", "https://10.9.8.7/", "http://[fd00::1]:8/"] {
            assert_eq!(proxy_for(&settings, target), None, "{target}");
        }
    }

    #[test]
    fn empty_values_are_absent() {
        let settings = ProxySettings::new(Some(" "), Some(""), Some("*")).unwrap();
        assert!(settings.http.is_none() && settings.https.is_none());
    }

    #[test]
    fn an_unusable_proxy_is_refused_without_showing_it() {
        for value in ["socks5://user:fake-pw@proxy", "http://user:fake-pw@", "http://u:fake-p#w@p"]
        {
            let error = ProxySettings::new(None, Some(value), None).unwrap_err();
            assert_eq!(error.targets, "https");
            assert!(!error.to_string().contains("fake-p"));
        }
    }

    #[test]
    fn passwords_are_sent_to_the_proxy_and_nowhere_else() {
        let settings = ProxySettings::new(Some("http://u:fake-p@w%2F@p:1"), None, None).unwrap();
        assert!(!format!("{settings:?}").contains("fake-p"), "{settings:?}");
        let proxy = settings.forwarding(&Uri::from_static("http://x.example/")).unwrap();
        let sent = proxy.authorization().unwrap();
        assert!(sent.is_sensitive());
        assert_eq!(sent, "Basic dTpmYWtlLXBAdy8=");
        assert!(settings.forwarding(&Uri::from_static("https://x.example/")).is_none());
        assert!(settings.forwarding(&Uri::from_static("http://localhost/")).is_none());
        assert_eq!(settings.passwords(), ["fake-p@w%2F", "fake-p@w/", "dTpmYWtlLXBAdy8="]);
    }
}
