//! A URL that can be presigned is accepted; and no URL makes the verifier panic.
#![no_main]

use fuzz::{credentials, now, signer};
use libfuzzer_sys::fuzz_target;
use volc_sign::{Presented, SignableRequest, VerifyPolicy};

fuzz_target!(|url: &str| {
    let request = SignableRequest::from_text("GET", url, &[]);
    let _ = Presented::from_signable(&request);
    let Ok(presigned) = signer().presign(&request, Some(900), now()) else { return };
    let sent = SignableRequest::from_text("GET", presigned.url(), &[]);
    let presented = Presented::from_signable(&sent).expect("our own claims");
    presented
        .verify(credentials().secret(), b"", now(), &VerifyPolicy::official_clients())
        .expect("what was presigned is accepted");
});
