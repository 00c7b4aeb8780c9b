//! Structural mistakes of signers written by hand are explained.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use volc_sign::SignableRequest;
use volc_sign::explain::{Cause, CauseKind, Failure, explain};

use crate::fixture::{ID, SECRET, credentials, now};

/// A signer written by hand, with one structural mistake.
fn signed_by_hand(mistake: &str) -> (Vec<(&'static str, String)>, &'static str) {
    fn hmac(key: &[u8], message: &str) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
    fn hex(bytes: &[u8]) -> String {
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
        bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
    let is = |name: &str| mistake == name;
    let (host, date) = ("open.volcengineapi.com", "20241119T021530Z");
    let names = if is("names") { ["Host", "X-Date"] } else { ["host", "x-date"] };
    let query = if is("ampersand") { "Action=A&amp;Version=1" } else { "Action=A&Version=1" };
    let blank = if is("blank") { "" } else { "\n" };
    let mut canonical = format!(
        "GET\n/\n{query}\n{}:{host}\n{}:{date}\n{blank}host;x-date\n{}",
        names[0],
        names[1],
        hex(&Sha256::digest(b""))
    );
    if is("newline") {
        canonical.push('\n');
    }
    if is("crlf") {
        canonical = canonical.replace('\n', "\r\n");
    }
    let mut hash = hex(&Sha256::digest(&canonical));
    if is("upper") {
        hash.make_ascii_uppercase();
    }
    let last = if is("unhashed") { &canonical } else { &hash };
    let terminator = if is("aws") { "aws4_request" } else { "request" };
    let mut text = format!("HMAC-SHA256\n{date}\n20241119/cn-beijing/ark/{terminator}\n{last}");
    if is("string newline") {
        text.push('\n');
    }
    if is("string crlf") {
        text = text.replace('\n', "\r\n");
    }
    let mut steps = vec!["20241119", "cn-beijing", "ark", terminator];
    if is("step") {
        steps.pop();
    }
    let key = steps.iter().fold(SECRET.as_bytes().to_vec(), |key, step| {
        let next = hmac(&key, step);
        if is("hex") { hex(&next).into_bytes() } else { next }
    });
    let signature = hex(&hmac(&key, &text));
    let signature = if is("capitals") { signature.to_uppercase() } else { signature };
    let authorization = format!(
        "HMAC-SHA256 Credential={ID}/20241119/cn-beijing/ark/request, SignedHeaders=host;x-date, \
         Signature={signature}"
    );
    let headers = vec![
        ("Host", host.to_owned()),
        ("X-Date", date.to_owned()),
        ("Authorization", authorization),
    ];
    (headers, "https://open.volcengineapi.com/?Action=A&Version=1")
}

#[test]
fn structural_mistakes_of_signers_written_by_hand_are_found() {
    let causes = |mistake: &str| {
        let (headers, url) = signed_by_hand(mistake);
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let request = SignableRequest::from_text("GET", url, &headers);
        explain(&Failure::new(request, b"", now()), &credentials()).causes().to_vec()
    };
    assert_eq!(causes("none"), []);
    for (mistake, cause) in [
        ("hex", Cause::KeyThroughHex),
        ("step", Cause::KeyWithoutRequest),
        ("aws", Cause::AwsTerminatorSigned),
        ("unhashed", Cause::CanonicalNotHashed),
        ("upper", Cause::HashInUpperCase),
        ("newline", Cause::CanonicalWithNewline),
        ("string newline", Cause::StringWithNewline),
        ("crlf", Cause::CarriageReturns),
        ("string crlf", Cause::CarriageReturns),
        ("blank", Cause::BlankLineMissing),
        ("names", Cause::HeaderNamesAsTyped),
        ("ampersand", Cause::AmpersandEscaped),
    ] {
        assert_eq!(causes(mistake), [cause], "{mistake}");
    }
    let [capitals] = causes("capitals").try_into().unwrap();
    assert_eq!(capitals.kind(), CauseKind::Signature);
}
