//! The verdict of a server on the signature of a request.

use std::collections::BTreeSet;
use std::error::Error as _;

use ark_usage_report::text;
use volc_sign::{Credentials, Presented, SigningTime, VerifyError, VerifyPolicy};

use crate::lang::{Text, TextOf as _};
use crate::request::GivenRequest;

/// The reason why a signature is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The code the gateway of the service uses.
    pub(crate) reason: &'static str,
    /// The reason in words.
    pub(crate) detail: Text,
}

/// The verdict on a signature.
#[derive(Debug)]
pub(crate) struct SignatureVerdict {
    /// `None` if the signature is valid.
    pub(crate) rejection: Option<Rejection>,
    /// The claims of the request, if they can be parsed.
    pub(crate) presented: Option<Presented>,
    /// True if a signature is expected in the URL, not in a header.
    pub(crate) is_in_url: bool,
    /// The names of the headers that the signature does not cover, in lower case, sorted. They may be changed without
    /// making it invalid.
    pub(crate) unsigned_headers: BTreeSet<String>,
}

impl SignatureVerdict {
    /// Verifies a request with the only key that is known.
    pub(crate) fn new(
        given: &GivenRequest,
        keys: &Credentials,
        now: SigningTime,
        policy: &VerifyPolicy,
    ) -> Self {
        let pairs = given.pairs();
        let is_in_url = !given.headers.iter().any(|header| header.is("Authorization"));
        let presented = match Presented::from_signable(&given.signable(&pairs)) {
            Ok(presented) => presented,
            Err(error) => {
                let rejection = Some(Rejection::from(&error));
                let unsigned_headers = BTreeSet::new();
                return Self { rejection, presented: None, is_in_url, unsigned_headers };
            }
        };
        let rejection = if presented.access_key_id() == keys.access_key_id() {
            let verified = presented.verify(keys.secret(), &given.body.bytes, now, policy);
            verified.err().map(|error| Rejection::from(&error))
        } else {
            Some(Rejection::other_key(presented.access_key_id()))
        };
        let names = given.headers.iter().map(|header| header.name.to_ascii_lowercase());
        // A set: a request may carry any number of headers, and name them all.
        let covered: BTreeSet<&str> = presented.signed_headers().names().collect();
        let unsigned_headers = names
            .filter(|name| name != "authorization" && !covered.contains(name.as_str()))
            .collect();
        Self { rejection, presented: Some(presented), is_in_url, unsigned_headers }
    }

    /// Returns true if the signature is valid.
    pub(crate) fn is_valid(&self) -> bool {
        self.rejection.is_none()
    }

    /// Returns canonical request and string to sign as a server computes them.
    pub(crate) fn stages(&self, body: &[u8]) -> Option<(String, String)> {
        let presented = self.presented.as_ref()?;
        let canonical = presented.canonical_request(body).to_string();
        Some((canonical, presented.string_to_sign(body).to_string()))
    }
}

impl Rejection {
    /// Returns the rejection of an unknown access key.
    fn other_key(named: &str) -> Self {
        Self {
            reason: "InvalidAccessKey",
            detail: text!(
                "the request uses access key {named:?}, which is not the current one",
                "请求使用的 Access Key 是 {named:?}，不是当前的密钥"
            ),
        }
    }
}

impl From<&VerifyError> for Rejection {
    fn from(error: &VerifyError) -> Self {
        let detail = match error.source() {
            Some(source) => text!(
                "{error}: {source}",
                "{error}：{source}";
                error = Text::of(error), source = Text::of_error(source)
            ),
            None => Text::of(error),
        };
        Self { reason: error.kind().code(), detail }
    }
}
