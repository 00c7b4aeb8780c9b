//! Verification: accepted and refused requests.

use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue, Request};
use volc_sign::{
    CredentialScope, PayloadHash, Presented, SecretKey, SignError, SignableRequest, SignedHeaders,
    Signer, SigningKey, Verified, VerifyError, VerifyErrorKind, VerifyPolicy,
};

use crate::fixture::{
    BODY, ID, SECRET, TOKEN, URL, now, request, signed_request, signer, signer_with_token, time,
};

const STRICT: VerifyPolicy = VerifyPolicy::strict();
const LENIENT: VerifyPolicy = VerifyPolicy::official_clients();

fn verify(request: &Request<String>, policy: &VerifyPolicy) -> Result<Verified, VerifyError> {
    Presented::from_request(request)?.verify(
        &SecretKey::new(SECRET),
        request.body().as_bytes(),
        now(),
        policy,
    )
}

fn error(request: &Request<String>, policy: &VerifyPolicy) -> VerifyError {
    verify(request, policy).expect_err("must be refused")
}

fn signed_by(signer: &Signer) -> Request<String> {
    let mut request = request();
    signer.sign_request(&mut request, now()).unwrap();
    request
}

fn with_header(name: &'static str, value: &str) -> Request<String> {
    let mut request = signed_request();
    request
        .headers_mut()
        .insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    request
}

fn with_authorization(edit: impl Fn(String) -> String) -> VerifyError {
    let value = signed_request().headers()["authorization"].to_str().unwrap().to_owned();
    error(&with_header("authorization", &edit(value)), &LENIENT)
}

#[test]
fn accepts_signatures_of_the_signer() {
    let verified = verify(&signed_request(), &STRICT).unwrap();
    assert_eq!(verified.access_key_id(), ID);
    assert_eq!(verified.scope().to_string(), "20241119/cn-beijing/ark/request");
    assert_eq!(verified.time(), now());
    assert_eq!(verified.signed_headers(), &SignedHeaders::default());
    assert!(verified.covers_body() && verified.covers_parameter("Action"));
    let request = signed_by(&signer_with_token());
    assert!(verify(&request, &STRICT).is_ok());
    assert_eq!(Presented::from_request(&request).unwrap().session_token().unwrap().expose(), TOKEN);
}

#[test]
fn a_kept_key_verifies() {
    let request = signed_request();
    let presented = Presented::from_request(&request).unwrap();
    let key = SigningKey::derive(&SecretKey::new(SECRET), presented.scope());
    assert!(presented.verify_with_key(&key, BODY.as_bytes(), now(), &STRICT).is_ok());
    let tomorrow = CredentialScope::new(time("20241120T000000Z"), "cn-beijing", "ark");
    for other in [
        SigningKey::derive(&SecretKey::new("other"), presented.scope()),
        SigningKey::derive(&SecretKey::new(SECRET), &tomorrow),
    ] {
        let error = presented.verify_with_key(&other, BODY.as_bytes(), now(), &STRICT).unwrap_err();
        assert_eq!(error, VerifyError::SignatureMismatch);
    }
}

#[test]
fn unsigned_requests_are_refused() {
    assert_eq!(error(&request(), &LENIENT), VerifyError::MissingAuthorization);
    let bearer = with_authorization(|_| "Bearer 00000000-0000-0000-0000-000000000000".into());
    assert_eq!(bearer, VerifyError::UnsupportedAlgorithm);
    assert_eq!(bearer.kind().code(), "InvalidAuthorization");
    assert_eq!(
        with_authorization(|value| value.replace("HMAC-SHA256", "hmac-sha256")),
        VerifyError::UnsupportedAlgorithm
    );
}

#[test]
fn malformed_claims_have_their_own_errors() {
    use VerifyErrorKind as Kind;
    type Edit = fn(String) -> String;
    let table: [(Edit, VerifyError, Kind); 14] = [
        (
            |_| "HMAC-SHA256".into(),
            VerifyError::MissingClaim { name: "Credential" },
            Kind::MissingRequestInfo,
        ),
        (
            |_| "HMAC-SHA256 nonsense".into(),
            VerifyError::MalformedAuthorization,
            Kind::InvalidAuthorization,
        ),
        (
            |value| value + ", Extra=1",
            VerifyError::MalformedAuthorization,
            Kind::InvalidAuthorization,
        ),
        (
            |value| value + ", Signature=1",
            VerifyError::RepeatedClaim { name: "Signature" },
            Kind::InvalidAuthorization,
        ),
        (
            |value| value.replace("SignedHeaders=host;x-content-sha256;x-date, ", ""),
            VerifyError::MissingClaim { name: "SignedHeaders" },
            Kind::MissingRequestInfo,
        ),
        (
            |value| value.split(", Signature").next().unwrap().into(),
            VerifyError::MissingSignature,
            Kind::MissingSignature,
        ),
        (
            |value| value.split_at(value.len() - 1).0.into(),
            VerifyError::MalformedSignature,
            Kind::InvalidAuthorization,
        ),
        (
            |value| {
                let (head, signature) = value.split_once("Signature=").unwrap();
                [head, "Signature=", &signature.to_uppercase()].concat()
            },
            VerifyError::MalformedSignature,
            Kind::InvalidAuthorization,
        ),
        (
            |value| value.replace("/request", "/aws4_request"),
            VerifyError::MalformedCredential,
            Kind::InvalidCredential,
        ),
        (
            |value| value.replace("/ark/", "/"),
            VerifyError::MalformedCredential,
            Kind::InvalidCredential,
        ),
        (
            |value| value.replace("/20241119/", "/2024111/"),
            VerifyError::MalformedCredential,
            Kind::InvalidCredential,
        ),
        (
            |value| value.replace("/20241119/", "/20241118/"),
            VerifyError::ScopeDateMismatch,
            Kind::InvalidCredential,
        ),
        (
            |value| value.replace("=host;", "=host;host;"),
            VerifyError::MalformedSignedHeaders,
            Kind::InvalidAuthorization,
        ),
        (
            |value| value.replace("=host;", "=Host;"),
            VerifyError::MalformedSignedHeaders,
            Kind::InvalidAuthorization,
        ),
    ];
    for (edit, expected, kind) in table {
        let error = with_authorization(edit);
        assert_eq!((error.kind(), error), (kind, expected));
    }
}

#[test]
fn missing_and_repeated_headers() {
    let mut undated = signed_request();
    undated.headers_mut().remove("x-date");
    assert_eq!(error(&undated, &LENIENT), VerifyError::MissingDate);
    assert_eq!(error(&with_header("x-date", "yesterday"), &LENIENT), VerifyError::MalformedDate);
    let mut twice = signed_request();
    let value = twice.headers()["authorization"].clone();
    twice.headers_mut().append("authorization", value);
    assert_eq!(error(&twice, &LENIENT), VerifyError::RepeatedClaim { name: "Authorization" });
    let mut twice = signed_request();
    twice.headers_mut().append("x-date", HeaderValue::from_static("20241119T021530Z"));
    assert_eq!(error(&twice, &LENIENT), VerifyError::RepeatedClaim { name: "X-Date" });
    let mut twice = signed_request();
    twice.headers_mut().append("host", HeaderValue::from_static("open.volcengineapi.com"));
    let repeated = SignError::RepeatedHeader { name: "host".into() };
    assert_eq!(error(&twice, &LENIENT), VerifyError::Unclear(repeated));
    assert_eq!(
        error(&with_header("host", "elsewhere.example.com"), &LENIENT),
        VerifyError::Unclear(SignError::HostMismatch)
    );
    let mut both = signed_request();
    *both.uri_mut() = format!("{URL}&X-Signature=00").parse().unwrap();
    assert_eq!(error(&both, &LENIENT), VerifyError::TwoSignatures);
}

#[test]
fn clock_skew_is_checked_to_the_second() {
    let at = |x_date: &str, policy: &VerifyPolicy| {
        let request = signed_request();
        let presented = Presented::from_request(&request).unwrap();
        presented.verify(&SecretKey::new(SECRET), BODY.as_bytes(), time(x_date), policy).map(drop)
    };
    for (x_date, good) in [
        ("20241119T023030Z", true),
        ("20241119T023031Z", false),
        ("20241119T020030Z", true),
        ("20241119T020029Z", false),
    ] {
        assert_eq!(at(x_date, &STRICT).is_ok(), good, "{x_date}");
    }
    let skew = VerifyError::ClockSkew { presented: now(), now: time("20241119T021632Z") };
    assert_eq!(skew.kind().code(), "InvalidTimestamp");
    assert_eq!(at("20241119T021632Z", &STRICT.with_max_skew(61)), Err(skew));
    assert_eq!(at("20241119T021631Z", &STRICT.with_max_skew(61)), Ok(()));
}

#[test]
fn expiry_in_a_header_signed_request_counts_too() {
    let mut request = request();
    *request.uri_mut() = format!("{URL}&X-Expires=60").parse().unwrap();
    signer().sign_request(&mut request, now()).unwrap();
    let at = |x_date: &str| {
        let presented = Presented::from_request(&request).unwrap();
        presented.verify(&SecretKey::new(SECRET), BODY.as_bytes(), time(x_date), &STRICT).map(drop)
    };
    assert_eq!(at("20241119T021630Z"), Ok(()));
    assert!(matches!(at("20241119T021631Z"), Err(VerifyError::ClockSkew { .. })));
    for bad in ["", "-1", "1.5", "soon", "%FF"] {
        *request.uri_mut() = format!("{URL}&X-Expires={bad}").parse().unwrap();
        assert_eq!(error(&request, &LENIENT), VerifyError::MalformedExpiry);
    }
}

/// Found by fuzzing: such a URL was signed in header form and then called malformed.
#[test]
fn a_stray_parameter_of_presigned_urls_leaves_the_header_form_alone() {
    for query in [
        "X-Date=20200101T000000Z",
        "X-Date=%FF",
        "\0X-Date=\0&X-Date=\0&X-Date",
        "X-Date=1&X-Date=2",
        "X-SignedHeaders=HOST&X-SignedHeaders=%FF",
        "X-SignedQueries=X-Date;Action&X-NotSignBody=&X-NotSignBody=%00",
        "X-Security-Token=%FF&X-Security-Token=other",
    ] {
        let query = query.replace(';', "%3B");
        let url = format!("{URL}&{query}");
        let hash = PayloadHash::of(BODY);
        let bare = SignableRequest::from_text("POST", &url, &[]);
        let signed = signer().sign(&bare, &hash, now()).unwrap();
        let headers: Vec<(&str, &str)> = signed.headers().collect();
        let sent = SignableRequest::from_text("POST", &url, &headers);
        let presented = Presented::from_signable(&sent).unwrap();
        let body = BODY.as_bytes();
        let verified = presented.verify(&SecretKey::new(SECRET), body, now(), &STRICT).unwrap();
        assert_eq!(verified.time(), now(), "{query:?}");
        assert!(verified.covers_body() && verified.covers_parameter("X-Date"), "{query:?}");
        assert!(presented.session_token().is_none(), "{query:?}");
    }
}

#[test]
fn an_unclear_request_has_a_source() {
    let mut request = signed_request();
    request.headers_mut().insert("host", HeaderValue::from_static("elsewhere.example.com"));
    let error = error(&request, &LENIENT);
    assert_eq!(error, VerifyError::Unclear(SignError::HostMismatch));
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), SignError::HostMismatch.to_string());
    assert!(std::error::Error::source(&VerifyError::SignatureMismatch).is_none());
}

#[test]
fn debug_of_claims_shows_the_claims() {
    let shown = format!("{:?}", Presented::from_request(&signed_request()).unwrap());
    assert!(shown.contains(ID) && shown.contains("cn-beijing"), "{shown}");
}

#[test]
fn region_and_service_can_be_required() {
    let request = signed_request();
    assert!(verify(&request, &STRICT.for_region("cn-beijing").for_service("ark")).is_ok());
    let error = error(&request, &STRICT.for_region("cn-north-1"));
    assert!(matches!(error, VerifyError::WrongRegion { .. }), "{error}");
    let error = self::error(&request, &STRICT.for_service("iam"));
    assert!(matches!(error, VerifyError::WrongService { .. }), "{error}");
    assert_eq!(error.kind().code(), "InvalidCredential");
}

#[test]
fn body_must_be_the_one_that_was_hashed() {
    let mut changed = signed_request();
    changed.body_mut().push(' ');
    assert_eq!(error(&changed, &LENIENT), VerifyError::PayloadMismatch);
    assert_eq!(
        error(&with_header("x-content-sha256", "0"), &LENIENT),
        VerifyError::MalformedPayloadHash
    );
    let upper = PayloadHash::of(BODY).to_string().to_uppercase();
    assert_eq!(
        error(&with_header("x-content-sha256", &upper), &LENIENT),
        VerifyError::MalformedPayloadHash
    );
    // Without the header the server hashes by itself.
    let mut unhashed = signed_by(&signer().with_signed_headers("host;x-date".parse().unwrap()));
    assert!(verify(&unhashed, &LENIENT).is_ok());
    unhashed.body_mut().push(' ');
    assert_eq!(error(&unhashed, &LENIENT), VerifyError::SignatureMismatch);
}

#[test]
fn strict_requires_signatures_official_clients_leave_out() {
    let refused = |signer: Signer| {
        let request = signed_by(&signer);
        assert!(verify(&request, &LENIENT).is_ok());
        error(&request, &STRICT)
    };
    let with = |list: &str| signer().with_signed_headers(list.parse().unwrap());
    assert_eq!(
        refused(with("x-content-sha256;x-date")),
        VerifyError::UnsignedHeader { name: "host" }
    );
    assert_eq!(
        refused(with("host;x-date")),
        VerifyError::UnsignedHeader { name: "x-content-sha256" }
    );
    assert_eq!(
        refused(with("host;x-content-sha256")),
        VerifyError::UnsignedHeader { name: "x-date" }
    );
    assert_eq!(refused(with("host;x-date;x-content-sha256")), VerifyError::UnsortedHeaders);
    let java =
        signer_with_token().with_signed_headers("host;x-content-sha256;x-date".parse().unwrap());
    assert_eq!(refused(java), VerifyError::UnsignedHeader { name: "x-security-token" });
    assert!(
        verify(&signed_by(&with("content-type;host;x-content-sha256;x-date")), &STRICT).is_ok()
    );
}

#[test]
fn unclear_shapes_are_refused_by_strict_and_read_as_sent_by_lenient() {
    let headers = [("X-Custom", "a  b"), ("Host", "h.example"), ("X-Date", "20241119T021530Z")];
    let list = || "host;x-content-sha256;x-custom;x-date".parse().unwrap();
    let signer = signer().with_signed_headers(list()).with_ambiguity(volc_sign::Ambiguity::AsSent);
    let url = "/a%2Fb?V=100%&a=1;b=2";
    let signed = signer
        .sign(&SignableRequest::from_text("GET", url, &headers), &PayloadHash::EMPTY, now())
        .unwrap();
    let mut sent = headers.to_vec();
    sent.extend(signed.headers().filter(|(name, _)| *name != "X-Date"));
    let presented =
        Presented::from_signable(&SignableRequest::from_text("GET", url, &sent)).unwrap();
    assert_eq!(presented.canonical_request(b"").query(), "V=100%25&a=1%3Bb%3D2");
    let secret = SecretKey::new(SECRET);
    assert!(presented.verify(&secret, b"", now(), &LENIENT).is_ok());
    let error = presented.verify(&secret, b"", now(), &STRICT).unwrap_err();
    assert_eq!(error, VerifyError::Unclear(SignError::EncodedSlash));
}

#[test]
fn presigned_claims_must_be_complete() {
    let presigned =
        signer().presign(&SignableRequest::from_text("GET", URL, &[]), None, now()).unwrap();
    let without = |name: &str| {
        let (path, query) = presigned.url().split_once('?').unwrap();
        let kept: Vec<_> =
            query.split('&').filter(|pair| pair.split('=').next() != Some(name)).collect();
        let url = format!("{path}?{}", kept.join("&"));
        let presented = Presented::from_signable(&SignableRequest::from_text("GET", &url, &[]))?;
        presented.verify(&SecretKey::new(SECRET), b"", now(), &LENIENT).map(drop)
    };
    assert_eq!(without("X-Algorithm"), Err(VerifyError::MissingClaim { name: "X-Algorithm" }));
    assert_eq!(without("X-Credential"), Err(VerifyError::MissingClaim { name: "X-Credential" }));
    assert_eq!(
        without("X-SignedHeaders"),
        Err(VerifyError::MissingClaim { name: "X-SignedHeaders" })
    );
    assert_eq!(without("X-Signature"), Err(VerifyError::MissingSignature));
    assert_eq!(without("X-Date"), Err(VerifyError::MissingDate));
    assert_eq!(without("X-SignedQueries"), Err(VerifyError::SignatureMismatch));
    assert_eq!(without("X-NotSignBody"), Err(VerifyError::SignatureMismatch));
    assert_eq!(without("Nothing"), Ok(()));
    let doubled = presigned.url().replace("&X-Date=", "&X-Date=20241119T021531Z&X-Date=");
    let error =
        Presented::from_signable(&SignableRequest::from_text("GET", &doubled, &[])).unwrap_err();
    assert_eq!(error, VerifyError::RepeatedClaim { name: "X-Date" });
}

/// A stranger must not decide how much work a list causes.
#[test]
fn more_signed_headers_than_the_request_carries_are_refused() {
    let listing = |list: &str| {
        with_authorization(|value| {
            let (head, rest) = value.split_once("SignedHeaders=").unwrap();
            let (_, signature) = rest.split_once(',').unwrap();
            [head, "SignedHeaders=", list, ",", signature].concat()
        })
    };
    let many: Vec<String> = (0..20_000).map(|index| format!("x-{index}")).collect();
    let missing = |name: &str| SignError::MissingHeader { name: name.into() };
    assert_eq!(listing(&many.join(";")), VerifyError::Unclear(missing("x-0")));
    let behind = ["host;x-date;", &many.join(";")].concat();
    assert_eq!(listing(&behind), VerifyError::Unclear(missing("x-0")));
    // One name again and again, no name at all.
    assert_eq!(listing(&"host;".repeat(20_000)), VerifyError::MalformedSignedHeaders);
    assert_eq!(listing(&";".repeat(20_000)), VerifyError::MalformedSignedHeaders);
    let upper = many.join(";").to_ascii_uppercase();
    assert_eq!(listing(&upper), VerifyError::MalformedSignedHeaders);
}

/// Headers as text, parameters and lists of both: four times as many take about four times as long.
#[test]
#[expect(clippy::disallowed_methods, reason = "the time is what is tested")]
fn reading_claims_takes_time_in_proportion_to_the_request() {
    let headers = |count: usize| -> Duration {
        let names: Vec<String> = (0..count).map(|index| format!("x-{index}")).collect();
        let list = names.join(";");
        let authorization = format!(
            "HMAC-SHA256 Credential=AK/20241119/cn-beijing/ark/request, SignedHeaders={list}, Signature={:064}",
            0
        );
        let mut pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
        pairs.extend([("x-date", "20241119T021530Z"), ("authorization", authorization.as_str())]);
        let request = SignableRequest::from_text("GET", "/", &pairs);
        let begin = Instant::now();
        Presented::from_signable(&request).unwrap();
        begin.elapsed()
    };
    let parameters = |count: usize| -> Duration {
        let names: Vec<String> = (0..count).map(|index| format!("p{index}")).collect();
        let query = format!(
            "{}=1&X-Algorithm=HMAC-SHA256&X-Credential=AK/20241119/cn-beijing/ark/request&X-Date=20241119T021530Z\
             &X-SignedHeaders=host&X-Signature={:064}&X-SignedQueries={}",
            names.join("=1&"),
            0,
            names.join("%3B")
        );
        let url = ["https://open.volcengineapi.com/?", &query].concat();
        let request = SignableRequest::from_text("GET", &url, &[]);
        let begin = Instant::now();
        Presented::from_signable(&request).unwrap();
        begin.elapsed()
    };
    for cost in [&headers as &dyn Fn(usize) -> Duration, &parameters] {
        // By nature 4; all against all would be 16. The other programs of the machine only ever add.
        let is_linear = |_| cost(16_000) < 8 * cost(4_000);
        assert!((0..5).any(is_linear));
    }
}
