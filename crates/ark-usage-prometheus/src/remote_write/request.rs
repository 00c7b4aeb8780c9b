//! The request of a push, and the key of a receiver.

use data_encoding::BASE64;
use http::header::{AUTHORIZATION, CONTENT_ENCODING as ENCODING, CONTENT_TYPE as TYPE, HOST};
use http::{HeaderValue, Request};
use volc_openapi::BaseUrl;

use super::{CONTENT_ENCODING, CONTENT_TYPE, VERSION, VERSION_HEADER};

/// The key that a receiver asks for. It is not shown by `Debug`.
#[derive(Clone)]
pub struct ReceiverKey {
    header: HeaderValue,
    secrets: Vec<String>,
}

impl ReceiverKey {
    /// A token (`Authorization: Bearer …`); `None` if it is empty or cannot stand in a header.
    pub fn bearer(token: &str) -> Option<Self> {
        let token = token.trim();
        Self::new("Bearer", token, vec![token.to_owned()])
    }

    /// `USER:PASSWORD` (`Authorization: Basic …`); `None` without a colon.
    pub fn basic(user_and_password: &str) -> Option<Self> {
        let pair = user_and_password.trim_matches(['\r', '\n']);
        let (_, password) = pair.split_once(':')?;
        let encoded = BASE64.encode(pair.as_bytes());
        Self::new("Basic", &encoded, vec![password.to_owned(), pair.to_owned(), encoded.clone()])
    }

    fn new(scheme: &str, text: &str, secrets: Vec<String>) -> Option<Self> {
        let is_visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let mut header = HeaderValue::try_from(format!("{scheme} {text}")).ok()?;
        header.set_sensitive(true);
        is_visible.then_some(Self { header, secrets })
    }

    /// The texts that must be shown nowhere.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(String::as_str)
    }
}

impl std::fmt::Debug for ReceiverKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiverKey")
    }
}

/// The request with a body of [`PushStep::Send`](super::PushStep::Send).
///
/// # Errors
///
/// The URL cannot be that of a request.
pub fn request(
    url: &BaseUrl,
    key: Option<&ReceiverKey>,
    body: Vec<u8>,
) -> Result<Request<Vec<u8>>, http::Error> {
    let mut request = Request::post(url.to_string())
        .header(HOST, url.authority())
        .header(ENCODING, CONTENT_ENCODING)
        .header(TYPE, CONTENT_TYPE)
        .header(VERSION_HEADER, VERSION);
    if let Some(key) = key {
        request = request.header(AUTHORIZATION, key.header.clone());
    }
    request.body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_headers_that_debug_does_not_show() {
        let url: BaseUrl = "https://metrics.example.com/api/v1/write".parse().unwrap();
        let key = ReceiverKey::basic("me:a secret é\n").unwrap();
        let secrets: Vec<&str> = key.secrets().collect();
        assert_eq!(secrets, ["a secret é", "me:a secret é", "bWU6YSBzZWNyZXQgw6k="]);
        let sent = request(&url, Some(&key), vec![1]).unwrap();
        assert_eq!(sent.headers()[AUTHORIZATION], "Basic bWU6YSBzZWNyZXQgw6k=");
        assert_eq!(sent.headers()[HOST], "metrics.example.com");
        assert_eq!(sent.headers()["x-prometheus-remote-write-version"], "0.1.0");
        assert!(!format!("{key:?} {sent:?}").contains("bWU6"));
        let token = ReceiverKey::bearer(" a-token\r\n").unwrap();
        assert_eq!(
            request(&url, Some(&token), Vec::new()).unwrap().headers()[AUTHORIZATION],
            "Bearer a-token"
        );
        for wrong in ["", "\n", "two words", "\u{e9}", "line\nline"] {
            assert!(ReceiverKey::bearer(wrong).is_none(), "{wrong:?}");
        }
        assert!(ReceiverKey::basic("no colon").is_none());
    }
}
