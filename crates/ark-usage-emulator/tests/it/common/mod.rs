//! Signed calls of an emulator, without a socket.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests; each file uses its part"
)]

#[cfg(feature = "serve")]
pub mod wire;

use ark_usage_emulator::{DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, Emulator};
use http::{Method, Request, Response};
use serde_json::Value;
use volc_sign::{Credentials, Signer, SigningTime};

/// 2024-11-19T10:45:37Z: the X-Date of the vendor's sample.
pub const SAMPLE_NOW: i64 = 1_732_013_137;

pub fn demo() -> Credentials {
    Credentials::new(DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY)
}

pub fn at(unix: i64) -> SigningTime {
    SigningTime::from_unix(unix.unsigned_abs()).unwrap()
}

pub fn version(service: &str) -> &'static str {
    match service {
        "iam" => "2021-08-01",
        "sts" => "2018-01-01",
        _ => "2024-01-01",
    }
}

/// An unsigned request: POST with a JSON body, or GET where there is none.
pub fn request(service: &str, action: &str, body: &Value) -> Request<Vec<u8>> {
    let uri = format!("http://127.0.0.1/?Action={action}&Version={}", version(service));
    let (method, bytes) = match body {
        Value::Null => (Method::GET, Vec::new()),
        body => (Method::POST, body.to_string().into_bytes()),
    };
    Request::builder()
        .method(method)
        .uri(uri)
        .header("Host", "127.0.0.1")
        .header("Content-Type", "application/json; charset=UTF-8")
        .body(bytes)
        .unwrap()
}

pub fn sign(request: &mut Request<Vec<u8>>, key: Credentials, service: &str, now: i64) {
    Signer::new(key, "cn-beijing", service).sign_request(request, at(now)).unwrap();
}

pub fn signed(service: &str, action: &str, body: &Value, now: i64) -> Request<Vec<u8>> {
    let mut request = request(service, action, body);
    sign(&mut request, demo(), service, now);
    request
}

/// The raw answer to a call signed with the demo key.
pub fn respond(
    emulator: &Emulator,
    service: &str,
    action: &str,
    body: &Value,
    now: i64,
) -> Response<Vec<u8>> {
    emulator.handle(&signed(service, action, body, now), at(now))
}

/// Status and JSON of a call signed with the demo key.
pub fn call(
    emulator: &Emulator,
    service: &str,
    action: &str,
    body: &Value,
    now: i64,
) -> (u16, Value) {
    json(&respond(emulator, service, action, body, now))
}

pub fn json(response: &Response<Vec<u8>>) -> (u16, Value) {
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

pub fn items<'a>(answer: &'a Value, metric: &str) -> &'a [Value] {
    let results = answer["Result"]["UsageResults"].as_array().unwrap();
    let result = results.iter().find(|result| result["Name"] == metric).unwrap();
    result["MetricItems"].as_array().unwrap()
}

/// (timestamp, value) of an item, in the order of the answer.
pub fn values(item: &Value) -> Vec<(i64, i64)> {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().unwrap(),
        #[expect(clippy::cast_possible_truncation, reason = "floats of whole numbers")]
        number => number.as_i64().unwrap_or_else(|| number.as_f64().unwrap() as i64),
    };
    let samples = item["Values"].as_array().unwrap();
    samples.iter().map(|sample| (number(&sample["Timestamp"]), number(&sample["Value"]))).collect()
}

/// All values of a metric, added up.
pub fn total(answer: &Value, metric: &str) -> i64 {
    items(answer, metric).iter().flat_map(values).map(|(_, value)| value).sum()
}
