//! Answers of any shape are read without a panic.
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
        Ok(answer) => drop(answer.result),
        Err(error) => drop(error.to_string()),
    }
});
