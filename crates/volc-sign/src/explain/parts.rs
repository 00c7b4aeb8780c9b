//! A signature taken apart, so that each part can be made in another way.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::credential_scope::{Scope, TERMINATOR};
use crate::signing_key::KeyedHmac;
use crate::text::Hex;
use crate::{ALGORITHM, CanonicalRequest, Presented, SecretKey, StringToSign, credential_scope};

/// The way the parts are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    ByTheRules,
    /// The key is derived from hex digits, not from bytes.
    HexBetweenSteps,
    /// The key is derived without the step `request`.
    NoRequestStep,
    /// `aws4_request` stands for `request`.
    AwsTerminator,
    /// The canonical request is not hashed.
    NotHashed,
    /// Its hash is in upper case.
    HashInUpperCase,
    /// It ends with a newline.
    CanonicalNewline,
    /// The string to sign ends with a newline.
    StringNewline,
    /// Lines end with CRLF: of the canonical request, of the string to sign.
    CarriageReturns(bool, bool),
    /// No blank line follows the headers.
    NoBlankLine,
}

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
    pub(super) layout: Layout,
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
            layout: Layout::ByTheRules,
        }
    }

    /// The canonical request of these parts, put together by the rules.
    pub(super) fn canonical_request(&self) -> CanonicalRequest {
        CanonicalRequest::from_text(self.canonical_text("\n"))
    }

    /// The text, with `blank` between the headers and their list.
    fn canonical_text(&self, blank: &str) -> String {
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
        text.extend([blank, &self.list, "\n", &self.payload]);
        text
    }

    /// The canonical request as it was signed.
    fn signed_text(&self) -> String {
        let mut text =
            self.canonical_text(if self.layout == Layout::NoBlankLine { "" } else { "\n" });
        match self.layout {
            Layout::CanonicalNewline => text.push('\n'),
            Layout::CarriageReturns(true, _) => text = text.replace('\n', "\r\n"),
            _ => {}
        }
        text
    }

    /// Returns true if these parts give the presented signature.
    pub(super) fn match_signature(&self, presented: &Presented) -> bool {
        if self.layout != Layout::ByTheRules {
            return self.match_in_layout(presented);
        }
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

    fn match_in_layout(&self, presented: &Presented) -> bool {
        let canonical = self.signed_text();
        let hash = Hex::of(&CanonicalRequest::from_text(canonical.clone()).digest());
        let last = match self.layout {
            Layout::NotHashed => canonical,
            Layout::HashInUpperCase => hash.as_str().to_ascii_uppercase(),
            _ => hash.as_str().to_owned(),
        };
        let is_aws = self.layout == Layout::AwsTerminator;
        let terminator = if is_aws { "aws4_request" } else { TERMINATOR };
        let [date, region, service] = &self.scope;
        let scope = [date, region, service, terminator].join("/");
        let mut text = [ALGORITHM, &self.x_date, &scope, &last].join("\n");
        match self.layout {
            Layout::StringNewline => text.push('\n'),
            Layout::CarriageReturns(_, true) => text = text.replace('\n', "\r\n"),
            _ => {}
        }
        let [date, region, service] = &self.key_scope;
        let mut steps = Vec::from([date.as_str(), region, service]);
        if self.layout != Layout::NoRequestStep {
            steps.push(terminator);
        }
        let through_hex = self.layout == Layout::HexBetweenSteps;
        let secret = self.secret.expose().as_bytes();
        let keyed = KeyedHmac::derive_in_steps(secret, &steps, through_hex);
        keyed.sign(text.as_bytes()).matches(presented.signature)
    }
}
