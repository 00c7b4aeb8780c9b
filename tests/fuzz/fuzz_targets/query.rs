//! A query that can be signed is accepted by the verifier as it was sent.
#![no_main]

use fuzz::{credentials, now, signer};
use libfuzzer_sys::fuzz_target;
use volc_sign::{PayloadHash, Presented, SignableRequest, VerifyError, VerifyPolicy};

fuzz_target!(|query: &str| {
    let url = format!("https://open.volcengineapi.com/?{query}");
    let bare = SignableRequest::from_text("GET", &url, &[]);
    let Ok(signed) = signer().sign(&bare, &PayloadHash::of(b""), now()) else { return };
    let mut headers: Vec<(&str, &str)> = signed.headers().collect();
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
        headers.push(("Authorization", signed.authorization()));
    }
    let sent = SignableRequest::from_text("GET", &url, &headers);
    let presented = match Presented::from_signable(&sent) {
        // The URL was presigned before: with a header beside, nobody knows which one counts.
        Err(VerifyError::TwoSignatures) => return,
        // A lifetime that is no number. To a signature it is a parameter like any other; the
        // server that gives it a meaning objects.
        Err(VerifyError::MalformedExpiry | VerifyError::RepeatedClaim { name: "X-Expires" }) => {
            return;
        }
        presented => presented.expect("our own claims"),
    };
    presented
        .verify(credentials().secret(), b"", now(), &VerifyPolicy::strict())
        .expect("what was signed is accepted");
});
