//! The headers of a response are read without a panic, and no wait is longer than the policy allows.
#![no_main]

use http::HeaderValue;
use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use libfuzzer_sys::fuzz_target;
use volc_openapi::{Attempt, RetryPolicy, ServerHints, Verdict, parse_http_date, read_envelope};

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, '\n');
    let mut response = http::Response::new(&b"{}"[..]);
    *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    for name in [DATE, RETRY_AFTER, CONTENT_TYPE] {
        let value = parts.next().unwrap_or_default();
        let _ = parse_http_date(value);
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    let hints = ServerHints::from_headers(response.headers(), 1_732_075_200);
    let error = read_envelope(&response).expect_err("it is a refusal");
    assert!(!error.to_string().contains('\n'));
    let policy = RetryPolicy::default();
    let verdict = policy.decide((&error).into(), Attempt::default(), hints);
    if let Verdict::Retry { after, .. } = verdict {
        assert!(after <= policy.max_retry_after.max(policy.cap), "{after:?}");
    }
});
