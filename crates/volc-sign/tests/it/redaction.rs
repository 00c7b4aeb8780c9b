//! No secret shows in anything that is printed by accident.

use std::error::Error;
use std::fmt::Debug;

use volc_sign::explain::{Failure, explain};
use volc_sign::{
    Credentials, PayloadHash, Presented, SecretKey, SessionToken, SignError, SignableRequest,
    Signer, SigningKey, VerifyError, VerifyErrorKind, VerifyPolicy,
};

use crate::fixture::{BODY, ID, SECRET, TOKEN, URL, now, request, signer_with_token};

/// Looks for the secret, the token and the signature in a text.
fn scan(text: &str, what: &str) {
    let signed = signature();
    for secret in [SECRET, TOKEN, "not-a-real-token", signed.as_str()] {
        assert!(!text.contains(secret), "{what}: {text}");
    }
}

fn signature() -> String {
    let request = SignableRequest::from_text("POST", URL, &[]);
    let signed = signer_with_token().sign(&request, &PayloadHash::of(BODY), now()).unwrap();
    signed.signature().to_string()
}

fn scan_debug(value: &impl Debug, what: &str) {
    scan(&format!("{value:?}"), what);
    scan(&format!("{value:#?}"), what);
}

fn scan_error(error: &dyn Error) {
    scan(&error.to_string(), "error");
    scan_debug(&error, "error");
    if let Some(source) = error.source() {
        scan_error(source);
    }
}

#[test]
fn debug_of_every_public_type() {
    let credentials = Credentials::new(ID, SECRET).with_session_token(TOKEN);
    scan_debug(&credentials, "Credentials");
    scan_debug(credentials.secret(), "SecretKey");
    scan_debug(&SessionToken::new(TOKEN), "SessionToken");
    let signer = signer_with_token();
    scan_debug(&signer, "Signer");

    let text = SignableRequest::from_text("POST", URL, &[]);
    let signed = signer.sign(&text, &PayloadHash::of(BODY), now()).unwrap();
    scan_debug(&signed, "Signed");
    scan_debug(signed.canonical_request(), "CanonicalRequest");
    scan_debug(signed.string_to_sign(), "StringToSign");
    scan_debug(&signed.signature(), "Signature");
    scan_debug(signed.signed_headers(), "SignedHeaders");

    let mut request = request();
    signer.sign_request(&mut request, now()).unwrap();
    scan_debug(request.headers(), "headers");
    scan_debug(&SignableRequest::from_request(&request), "SignableRequest");
    let presented = Presented::from_request(&request).unwrap();
    scan_debug(&presented, "Presented");
    scan_debug(presented.scope(), "CredentialScope");
    scan_debug(&SigningKey::derive(credentials.secret(), presented.scope()), "SigningKey");
    let policy = VerifyPolicy::strict();
    scan_debug(&policy, "VerifyPolicy");
    let verified = presented.verify(credentials.secret(), BODY.as_bytes(), now(), &policy).unwrap();
    scan_debug(&verified, "Verified");

    let presigned = signer.presign(&text, Some(60), now()).unwrap();
    scan_debug(&presigned, "Presigned");
    let url = presigned.url();
    scan_debug(&SignableRequest::from_text("GET", url, &[]), "SignableRequest of a presigned URL");
    scan_debug(
        &Presented::from_signable(&SignableRequest::from_text("GET", url, &[])).unwrap(),
        "Presented URL",
    );
}

#[test]
fn text_of_explanations() {
    let right = Credentials::new(ID, SECRET).with_session_token(TOKEN);
    // Every secret that is wrong shares its text with the right one; none may show.
    let wrong = [
        Credentials::new(ID, [SECRET, "\n"].concat()).with_session_token(TOKEN),
        Credentials::new(ID, "entirely-another-fake-secret").with_session_token(TOKEN),
        Credentials::new(ID, SECRET).with_session_token([TOKEN, "x"].concat()),
        Credentials::new(ID, SECRET),
    ];
    for credentials in wrong {
        let mut request = request();
        Signer::new(credentials, "cn-beijing", "ark").sign_request(&mut request, now()).unwrap();
        let failure = Failure::new(SignableRequest::from_request(&request), BODY.as_bytes(), now());
        let server = "GET\n/\nX-Security-Token=STSEXAMPLE.not-a-real-token\n\n\n\nhash";
        for failure in [failure.clone(), failure.with_server_canonical_request(server)] {
            let explanation = explain(&failure, &right);
            scan(&explanation.to_string(), "Explanation");
            scan_debug(&explanation, "Explanation");
            scan_debug(&failure, "Failure");
        }
    }
}

#[test]
fn errors_name_no_values() {
    let mut request = request();
    signer_with_token().sign_request(&mut request, now()).unwrap();
    request.headers_mut().append("x-security-token", TOKEN.parse().unwrap());
    scan_error(&Presented::from_request(&request).unwrap_err());
    let spaced = Credentials::new(ID, SECRET).with_session_token([TOKEN, " ", TOKEN].concat());
    let signer = Signer::new(spaced, "cn-beijing", "ark");
    scan_error(&signer.sign_request(&mut request, now()).unwrap_err());
    scan_error(&SECRET.parse::<PayloadHash>().unwrap_err());
    scan_error(&TOKEN.parse::<volc_sign::SigningTime>().unwrap_err());
    scan_error(&VerifyError::Unclear(SignError::EncodedSlash));
    assert_eq!(VerifyErrorKind::InvalidTimestamp.to_string(), "InvalidTimestamp");
}

#[test]
fn secrets_are_read_through_expose_only() {
    assert_eq!(SecretKey::new(SECRET).expose(), SECRET);
    assert_eq!(SessionToken::new(TOKEN).expose(), TOKEN);
}
