//! The address of a service: parsed and normalised once, then only read.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use crate::request_error::RequestError;

/// Scheme, host, port and an optional path prefix of a service; never user info, query or fragment.
///
/// The scheme and the host are in lower case, the scheme's own port is dropped and an IPv6 address
/// keeps its brackets, so that what is signed as `Host` is what is sent.
///
/// ```
/// use volc_openapi::BaseUrl;
///
/// let base_url: BaseUrl = "HTTPS://Open.VolcEngineAPI.com:443".parse()?;
/// assert_eq!(base_url.to_string(), "https://open.volcengineapi.com/");
/// assert_eq!(base_url.authority(), "open.volcengineapi.com");
/// assert!(base_url.is_https() && !base_url.is_loopback());
/// # Ok::<(), volc_openapi::BaseUrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    https: bool,
    /// Host and, unless it is the scheme's own, port.
    authority: String,
    /// Length of the host inside `authority`.
    host_len: usize,
    /// Starts with a slash.
    path: String,
}

impl BaseUrl {
    /// True for `https`.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// True when the host is this machine: `localhost`, 127.0.0.0/8 or `::1`.
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(self.host())
    }

    /// The host without a port; an IPv6 address with its brackets.
    pub fn host(&self) -> &str {
        self.authority.get(..self.host_len).unwrap_or(&self.authority)
    }

    /// The port to connect to, the scheme's own when none is written.
    pub fn port(&self) -> u16 {
        let written = self.authority.get(self.host_len + 1..).and_then(|port| port.parse().ok());
        written.unwrap_or(if self.https { 443 } else { 80 })
    }

    /// The value of the `Host` header: the host and, unless it is the scheme's own, the port.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }

    /// The path prefix, at least `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// This URL with an encoded query (see [`encode_query`](crate::encode_query)).
    ///
    /// # Errors
    ///
    /// The query is not wire-ready, for instance because it has a space in it.
    pub fn join_query(&self, query: &str) -> Result<http::Uri, RequestError> {
        let text = format!("{self}?{query}");
        text.parse().map_err(|source| RequestError::Uri { uri: text, source })
    }
}

/// The normalised URL.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme(), self.authority, self.path)
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let fail = |problem| BaseUrlError { value: without_secrets(text), problem };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| fail(Problem::NoScheme))?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(fail(Problem::Scheme)),
        };
        if rest.contains('#') {
            return Err(fail(Problem::Fragment));
        }
        if rest.contains('?') {
            return Err(fail(Problem::Query));
        }
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if authority.contains('@') {
            return Err(fail(Problem::UserInfo));
        }
        let (host, port) = split_port(authority).ok_or_else(|| fail(Problem::Port))?;
        let mut authority = normal_host(host).ok_or_else(|| fail(Problem::Host))?;
        let host_len = authority.len();
        if let Some(port) = port.filter(|&port| port != if https { 443 } else { 80 }) {
            authority = format!("{authority}:{port}");
        }
        let path = normal_path(path).ok_or_else(|| fail(Problem::Path))?;
        let base_url = Self { https, authority, host_len, path };
        // The last word is `http`'s: what it cannot parse could never be sent.
        match base_url.to_string().parse::<http::Uri>() {
            Ok(_) => Ok(base_url),
            Err(_) => Err(fail(Problem::Host)),
        }
    }
}

/// True for `localhost`, 127.0.0.0/8 and `::1`, as the host of a URL.
///
/// ```
/// assert!(volc_openapi::is_loopback_host("[::1]"));
/// assert!(!volc_openapi::is_loopback_host("localhost.example.com"));
/// ```
pub fn is_loopback_host(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// A base URL that cannot be used; write it like `https://open.volcengineapi.com`.
///
/// The message names the value; user info and query in it are masked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("base URL {value:?}: {problem}")]
pub struct BaseUrlError {
    value: String,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("the scheme is missing; write https://HOST")]
    NoScheme,
    #[error("the scheme must be https or http")]
    Scheme,
    #[error("must not contain a user name or password")]
    UserInfo,
    #[error("must not contain a query")]
    Query,
    #[error("must not contain a fragment")]
    Fragment,
    #[error("the port must be a number from 1 to 65535")]
    Port,
    #[error("the host is not a host name or an IP address")]
    Host,
    #[error("the path has characters that must be percent-encoded")]
    Path,
}

/// `host[:port]` taken apart; `None` when the port is not one. Brackets stay with the host.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let bracket = authority.rfind(']').unwrap_or(0);
    let Some(colon) = authority.get(bracket..)?.find(':') else {
        return Some((authority, None));
    };
    let (host, port) = authority.split_at(bracket + colon);
    let digits = port.strip_prefix(':')?;
    // A number may have a sign, a port may not.
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let port: u16 = digits.parse().ok()?;
    (port != 0).then_some((host, Some(port)))
}

/// The host in lower case, an IPv6 address in its shortest form; `None` when it is neither a name
/// nor an address.
fn normal_host(host: &str) -> Option<String> {
    if let Some(inner) = host.strip_prefix('[') {
        let ip: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{ip}]"));
    }
    let name = host.to_ascii_lowercase();
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let bare = name.strip_suffix('.').unwrap_or(&name);
    (name.len() <= 254 && bare.split('.').all(label_ok)).then_some(name)
}

/// The path prefix, `/` when empty; `None` when it is not wire-ready.
fn normal_path(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("/".to_owned());
    }
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&b);
    path.bytes().all(allowed).then(|| path.to_owned())
}

/// The text with anything that may be a user name or password masked.
fn without_secrets(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + 3);
    let (head, rest) = text.split_at(start);
    // An unescaped slash or question mark may stand in a password: mask up to the last at sign.
    match rest.rfind('@') {
        Some(at) => format!("{head}***{}", without_query(rest.get(at..).unwrap_or(""))),
        None => format!("{head}{}", without_query(rest)),
    }
}

/// A query may hold a token.
fn without_query(text: &str) -> String {
    text.split_once('?').map_or_else(|| text.to_owned(), |(before, _)| format!("{before}?***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        text.parse::<BaseUrl>().unwrap().to_string()
    }

    #[test]
    fn normalised_once() {
        assert_eq!(normal("http://LOCALHOST:80"), "http://localhost/");
        assert_eq!(normal("http://localhost:8080/"), "http://localhost:8080/");
        assert_eq!(normal("https://h:80/a%20b/"), "https://h:80/a%20b/");
        assert_eq!(normal("http://[0:0:0:0:0:0:0:1]:9"), "http://[::1]:9/");
        assert_eq!(normal("http://[::]:9/"), "http://[::]:9/");
        assert_eq!(normal("https://a-b_c.example./"), "https://a-b_c.example./");
        assert_eq!(normal(&normal("https://a.b/c")), "https://a.b/c");
    }

    #[test]
    fn parts() {
        let url: BaseUrl = "http://[::1]:8080/x".parse().unwrap();
        assert_eq!((url.host(), url.port(), url.path()), ("[::1]", 8080, "/x"));
        assert_eq!(url.authority(), "[::1]:8080");
        let url: BaseUrl = "https://example.com".parse().unwrap();
        assert_eq!((url.host(), url.port(), url.scheme()), ("example.com", 443, "https"));
        assert!(url.is_https() && !"http://h".parse::<BaseUrl>().unwrap().is_https());
        assert_eq!(url.join_query("a=1").unwrap(), "https://example.com/?a=1");
        assert!(url.join_query("a b").is_err());
    }

    #[test]
    fn loopback() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(format!("http://{host}:1").parse::<BaseUrl>().unwrap().is_loopback(), "{host}");
        }
        for host in ["localhost.example.com", "128.0.0.1", "[::2]", "example.com"] {
            assert!(!format!("http://{host}").parse::<BaseUrl>().unwrap().is_loopback(), "{host}");
        }
    }

    #[test]
    fn refused_with_the_value_named() {
        for (text, why) in [
            ("open.volcengineapi.com", "scheme is missing"),
            ("ftp://h", "scheme"),
            ("https://", "host"),
            ("https://h:0", "port"),
            ("https://h:99999", "port"),
            ("https://h:", "port"),
            ("https://h:+80", "port"),
            ("https://h*i", "host"),
            ("https://h/?", "query"),
            ("https://h/#f", "fragment"),
            ("https://h i", "host"),
            ("https://[::g]", "host"),
            ("https://h/a b", "path"),
            ("https://a..b", "host"),
        ] {
            let error = text.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(error.contains(why) && error.contains(text), "{text}: {error}");
        }
    }

    #[test]
    fn user_info_is_refused_and_never_shown() {
        for text in [
            "https://me:sesame@h/",
            "https://me:sesame@h/@x",
            "me:sesame@h",
            "https://me:p/sesame@h",
        ] {
            let error = text.parse::<BaseUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("sesame"), "{error}");
        }
        let error = "https://me:sesame@h/".parse::<BaseUrl>().unwrap_err().to_string();
        assert!(error.contains("\"https://***@h/\""), "{error}");
        let error = "https://h/?token=sesame".parse::<BaseUrl>().unwrap_err().to_string();
        assert!(error.contains("\"https://h/?***\""), "{error}");
    }
}
