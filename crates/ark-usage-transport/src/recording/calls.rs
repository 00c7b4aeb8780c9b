//! The calls of a recording, for programs that read responses instead of replaying a run.

use std::time::Duration;

use ark_usage_model::AccountId;
use http::{Request, Response};

use super::error::RecordingError;
use super::file::{RecordedEvent, RecordedExchange, RecordingFile, text_to_instant};

/// A request of a recording, and its response. Secrets are masked in both.
#[derive(Debug)]
#[non_exhaustive]
pub struct RecordedCall {
    /// The account the request was signed for.
    pub account: AccountId,
    /// The request, without headers.
    pub request: Request<Vec<u8>>,
    /// The response.
    pub response: Response<Vec<u8>>,
    /// The wall clock of the recording machine when the response came, since 1970.
    pub received_at: Duration,
}

/// Reads every request of a recording that had a response, in the order in which responses came.
///
/// # Errors
///
/// [`RecordingError`] names the line that is wrong.
pub fn recorded_calls(text: &str) -> Result<Vec<RecordedCall>, RecordingError> {
    let mut calls = Vec::new();
    for (line, event) in RecordingFile::parse(text)?.events {
        if let RecordedEvent::Exchange(exchange) = event {
            calls
                .extend(call(*exchange).map_err(|problem| RecordingError::damaged(line, problem))?);
        }
    }
    Ok(calls)
}

fn call(exchange: RecordedExchange) -> Result<Option<RecordedCall>, String> {
    let Some(response) = exchange.response else { return Ok(None) };
    let received_at = text_to_instant(&exchange.now)?;
    let response = response.to_http().ok_or("the response is not one")?;
    let body = exchange.request.body.into_bytes().ok_or("the body of the request is not one")?;
    let request = Request::builder()
        .method(exchange.request.method.as_str())
        .uri(exchange.request.url)
        .body(body)
        .map_err(|_| "the request is not one")?;
    let account = AccountId(exchange.account);
    Ok(Some(RecordedCall { account, request, response, received_at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_with_a_response_are_read() {
        let header = r#"{"format":"ark-usage/recording","version":1,"now":"2024-11-20T04:00:00Z"}"#;
        let call = |response: &str| {
            format!(
                r#"{{"event":"exchange","number":1,"account":2,"sent_us":1,"ended_us":2,"now":"2024-11-20T04:00:01Z","request":{{"method":"POST","url":"https://open.volcengineapi.com/?Action=GetUsage","headers":[],"body":"{{}}"}},"response":{response},"failure":null}}"#
            )
        };
        let answered = call(r#"{"status":200,"headers":[["date","x"]],"body":"ok"}"#);
        let text = [header, &answered, &call("null")].join("\n");
        let calls = recorded_calls(&text).unwrap();
        let [call] = calls.as_slice() else { panic!("one has a response: {calls:?}") };
        assert_eq!((call.account, call.received_at.as_secs()), (AccountId(2), 1_732_075_201));
        assert_eq!(
            (call.request.body().as_slice(), call.response.body().as_slice()),
            (&b"{}"[..], &b"ok"[..])
        );
        assert!(recorded_calls("{}").is_err());
        let damaged = [header, &answered.replace("2024-11-20T04:00:01Z", "soon")].join("\n");
        assert!(recorded_calls(&damaged).unwrap_err().to_string().starts_with("line 2"));
    }
}
