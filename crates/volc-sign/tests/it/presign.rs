//! Presigned URLs.

use volc_sign::{
    Ambiguity, CanonicalRequest, CredentialScope, PayloadHash, Presented, Presigned, SecretKey,
    SignError, SignableRequest, SignedHeaders, VerifyError, VerifyPolicy,
};

use crate::fixture::{SECRET, TOKEN, URL, now, signer, signer_with_token, time};

const STRICT: VerifyPolicy = VerifyPolicy::strict();

fn presign(url: &str, expires_in: Option<u32>) -> Result<Presigned, SignError> {
    signer().presign(&SignableRequest::from_text("GET", url, &[]), expires_in, now())
}

fn verify(url: &str, at: &str, policy: &VerifyPolicy) -> Result<(), VerifyError> {
    let request = SignableRequest::from_text("GET", url, &[]);
    let presented = Presented::from_signable(&request)?;
    presented.verify(&SecretKey::new(SECRET), b"", time(at), policy).map(drop)
}

#[test]
fn carries_everything_in_the_order_of_the_official_sdks() {
    let presigned = presign(URL, Some(300)).unwrap();
    let added = presigned.url().strip_prefix(URL).unwrap();
    let names: Vec<_> = added.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
    let expected = [
        "",
        "X-Algorithm",
        "X-Credential",
        "X-Date",
        "X-Expires",
        "X-NotSignBody",
        "X-Signature",
        "X-SignedHeaders",
        "X-SignedQueries",
    ];
    assert_eq!(names, expected);
    assert_eq!(presigned.signed_headers(), &"host".parse::<SignedHeaders>().unwrap());
    assert_eq!(presigned.to_uri().unwrap(), presigned.url());
    assert_eq!(verify(presigned.url(), "20241119T021530Z", &STRICT), Ok(()));
}

#[test]
fn token_is_in_the_url_and_not_signed() {
    let request = SignableRequest::from_text("GET", URL, &[]);
    let presigned = signer_with_token().presign(&request, None, now()).unwrap();
    assert!(
        presigned
            .url()
            .contains("X-Security-Token=STSEXAMPLE.not-a-real-token%2Fwith%2Bchars%3D%3D&")
    );
    assert!(!presigned.canonical_request().as_str().contains("Security-Token"));
    let request = SignableRequest::from_text("GET", presigned.url(), &[]);
    let presented = Presented::from_signable(&request).unwrap();
    assert_eq!(presented.session_token().unwrap().expose(), TOKEN);
    assert_eq!(verify(presigned.url(), "20241119T021530Z", &STRICT), Ok(()));
}

#[test]
fn expiry_is_checked() {
    let url = presign(URL, Some(300)).unwrap().url().to_owned();
    assert_eq!(verify(&url, "20241119T022030Z", &STRICT), Ok(()));
    assert!(matches!(
        verify(&url, "20241119T022031Z", &STRICT),
        Err(VerifyError::ClockSkew { .. })
    ));
    let without = presign(URL, None).unwrap().url().to_owned();
    assert_eq!(verify(&without, "20241119T023030Z", &STRICT), Ok(()));
    assert!(matches!(
        verify(&without, "20241119T023031Z", &STRICT),
        Err(VerifyError::ClockSkew { .. })
    ));
    let given = presign(&format!("{URL}&X-Expires=60"), None).unwrap().url().to_owned();
    assert_eq!(verify(&given, "20241119T021630Z", &STRICT), Ok(()));
    assert!(matches!(
        verify(&given, "20241119T021631Z", &STRICT),
        Err(VerifyError::ClockSkew { .. })
    ));
    let long = presign(URL, Some(86_400)).unwrap().url().to_owned();
    assert_eq!(verify(&long, "20241120T021530Z", &STRICT), Ok(()));
}

#[test]
fn will_not_presign_twice() {
    let presigned = presign(URL, None).unwrap();
    assert_eq!(
        presign(presigned.url(), None).unwrap_err(),
        SignError::ReservedParameter { name: "X-Algorithm".into() }
    );
    assert_eq!(
        presign(&format!("{URL}&X-Expires=60"), Some(300)).unwrap_err(),
        SignError::ReservedParameter { name: "X-Expires".into() }
    );
    for expiry in ["X-Expires=300b", "X-Expires=", "X-Expires=-1", "X-Expires=1&X-Expires=1"] {
        let url = format!("{URL}&{expiry}");
        assert_eq!(presign(&url, None).unwrap_err(), SignError::InvalidExpiry, "{expiry}");
    }
    assert_eq!(presign(&format!("{URL}&a%3Bb=1"), None).unwrap_err(), SignError::Semicolon);
    assert_eq!(presign("/only/a/path", None).unwrap_err(), SignError::MissingHost);
}

#[test]
fn unlisted_parameters_depend_on_the_policy() {
    let url = presign(URL, None).unwrap().url().replace("&X-Signature", "&Extra=1&X-Signature");
    let lenient = VerifyPolicy::official_clients();
    assert_eq!(
        verify(&url, "20241119T021530Z", &STRICT),
        Err(VerifyError::UnsignedParameter { name: "Extra".into() })
    );
    assert_eq!(verify(&url, "20241119T021530Z", &lenient), Ok(()));
    let request = SignableRequest::from_text("GET", &url, &[]);
    let verified = Presented::from_signable(&request)
        .unwrap()
        .verify(&SecretKey::new(SECRET), b"any", now(), &lenient)
        .unwrap();
    assert!(verified.covers_parameter("Action"));
    assert!(!verified.covers_parameter("Extra"));
    assert!(!verified.covers_body());
    assert_eq!(verified.scope(), &CredentialScope::new(now(), "cn-beijing", "ark"));
    // The lifetime is never taken from an unsigned parameter.
    let longer =
        presign(URL, None).unwrap().url().replace("&X-Signature", "&X-Expires=9999999&X-Signature");
    assert_eq!(
        verify(&longer, "20241119T021530Z", &lenient),
        Err(VerifyError::UnsignedParameter { name: "X-Expires".into() })
    );
    // Nor can a stranger declare the body unsigned.
    let bodied = presign(URL, None).unwrap().url().replace("X-NotSignBody%3B", "");
    assert_eq!(
        verify(&bodied, "20241119T021530Z", &lenient),
        Err(VerifyError::UnsignedParameter { name: "X-NotSignBody".into() })
    );
    // Nor is a name that is signed doubled.
    let doubled =
        presign(URL, None).unwrap().url().replace("&X-Signature", "&Action=Delete&X-Signature");
    assert_eq!(verify(&doubled, "20241119T021530Z", &lenient), Err(VerifyError::SignatureMismatch));
}

/// As the Go SDK, which knows bytes and no characters here, presigns them.
#[test]
fn parameter_names_need_not_be_text() {
    let presigned = presign(&format!("{URL}&%E5%90F0=%FF"), None).unwrap();
    assert!(presigned.url().contains("%3B%E5%90F0"), "{}", presigned.url());
    assert_eq!(verify(presigned.url(), "20241119T021530Z", &STRICT), Ok(()));
    let unsigned = presigned.url().replace("%3B%E5%90F0", "");
    assert_eq!(
        verify(&unsigned, "20241119T021530Z", &STRICT),
        Err(VerifyError::UnsignedParameter { name: "\u{fffd}F0".into() })
    );
}

#[test]
fn host_is_lower_case_in_the_url() {
    let presigned = presign("https://OPEN.volcengineapi.com:443?Action=A", None).unwrap();
    assert!(presigned.url().starts_with("https://open.volcengineapi.com:443/?Action=A&"));
    assert!(presigned.canonical_request().as_str().contains("\nhost:open.volcengineapi.com\n"));
}

#[test]
fn a_signature_never_signs_itself() {
    for (query, signed) in [
        // Without a list all else is signed, as the first SDKs had it.
        ("b=1&X-Signature=0&a=2", "a=2&b=1"),
        ("a=1&X-SignedQueries=X-Signature%3Ba&X-Signature=0", "a=1"),
    ] {
        let url = format!("https://host/?{query}");
        let request = SignableRequest::from_text("GET", &url, &[]);
        let (list, payload) = (SignedHeaders::NONE, PayloadHash::EMPTY);
        let canonical =
            CanonicalRequest::presigned(&request, &list, &payload, Ambiguity::Refuse).unwrap();
        assert_eq!(canonical.query(), signed);
    }
}
