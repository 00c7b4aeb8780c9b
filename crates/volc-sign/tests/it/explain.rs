//! The explanation names what went wrong.

use http::{HeaderValue, Request};
use volc_sign::explain::{CauseKind, Explanation, Failure, explain};
use volc_sign::{Credentials, SignableRequest, SignedHeaders, Signer, VerifyPolicy};

use crate::fixture::{
    BODY, ID, SECRET, TOKEN, URL, credentials, now, request, signed_request, signer, time,
};
use crate::vectors::Vector;

fn explained(request: &Request<String>) -> Explanation {
    let failure =
        Failure::new(SignableRequest::from_request(request), request.body().as_bytes(), now());
    explain(&failure, &credentials())
}

fn kinds(explanation: &Explanation) -> Vec<CauseKind> {
    explanation.causes().iter().map(volc_sign::explain::Cause::kind).collect()
}

fn signed_by(credentials: Credentials, region: &str, service: &str) -> Request<String> {
    let mut request = request();
    Signer::new(credentials, region, service).sign_request(&mut request, now()).unwrap();
    request
}

fn signing(list: &str) -> Request<String> {
    let list: SignedHeaders = list.parse().unwrap();
    let mut request = request();
    signer().with_signed_headers(list).sign_request(&mut request, now()).unwrap();
    request
}

/// What the official signers' disagreements come down to, found from nothing but the request they sent.
#[test]
fn every_disagreement_of_official_signers_is_named() {
    for vector in Vector::all().into_iter().filter(|vector| !vector.follows_rule()) {
        let mut headers = vector.headers_sent();
        if !vector.is_presigned() {
            headers.push(("Authorization", vector.text("authorization")));
        }
        let request = SignableRequest::from_text(vector.text("method"), vector.url(), &headers);
        let body = vector.body();
        let failure = Failure::new(request, &body, vector.time());
        let explanation = explain(&failure, &vector.credentials());
        let (shape, source) = (vector.text("shape"), vector.text("source"));
        let expected = match (vector.text("family"), shape) {
            ("path", _) => CauseKind::Path,
            (_, "presign-sub-delims") => CauseKind::QueryEncoding,
            (_, "presign-odd-query") if source == "node-v2" => CauseKind::QueryEncoding,
            (_, shape) if shape.contains("host-") => CauseKind::Host,
            ("headers", _) => CauseKind::HeaderValue,
            ("method", _) => CauseKind::Method,
            _ => CauseKind::QueryOrder,
        };
        assert_eq!(kinds(&explanation), [expected], "{}: {explanation}", vector.name());
        assert!(!explanation.differences().is_empty(), "{}", vector.name());
        // What was signed is found out to the letter.
        let signed = vector.text("canonical_request");
        if !signed.is_empty() {
            assert_eq!(
                explanation.signer_canonical_request().unwrap().as_str(),
                signed,
                "{}",
                vector.name()
            );
        }
    }
}

#[test]
fn a_valid_signature_needs_no_cause() {
    let explanation = explained(&signed_request());
    assert!(explanation.verdict().is_ok());
    assert!(explanation.causes().is_empty() && explanation.differences().is_empty());
    assert_eq!(explanation.clock_offset(), Some(0));
    assert!(explanation.to_string().contains("signature is valid"));
}

#[test]
fn clocks_are_compared() {
    let request = signed_request();
    let failure = Failure::new(
        SignableRequest::from_request(&request),
        BODY.as_bytes(),
        time("20241119T101530Z"),
    );
    let explanation = explain(&failure, &credentials());
    assert_eq!(kinds(&explanation), [CauseKind::Clock]);
    assert_eq!(explanation.clock_offset(), Some(-28_800));
    let text = explanation.to_string();
    assert!(
        text.contains(
            "signed at 20241119T021530Z, 28800 s behind the server's clock 20241119T101530Z"
        ),
        "{text}"
    );
}

#[test]
fn content_type_that_was_changed_on_the_way() {
    let mut request = signing("content-type;host;x-content-sha256;x-date");
    request.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    let explanation = explained(&request);
    assert_eq!(kinds(&explanation), [CauseKind::ContentType]);
    assert_eq!(explanation.causes()[0].detail(), r#""application/json; charset=UTF-8" was signed"#);
    let difference = &explanation.differences()[0];
    assert_eq!(difference.field(), "header content-type");
    assert_eq!(difference.server(), Some("application/json"));
    assert_eq!(difference.signer(), Some("application/json; charset=UTF-8"));
}

#[test]
fn body_that_was_serialised_again() {
    let mut request = signed_request();
    *request.body_mut() = BODY.replace(',', ", ");
    assert_eq!(kinds(&explained(&request)), [CauseKind::Body]);
    // Without X-Content-Sha256 the usual forms are tried.
    for body in [BODY.replace(':', ": ").replace(',', ", "), [BODY, "\n"].concat()] {
        let mut request = signing("host;x-date");
        *request.body_mut() = body;
        assert_eq!(kinds(&explained(&request)), [CauseKind::Body]);
    }
}

#[test]
fn host_that_a_proxy_changed() {
    let mut request = request();
    request.headers_mut().insert("host", HeaderValue::from_static("open.volcengineapi.com"));
    signer().sign_request(&mut request, now()).unwrap();
    *request.uri_mut() = "/?Action=GetUsage&Version=2024-01-01".parse().unwrap();
    request.headers_mut().insert("host", HeaderValue::from_static("open.volcengineapi.com:8080"));
    assert_eq!(kinds(&explained(&request)), [CauseKind::Host]);
}

#[test]
fn secrets_that_are_nearly_right() {
    for secret in
        [format!("{SECRET}\n"), format!(" {SECRET}"), format!("AWS4{SECRET}"), ID.to_owned()]
    {
        let request = signed_by(Credentials::new(ID, secret), "cn-beijing", "ark");
        let explanation = explained(&request);
        assert_eq!(kinds(&explanation), [CauseKind::Secret]);
        assert!(explanation.differences().is_empty(), "the same text was signed");
    }
    let decoded = Credentials::new(ID, "fake-secret");
    let encoded = Credentials::new(ID, "ZmFrZS1zZWNyZXQ=");
    let request = signed_by(decoded, "cn-beijing", "ark");
    let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now());
    assert_eq!(kinds(&explain(&failure, &encoded)), [CauseKind::Secret]);
}

#[test]
fn another_secret_is_unknown_and_another_id_is_told() {
    let request =
        signed_by(Credentials::new("AKLTOTHER", "another-fake-secret"), "cn-beijing", "ark");
    assert_eq!(kinds(&explained(&request)), [CauseKind::AccessKey, CauseKind::Unknown]);
}

#[test]
fn wrong_region_and_service() {
    let request = signed_by(credentials(), "cn-north-1", "iam");
    let policy = VerifyPolicy::official_clients().for_region("cn-beijing").for_service("iam");
    let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now())
        .with_policy(policy);
    assert_eq!(kinds(&explain(&failure, &credentials())), [CauseKind::Region]);
    // A client that signs with one and claims the other.
    let mut request = signed_by(credentials(), "cn-north-1", "ark");
    let value =
        request.headers()["authorization"].to_str().unwrap().replace("cn-north-1", "cn-beijing");
    request.headers_mut().insert("authorization", value.parse().unwrap());
    assert_eq!(kinds(&explained(&request)), [CauseKind::Region]);
    let mut request = signed_by(credentials(), "cn-beijing", "iam");
    let value = request.headers()["authorization"].to_str().unwrap().replace("/iam/", "/ark/");
    request.headers_mut().insert("authorization", value.parse().unwrap());
    assert_eq!(kinds(&explained(&request)), [CauseKind::Service]);
}

#[test]
fn a_token_that_was_forgotten() {
    let request = signed_request();
    let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now());
    let explanation = explain(&failure, &credentials().with_session_token(TOKEN));
    assert_eq!(kinds(&explanation), [CauseKind::Token]);
}

#[test]
fn two_mistakes_at_once() {
    let mut request = signed_by(Credentials::new(ID, format!("{SECRET}\n")), "cn-beijing", "ark");
    request.body_mut().push('\n');
    let found = kinds(&explained(&request));
    assert!(found.contains(&CauseKind::Secret) && found.contains(&CauseKind::Body), "{found:?}");
}

#[test]
fn something_changed_that_nobody_can_guess() {
    let mut request = signed_request();
    *request.uri_mut() = format!("{URL}&Added=1").parse().unwrap();
    let explanation = explained(&request);
    assert_eq!(kinds(&explanation), [CauseKind::Unknown]);
    assert!(explanation.signer_canonical_request().is_none());
    assert!(explanation.default_canonical_request().is_some());
}

#[test]
fn what_the_server_reports_is_compared() {
    let request = signed_request();
    let presented = volc_sign::Presented::from_request(&request).unwrap();
    let reported = presented
        .canonical_request(BODY.as_bytes())
        .to_string()
        .replace("host:open.", "host:internal.");
    let to_sign = presented
        .string_to_sign(BODY.as_bytes())
        .to_string()
        .replace("/cn-beijing/", "/cn-north-1/");
    let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now())
        .with_server_canonical_request(&reported)
        .with_server_string_to_sign(&to_sign);
    let explanation = explain(&failure, &credentials());
    assert_eq!(kinds(&explanation), [CauseKind::Host, CauseKind::Region]);
    assert_eq!(explanation.differences()[0].field(), "header host");
}

#[test]
fn a_refusal_always_has_a_cause() {
    // An unsigned X-Content-Sha256 that is another body's: the signature itself is right.
    let mut request = signing("host;x-date");
    let other = volc_sign::PayloadHash::of("other").to_string();
    request.headers_mut().insert("x-content-sha256", other.parse().unwrap());
    let explanation = explained(&request);
    assert_eq!(kinds(&explanation), [CauseKind::Body]);
    let mut request = signed_request();
    request.headers_mut().insert("host", HeaderValue::from_static("elsewhere.example.com"));
    assert_eq!(kinds(&explained(&request)), [CauseKind::Host]);
    let strict = VerifyPolicy::strict();
    let request = signing("host;x-date;x-content-sha256");
    let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now())
        .with_policy(strict);
    assert_eq!(kinds(&explain(&failure, &credentials())), [CauseKind::Policy]);
}

#[test]
fn a_request_without_claims() {
    let explanation = explained(&request());
    assert_eq!(kinds(&explanation), [CauseKind::Claims]);
    assert!(explanation.to_string().contains("request is not signed"));
}
