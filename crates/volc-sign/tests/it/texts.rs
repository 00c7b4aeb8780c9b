//! Texts for logs and error messages, and the hash that is parsed.

use std::fmt::Debug;

use volc_sign::{
    CredentialScope, PayloadHash, SessionToken, SignError, SignableRequest, SignedHeaders,
    SigningKey,
};

use crate::fixture::{URL, credentials, now, signer, signer_with_token};

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn shows(value: &impl Debug, expected: &str) {
    assert_eq!(format!("{value:?}"), expected);
}

#[test]
fn debug_shows_no_secret() {
    const KEY: &str = r#"Credentials { access_key_id: "AKLTEXAMPLE0000000000000000000001""#;
    shows(&credentials(), &format!("{KEY}, session_token: None, .. }}"));
    let temporary = format!("{KEY}, session_token: Some(SessionToken(redacted)), .. }}");
    shows(&credentials().with_session_token("fake-token"), &temporary);
    shows(credentials().secret(), "SecretKey(redacted)");
    shows(&SessionToken::new("fake-token"), "SessionToken(redacted)");
    let rest = r#"region: "cn-beijing", service: "ark", signed_headers: None, ambiguity: Refuse"#;
    shows(&signer_with_token(), &format!("Signer {{ credentials: {temporary}, {rest}, .. }}"));
    let scope = CredentialScope::new(now(), "cn-beijing", "ark");
    shows(
        &SigningKey::derive(credentials().secret(), &scope),
        r#"SigningKey { scope: CredentialScope { text: "20241119/cn-beijing/ark/request", region: 10 }, .. }"#,
    );
    shows(&HASH.parse::<PayloadHash>().unwrap(), &format!("PayloadHash({HASH})"));
}

#[test]
fn debug_of_signatures_shows_names_and_no_values() {
    let request = SignableRequest::from_text("POST", URL, &[]);
    let payload = HASH.parse().unwrap();
    let signed = signer_with_token().sign(&request, &payload, now()).unwrap();
    let names = r#"["host", "x-content-sha256", "x-date", "x-security-token"]"#;
    let canonical = format!(
        r#"CanonicalRequest {{ method: "POST", path: "/", headers: {names}, payload: "{HASH}", .. }}"#
    );
    shows(signed.canonical_request(), &canonical);
    shows(&signed.signature(), "Signature(..)");

    let presigned = signer().presign(&request, Some(60), now()).unwrap();
    let (canonical, to_sign) = (presigned.canonical_request(), presigned.string_to_sign());
    let stages = format!("canonical_request: {canonical:?}, string_to_sign: {to_sign:?}");
    let list = r#"signed_headers: SignedHeaders("host")"#;
    shows(&presigned, &format!("Presigned {{ {stages}, {list}, .. }}"));
}

#[test]
fn scopes_and_lists_print_as_they_are_signed() {
    let scope = CredentialScope::new(now(), "cn-beijing", "ark");
    assert_eq!(scope.as_str(), "20241119/cn-beijing/ark/request");
    assert_eq!(scope.to_string(), scope.as_str());
    let list: SignedHeaders = "host;X-Date".parse().unwrap();
    assert_eq!(list.to_string(), "host;x-date");
    assert_eq!(format!("{list:>13}|{list:<13}|"), "  host;x-date|host;x-date  |");
}

#[test]
fn refusals_to_sign_say_what_is_wrong() {
    let name = || "x-custom".to_owned();
    let table = [
        (SignError::InvalidMethod, "method is not an HTTP method"),
        (SignError::EncodedSlash, "path contains an encoded slash (%2F)"),
        (SignError::InvalidEscape { part: "query" }, "query contains an invalid percent escape"),
        (SignError::PathNotUtf8, "path escapes are not UTF-8"),
        (SignError::Semicolon, "query contains a semicolon; write it as %3B"),
        (SignError::MissingHost, "neither Host header nor URI names the host"),
        (SignError::HostMismatch, "Host header and URI name different hosts"),
        (SignError::UserInfo, "URI contains a user name or password"),
        (
            SignError::MissingHeader { name: name() },
            r#"header "x-custom" must be signed but is missing"#,
        ),
        (SignError::RepeatedHeader { name: name() }, r#"signed header "x-custom" is repeated"#),
        (
            SignError::HeaderWhitespace { name: name() },
            r#"signed header "x-custom" contains a tab, a control character or a run of spaces"#,
        ),
        (SignError::HeaderNotUtf8 { name: name() }, r#"signed header "x-custom" is not UTF-8"#),
        (
            SignError::InvalidSignedHeaders { name: "a b".into() },
            r#""a b" cannot be in this list of signed headers"#,
        ),
        (
            SignError::Unsendable { what: "region" },
            "region is empty or contains a character that cannot be sent",
        ),
        (
            SignError::ReservedParameter { name: "X-Date".into() },
            r#"URL already contains "X-Date", which presigning adds"#,
        ),
        (SignError::InvalidExpiry, "X-Expires of the URL is not one number of seconds"),
        (SignError::InvalidUri, "presigned URL is not a valid URI"),
    ];
    for (error, text) in table {
        assert_eq!(error.to_string(), text);
    }
}

/// One wrong digit is enough, wherever it stands and however near it is to a right one.
#[test]
fn a_hash_is_sixty_four_lower_case_hex_digits() {
    assert_eq!(HASH.parse::<PayloadHash>(), Ok(PayloadHash::of("test")));
    assert_eq!(PayloadHash::of("test").to_string(), HASH);
    for digit in ["/", ":", "`", "g", "A", "F", " "] {
        for at in [0, 1, 30, 31, 62, 63] {
            let mut wrong = HASH.to_owned();
            wrong.replace_range(at..=at, digit);
            assert!(wrong.parse::<PayloadHash>().is_err(), "{wrong}");
        }
    }
    assert!(HASH[1..].parse::<PayloadHash>().is_err());
}
