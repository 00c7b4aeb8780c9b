//! Every official signature, stage by stage.

use std::collections::BTreeSet;

use http::{HeaderName, HeaderValue, Request};
use serde_json::Value;
use volc_sign::{
    Ambiguity, CanonicalRequest, CredentialScope, Credentials, PayloadHash, Presented, SignError,
    SignableRequest, SignedHeaders, Signer, SigningKey, SigningTime, StringToSign, VerifyError,
    VerifyErrorKind, VerifyPolicy,
};

/// Headers the signer makes.
const MADE_BY_SIGNING: [&str; 3] = ["x-date", "x-content-sha256", "x-security-token"];

pub(crate) struct Vector(Value);

impl Vector {
    pub(crate) fn all() -> Vec<Self> {
        include_str!("../vectors/official-sdks.jsonl")
            .lines()
            .map(|line| Self(serde_json::from_str(line).unwrap()))
            .collect()
    }

    pub(crate) fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &str {
        self.text("name")
    }

    pub(crate) fn follows_rule(&self) -> bool {
        self.0["follows_rule"].as_bool().unwrap()
    }

    pub(crate) fn is_presigned(&self) -> bool {
        self.text("kind") == "presign"
    }

    pub(crate) fn is_refused_shape(&self) -> bool {
        let shapes: BTreeSet<_> = include_str!("../vectors/refused.txt").lines().collect();
        shapes.contains(self.text("shape"))
    }

    /// The URL on the wire.
    pub(crate) fn url(&self) -> &str {
        self.text(if self.is_presigned() { "presigned_url" } else { "url_sent" })
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        let repeat = &self.0["body_repeat"];
        match repeat["unit"].as_str() {
            Some(unit) => unit
                .repeat(usize::try_from(repeat["count"].as_u64().unwrap()).unwrap())
                .into_bytes(),
            None => self.text("body").as_bytes().to_vec(),
        }
    }

    /// The headers on the wire.
    pub(crate) fn headers_sent(&self) -> Vec<(&str, &str)> {
        let Some(headers) = self.0["headers_sent"].as_object() else {
            return Vec::new();
        };
        headers
            .iter()
            .flat_map(|(name, value)| match value {
                Value::Array(values) => {
                    values.iter().map(|value| (name.as_str(), value.as_str().unwrap())).collect()
                }
                value => vec![(name.as_str(), value.as_str().unwrap())],
            })
            .collect()
    }

    /// The headers on the wire but those a signer makes.
    fn headers_unsigned(&self) -> Vec<(&str, &str)> {
        let mut headers = self.headers_sent();
        headers.retain(|(name, _)| !MADE_BY_SIGNING.contains(&name.to_ascii_lowercase().as_str()));
        headers
    }

    pub(crate) fn time(&self) -> SigningTime {
        self.text("x_date").parse().unwrap()
    }

    pub(crate) fn scope(&self) -> CredentialScope {
        CredentialScope::new(self.time(), self.text("region"), self.text("service"))
    }

    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::new(self.text("access_key_id"), self.text("secret_access_key"))
            .with_session_token(self.text("session_token"))
    }

    pub(crate) fn signed_headers(&self) -> SignedHeaders {
        self.text("signed_headers").parse().unwrap()
    }

    fn signer(&self) -> Signer {
        Signer::new(self.credentials(), self.text("region"), self.text("service"))
            .with_signed_headers(self.signed_headers())
    }

    /// Verifies the request that a server receives.
    fn verify(&self) -> Result<(), VerifyError> {
        let mut headers = self.headers_sent();
        if !self.is_presigned() {
            headers.push(("Authorization", self.text("authorization")));
        }
        let request = SignableRequest::from_text(self.text("method"), self.url(), &headers);
        Presented::from_signable(&request)?
            .verify(
                self.credentials().secret(),
                &self.body(),
                self.time(),
                &VerifyPolicy::official_clients(),
            )
            .map(|verified| {
                assert_eq!(verified.access_key_id(), self.text("access_key_id"), "{}", self.name());
            })
    }
}

fn vectors(wanted: impl Fn(&Vector) -> bool) -> Vec<Vector> {
    let vectors: Vec<_> = Vector::all().into_iter().filter(wanted).collect();
    assert!(!vectors.is_empty());
    vectors
}

#[test]
fn stages_of_signed_requests_are_reproduced() {
    for vector in vectors(|vector| vector.follows_rule() && !vector.is_refused_shape()) {
        let name = vector.name();
        let headers = vector.headers_sent();
        let request = SignableRequest::from_text(vector.text("method"), vector.url(), &headers);
        let stage =
            if vector.is_presigned() { CanonicalRequest::presigned } else { CanonicalRequest::new };
        let body = if vector.is_presigned() { Vec::new() } else { vector.body() };
        let payload = PayloadHash::of(body);
        let canonical =
            stage(&request, &vector.signed_headers(), &payload, Ambiguity::Refuse).unwrap();
        if !vector.text("canonical_request").is_empty() {
            assert_eq!(canonical.as_str(), vector.text("canonical_request"), "{name}");
        }
        let to_sign = StringToSign::new(vector.time(), &vector.scope(), &canonical);
        if !vector.text("string_to_sign").is_empty() {
            assert_eq!(to_sign.as_str(), vector.text("string_to_sign"), "{name}");
        }
        let key = SigningKey::derive(vector.credentials().secret(), &vector.scope());
        assert_eq!(key.sign(&to_sign).to_string(), vector.text("signature"), "{name}");
    }
}

#[test]
fn signer_reproduces_authorization() {
    for vector in vectors(|vector| {
        vector.follows_rule() && !vector.is_presigned() && !vector.is_refused_shape()
    }) {
        let name = vector.name();
        let headers = vector.headers_unsigned();
        let request = SignableRequest::from_text(vector.text("method"), vector.url(), &headers);
        let payload = PayloadHash::of(vector.body());
        let signed = vector.signer().sign(&request, &payload, vector.time()).unwrap();
        assert_eq!(signed.canonical_request().as_str(), vector.text("canonical_request"), "{name}");
        assert_eq!(signed.string_to_sign().as_str(), vector.text("string_to_sign"), "{name}");
        assert_eq!(signed.authorization(), vector.text("authorization"), "{name}");
        assert_eq!(whole_request(&vector), vector.text("authorization"), "{name}");
    }
}

/// The Authorization header of the vector signed as an `http::Request`.
fn whole_request(vector: &Vector) -> String {
    let mut request = Request::builder()
        .method(vector.text("method"))
        .uri(vector.url())
        .body(vector.body())
        .unwrap();
    for (name, value) in vector.headers_unsigned() {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    }
    vector.signer().sign_request(&mut request, vector.time()).unwrap();
    request.headers()["authorization"].to_str().unwrap().to_owned()
}

/// Our presigned form is that of Go, Java and the newer Python SDK; with no header signed, that of their elders.
#[test]
fn signer_reproduces_presigned_urls() {
    let sources = ["go", "java", "python-v2", "go-v1", "python-v1"];
    for vector in vectors(|vector| {
        // go-v1 and python-v1 treat the token in ways of their own.
        let own_way =
            vector.text("shape") == "presign-token" && vector.text("source").ends_with("-v1");
        vector.follows_rule()
            && vector.is_presigned()
            && sources.contains(&vector.text("source"))
            && !own_way
    }) {
        let request = SignableRequest::from_text(vector.text("method"), vector.text("url"), &[]);
        let presigned = vector.signer().presign(&request, None, vector.time()).unwrap();
        assert_eq!(
            presigned.signature().to_string(),
            vector.text("signature"),
            "{}",
            vector.name()
        );
        assert_eq!(parameters(presigned.url()), parameters(vector.url()), "{}", vector.name());
    }
}

/// The parameters of a URL, in no order, as plain text.
fn parameters(url: &str) -> BTreeSet<String> {
    let query = url.split_once('?').unwrap().1;
    let canonical = |pair: &str| {
        let request = SignableRequest::from_text("GET", pair, &[]);
        let canonical = CanonicalRequest::new(
            &request,
            &SignedHeaders::NONE,
            &PayloadHash::EMPTY,
            Ambiguity::Refuse,
        );
        canonical.unwrap().query().to_owned()
    };
    query.split('&').map(|pair| canonical(&format!("/?{pair}"))).collect()
}

#[test]
fn verifier_accepts_what_follows_the_rule() {
    for vector in vectors(|vector| vector.follows_rule() && !vector.is_refused_shape()) {
        assert_eq!(vector.verify(), Ok(()), "{}", vector.name());
    }
}

#[test]
fn verifier_refuses_vectors_that_break_the_rule() {
    for vector in vectors(|vector| !vector.follows_rule()) {
        let error = vector.verify().expect_err(vector.name());
        assert_eq!(
            error.kind(),
            VerifyErrorKind::SignatureDoesNotMatch,
            "{}: {error}",
            vector.name()
        );
    }
}

/// The shapes of `refused.txt`, asked of the signer as the user typed them.
#[test]
fn default_signer_refuses_unclear_shapes() {
    for vector in vectors(Vector::is_refused_shape) {
        let headers: Vec<_> = vector.headers_unsigned();
        let request =
            SignableRequest::from_text(vector.text("method"), vector.text("url"), &headers);
        let result = vector.signer().sign(&request, &PayloadHash::of(vector.body()), vector.time());
        let expected = match vector.text("shape") {
            "path-encoded-slash" => SignError::EncodedSlash,
            "wire-invalid-percent" => SignError::InvalidEscape { part: "query" },
            "wire-semicolon" => SignError::Semicolon,
            // Java drops the header and sends a plain request.
            shape if shape.starts_with("hdr-") && vector.text("source") == "java" => continue,
            "hdr-repeated" => SignError::RepeatedHeader { name: "x-custom".into() },
            // Whether the header is signed or not: the next signer on the way might sign it.
            "hdr-value-inner-spaces" | "hdr-value-tab" => {
                SignError::HeaderWhitespace { name: "x-custom".into() }
            }
            other => panic!("{other} is not known to be refused"),
        };
        assert_eq!(result.err(), Some(expected), "{}", vector.name());
    }
}

#[test]
fn permissive_signer_signs_unclear_shapes_as_go_does() {
    for vector in
        vectors(|vector| vector.is_refused_shape() && vector.text("source").starts_with("go"))
    {
        let headers = vector.headers_unsigned();
        let request =
            SignableRequest::from_text(vector.text("method"), vector.text("url"), &headers);
        let signer = vector.signer().with_ambiguity(Ambiguity::LikeGo);
        let signed = signer.sign(&request, &PayloadHash::of(vector.body()), vector.time()).unwrap();
        assert_eq!(
            signed.canonical_request().as_str(),
            vector.text("canonical_request"),
            "{}",
            vector.name()
        );
        assert_eq!(signed.authorization(), vector.text("authorization"), "{}", vector.name());
    }
}
