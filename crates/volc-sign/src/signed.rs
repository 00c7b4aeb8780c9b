//! The result of signing: a signature, its stages, and the headers that carry it.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{CanonicalRequest, Signature, SignedHeaders, StringToSign};

pub(crate) static X_DATE: HeaderName = HeaderName::from_static("x-date");
pub(crate) static X_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-content-sha256");
pub(crate) static X_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");

/// A signature with every stage that led to it.
///
/// Made by [`Signer::sign`](crate::Signer::sign). `Debug` hides the token and the Authorization value.
#[derive(Clone, Debug)]
pub struct Signed {
    pub(crate) canonical_request: CanonicalRequest,
    pub(crate) string_to_sign: StringToSign,
    pub(crate) signature: Signature,
    pub(crate) list: SignedHeaders,
    pub(crate) headers: SignatureHeaders,
}

impl Signed {
    /// Stage 1.
    pub fn canonical_request(&self) -> &CanonicalRequest {
        &self.canonical_request
    }

    /// Stage 2.
    pub fn string_to_sign(&self) -> &StringToSign {
        &self.string_to_sign
    }

    /// Stage 3.
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// The headers that were signed.
    pub fn signed_headers(&self) -> &SignedHeaders {
        &self.list
    }

    /// Value of the Authorization header.
    pub fn authorization(&self) -> &str {
        text(&self.headers.authorization)
    }

    /// The headers to add to the request, in the order they are added: Host (if there was none),
    /// X-Date, X-Content-Sha256, X-Security-Token (if there is one), Authorization.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let names = ["Host", "X-Date", "X-Content-Sha256", "X-Security-Token", "Authorization"];
        names
            .into_iter()
            .zip(self.headers.in_order())
            .filter_map(|(name, value)| Some((name, text(value?))))
    }

    /// Adds the headers to a map, replacing those of an earlier signing. The values of
    /// Authorization and token are marked sensitive.
    pub fn apply_to(&self, headers: &mut HeaderMap) {
        self.headers.clone().insert_into(headers);
    }
}

/// The headers a signature adds. Values that are secrets are marked sensitive, which `Debug`
/// respects.
#[derive(Clone, Debug)]
pub(crate) struct SignatureHeaders {
    pub(crate) host: Option<HeaderValue>,
    pub(crate) x_date: HeaderValue,
    pub(crate) payload: Option<HeaderValue>,
    pub(crate) token: Option<HeaderValue>,
    /// A token that is there already was signed and is to stay.
    pub(crate) keeps_token: bool,
    pub(crate) authorization: HeaderValue,
}

impl SignatureHeaders {
    /// Host, X-Date, X-Content-Sha256, X-Security-Token, Authorization.
    fn in_order(&self) -> [Option<&HeaderValue>; 5] {
        let Self { host, x_date, payload, token, authorization, .. } = self;
        [host.as_ref(), Some(x_date), payload.as_ref(), token.as_ref(), Some(authorization)]
    }

    pub(crate) fn insert_into(self, headers: &mut HeaderMap) {
        if let Some(host) = self.host {
            headers.insert(header::HOST, host);
        }
        headers.insert(&X_DATE, self.x_date);
        if let Some(payload) = self.payload {
            headers.insert(&X_CONTENT_SHA256, payload);
        }
        match self.token {
            Some(token) => {
                headers.insert(&X_SECURITY_TOKEN, token);
            }
            None if self.keeps_token => {}
            // A token left by an earlier signing with other credentials would be refused.
            None => {
                headers.remove(&X_SECURITY_TOKEN);
            }
        }
        headers.insert(header::AUTHORIZATION, self.authorization);
    }
}

fn text(value: &HeaderValue) -> &str {
    core::str::from_utf8(value.as_bytes()).unwrap_or_default()
}
