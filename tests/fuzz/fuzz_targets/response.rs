//! Responses of any shape are refused, or are JSON that is the same when it is printed and read again.
#![no_main]

use ark_usage_model::GetUsage;
use libfuzzer_sys::fuzz_target;
use volc_openapi::Action;

fuzz_target!(|body: &[u8]| {
    let (status, body) = match body.split_first() {
        Some((b'!', rest)) => (502, rest),
        _ => (200, body),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    match GetUsage::from_http(&response) {
        Ok(answer) => {
            // Not as a value: a number that nobody reads may be larger than any of its types.
            let json: Result<&serde_json::value::RawValue, _> = serde_json::from_slice(body);
            assert!(json.is_ok(), "read, and no JSON");
            let printed = serde_json::to_vec(&answer).expect("what was read is printed");
            let again = GetUsage::from_http(&http::Response::new(&printed[..])).expect("read again");
            assert_eq!(again.result, answer.result);
        }
        Err(error) => assert!(!error.to_string().contains(volc_openapi::is_harmful), "{error}"),
    }
});
