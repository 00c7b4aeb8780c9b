//! Masking: a recording holds no key, token or signature.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{HeaderMap, HeaderName, Uri};
use volc_openapi::redact_access_keys;

/// Headers that hold credentials or signatures.
const SECRET: [HeaderName; 5] = [
    AUTHORIZATION,
    PROXY_AUTHORIZATION,
    COOKIE,
    SET_COOKIE,
    HeaderName::from_static("x-security-token"),
];

/// Query parameters of a presigned URL that do, in lower case.
const SECRET_PARAMETERS: [&str; 3] = ["x-signature", "x-credential", "x-security-token"];

const REMOVED: &str = "***";
const SHORTEST: usize = 8;

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

/// The secrets of one request: those it carries, and those the caller named.
#[derive(Debug, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// The key id, signature and token of a signed request, and `others`.
    pub(super) fn of(headers: &HeaderMap, others: &[String]) -> Self {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let authorization = text(&AUTHORIZATION).unwrap_or_default();
        let part = |name: &str, end: &[char]| {
            let (_, from) = authorization.split_once(name)?;
            from.split(end).next().map(str::to_owned)
        };
        let [.., token] = &SECRET;
        let found = [
            part("Credential=", &['/', ',']),
            part("Signature=", &[',', ' ']),
            text(token).map(str::to_owned),
        ];
        let all = found.into_iter().flatten().chain(others.iter().cloned());
        // A short one would be found everywhere.
        let mut all: Vec<_> = all.filter(|secret| secret.len() >= SHORTEST).collect();
        // One may be part of another.
        all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(all)
    }

    /// The headers without those that hold secrets or no text.
    pub(super) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let open = headers.iter().filter(|(name, _)| !SECRET.contains(name));
        let pair = open.filter_map(|(name, value)| {
            let value = self.text(value.to_str().ok()?);
            Some((name.as_str().to_owned(), value.into_owned()))
        });
        pair.collect()
    }

    /// The address without the secrets of a presigned one.
    pub(super) fn url(&self, uri: &Uri) -> String {
        let text = uri.to_string();
        let Some((address, query)) = text.split_once('?') else {
            return self.text(&text).into_owned();
        };
        let parameter = |pair: &str| match pair.split_once('=') {
            Some((name, _)) if SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => {
                format!("{name}={REMOVED}")
            }
            _ => pair.to_owned(),
        };
        let query: Vec<String> = query.split('&').map(parameter).collect();
        self.text(&format!("{address}?{}", query.join("&"))).into_owned()
    }

    /// Text with every secret masked.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = redact_access_keys(text);
        for secret in &self.0 {
            if text.contains(secret) {
                text = Cow::Owned(text.replace(secret, REMOVED));
            }
        }
        text
    }

    /// A body, text or not, with every secret masked.
    pub(super) fn body(&self, body: Vec<u8>) -> Vec<u8> {
        match std::str::from_utf8(&body).map(|text| self.text(text)) {
            Ok(Cow::Owned(text)) => return text.into_bytes(),
            Ok(Cow::Borrowed(_)) => return body,
            Err(_) => {}
        }
        self.0.iter().fold(body, |body, secret| without(&body, secret.as_bytes()))
    }
}

fn without(body: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut open = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.windows(secret.len()).position(|window| window == secret) {
        let (before, from) = rest.split_at(at);
        open.extend_from_slice(before);
        open.extend_from_slice(REMOVED.as_bytes());
        rest = from.get(secret.len()..).unwrap_or_default();
    }
    open.extend_from_slice(rest);
    open
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
    fn masking_twice_changes_nothing() {
        let secrets = Secrets::of(&headers(), &[]);
        let once = secrets.text("AKLTEXAMPLE0000000000000000000001 and more").into_owned();
        assert_eq!(secrets.text(&once), once);
    }
}
