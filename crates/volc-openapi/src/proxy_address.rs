//! The address of an HTTP proxy, read once: the host that is shown is the host that is used.

use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use crate::base_url::BaseUrl;

/// An HTTP proxy: `[http://][user:password@]host[:port]`, port 80 when none is written.
///
/// The last `@` ends the password, as in curl. `Debug` and `Display` show neither user nor password.
///
/// ```
/// use volc_openapi::ProxyAddress;
///
/// let proxy: ProxyAddress = "me:fake-p@ss@Proxy.example:3128".parse()?;
/// assert_eq!(proxy.to_string(), "http://***@proxy.example:3128");
/// assert_eq!((proxy.host(), proxy.port()), ("proxy.example", 3128));
/// assert_eq!(proxy.user_and_password().as_deref(), Some(&b"me:fake-p@ss"[..]));
/// # Ok::<(), volc_openapi::ProxyAddressError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyAddress {
    base_url: BaseUrl,
    /// User and password as they were written, percent-encoded or not.
    user: Option<String>,
}

impl ProxyAddress {
    /// The host, in lower case; an IPv6 address with its brackets.
    pub fn host(&self) -> &str {
        self.base_url.host()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.base_url.port()
    }

    /// `user:password` for Basic authentication, percent-decoded; `None` without a user.
    pub fn user_and_password(&self) -> Option<Vec<u8>> {
        let user = self.user.as_deref()?;
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        let mut both: Vec<u8> = percent_decode_str(name).collect();
        both.push(b':');
        both.extend(percent_decode_str(password));
        Some(both)
    }

    /// The password in each of its spellings: as written, and percent-decoded.
    pub fn password_spellings(&self) -> Vec<String> {
        let written = self.user.as_deref().and_then(|user| user.split_once(':'));
        let Some((_, written)) = written.filter(|(_, password)| !password.is_empty()) else {
            return Vec::new();
        };
        let decoded = percent_decode_str(written).decode_utf8_lossy().into_owned();
        let mut spellings = vec![written.to_owned()];
        spellings.extend(Some(decoded).filter(|decoded| decoded != written));
        spellings
    }
}

impl FromStr for ProxyAddress {
    type Err = ProxyAddressError;

    fn from_str(text: &str) -> Result<Self, ProxyAddressError> {
        let text = text.trim();
        let rest = match split_scheme(text) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            Some(_) => return Err(ProxyAddressError::Unsupported),
            None => text,
        };
        let (user, host) = match rest.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, rest),
        };
        if let Some(user) = user {
            // Most readers end the host at these, so an address that holds them has two meanings.
            if user.contains(['/', '?', '#']) {
                return Err(ProxyAddressError::Reserved);
            }
            if user.chars().any(|sign| sign.is_whitespace() || sign.is_control()) {
                return Err(ProxyAddressError::Malformed);
            }
        }
        // A proxy has no path: what stands there is of no use.
        let host = host.split_once('/').map_or(host, |(host, _)| host);
        let base_url = format!("http://{host}").parse();
        Ok(Self {
            base_url: base_url.map_err(|_| ProxyAddressError::Malformed)?,
            user: user.filter(|user| !user.is_empty()).map(str::to_owned),
        })
    }
}

/// The scheme and what follows it; a password may hold `://` as well.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.bytes().all(is_scheme).then_some((scheme, rest))
}

impl fmt::Display for ProxyAddress {
    /// Scheme, host and port as they are used, and `***` for user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = if self.user.is_some() { "***@" } else { "" };
        write!(f, "http://{user}{}", self.base_url.authority())
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyAddress({self})")
    }
}

/// The reason an address is not used as a proxy. It never shows the address, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyAddressError {
    /// No host, or one that cannot be. Write it as `http://host:port`.
    #[error("not of the form http://host:port or http://user:password@host:port")]
    Malformed,
    /// Signs that end the host of an address. Percent-encode them.
    #[error(
        "the user or password holds a reserved character: write / as %2F, ? as %3F, # as %23, @ as %40"
    )]
    Reserved,
    /// Another kind of proxy (SOCKS, TLS). Most also speak plain HTTP and carry HTTPS by CONNECT.
    #[error("not an http:// proxy; no other kind is supported")]
    Unsupported,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<String>) {
        let proxy: ProxyAddress = text.parse().unwrap();
        let user = proxy.user_and_password().map(|both| String::from_utf8(both).unwrap());
        assert_eq!(format!("{proxy:?}"), format!("ProxyAddress({proxy})"));
        (format!("{}:{}", proxy.host(), proxy.port()), user)
    }

    #[test]
    fn the_last_at_sign_ends_the_password() {
        for (text, address, user) in [
            ("http://user:p@ss@proxy:3128", "proxy:3128", Some("user:p@ss")),
            ("user:p:a@@s@Proxy", "proxy:80", Some("user:p:a@@s")),
            ("http://user:p%40ss%2f%23@proxy:1/", "proxy:1", Some("user:p@ss/#")),
            ("HTTP://user@proxy:3128/path", "proxy:3128", Some("user:")),
            ("http://user:100%@[::1]:8", "[::1]:8", Some("user:100%")),
            ("http://用户:密码@10.0.0.1:8", "10.0.0.1:8", Some("用户:密码")),
            ("http://:pw@proxy", "proxy:80", Some(":pw")),
            ("u:a\"<>^`{|}\\@proxy", "proxy:80", Some("u:a\"<>^`{|}\\")),
            ("http://@proxy", "proxy:80", None),
            (" proxy:3128 ", "proxy:3128", None),
        ] {
            assert_eq!(read(text), (address.to_owned(), user.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn an_unusable_address_is_refused_without_showing_it() {
        use ProxyAddressError as E;
        for (text, problem) in [
            ("http://user:fake#pw@proxy:1", E::Reserved),
            ("user:fake/pw@proxy:1", E::Reserved),
            ("http://user:fake?pw@proxy:1", E::Reserved),
            ("http://proxy/@other", E::Reserved),
            ("u:a://b@proxy", E::Reserved),
            ("socks5://user:fake@proxy", E::Unsupported),
            ("https://proxy", E::Unsupported),
            ("://proxy", E::Unsupported),
            ("", E::Malformed),
            ("http://", E::Malformed),
            ("http://user:fake@", E::Malformed),
            ("http://user:fake pw@proxy", E::Malformed),
            ("http://user:fake@pro xy", E::Malformed),
            ("http://user:fake@proxy:99999", E::Malformed),
            ("http://proxy:", E::Malformed),
            ("http://proxy?x", E::Malformed),
            ("http://user:fakeproxy:3128", E::Malformed),
            ("http:/user:fake@proxy:1", E::Reserved),
        ] {
            let error = text.parse::<ProxyAddress>().unwrap_err();
            assert_eq!(error, problem, "{text}");
            assert!(!error.to_string().contains("fake"));
        }
    }

    #[test]
    fn the_password_is_known_in_every_spelling() {
        let of = |text: &str| text.parse::<ProxyAddress>().unwrap().password_spellings();
        assert_eq!(of("u:fake%40pw@proxy"), ["fake%40pw", "fake@pw"]);
        assert_eq!(of("u:fake-pw@proxy"), ["fake-pw"]);
        assert!(of("u@proxy").is_empty() && of("u:@proxy").is_empty() && of("proxy").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn the_host_shown_is_the_host_used(text in "(http://)?([a-z@:/?#%]{0,6}@)?[a-z@:.0-9\\[\\]/?#]{0,12}") {
            if let Ok(proxy) = text.parse::<ProxyAddress>() {
                let shown: ProxyAddress = proxy.to_string().parse().unwrap();
                proptest::prop_assert_eq!((proxy.host(), proxy.port()), (shown.host(), shown.port()));
                proptest::prop_assert!(text.to_lowercase().contains(proxy.host()) || proxy.host().starts_with('['));
            }
        }
    }
}
