//! A signature taken apart, so that each part can be made in another way.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::credential_scope::Scope;
use crate::signing_key::KeyedHmac;
use crate::{CanonicalRequest, Presented, SecretKey, StringToSign, credential_scope};

/// Everything that goes into a signature.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    /// Names and values of the header lines, in their order.
    pub(super) headers: Vec<(String, String)>,
    pub(super) list: String,
    pub(super) payload: String,
    pub(super) x_date: String,
    /// Date, region and service of the scope in the string to sign.
    pub(super) scope: [String; 3],
    /// The same for the key.
    pub(super) key_scope: [String; 3],
    pub(super) secret: SecretKey,
}

impl Parts {
    /// The parts as the rules have them.
    pub(super) fn by_the_rules(presented: &Presented, body: &[u8], secret: &SecretKey) -> Self {
        let canonical = presented.canonical_request(body);
        let scope = presented.scope();
        let scope = [scope.date(), scope.region(), scope.service()].map(ToOwned::to_owned);
        Self {
            method: canonical.method().to_owned(),
            path: canonical.path().to_owned(),
            query: canonical.query().to_owned(),
            headers: canonical
                .headers()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            list: canonical.signed_headers().to_owned(),
            payload: canonical.payload().to_owned(),
            x_date: presented.time().to_string(),
            key_scope: scope.clone(),
            scope,
            secret: secret.clone(),
        }
    }

    pub(super) fn canonical_request(&self) -> CanonicalRequest {
        let mut text = String::new();
        for line in [&self.method, &self.path, &self.query] {
            text.push_str(line);
            text.push('\n');
        }
        for (name, value) in &self.headers {
            text.extend([name, ":", value, "\n"]);
        }
        if self.headers.is_empty() {
            text.push('\n');
        }
        text.extend(["\n", &self.list, "\n", &self.payload]);
        CanonicalRequest::from_text(text)
    }

    /// Returns true if these parts give the presented signature.
    pub(super) fn match_signature(&self, presented: &Presented) -> bool {
        let digest = self.canonical_request().digest();
        let rest = |[_, region, service]: &[String; 3]| credential_scope::rest(region, service);
        let (signed, derived) = (rest(&self.scope), rest(&self.key_scope));
        let scope = Scope { date: &self.scope[0], rest: &signed, region: self.scope[1].len() };
        let key_scope =
            Scope { date: &self.key_scope[0], rest: &derived, region: self.key_scope[1].len() };
        let text = StringToSign::from_digest(&self.x_date, scope, &digest);
        let keyed = KeyedHmac::derive(self.secret.expose().as_bytes(), key_scope);
        keyed.sign(text.as_str().as_bytes()).matches(presented.signature)
    }
}
