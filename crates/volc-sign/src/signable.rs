//! A borrowed view of a request to sign.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use http::header::AsHeaderName;
use http::{HeaderMap, Method, Request, Uri};

/// A request as the signer sees it: method, URL and headers, borrowed, unchanged.
///
/// From `http` types with [`from_parts`](Self::from_parts) or [`from_request`](Self::from_request);
/// from plain text with [`from_text`](Self::from_text), for clients with types of their own and for
/// URLs that [`http::Uri`] would refuse or tidy up.
///
/// The URL is read as it goes over the wire: nothing here encodes a raw space or resolves `..` for
/// you.
#[derive(Clone, Copy)]
pub struct SignableRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: Option<&'a str>,
    pub(crate) authority: Option<&'a str>,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: Headers<'a>,
}

#[derive(Clone, Copy)]
pub(crate) enum Headers<'a> {
    Map(&'a HeaderMap),
    Pairs(&'a [(&'a str, &'a str)]),
}

/// The values found for a header name.
#[derive(Clone, Copy)]
pub(crate) enum Found<'a> {
    Missing,
    One(&'a [u8]),
    /// The first of several.
    Many(&'a [u8]),
}

impl<'a> SignableRequest<'a> {
    /// The view of a request's parts.
    pub fn from_parts(method: &'a Method, uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        Self {
            method: method.as_str(),
            scheme: uri.scheme_str(),
            authority: uri.authority().map(http::uri::Authority::as_str),
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            headers: Headers::Map(headers),
        }
    }

    /// The view of a request.
    pub fn from_request<B>(request: &'a Request<B>) -> Self {
        Self::from_parts(request.method(), request.uri(), request.headers())
    }

    /// The view of a request given as text. The URL may be a whole one or only path and query; a
    /// fragment is left out, everything else is taken as it stands.
    ///
    /// ```
    /// use volc_sign::SignableRequest;
    ///
    /// let request = SignableRequest::from_text("get", "https://iam.volcengineapi.com/a b?K=用量#top", &[]);
    /// assert_eq!((request.method(), request.path(), request.query()), ("get", "/a b", "K=用量"));
    /// assert_eq!(request.authority(), Some("iam.volcengineapi.com"));
    /// ```
    pub fn from_text(method: &'a str, url: &'a str, headers: &'a [(&'a str, &'a str)]) -> Self {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        let (scheme, authority, path) = match before.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => {
                let end = rest.find('/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
                (Some(scheme), Some(authority), path)
            }
            _ => (None, None, before),
        };
        Self { method, scheme, authority, path, query, headers: Headers::Pairs(headers) }
    }

    /// Method, case as given.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// Host and port of the URL, if it names any.
    pub fn authority(&self) -> Option<&'a str> {
        self.authority
    }

    /// Path as given.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Query as given, without `?`.
    pub fn query(&self) -> &'a str {
        self.query
    }

    /// The names of the headers, as given; those of a map once each.
    pub(crate) fn header_names(&self) -> impl Iterator<Item = &'a str> {
        let (map, pairs) = match self.headers {
            Headers::Map(map) => (Some(map), [].as_slice()),
            Headers::Pairs(pairs) => (None, pairs),
        };
        let of_map = map.into_iter().flat_map(HeaderMap::keys).map(http::HeaderName::as_str);
        of_map.chain(pairs.iter().map(|(name, _)| *name))
    }

    /// Prepares for looking up many names.
    pub(crate) fn lookup(&self) -> Lookup<'a> {
        let mut sorted = match self.headers {
            Headers::Map(_) => Vec::new(),
            Headers::Pairs(pairs) => pairs.to_vec(),
        };
        // Stable, since the first of several counts.
        sorted.sort_by(|(one, _), (other, _)| order(one, other));
        Lookup { request: *self, sorted }
    }

    /// Looks up a header.
    pub(crate) fn header<N: AsHeaderName + AsRef<str>>(&self, name: N) -> Found<'a> {
        match self.headers {
            Headers::Map(map) => {
                let mut values = map.get_all(name).iter().map(http::HeaderValue::as_bytes);
                found(values.next(), values.next())
            }
            Headers::Pairs(pairs) => {
                let mut values = pairs
                    .iter()
                    .filter(|(given, _)| given.eq_ignore_ascii_case(name.as_ref()))
                    .map(|(_, value)| value.as_bytes());
                found(values.next(), values.next())
            }
        }
    }
}

/// Headers to look many names up in.
pub(crate) struct Lookup<'a> {
    request: SignableRequest<'a>,
    /// Those given as text, by name: searching a list for each of many names would cost the square
    /// of its length.
    sorted: Vec<(&'a str, &'a str)>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn find(&self, name: &str) -> Found<'a> {
        if let Headers::Map(_) = self.request.headers {
            return self.request.header(name);
        }
        let start = self.sorted.partition_point(|(given, _)| order(given, name).is_lt());
        let same =
            self.sorted.iter().skip(start).take_while(|(given, _)| order(given, name).is_eq());
        let mut values = same.map(|(_, value)| value.as_bytes());
        found(values.next(), values.next())
    }
}

/// The order of two names of headers, whose case says nothing.
fn order(one: &str, other: &str) -> Ordering {
    fn lower(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().map(|byte| byte.to_ascii_lowercase())
    }
    lower(one).cmp(lower(other))
}

impl fmt::Debug for SignableRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A presigned URL is a key to its request, and headers may hold tokens: neither is shown.
        f.debug_struct("SignableRequest")
            .field("method", &self.method)
            .field("authority", &self.authority)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn found<'a>(first: Option<&'a [u8]>, second: Option<&[u8]>) -> Found<'a> {
    match (first, second) {
        (None, _) => Found::Missing,
        (Some(value), None) => Found::One(value),
        (Some(value), Some(_)) => Found::Many(value),
    }
}
