//! Claims of any shape are read without a panic, and none is believed without the right signature.
#![no_main]

use fuzz::{TextRequest, credentials, now};
use libfuzzer_sys::fuzz_target;
use volc_sign::explain::{Failure, explain};
use volc_sign::{Presented, SecretKey, SignableRequest, VerifyPolicy};

fuzz_target!(|text: &str| {
    let Some(TextRequest { method, url, headers }) = TextRequest::read(text) else { return };
    let request = SignableRequest::from_text(method, url, &headers);
    let _ = explain(&Failure::new(request, b"body", now()), &credentials()).to_string();
    let Ok(presented) = Presented::from_signable(&request) else { return };
    let _ = (presented.canonical_request(b""), presented.string_to_sign(b""));
    // Nobody holds this secret, so nothing may verify.
    let secret = SecretKey::new("a secret nobody signed with");
    for policy in [VerifyPolicy::strict(), VerifyPolicy::official_clients()] {
        assert!(presented.verify(&secret, b"", now(), &policy).is_err());
    }
});
