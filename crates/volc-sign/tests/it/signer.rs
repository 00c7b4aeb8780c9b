//! Signers: headers added, kept and refused.

use http::{HeaderValue, Request};
use volc_sign::{
    Ambiguity, Credentials, PayloadHash, SignError, SignableRequest, SignedHeaders, Signer,
};

use crate::fixture::{
    BODY, ID, SECRET, TOKEN, URL, credentials, now, request, signer, signer_with_token, time,
};

fn sign(method: &str, url: &str, headers: &[(&str, &str)]) -> Result<String, SignError> {
    let request = SignableRequest::from_text(method, url, headers);
    let signed = signer().sign(&request, &PayloadHash::EMPTY, now())?;
    Ok(signed.canonical_request().as_str().to_owned())
}

fn canonical_query(query: &str) -> String {
    let canonical = sign("GET", &format!("https://host/?{query}"), &[]).unwrap();
    canonical.lines().nth(2).unwrap().to_owned()
}

fn canonical_path(path: &str) -> Result<String, SignError> {
    let canonical = sign("GET", &format!("https://host{path}"), &[])?;
    Ok(canonical.lines().nth(1).unwrap().to_owned())
}

#[test]
fn adds_its_headers_in_order_and_marks_secrets() {
    let mut request = request();
    signer_with_token().sign_request(&mut request, now()).unwrap();
    let names: Vec<_> = request.headers().keys().map(http::HeaderName::as_str).collect();
    let expected =
        ["content-type", "host", "x-date", "x-content-sha256", "x-security-token", "authorization"];
    assert_eq!(names, expected);
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(request.headers()["x-security-token"].is_sensitive());
    assert_eq!(request.uri(), URL);
    assert_eq!(request.body(), BODY);
}

#[test]
fn signing_again_replaces_what_signing_left() {
    let mut request = request();
    signer_with_token().sign_request(&mut request, time("20241118T235959Z")).unwrap();
    signer().sign_request(&mut request, now()).unwrap();
    let mut fresh = crate::fixture::request();
    signer().sign_request(&mut fresh, now()).unwrap();
    assert_eq!(request.headers(), fresh.headers());
}

#[test]
fn an_error_changes_nothing() {
    let mut request = request();
    request.headers_mut().insert("host", HeaderValue::from_static("elsewhere.example.com"));
    let before = request.headers().clone();
    assert_eq!(signer().sign_request(&mut request, now()), Err(SignError::HostMismatch));
    assert_eq!(*request.headers(), before);
}

#[test]
fn whole_request_parts_and_text_give_the_same() {
    let mut whole = request();
    signer().sign_request(&mut whole, now()).unwrap();

    let (mut parts, body) = request().into_parts();
    signer().sign_parts(&mut parts, &PayloadHash::of(&body), now()).unwrap();
    assert_eq!(whole.headers(), &parts.headers);

    let text = SignableRequest::from_text("POST", URL, &[]);
    let signed = signer().sign(&text, &PayloadHash::of(BODY), now()).unwrap();
    for (name, value) in signed.headers() {
        assert_eq!(whole.headers()[name], value);
    }
    let mut applied = request();
    signed.apply_to(applied.headers_mut());
    assert_eq!(whole.headers(), applied.headers());
}

#[test]
fn host_is_taken_from_header_or_uri_and_both_must_agree() {
    let host = |url: &str, given: Option<&str>| {
        let headers: Vec<_> = given.iter().map(|host| ("Host", *host)).collect();
        let canonical = sign("GET", url, &headers)?;
        Ok(canonical.lines().nth(3).unwrap().to_owned())
    };
    assert_eq!(
        host("https://OPEN.volcengineapi.com:443/", None).unwrap(),
        "host:open.volcengineapi.com"
    );
    assert_eq!(
        host("http://open.volcengineapi.com:80/", None).unwrap(),
        "host:open.volcengineapi.com"
    );
    assert_eq!(
        host("https://open.volcengineapi.com:8443/", None).unwrap(),
        "host:open.volcengineapi.com:8443"
    );
    assert_eq!(
        host("https://open.volcengineapi.com:4430", None).unwrap(),
        "host:open.volcengineapi.com:4430"
    );
    assert_eq!(host("https://[::1]:443/", None).unwrap(), "host:[::1]:443");
    assert_eq!(host("https://[fe80::80]/", None).unwrap(), "host:[fe80::80]");
    // A given header is signed as it is sent, minus the port.
    assert_eq!(host("https://a.example/", Some(" A.example:443 ")).unwrap(), "host:A.example");
    assert_eq!(host("/path", Some("a.example")).unwrap(), "host:a.example");
    assert_eq!(host("https://[::1]:443/", Some("[::1]")).unwrap(), "host:[::1]");
    assert_eq!(host("https://a.example:8080/", Some("a.example")), Err(SignError::HostMismatch));
    assert_eq!(host("https://a.example/", Some("")), Err(SignError::MissingHost));
    assert_eq!(host("/path", None), Err(SignError::MissingHost));
    assert_eq!(host("https://user:word@a.example/", None), Err(SignError::UserInfo));
    assert_eq!(host("https://user@a.example/", Some("a.example")), Err(SignError::UserInfo));
    let twice = [("Host", "a.example"), ("host", "a.example")];
    assert_eq!(sign("GET", "/", &twice), Err(SignError::RepeatedHeader { name: "host".into() }));
}

#[test]
fn query_is_canonicalised() {
    let table = [
        ("", ""),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=2&a=1"),
        ("a&b=", "a=&b="),
        ("&&a=1&", "a=1"),
        ("a=b=c==", "a=b%3Dc%3D%3D"),
        ("a=x+y&b=x%2By&c=x%20y", "a=x%20y&b=x%2By&c=x%20y"),
        ("a=*~!'()", "a=%2A~%21%27%28%29"),
        ("a=%7E%41%e7%94%a8", "a=~A%E7%94%A8"),
        ("名=值", "%E5%90%8D=%E5%80%BC"),
        ("a=1&a-b=2&a%3Db=3", "a=1&a-b=2&a%3Db=3"),
        ("k%EF%BF%A5=1&k%F0%9F%98%80=2", "k%EF%BF%A5=1&k%F0%9F%98%80=2"),
        ("=v&a=1", "=v&a=1"),
        ("a=%ff%00", "a=%FF%00"),
        ("a=/?:@", "a=%2F%3F%3A%40"),
        ("%41=1&B=2", "A=1&B=2"),
        ("a=%2541", "a=%2541"),
        ("a=+&b=++&+=1", "%20=1&a=%20&b=%20%20"),
    ];
    for (query, canonical) in table {
        assert_eq!(canonical_query(query), canonical, "{query}");
    }
    for query in ["a=%", "a=%4", "a=%zz", "%g1=1"] {
        let error = sign("GET", &format!("https://host/?{query}"), &[]);
        assert_eq!(error, Err(SignError::InvalidEscape { part: "query" }), "{query}");
    }
    assert_eq!(sign("GET", "https://host/?a=1;b=2", &[]), Err(SignError::Semicolon));
}

#[test]
fn path_is_canonicalised() {
    let table = [
        ("", "/"),
        ("/", "/"),
        ("/a/b/", "/a/b/"),
        ("/a//b", "/a//b"),
        ("/a/../b/.", "/a/../b/."),
        ("/a b", "/a%20b"),
        ("/a%20b+c", "/a%20b%2Bc"),
        ("/%e7%94%a8/量", "/%E7%94%A8/%E9%87%8F"),
        ("/*!():@,;=", "/%2A%21%28%29%3A%40%2C%3B%3D"),
        ("/%41%2D%7e", "/A-~"),
        ("/100%25", "/100%25"),
    ];
    for (path, canonical) in table {
        assert_eq!(canonical_path(path).as_deref(), Ok(canonical), "{path}");
    }
    assert_eq!(canonical_path("/a%2Fb"), Err(SignError::EncodedSlash));
    assert_eq!(canonical_path("/a%2fb"), Err(SignError::EncodedSlash));
    assert_eq!(canonical_path("/%ff"), Err(SignError::PathNotUtf8));
    assert_eq!(canonical_path("/%"), Err(SignError::InvalidEscape { part: "path" }));
}

#[test]
fn method_keeps_its_case() {
    assert!(sign("post", "https://host/", &[]).unwrap().starts_with("post\n"));
    let mut request = Request::builder().method("post").uri(URL).body("").unwrap();
    signer().sign_request(&mut request, now()).unwrap();
    let text = SignableRequest::from_text("post", URL, &[]);
    let signed = signer().sign(&text, &PayloadHash::EMPTY, now()).unwrap();
    assert_eq!(request.headers()["authorization"], signed.authorization());
}

#[test]
fn chosen_headers_are_signed_as_chosen() {
    let list: SignedHeaders = "host;X-Date;x-content-sha256;content-type".parse().unwrap();
    assert_eq!(list.as_str(), "host;x-date;x-content-sha256;content-type");
    let headers = [("Content-Type", "  text/plain\t")];
    let request = SignableRequest::from_text("GET", "https://host/", &headers);
    let signed =
        signer().with_signed_headers(list).sign(&request, &PayloadHash::EMPTY, now()).unwrap();
    let lines: Vec<_> = signed.canonical_request().headers().map(|(name, _)| name).collect();
    assert_eq!(lines, ["host", "x-date", "x-content-sha256", "content-type"]);
    assert!(signed.canonical_request().as_str().contains("\ncontent-type:text/plain\n"));
    assert!(
        signed.authorization().contains("SignedHeaders=host;x-date;x-content-sha256;content-type,")
    );
}

#[test]
fn chosen_list_decides_what_is_sent() {
    let java = signer_with_token().with_signed_headers("x-date".parse().unwrap());
    let request = SignableRequest::from_text("GET", "https://host/", &[]);
    let signed = java.sign(&request, &PayloadHash::EMPTY, now()).unwrap();
    let names: Vec<_> = signed.headers().map(|(name, _)| name).collect();
    assert_eq!(names, ["Host", "X-Date", "X-Security-Token", "Authorization"]);
    let none = signer().with_signed_headers(SignedHeaders::NONE);
    let signed = none.sign(&request, &PayloadHash::EMPTY, now()).unwrap();
    assert!(signed.canonical_request().as_str().starts_with("GET\n/\n\n\n\n\ne3b0"));
}

#[test]
fn invalid_lists_are_refused() {
    for list in ["host;host", "host;", ";", "a b", "host;Host", "authorization", "名"] {
        assert!(list.parse::<SignedHeaders>().is_err(), "{list}");
    }
    let missing = signer().with_signed_headers("host;x-date;x-nowhere".parse().unwrap());
    let request = SignableRequest::from_text("GET", "https://host/", &[]);
    let error = missing.sign(&request, &PayloadHash::EMPTY, now()).unwrap_err();
    assert_eq!(error, SignError::MissingHeader { name: "x-nowhere".into() });
}

#[test]
fn unclear_values_are_refused_and_signed_as_go_does() {
    let list = || "x-custom;x-date".parse().unwrap();
    let sign = |values: &[(&str, &str)], ambiguity| {
        let request = SignableRequest::from_text("GET", "https://host/", values);
        let signer = signer().with_signed_headers(list()).with_ambiguity(ambiguity);
        let signed = signer.sign(&request, &PayloadHash::EMPTY, now())?;
        Ok(signed.canonical_request().headers().next().unwrap().1.to_owned())
    };
    let whitespace = || Err(SignError::HeaderWhitespace { name: "x-custom".into() });
    for value in ["a  b", "a\tb", "a\u{7f}b", "a\u{1}b", "\u{7f}", "\u{1}"] {
        assert_eq!(sign(&[("X-Custom", value)], Ambiguity::Refuse), whitespace(), "{value:?}");
        assert_eq!(sign(&[("X-Custom", value)], Ambiguity::LikeGo).as_deref(), Ok(value));
    }
    for value in ["a b", "", "值", "a, b"] {
        assert_eq!(sign(&[("X-Custom", value)], Ambiguity::Refuse).as_deref(), Ok(value));
    }
    let repeated = [("X-Custom", "b"), ("x-custom", "a")];
    let error = SignError::RepeatedHeader { name: "x-custom".into() };
    assert_eq!(sign(&repeated, Ambiguity::Refuse), Err(error.clone()));
    assert_eq!(sign(&repeated, Ambiguity::AsSent), Err(error));
    assert_eq!(sign(&repeated, Ambiguity::LikeGo).as_deref(), Ok("b"));
}

/// The next signer on the way may be one that signs them.
#[test]
fn unclear_headers_are_refused_unsigned_too() {
    let sign = |name, value| {
        let headers = [(name, value)];
        let request = SignableRequest::from_text("GET", "https://host/", &headers);
        signer().sign(&request, &PayloadHash::EMPTY, now()).map(drop)
    };
    for name in ["X-Custom", "x-tt-logid", "Content-Type", "CONTENT-MD5"] {
        let error = SignError::HeaderWhitespace { name: name.to_lowercase() };
        assert_eq!(sign(name, "a  b"), Err(error), "{name}");
        assert_eq!(sign(name, "a b"), Ok(()), "{name}");
    }
    // Nobody signs these unasked, or each signer writes them anew.
    for name in ["Accept", "xylophone", "X-Date", "x-content-sha256", "X-Security-Token"] {
        assert_eq!(sign(name, "a  b"), Ok(()), "{name}");
    }
}

#[test]
fn a_host_is_needed_when_it_is_signed() {
    let sign = |list: Option<&str>| {
        let request = SignableRequest::from_text("GET", "/", &[]);
        let signer = match list {
            Some(list) => signer().with_signed_headers(list.parse().unwrap()),
            None => signer(),
        };
        signer.sign(&request, &PayloadHash::EMPTY, now()).map(drop)
    };
    assert_eq!(sign(None), Err(SignError::MissingHost));
    assert_eq!(sign(Some("host;x-date")), Err(SignError::MissingHost));
    assert_eq!(sign(Some("x-date")), Ok(()));
}

#[test]
fn repeated_hosts_are_refused_unless_read_as_go_does() {
    let headers = [("Host", "a.example.com"), ("Host", "b.example.com")];
    let request = SignableRequest::from_text("GET", "/", &headers);
    let sign = |ambiguity| {
        let signer = signer().with_ambiguity(ambiguity);
        let signed = signer.sign(&request, &PayloadHash::EMPTY, now())?;
        Ok(signed.canonical_request().headers().next().unwrap().1.to_owned())
    };
    let repeated = || Err(SignError::RepeatedHeader { name: "host".into() });
    assert_eq!(sign(Ambiguity::Refuse), repeated());
    assert_eq!(sign(Ambiguity::AsSent), repeated());
    assert_eq!(sign(Ambiguity::LikeGo).as_deref(), Ok("a.example.com"));
}

#[test]
fn a_signer_returns_its_settings() {
    let signer = signer();
    assert_eq!((signer.region(), signer.service()), ("cn-beijing", "ark"));
    let request = SignableRequest::from_text("get", "https://h:1/p?a=+#top", &[]);
    assert_eq!(request.authority(), Some("h:1"));
    assert_eq!((request.method(), request.path(), request.query()), ("get", "/p", "a=+"));
    assert!(format!("{request:?}").contains("h:1"));
    // A path may hold what looks like a scheme.
    let request = SignableRequest::from_text("GET", "/to/http://h/p", &[]);
    assert_eq!((request.authority(), request.path()), (None, "/to/http://h/p"));
}

#[test]
fn errors_say_what_is_wrong() {
    let hash = "0".parse::<PayloadHash>().unwrap_err();
    assert_eq!(hash.to_string(), "payload hash is not 64 lower-case hex digits");
    let time = "now".parse::<volc_sign::SigningTime>().unwrap_err();
    assert_eq!(time.to_string(), "signing time is not of the form YYYYMMDDTHHMMSSZ");
    let late = volc_sign::SigningTime::from_unix(u64::MAX).unwrap_err();
    assert_eq!(late.to_string(), "signing time outside the years 1970 to 9999");
    let secret = credentials().secret().clone();
    assert_eq!(format!("{secret:?}"), "SecretKey(redacted)");
}

#[test]
fn no_line_can_be_broken() {
    let broken = SignError::HeaderWhitespace { name: "x-custom".into() };
    let every = [Ambiguity::Refuse, Ambiguity::LikeGo, Ambiguity::AsSent];
    let values = ["a\nhost:b", "\n"];
    for (ambiguity, value) in every.into_iter().flat_map(|each| values.map(|value| (each, value))) {
        let headers = [("X-Custom", value)];
        let request = SignableRequest::from_text("GET", "https://host/", &headers);
        let signer =
            signer().with_signed_headers("x-custom".parse().unwrap()).with_ambiguity(ambiguity);
        let error = signer.sign(&request, &PayloadHash::EMPTY, now()).unwrap_err();
        assert_eq!(error, broken);
    }
    for method in ["GET\n/", "", "GET /"] {
        assert_eq!(sign(method, "https://host/", &[]), Err(SignError::InvalidMethod));
    }
}

#[test]
fn a_token_of_the_request_stays_when_it_is_signed() {
    let mut request = request();
    request.headers_mut().insert("x-security-token", HeaderValue::from_static("given"));
    let list = "host;x-date;x-security-token".parse().unwrap();
    signer().with_signed_headers(list).sign_request(&mut request, now()).unwrap();
    assert_eq!(request.headers()["x-security-token"], "given");
    for signer in [signer(), signer().with_signed_headers("host;x-date".parse().unwrap())] {
        let mut again = request.clone();
        signer.sign_request(&mut again, now()).unwrap();
        assert!(!again.headers().contains_key("x-security-token"), "{signer:?}");
    }
}

#[test]
fn settings_that_cannot_be_sent_are_refused() {
    let refused = |credentials: Credentials, region: &str, service: &str| {
        let signer = Signer::new(credentials, region, service);
        let error = signer.sign_request(&mut request(), now()).unwrap_err();
        match error {
            SignError::Unsendable { what } => what,
            other => panic!("{other}"),
        }
    };
    assert_eq!(refused(Credentials::new("", SECRET), "r", "s"), "access key id");
    assert_eq!(refused(Credentials::new("a/b", SECRET), "r", "s"), "access key id");
    assert_eq!(refused(Credentials::new("AK\n", SECRET), "r", "s"), "access key id");
    assert_eq!(refused(credentials(), "", "s"), "region");
    assert_eq!(refused(credentials(), "cn beijing", "s"), "region");
    assert_eq!(refused(credentials(), "r", "ark/x"), "service");
    assert_eq!(
        refused(Credentials::new(ID, SECRET).with_session_token("a b"), "r", "s"),
        "session token"
    );
    assert_eq!(
        refused(Credentials::new(ID, SECRET).with_session_token("a\nb"), "r", "s"),
        "session token"
    );
}

#[test]
fn an_empty_token_is_ignored() {
    assert!(credentials().with_session_token("").session_token().is_none());
    assert!(
        credentials().with_session_token(TOKEN).with_session_token("").session_token().is_none()
    );
}

#[test]
fn a_kept_key_signs_as_a_derived_one() {
    for signer in [signer(), signer_with_token()] {
        let key = signer.signing_key(now());
        let (mut kept, mut derived) = (request(), request());
        signer.sign_request_with_key(&key, &mut kept, now()).unwrap();
        signer.sign_request(&mut derived, now()).unwrap();
        assert_eq!(kept.headers(), derived.headers());

        let (mut parts, body) = request().into_parts();
        let payload = PayloadHash::of(&body);
        signer.sign_parts_with_key(&key, &mut parts, &payload, now()).unwrap();
        assert_eq!(&parts.headers, derived.headers());
    }
}

/// A stale key would sign wrongly; nothing is signed with one.
#[test]
fn a_key_signs_on_its_day_for_its_region_and_service_only() {
    let signer = signer();
    let key = signer.signing_key(time("20241119T235959Z"));
    for (x_date, accepted) in [
        ("20241118T235959Z", false),
        ("20241119T000000Z", true),
        ("20241119T235959Z", true),
        ("20241120T000000Z", false),
        ("20251119T120000Z", false),
    ] {
        assert_eq!(signer.accepts_key(&key, time(x_date)), accepted, "{x_date}");
        let mut signed = request();
        let result = signer.sign_request_with_key(&key, &mut signed, time(x_date));
        let expected = if accepted { Ok(()) } else { Err(SignError::WrongSigningKey) };
        assert_eq!(result, expected, "{x_date}");
        assert_eq!(signed.headers().contains_key("authorization"), accepted, "{x_date}");
    }
    for (region, service) in [("cn-north-1", "ark"), ("cn-beijing", "iam"), ("cn", "-beijing/ark")]
    {
        let other = Signer::new(credentials(), region, service);
        assert!(!other.accepts_key(&key, now()), "{region} {service}");
    }
}
