//! What a server would say to a request's signature.

use std::error::Error as _;

use volc_sign::{Credentials, Presented, SigningTime, VerifyError, VerifyPolicy};

use crate::lang::{Text, TextOf as _};
use crate::request::GivenRequest;
use crate::text;

/// Why a signature is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The code the service's gateway uses for it.
    pub(crate) reason: &'static str,
    /// What is wrong, in words.
    pub(crate) detail: Text,
}

/// The verdict on a signature.
#[derive(Debug)]
pub(crate) struct SignatureVerdict {
    /// Absent when the signature is valid.
    pub(crate) rejection: Option<Rejection>,
    /// What the request claims, when that can be read.
    pub(crate) presented: Option<Presented>,
    /// Whether the signature, if there is one, stands in the URL.
    pub(crate) is_in_url: bool,
}

impl SignatureVerdict {
    /// Judges a request by the one key that is known.
    pub(crate) fn of(
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
                return Self { rejection, presented: None, is_in_url };
            }
        };
        let rejection = if presented.access_key_id() == keys.access_key_id() {
            let verified = presented.verify(keys.secret(), &given.body.bytes, now, policy);
            verified.err().map(|error| Rejection::from(&error))
        } else {
            Some(Rejection::other_key(presented.access_key_id()))
        };
        Self { rejection, presented: Some(presented), is_in_url }
    }

    /// Whether it is valid.
    pub(crate) fn is_valid(&self) -> bool {
        self.rejection.is_none()
    }

    /// Both stages as a server computes them.
    pub(crate) fn stages(&self, body: &[u8]) -> Option<(String, String)> {
        let presented = self.presented.as_ref()?;
        let canonical = presented.canonical_request(body).to_string();
        Some((canonical, presented.string_to_sign(body).to_string()))
    }
}

impl Rejection {
    /// The key is not known, as a server that knows only this one would see it.
    fn other_key(named: &str) -> Self {
        Self {
            reason: "InvalidAccessKey",
            detail: text!(
                "the request names access key {named:?}, not the one in use",
                "请求中的 Access Key 是 {named:?}，不是正在使用的那个"
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
