//! Masking by value: what a request carries is shown nowhere that repeats it.

use std::borrow::Cow;
use std::fmt;

use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{HeaderMap, HeaderName};
use memchr::memmem::Finder;
use memchr::{memchr, memchr2};
use volc_openapi::redact_access_keys;

#[cfg(feature = "recording")]
use crate::api_key_name::is_api_key_name;

/// Headers that hold credentials or signatures.
const SECRET: [HeaderName; 5] = [
    AUTHORIZATION,
    PROXY_AUTHORIZATION,
    COOKIE,
    SET_COOKIE,
    HeaderName::from_static("x-security-token"),
];

/// Query parameters of a presigned URL that do, in lower case.
#[cfg(feature = "recording")]
const SECRET_PARAMETERS: [&str; 3] = ["x-signature", "x-credential", "x-security-token"];

const REMOVED: &str = "***";
const SHORTEST: usize = 8;
/// Documents within strings of documents that are looked into.
const DEPTH: u8 = 4;

/// Headers as they may be shown: without those that hold credentials or signatures, and with access
/// key ids in the others masked.
///
/// ```
/// use http::{HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("authorization", HeaderValue::from_static("HMAC-SHA256 Credential=AKLTEXAMPLE"));
/// headers.insert("x-date", HeaderValue::from_static("20241119T104537Z"));
/// let shown = ark_usage_transport::masked_headers(&headers);
/// assert_eq!(shown, [("x-date".to_owned(), "20241119T104537Z".to_owned())]);
/// ```
pub fn masked_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    Secrets::default().headers(headers)
}

/// Bytes with each of these values replaced by its mask, as it stands or as JSON escapes it.
///
/// Put a value before those that are parts of it.
///
/// ```
/// let known = [("fake/token".to_owned(), "***".to_owned())];
/// let shown = ark_usage_transport::mask_values(br#"{"Message": "by fake\/token"}"#.to_vec(), &known);
/// assert_eq!(shown, br#"{"Message": "by ***"}"#);
/// ```
pub fn mask_values(bytes: Vec<u8>, known: &[(String, String)]) -> Vec<u8> {
    let secret = |(value, mask): &(String, String)| Secret {
        finder: Finder::new(value).into_owned(),
        mask: mask.clone(),
    };
    Secrets(known.iter().map(secret).collect()).values(bytes)
}

/// The secrets of one request: those it carries, and those the caller named.
#[derive(Default)]
pub(crate) struct Secrets(Vec<Secret>);

/// A value, and the text in its place.
#[derive(Clone)]
struct Secret {
    finder: Finder<'static>,
    mask: String,
}

impl Secrets {
    /// The key id, signature and token of a signed request, and `others`.
    pub(crate) fn of(headers: &HeaderMap, others: &[String]) -> Self {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let authorization = text(&AUTHORIZATION).unwrap_or_default();
        let part = |name: &str, end: &[char]| {
            let (_, from) = authorization.split_once(name)?;
            from.split(end).next().map(str::to_owned)
        };
        let [.., token] = &SECRET;
        let after_scheme =
            text(&PROXY_AUTHORIZATION).and_then(|value| Some(value.split_once(' ')?.1));
        let found = [
            part("Credential=", &['/', ',']),
            part("Signature=", &[',', ' ']),
            after_scheme.map(str::to_owned),
            text(token).map(str::to_owned),
        ];
        // Keys of another kind (`Bearer …`), and tokens under other names.
        let bearer = authorization.strip_prefix("Bearer ").map(str::to_owned);
        let sensitive = headers.values().filter(|value| value.is_sensitive());
        let sensitive = sensitive.filter_map(|value| value.to_str().ok().map(str::to_owned));
        let all = found.into_iter().flatten().chain(bearer).chain(sensitive);
        let all = all.chain(others.iter().cloned());
        // A short one would be found everywhere.
        let mut all: Vec<_> = all.filter(|secret| secret.len() >= SHORTEST).collect();
        // One may be part of another.
        all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        all.dedup();
        Self(all.iter().map(|secret| Secret::new(secret)).collect())
    }

    /// These secrets and more.
    #[cfg(feature = "recording")]
    pub(crate) fn and(&self, others: &[String]) -> Self {
        let others = others.iter().map(|secret| Secret::new(secret));
        Self(self.0.iter().cloned().chain(others).collect())
    }

    /// The headers without those that hold secrets or no text.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let open = headers.iter().filter(|(name, _)| !SECRET.contains(name));
        let pair = open.filter_map(|(name, value)| {
            let value = self.text(value.to_str().ok()?);
            Some((name.as_str().to_owned(), value.into_owned()))
        });
        pair.collect()
    }

    /// The address without the secrets of a presigned one, and without API keys.
    #[cfg(feature = "recording")]
    pub(crate) fn url(&self, uri: &http::Uri) -> String {
        let text = uri.to_string();
        let Some((address, query)) = text.split_once('?') else {
            return self.text(&text).into_owned();
        };
        let parameter = |pair: &str| match pair.split_once('=') {
            Some((name, _))
                if SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str())
                    || is_api_key_name(name) =>
            {
                format!("{name}={REMOVED}")
            }
            _ => pair.to_owned(),
        };
        let query: Vec<String> = query.split('&').map(parameter).collect();
        self.text(&format!("{address}?{}", query.join("&"))).into_owned()
    }

    /// Text with every secret masked, and everything that looks like a key id.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = self.values(redact_access_keys(text).into_owned().into_bytes());
        Cow::Owned(String::from_utf8_lossy(&text).into_owned())
    }

    /// A body, text or not, with every secret masked, and everything that looks like a key id.
    pub(crate) fn body(&self, body: Vec<u8>) -> Vec<u8> {
        let body = match std::str::from_utf8(&body).map(redact_access_keys) {
            Ok(Cow::Owned(text)) => text.into_bytes(),
            Ok(Cow::Borrowed(_)) | Err(_) => body,
        };
        self.values(body)
    }

    /// A response with every secret masked, in its headers too.
    #[cfg(feature = "hyper")]
    pub(crate) fn response(&self, headers: &mut HeaderMap, body: Vec<u8>) -> Vec<u8> {
        use http::HeaderValue;

        for value in headers.values_mut() {
            if self.0.iter().any(|secret| secret.finder.find(value.as_bytes()).is_some()) {
                let masked = self.values(value.as_bytes().to_vec());
                *value =
                    HeaderValue::from_bytes(&masked).unwrap_or(HeaderValue::from_static(REMOVED));
            }
        }
        self.values(body)
    }

    /// Bytes without the values, as they are or as JSON escapes them.
    fn values(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.below(bytes, DEPTH)
    }

    fn below(&self, bytes: Vec<u8>, depth: u8) -> Vec<u8> {
        let bytes = self.0.iter().fold(bytes, Secret::cover);
        if self.0.is_empty() || depth == 0 || memchr(b'\\', &bytes).is_none() {
            return bytes;
        }
        self.in_strings(&bytes, depth).unwrap_or(bytes)
    }

    /// The bytes with secrets masked that stand in strings with escapes; `None` without any.
    fn in_strings(&self, bytes: &[u8], depth: u8) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let (mut copied, mut from) = (0, 0);
        while let Some(begin) = memchr(b'"', bytes.get(from..)?).map(|at| from + at) {
            let Some((end, has_escapes)) = end_of_string(bytes, begin + 1) else { break };
            from = end;
            if !has_escapes {
                continue;
            }
            let Ok(decoded) = serde_json::from_slice::<String>(bytes.get(begin..end)?) else {
                continue;
            };
            let masked = self.below(decoded.clone().into_bytes(), depth - 1);
            if masked != decoded.as_bytes() {
                out.extend_from_slice(bytes.get(copied..begin)?);
                out.extend(serde_json::to_vec(&String::from_utf8_lossy(&masked)).ok()?);
                copied = end;
            }
        }
        (copied > 0).then(|| out.extend_from_slice(bytes.get(copied..).unwrap_or_default()))?;
        Some(out)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl Secret {
    fn new(value: &str) -> Self {
        let mask = match redact_access_keys(value) {
            Cow::Owned(masked) if value.starts_with("AK") => masked,
            _ => REMOVED.to_owned(),
        };
        Self { finder: Finder::new(value).into_owned(), mask }
    }

    /// Masks it wherever it stands as it is.
    fn cover(bytes: Vec<u8>, secret: &Self) -> Vec<u8> {
        let length = secret.finder.needle().len();
        let mut open = Vec::new();
        let mut copied = 0;
        for at in secret.finder.find_iter(&bytes) {
            open.extend_from_slice(bytes.get(copied..at).unwrap_or_default());
            open.extend_from_slice(secret.mask.as_bytes());
            copied = at + length;
        }
        if copied == 0 {
            return bytes;
        }
        open.extend_from_slice(bytes.get(copied..).unwrap_or_default());
        open
    }
}

/// The place after the quote that ends a string, and if there were escapes in it.
pub(crate) fn end_of_string(bytes: &[u8], mut from: usize) -> Option<(usize, bool)> {
    let mut has_escapes = false;
    loop {
        let at = from + memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some((at + 1, has_escapes));
        }
        has_escapes = true;
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "OTHERKEY00000000000001";
    const SIGNATURE: &str = "e3f0f0f0a0a0a0a0";
    const TOKEN: &str = "fake-token-for-tests-only";

    fn headers() -> HeaderMap {
        let mut headers = HeaderMap::new();
        let authorization = format!(
            "HMAC-SHA256 Credential={KEY}/20241119/cn-beijing/ark/request, SignedHeaders=host;x-date, Signature={SIGNATURE}"
        );
        headers.insert(AUTHORIZATION, authorization.parse().unwrap());
        headers.insert("x-security-token", TOKEN.parse().unwrap());
        headers.insert("x-date", "20241119T104537Z".parse().unwrap());
        headers.insert("x-echo", format!("by {KEY}").parse().unwrap());
        headers
    }

    #[test]
    fn secrets_are_masked_in_every_part() {
        let headers = headers();
        let secrets = Secrets::of(&headers, &[]);
        let kept = secrets.headers(&headers);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(kept, [pair("x-date", "20241119T104537Z"), pair("x-echo", "by ***")]);

        let told = format!("密 {KEY} {SIGNATURE} {TOKEN} AKLTEXAMPLE0000000000000000000001");
        assert_eq!(secrets.text(&told), "密 *** *** *** AKLT***0001");
        let odd = [&b"\xff"[..], KEY.as_bytes(), b"\xfe", KEY.as_bytes()].concat();
        assert_eq!(secrets.body(odd), b"\xff***\xfe***");
        let url = "https://h/?Action=A&X-Signature=abc&x-credential=k&X-Date=1".parse().unwrap();
        assert_eq!(
            secrets.url(&url),
            "https://h/?Action=A&X-Signature=***&x-credential=***&X-Date=1"
        );
    }

    #[test]
    fn secrets_named_by_the_caller_are_masked() {
        let others =
            ["fake-secret".to_owned(), "fake-secret-for-tests".to_owned(), "short".to_owned()];
        let secrets = Secrets::of(&HeaderMap::new(), &others);
        assert_eq!(secrets.text("fake-secret-for-tests, fake-secret, short"), "***, ***, short");
    }

    #[test]
    fn escapes_hide_nothing() {
        let token = "fake/token+for\"tests";
        let secrets = Secrets::of(&HeaderMap::new(), &[token.to_owned()]);
        let units: Vec<_> = token.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let escaped = units.concat();
        for text in [
            r#"{"Message": "by fake\/token+for\"tests, \ud83d\ude00"}"#.to_owned(),
            format!(r#"{{"a\n": 1, "Message": "by {escaped}, 😀"}}"#),
        ] {
            let masked = String::from_utf8(secrets.body(text.into_bytes())).unwrap();
            assert!(masked.ends_with(r#""Message": "by ***, 😀"}"#), "{masked}");
        }
        let inner = serde_json::to_string(&r#"{"a": "fake\/token+for\"tests"}"#).unwrap();
        let masked = secrets.body(inner.into_bytes());
        let decoded: String = serde_json::from_slice(&masked).unwrap();
        assert_eq!(decoded, r#"{"a": "***"}"#);
        for odd in ["\"\\", "\\\"", "\"\\u12\"", "\\", "\"a\\"] {
            assert_eq!(secrets.body(odd.as_bytes().to_vec()), odd.as_bytes());
        }
    }

    #[test]
    fn masking_twice_changes_nothing() {
        let secrets = Secrets::of(&headers(), &[]);
        let once = secrets.text("AKLTEXAMPLE0000000000000000000001 and more").into_owned();
        assert_eq!(secrets.text(&once), once);
    }
}
