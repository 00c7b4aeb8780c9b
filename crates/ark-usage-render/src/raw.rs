//! `-f raw`: the responses of the service, one line of JSON for each call.

use ark_usage_model::{Exchange, TargetId};
use serde::Serialize;
use serde_json::value::RawValue;

use super::serialized;
use ark_usage_report::ReportError;
use ark_usage_report::range::Range;

/// One response as received.
#[derive(Debug)]
pub struct RawCall {
    target: TargetId,
    window: ark_usage_model::Window,
    attempt: u32,
    request: Vec<u8>,
    body: Vec<u8>,
}

impl RawCall {
    /// Keeps the response to an exchange.
    pub fn new(exchange: &Exchange, body: &[u8]) -> Self {
        Self {
            target: exchange.target,
            window: exchange.window,
            attempt: exchange.attempt,
            request: exchange.request.body().clone(),
            body: body.to_vec(),
        }
    }
}

/// Writes the lines in the order of targets and windows, whatever the order of responses.
pub fn raw(calls: &[RawCall], range: &Range) -> Result<Vec<u8>, ReportError> {
    let mut calls: Vec<&RawCall> = calls.iter().collect();
    calls.sort_unstable_by_key(|call| (call.target, call.window, call.attempt));
    let mut lines = Vec::new();
    for call in calls {
        lines.extend(serialized(&RawLine::new(call, range), false)?);
    }
    Ok(lines)
}

#[derive(Serialize)]
struct RawLine {
    window: WindowDocument,
    attempt: u32,
    /// The parameters sent.
    request: Option<Box<RawValue>>,
    /// The body as received; a JSON string when it is not JSON.
    envelope: Body,
}

/// The buckets requested.
#[derive(Serialize)]
struct WindowDocument {
    start: String,
    /// First instant after the last bucket.
    end: String,
    /// Start of the last bucket.
    last: String,
    start_unix: i64,
    end_unix: i64,
    last_unix: i64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    Json(Box<RawValue>),
    Text(String),
}

impl RawLine {
    fn new(call: &RawCall, range: &Range) -> Self {
        let (first, last, end) = (call.window.first(), call.window.last(), call.window.end());
        Self {
            window: WindowDocument {
                start: range.rfc3339(first),
                end: range.rfc3339(end),
                last: range.rfc3339(last),
                start_unix: first,
                end_unix: end,
                last_unix: last,
            },
            attempt: call.attempt,
            request: one_line(&call.request),
            envelope: match one_line(&call.body) {
                Some(json) => Body::Json(json),
                None => Body::Text(String::from_utf8_lossy(&call.body).into_owned()),
            },
        }
    }
}

/// The same JSON without line ends, with numbers and the order of keys unchanged.
fn one_line(json: &[u8]) -> Option<Box<RawValue>> {
    let value: Box<RawValue> = serde_json::from_slice(json).ok()?;
    // Valid JSON has line ends only between its tokens.
    let line = value.get().replace(['\n', '\r'], "");
    RawValue::from_string(line).ok()
}
