//! Properties that hold for any request.

use http::{HeaderName, HeaderValue, Method, Request, Uri};
use proptest::prelude::*;
use volc_sign::{
    Ambiguity, CanonicalRequest, Credentials, PayloadHash, Presented, SignableRequest,
    SignedHeaders, Signer, SigningTime, VerifyPolicy,
};

const LENIENT: VerifyPolicy = VerifyPolicy::official_clients();

prop_compose! {
    /// Any credentials, with and without a token.
    fn credentials()(
        id in "[A-Za-z0-9]{1,40}",
        secret in "\\PC{0,80}",
        token in prop_oneof![Just(String::new()), "[!-~]{1,80}"],
    ) -> Credentials {
        Credentials::new(id, secret).with_session_token(token)
    }
}

prop_compose! {
    fn signer()(credentials in credentials(), region in "[a-z0-9-]{1,20}", service in "[a-z0-9_]{1,20}") -> Signer {
        Signer::new(credentials, region, service)
    }
}

prop_compose! {
    fn time()(seconds in 0_u64..253_402_000_000) -> SigningTime {
        SigningTime::from_unix(seconds).unwrap()
    }
}

/// Any URL on the wire that has no unclear shape: raw characters `http::Uri` takes, escapes, `+`, empty pieces.
fn url() -> impl Strategy<Value = String> {
    let path = "(/([a-zA-Z0-9._~!$&'()*+,=:@-]|%[2-7][013-9A-E]){0,8}){0,4}";
    let query = "([a-zA-Z0-9._~!$'()*+,:@/?=&-]|%([0-24-7][0-9A-Fa-f]|3[0-9AD-F])){0,60}";
    let host = "[a-z0-9]{1,12}(\\.[a-z]{2,6}){0,2}(:[1-9][0-9]{1,3})?";
    (host, path, query).prop_map(|(host, path, query)| format!("https://{host}{path}?{query}"))
}

fn request() -> impl Strategy<Value = Request<Vec<u8>>> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("PUT"), Just("post"), Just("PURGE")];
    (method, url(), prop::collection::vec(any::<u8>(), 0..200)).prop_map(|(method, url, body)| {
        let uri: Uri = url.parse().unwrap();
        let method: Method = method.parse().unwrap();
        Request::builder().method(method).uri(uri).body(body).unwrap()
    })
}

fn verifies(
    request: &Request<Vec<u8>>,
    signer: &Signer,
    now: SigningTime,
    policy: &VerifyPolicy,
) -> bool {
    let secret = signer.credentials().secret();
    // The server has this secret under this id only: the id itself is not signed.
    Presented::from_request(request)
        .and_then(|presented| presented.verify(secret, request.body(), now, policy))
        .is_ok_and(|verified| verified.access_key_id() == signer.credentials().access_key_id())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn signed_requests_verify(mut request in request(), signer in signer(), time in time()) {
        signer.sign_request(&mut request, time).unwrap();
        prop_assert!(verifies(&request, &signer, time, &VerifyPolicy::strict()));
        prop_assert!(verifies(&request, &signer, time, &LENIENT));
    }

    #[test]
    fn signing_twice_is_signing_once(request in request(), signer in signer(), time in time()) {
        let (mut once, mut twice) = (request.clone(), request);
        signer.sign_request(&mut once, time).unwrap();
        signer.sign_request(&mut twice, time).unwrap();
        signer.sign_request(&mut twice, time).unwrap();
        prop_assert_eq!(once.headers(), twice.headers());
    }

    #[test]
    fn a_kept_key_signs_as_a_derived_one(request in request(), signer in signer(), time in time()) {
        let (mut kept, mut derived) = (request.clone(), request);
        signer.sign_request_with_key(&signer.signing_key(time), &mut kept, time).unwrap();
        signer.sign_request(&mut derived, time).unwrap();
        prop_assert_eq!(kept.headers(), derived.headers());
    }

    #[test]
    fn presigned_urls_verify(request in request(), signer in signer(), time in time(), expires in 1_u32..100_000) {
        let presigned = signer.presign(&SignableRequest::from_request(&request), Some(expires), time).unwrap();
        let later = SigningTime::from_unix(time.unix_seconds() + u64::from(expires)).unwrap();
        let (parts, body) = request.into_parts();
        let mut sent = Request::new(body);
        *sent.method_mut() = parts.method;
        *sent.uri_mut() = presigned.to_uri().unwrap();
        prop_assert!(verifies(&sent, &signer, time, &VerifyPolicy::strict()));
        prop_assert!(verifies(&sent, &signer, later, &LENIENT));
    }

    #[test]
    fn a_flipped_bit_of_the_body_fails(
        mut request in request(), signer in signer(), time in time(), at in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        request.body_mut().push(0);
        signer.sign_request(&mut request, time).unwrap();
        let at = at.index(request.body().len());
        request.body_mut()[at] ^= 1 << bit;
        prop_assert!(!verifies(&request, &signer, time, &LENIENT));
    }

    #[test]
    fn a_flipped_bit_of_a_header_fails(
        mut request in request(), signer in signer(), time in time(), which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        signer.sign_request(&mut request, time).unwrap();
        let names: Vec<HeaderName> = request.headers().keys().cloned().collect();
        let name = &names[which.index(names.len())];
        let mut value = request.headers()[name].as_bytes().to_vec();
        let at = at.index(value.len());
        value[at] ^= 1 << bit;
        // White space at either end is not signed, nor is the space after a comma of Authorization.
        let differs = value.trim_ascii() != request.headers()[name].as_bytes().trim_ascii();
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            request.headers_mut().insert(name, value);
            prop_assert!(!differs || !verifies(&request, &signer, time, &LENIENT));
        }
    }

    #[test]
    fn a_flipped_bit_of_method_or_url_fails(
        mut request in request(), signer in signer(), time in time(), at in any::<prop::sample::Index>(), bit in 0_u8..7,
    ) {
        let canonical = |request: &Request<Vec<u8>>| {
            let list = SignedHeaders::default();
            let view = SignableRequest::from_request(request);
            CanonicalRequest::new(&view, &list, &PayloadHash::EMPTY, Ambiguity::AsSent).ok()
        };
        signer.sign_request(&mut request, time).unwrap();
        let before = canonical(&request);
        let mut line = format!("{} {}", request.method(), request.uri()).into_bytes();
        let at = at.index(line.len());
        line[at] ^= 1 << bit;
        let line = String::from_utf8(line).unwrap();
        let Some((method, url)) = line.split_once(' ') else { return Ok(()) };
        let (Ok(method), Ok(uri)) = (method.parse(), url.parse()) else { return Ok(()) };
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        // Two spellings of one URL, such as %2b and %2B, are the same to the signature.
        prop_assert!(canonical(&request) == before || !verifies(&request, &signer, time, &LENIENT));
    }

    #[test]
    fn a_flipped_bit_of_a_presigned_url_fails(
        request in request(), signer in signer(), time in time(), at in any::<prop::sample::Index>(), bit in 0_u8..7,
    ) {
        let presigned = signer.presign(&SignableRequest::from_request(&request), Some(300), time).unwrap();
        let list = SignedHeaders::from_names(["host"]).unwrap();
        let canonical = |url: &str| {
            let view = SignableRequest::from_text("GET", url, &[]);
            CanonicalRequest::presigned(&view, &list, &PayloadHash::EMPTY, Ambiguity::AsSent).ok()
        };
        let signature = |url: &str| url.rsplit("X-Signature=").next().and_then(|rest| rest.split('&').next()).map(str::to_owned);
        let mut url = presigned.url().as_bytes().to_vec();
        let at = at.index(url.len());
        url[at] ^= 1 << bit;
        let url = String::from_utf8(url).unwrap();
        // The token is not signed, and %2b is %2B.
        let same = canonical(&url) == canonical(presigned.url()) && signature(&url) == signature(presigned.url());
        let Ok(uri) = url.parse::<Uri>() else { return Ok(()) };
        let mut sent = Request::new(Vec::new());
        *sent.method_mut() = request.method().clone();
        *sent.uri_mut() = uri;
        prop_assert!(same || !verifies(&sent, &signer, time, &LENIENT));
    }

    #[test]
    fn another_secret_fails(mut request in request(), signer in signer(), time in time(), other in "\\PC{0,80}") {
        signer.sign_request(&mut request, time).unwrap();
        prop_assume!(signer.credentials().secret().expose() != other);
        let presented = Presented::from_request(&request).unwrap();
        let secret = volc_sign::SecretKey::new(other);
        prop_assert!(presented.verify(&secret, request.body(), time, &LENIENT).is_err());
    }

    #[test]
    fn canonical_query_is_a_fixed_point(query in "([a-zA-Z0-9._~!$'()*+,:@/?=&-]|%[0-9A-F][0-9A-Fa-f]){0,60}") {
        let canonical = |query: &str| {
            let url = format!("/?{query}");
            let request = SignableRequest::from_text("GET", &url, &[]);
            let list = SignedHeaders::NONE;
            let canonical = CanonicalRequest::new(&request, &list, &PayloadHash::EMPTY, Ambiguity::Refuse).unwrap();
            canonical.query().to_owned()
        };
        let once = canonical(&query);
        prop_assert_eq!(canonical(&once), once);
    }

    #[test]
    fn claims_are_read_as_written_or_refused(
        mut request in request(), signer in signer(), time in time(),
        at in any::<prop::sample::Index>(), length in 0_usize..6, spliced in "\\PC{0,6}",
    ) {
        signer.sign_request(&mut request, time).unwrap();
        let right = request.headers()["authorization"].to_str().unwrap().to_owned();
        let at = at.index(right.len());
        let end = right.len().min(at + length);
        let text = format!("{}{spliced}{}", &right[..at], &right[end..]);
        let mut headers: Vec<(&str, &str)> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        headers.retain(|(name, _)| *name != "authorization");
        headers.push(("Authorization", &text));
        let url = request.uri().to_string();
        let view = SignableRequest::from_text(request.method().as_str(), &url, &headers);
        let Ok(presented) = Presented::from_signable(&view) else {
            prop_assert_ne!(text, right);
            return Ok(());
        };
        let credential = format!("Credential={}/{}", presented.access_key_id(), presented.scope());
        let list = format!("SignedHeaders={}", presented.signed_headers());
        prop_assert!(text.contains(&credential) && text.contains(&list), "{text}");
    }

    #[test]
    fn odd_presigned_claims_never_verify(url in "\\PC{0,80}", credential in "\\PC{0,120}", secret in "\\PC{0,20}") {
        let url = format!("{url}?X-Algorithm=HMAC-SHA256&X-Credential={credential}&X-Signature=0&X-Date=");
        let Ok(presented) = Presented::from_signable(&SignableRequest::from_text("GET", &url, &[])) else {
            return Ok(());
        };
        let secret = volc_sign::SecretKey::new(secret);
        prop_assert!(presented.verify(&secret, b"", presented.time(), &LENIENT).is_err());
    }
}
