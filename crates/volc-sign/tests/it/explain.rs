//! The explanation names what went wrong.

use http::{HeaderValue, Request};
use volc_sign::explain::{Cause, CauseKind, Explanation, Failure, explain};
use volc_sign::{Credentials, Presented, SignableRequest, SignedHeaders, Signer, VerifyPolicy};

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
    explanation.causes().iter().map(Cause::kind).collect()
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

/// The disagreements of official signers are found from the requests they sent alone.
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
        time("20241119T023735Z"),
    );
    let explanation = explain(&failure, &credentials());
    assert_eq!(kinds(&explanation), [CauseKind::Clock]);
    assert_eq!(explanation.clock_offset(), Some(-1_325));
    let text = explanation.to_string();
    assert!(
        text.contains(
            "signed at 20241119T021530Z, 1325 s behind the server's clock 20241119T023735Z"
        ),
        "{text}"
    );
}

/// A clock is rarely wrong by a time zone, and setting it by such advice would break it.
#[test]
fn a_clock_off_by_a_time_zone_is_local_time() {
    let request = signed_request();
    let cause = |server: &str| {
        let request = SignableRequest::from_request(&request);
        let failure = Failure::new(request, BODY.as_bytes(), time(server));
        explain(&failure, &credentials()).causes()[0].clone()
    };
    for (server, zone) in [
        ("20241118T181530Z", 480),
        ("20241118T181200Z", 480),
        ("20241118T204530Z", 330),
        ("20241118T121530Z", 840),
    ] {
        let cause = cause(server);
        assert_eq!(cause.kind(), CauseKind::Date, "{server}");
        assert!(
            matches!(cause, Cause::LocalTimeAsUtc { minutes, .. } if minutes == zone),
            "{server}: {cause:?}"
        );
    }
    // A request that is checked hours later is merely old.
    for server in [
        "20241119T071530Z",
        "20241119T101530Z",
        "20241119T023530Z",
        "20241118T180530Z",
        "20241117T021530Z",
        "20241118T101530Z",
    ] {
        assert_eq!(cause(server).kind(), CauseKind::Clock, "{server}");
    }
}

#[test]
fn a_changed_content_type_is_found() {
    let mut request = signing("content-type;host;x-content-sha256;x-date");
    request.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    let explanation = explained(&request);
    assert_eq!(kinds(&explanation), [CauseKind::ContentType]);
    let value = "application/json; charset=UTF-8".to_owned();
    assert_eq!(explanation.causes(), [Cause::ContentTypeSigned { value }]);
    let difference = &explanation.differences()[0];
    assert_eq!(difference.field().to_string(), "header content-type");
    assert_eq!(difference.server(), Some("application/json"));
    assert_eq!(difference.signer(), Some("application/json; charset=UTF-8"));
}

#[test]
fn a_body_serialised_again_is_found() {
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

/// As Python and JavaScript write JSON; whitespace in strings stays.
#[test]
fn rewritten_bodies_are_recognised() {
    let compact = r#"{"a":"b, c: \"d , e\" \\","f":[1,2],"g":"\\\" : ,","h":{}}"#;
    let spaced = r#"{"a": "b, c: \"d , e\" \\", "f": [1, 2], "g": "\\\" : ,", "h": {}}"#;
    for (sent, signed, cause) in [
        (compact, spaced, Cause::BodyWhitespace),
        (spaced, compact, Cause::BodyWhitespace),
        ("[1,\n2]", "[1,\r\n2]", Cause::BodyLineEndings),
        ("[1,\r\n2]", "[1,\n2]", Cause::BodyLineEndings),
        ("{}\n", "{}", Cause::BodyTrimmed),
        ("{}", "{}\n", Cause::BodyWithNewline),
    ] {
        let mut request = request().map(|_| signed.to_owned());
        let signer = signer().with_signed_headers("host;x-date".parse().unwrap());
        signer.sign_request(&mut request, now()).unwrap();
        sent.clone_into(request.body_mut());
        let explanation = explained(&request);
        assert_eq!(explanation.causes(), [cause], "{signed}");
    }
}

#[test]
fn a_host_changed_by_a_proxy_is_found() {
    let mut request = request();
    request.headers_mut().insert("host", HeaderValue::from_static("open.volcengineapi.com"));
    signer().sign_request(&mut request, now()).unwrap();
    *request.uri_mut() = "/?Action=GetUsage&Version=2024-01-01".parse().unwrap();
    request.headers_mut().insert("host", HeaderValue::from_static("open.volcengineapi.com:8080"));
    assert_eq!(kinds(&explained(&request)), [CauseKind::Host]);
}

#[test]
fn secrets_used_wrongly_are_found() {
    for secret in
        [format!("{SECRET}\n"), format!(" {SECRET}"), format!("AWS4{SECRET}"), ID.to_owned()]
    {
        let request = signed_by(Credentials::new(ID, secret), "cn-beijing", "ark");
        let explanation = explained(&request);
        assert_eq!(kinds(&explanation), [CauseKind::Secret]);
        assert!(explanation.differences().is_empty(), "the same text was signed");
    }
    for (decoded, encoded) in [
        ("fake-secret", "ZmFrZS1zZWNyZXQ="),
        ("fake>>>secret???0123", "ZmFrZT4+PnNlY3JldD8/PzAxMjM="),
    ] {
        let request = signed_by(Credentials::new(ID, decoded), "cn-beijing", "ark");
        let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now());
        let explanation = explain(&failure, &Credentials::new(ID, encoded));
        assert_eq!(explanation.causes(), [Cause::SecretDecoded], "{encoded}");
    }
}

#[test]
fn a_different_id_is_named_alone_and_a_different_secret_is_unknown() {
    let request =
        signed_by(Credentials::new("AKLTOTHER", "another-fake-secret"), "cn-beijing", "ark");
    assert_eq!(kinds(&explained(&request)), [CauseKind::AccessKey]);
    let request = signed_by(Credentials::new(ID, "another-fake-secret"), "cn-beijing", "ark");
    assert_eq!(kinds(&explained(&request)), [CauseKind::Unknown]);
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
fn a_missing_token_is_named() {
    let request = signed_request();
    let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now());
    let explanation = explain(&failure, &credentials().with_session_token(TOKEN));
    assert_eq!(kinds(&explanation), [CauseKind::Token]);
}

#[test]
fn tokens_are_compared() {
    let own = credentials().with_session_token(TOKEN);
    let other = credentials().with_session_token("STSEXAMPLE.another");
    for (sent, expected) in [(own.clone(), &[][..]), (other, &[CauseKind::Token])] {
        let request = signed_by(sent, "cn-beijing", "ark");
        let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now());
        let explanation = explain(&failure, &own);
        assert_eq!(kinds(&explanation), expected, "{explanation}");
    }
}

#[test]
fn two_mistakes_are_found_at_once() {
    let mut request = signed_by(Credentials::new(ID, format!("{SECRET}\n")), "cn-beijing", "ark");
    request.body_mut().push('\n');
    let found = kinds(&explained(&request));
    assert!(found.contains(&CauseKind::Secret) && found.contains(&CauseKind::Body), "{found:?}");
}

#[test]
fn an_unknown_change_is_reported_as_unknown() {
    let mut request = signed_request();
    *request.uri_mut() = format!("{URL}&Added=1").parse().unwrap();
    let explanation = explained(&request);
    assert_eq!(kinds(&explanation), [CauseKind::Unknown]);
    assert!(explanation.signer_canonical_request().is_none());
    assert!(explanation.default_canonical_request().is_some());
}

#[test]
fn texts_reported_by_the_server_are_compared() {
    let request = signed_request();
    let presented = Presented::from_request(&request).unwrap();
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
    assert_eq!(explanation.differences()[0].field().to_string(), "header host");
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

#[test]
fn invalid_claims_have_their_kind() {
    let with = |name: &'static str, value: Option<&str>| {
        let mut request = signed_request();
        request.headers_mut().remove(name);
        if let Some(value) = value {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request
    };
    let mut expiring = signed_request();
    *expiring.uri_mut() = format!("{URL}&X-Expires=soon").parse().unwrap();
    let mut stripped = signing("content-type;host;x-date");
    stripped.headers_mut().remove("content-type");
    let authorization = signed_request().headers()["authorization"].to_str().unwrap().to_owned();
    let yesterday = authorization.replace("/20241119/", "/20241118/");
    for (request, kind) in [
        (with("x-date", None), CauseKind::Date),
        (with("x-date", Some("yesterday")), CauseKind::Date),
        (with("authorization", Some(&yesterday)), CauseKind::Date),
        (with("x-content-sha256", Some("0")), CauseKind::Body),
        (with("authorization", Some("Bearer key")), CauseKind::Claims),
        (expiring, CauseKind::Clock),
        (stripped, CauseKind::NotSent),
    ] {
        let explanation = explained(&request);
        assert_eq!(kinds(&explanation)[0], kind, "{explanation}");
        let verdict = explanation.verdict().unwrap_err().to_string();
        assert!(explanation.to_string().starts_with(&verdict), "{explanation}");
    }
}

#[test]
fn a_foreign_scope_is_named_beside_a_different_key() {
    let request = signed_by(Credentials::new("AKLTOTHER", SECRET), "cn-beijing", "ark");
    let policy = VerifyPolicy::official_clients();
    for (policy, kind) in [
        (policy.clone().for_region("cn-north-1"), CauseKind::Region),
        (policy.for_service("iam"), CauseKind::Service),
    ] {
        let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now())
            .with_policy(policy);
        let explanation = explain(&failure, &credentials());
        assert_eq!(kinds(&explanation), [CauseKind::AccessKey, kind]);
    }
}

#[test]
fn missing_and_different_header_lines_are_shown() {
    let list = "content-type;host;x-date;x-security-token".parse().unwrap();
    let own = credentials().with_session_token(TOKEN);
    let signer = Signer::new(own.clone(), "cn-beijing", "ark").with_signed_headers(list);
    let mut request = request();
    signer.sign_request(&mut request, now()).unwrap();
    let presented = Presented::from_request(&request).unwrap();
    let canonical = presented.canonical_request(BODY.as_bytes()).to_string();
    for (line, reported, field, kind) in [
        ("application/json;", "text/plain;", "header content-type", CauseKind::ContentType),
        ("x-security-token:STS", "x-security-token:", "header x-security-token", CauseKind::Token),
        ("x-date:20241119T021530Z\n", "", "header x-date", CauseKind::Date),
    ] {
        let reported = canonical.replacen(line, reported, 1);
        let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now())
            .with_server_canonical_request(&reported);
        let explanation = explain(&failure, &own);
        assert_eq!(kinds(&explanation), [kind], "{explanation}");
        let fields: Vec<_> =
            explanation.differences().iter().map(|found| found.field().to_string()).collect();
        assert_eq!(fields, [field]);
        assert_eq!(explanation.server_canonical_request().unwrap().as_str(), reported);
        let text = explanation.to_string();
        let [server, signer] = match kind {
            CauseKind::ContentType => {
                ["text/plain; charset=UTF-8", "application/json; charset=UTF-8"]
            }
            CauseKind::Token => ["(37 characters, hidden)", "(40 characters, hidden)"],
            _ => ["(missing)", "20241119T021530Z"],
        };
        let shown = format!("\n{field}\n  server: {server}\n  signer: {signer}\n");
        assert!(text.contains(&shown), "{text}");
    }
}

#[test]
fn an_unknown_signed_text_is_admitted_beside_differences() {
    let wrong = || Signer::new(Credentials::new(ID, "another-fake-secret"), "cn-beijing", "ark");
    let short = wrong().with_signed_headers("x-date".parse().unwrap());
    for (signer, said) in [(short, true), (wrong(), false)] {
        let mut request = request();
        signer.sign_request(&mut request, now()).unwrap();
        let explanation = explained(&request);
        assert_eq!(kinds(&explanation), [CauseKind::Unknown]);
        assert_eq!(!explanation.differences().is_empty(), said);
        let text = explanation.to_string();
        assert_eq!(text.contains("a default signer would have signed this:\n"), said, "{text}");
    }
}

#[test]
fn an_explanation_has_all_stages_and_both_clocks() {
    let request = signed_request();
    let later = time("20241119T021540Z");
    let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), later);
    let explanation = explain(&failure, &credentials());
    assert_eq!((explanation.signed_at(), explanation.now()), (Some(now()), later));
    assert_eq!(explanation.clock_offset(), Some(-10));
    let presented = Presented::from_request(&request).unwrap();
    let canonical = presented.canonical_request(BODY.as_bytes());
    assert_eq!(explanation.server_canonical_request(), Some(&canonical));
    assert_eq!(explanation.signer_canonical_request(), Some(&canonical));
    assert_eq!(explanation.default_canonical_request(), Some(&canonical));
    assert_eq!(explanation.string_to_sign(), Some(&presented.string_to_sign(BODY.as_bytes())));
    let shown = format!("{failure:?}");
    assert!(
        shown.contains("open.volcengineapi.com") && shown.contains("is_strict: false"),
        "{shown}"
    );
    assert!(!shown.contains("StartTime"), "bodies are private: {shown}");
}
