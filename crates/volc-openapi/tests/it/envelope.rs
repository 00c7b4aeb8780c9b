//! The envelope's rules, one by one, and that no body of any kind breaks the reader.

#![allow(clippy::unwrap_used, clippy::panic, clippy::allow_attributes, reason = "tests")]

use proptest::prelude::*;
use serde::Deserialize;
use volc_openapi::{
    ApiError, FailedBody, GatewayError, ProtocolProblem, ResponseError, read_answer, read_envelope,
};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Thing {
    colour: String,
}

fn response(status: u16, body: &str) -> http::Response<Vec<u8>> {
    http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap()
}

fn read(status: u16, body: &str) -> Result<Thing, ResponseError> {
    read_answer(&response(status, body)).map(|answer| answer.result)
}

fn api(status: u16, body: &str) -> ApiError {
    match read(status, body) {
        Err(ResponseError::Api(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn gateway(status: u16, body: &str) -> GatewayError {
    match read(status, body) {
        Err(ResponseError::Gateway(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn success() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r1","Action":"A","More":[1]},"Extra":{"a":1},
        "Result":{"Colour":"blue","Size":3}}"#;
    let answer = read_answer::<Thing, _>(&response(200, body)).unwrap();
    assert_eq!(answer.result.colour, "blue");
    assert_eq!(answer.metadata.request_id.as_deref(), Some("r1"));
    assert_eq!(answer.metadata.action.as_deref(), Some("A"));
    // The order of keys does not matter, and metadata may be missing.
    let turned = r#"{"Result":{"Colour":"blue"},"ResponseMetadata":{"RequestId":"r1"}}"#;
    assert!(read(201, turned).is_ok());
    assert!(read(200, r#"{"Result":{"Colour":"blue"}}"#).is_ok());
}

#[test]
fn only_a_whole_answer_is_a_success() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Colour":"blue"}}"#;
    for status in [200, 201, 202] {
        assert!(read(status, body).is_ok(), "{status}");
    }
    for status in [203, 204, 205, 206, 207, 208, 226, 299] {
        let error = gateway(status, body);
        assert_eq!((error.status.as_u16(), error.request_id.as_deref()), (status, Some("r1")));
        assert_eq!(gateway(status, "{\"half").status.as_u16(), status);
        let refusal = r#"{"ResponseMetadata":{"Error":{"Code":"AccessDenied"}}}"#;
        assert_eq!(api(status, refusal).code, "AccessDenied");
    }
}

#[test]
fn an_error_object_is_an_error_whatever_the_status() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r1","Error":{"CodeN":100013,
        "Code":"AccessDenied","Message":"not you"}}}"#;
    for status in [200, 400, 403, 500, 302] {
        let error = api(status, body);
        assert_eq!((error.code.as_str(), error.code_n), ("AccessDenied", Some(100_013)));
        assert_eq!((error.status.as_u16(), error.message.as_str()), (status, "not you"));
        assert_eq!(error.request_id.as_deref(), Some("r1"));
    }
    assert_eq!(api(403, body).to_string(), "AccessDenied: not you (HTTP 403)");
}

#[test]
fn an_error_beside_a_result_is_an_error_in_either_order() {
    for body in [
        r#"{"Result":{"Colour":"blue"},"ResponseMetadata":{"Error":{"Code":"X"}}}"#,
        r#"{"ResponseMetadata":{"Error":{"Code":"X"}},"Result":{"Colour":"blue"}}"#,
        // Also when the result is not what was promised.
        r#"{"Result":"none","ResponseMetadata":{"Error":{"Code":"X"}}}"#,
    ] {
        assert_eq!(api(200, body).code, "X");
    }
}

#[test]
fn an_error_needs_no_name() {
    let error = api(200, r#"{"ResponseMetadata":{"Error":{"CodeN":100018}}}"#);
    assert_eq!((error.code.as_str(), error.code_n), ("", Some(100_018)));
    let error = api(200, r#"{"ResponseMetadata":{"Error":{"Code":"","CodeN":"100018"}}}"#);
    assert_eq!(error.code_n, Some(100_018));
    assert_eq!(api(200, r#"{"ResponseMetadata":{"Error":{}}}"#).code, "");
    // Null is absent.
    assert!(read(200, r#"{"ResponseMetadata":{"Error":null},"Result":{"Colour":"x"}}"#).is_ok());
}

#[test]
fn the_simple_form_of_failures() {
    let error = api(404, r#"{"HTTPCode":404,"errorcode":"NotFound","message":"no such thing"}"#);
    assert_eq!((error.code.as_str(), error.message.as_str()), ("NotFound", "no such thing"));
    let error = api(404, r#"{"errorcode":100018,"message":"no such thing"}"#);
    assert_eq!((error.code.as_str(), error.code_n), ("", Some(100_018)));
    let error = api(401, r#"{"Code":"InvalidAccessKey","Message":"no such key"}"#);
    assert_eq!((error.code.as_str(), error.message.as_str()), ("InvalidAccessKey", "no such key"));
    // On success it needs a message, and no result.
    let error = api(200, r#"{"Code":"AccessDenied","Message":"not allowed"}"#);
    assert_eq!(error.code, "AccessDenied");
    let read_both = read(200, r#"{"Code":"OK","Message":"done","Result":{"Colour":"blue"}}"#);
    assert!(read_both.is_ok(), "{read_both:?}");
    assert!(matches!(
        read(200, r#"{"errorcode":"NotFound"}"#),
        Err(ResponseError::Protocol(error)) if error.problem == ProtocolProblem::Shape
    ));
}

#[test]
fn a_message_in_the_metadata_is_a_failure_without_a_result() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r1","ErrorMessage":"no plan of AKLTEXAMPLE0000000000000000000001"}}"#;
    for status in [200, 400] {
        let error = api(status, body);
        assert_eq!((error.code.as_str(), error.request_id.as_deref()), ("", Some("r1")));
        assert!(error.message.starts_with("no plan") && !error.message.contains("EXAMPLE"));
    }
    let error = api(400, r#"{"ResponseMetadata":{"ErrorMessage":"a","Error":{"Code":"X"}}}"#);
    assert_eq!(error.code, "X");
    let body = r#"{"ResponseMetadata":{"ErrorMessage":""},"Result":{"Colour":"blue"}}"#;
    assert!(read(200, body).is_ok());
}

#[test]
fn a_failure_without_an_error_object_comes_from_in_front_of_the_service() {
    let error = gateway(502, "<html>\n<h1>502 Bad Gateway</h1>");
    assert_eq!(error.body, FailedBody::Raw(b"<html>\n<h1>502 Bad Gateway</h1>".to_vec()));
    assert_eq!(error.to_string(), "HTTP 502 without an API error: <html> <h1>502 Bad Gateway</h1>");
    let error = gateway(503, r#"{ "busy": true }"#);
    assert_eq!(error.body, FailedBody::Json(r#"{"busy":true}"#.to_owned()));
    assert_eq!(gateway(500, "").to_string(), "HTTP 500 without an API error");
    // A result does not make it a success; an envelope's request id is kept.
    let error = gateway(500, r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"Colour":"x"}}"#);
    assert_eq!(error.request_id.as_deref(), Some("r1"));
}

#[test]
fn the_log_id_replaces_a_missing_request_id() {
    let mut answer = response(502, "busy");
    answer.headers_mut().insert("x-tt-logid", "20241119".parse().unwrap());
    let error = read_answer::<Thing, _>(&answer).unwrap_err();
    assert_eq!((error.request_id(), error.status().as_u16()), (Some("20241119"), 502));
}

#[test]
fn a_success_without_result_or_error_is_against_the_protocol() {
    for (body, problem) in [
        (r#"{"ResponseMetadata":{"RequestId":"r1"}}"#, ProtocolProblem::Shape),
        (r#"{"Result":{"Colour":1}}"#, ProtocolProblem::Shape),
        ("[]", ProtocolProblem::Shape),
        ("null", ProtocolProblem::Shape),
        ("", ProtocolProblem::NotJson),
        ("<html>", ProtocolProblem::NotJson),
        (r#"{"Result":{"Colour":"bl"#, ProtocolProblem::NotJson),
        (r#"{"Result":{"Colour":"blue"}} trailing"#, ProtocolProblem::NotJson),
    ] {
        match read(200, body) {
            Err(ResponseError::Protocol(error)) => assert_eq!(error.problem, problem, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn protocol_errors_name_the_problem() {
    for (body, detail) in [
        ("[]", "invalid type: sequence, expected an object with ResponseMetadata and Result"),
        (r#"{"Result":{"Colour":1}}"#, "invalid type: integer `1`, expected a string"),
        (r#"{"ResponseMetadata":{}}"#, "it has neither Result nor Error"),
    ] {
        match read(200, body) {
            Err(ResponseError::Protocol(error)) => {
                assert!(error.detail.starts_with(detail), "{body}: {}", error.detail);
            }
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_null_result_is_a_result() {
    let body = r#"{"ResponseMetadata":{},"Result":null}"#;
    assert_eq!(read_answer::<Option<Thing>, _>(&response(200, body)).unwrap().result, None);
    assert!(read_envelope(&response(200, body)).unwrap().result.is_null());
}

#[test]
fn access_keys_are_masked_from_every_source() {
    let key = "AKLTEXAMPLE0000000000000000000001";
    for (status, body) in [
        (401, format!(r#"{{"ResponseMetadata":{{"Error":{{"Code":"X","Message":"{key}"}}}}}}"#)),
        (401, format!(r#"{{"errorcode":"X","message":"{key}"}}"#)),
        (502, format!("<html>{key}")),
        (502, format!(r#"{{"who":"{key}"}}"#)),
        (200, format!(r#"{{"Result":{{"Colour":{{"{key}":1}}}}}}"#)),
        (200, format!("<html>{key}")),
    ] {
        let error = read(status, &body).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("EXAMPLE"), "{shown}");
    }
}

#[test]
fn an_answer_serialises_to_the_envelope() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r1","Region":"cn-beijing"},"Result":[1]}"#;
    let answer = read_envelope(&response(200, body)).unwrap();
    assert_eq!(serde_json::to_string(&answer).unwrap(), body);
}

/// Bodies that are envelopes, but for some bytes.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    const SEEDS: [&str; 3] = [
        r#"{"ResponseMetadata":{"RequestId":"r1","Region":"cn-beijing"},"Result":[1,{"A":"b"}]}"#,
        r#"{"ResponseMetadata":{"RequestId":"r1","Error":{"CodeN":100013,"Code":"A","Message":"m"}}}"#,
        r#"{"Result":null}"#,
    ];
    let changes = proptest::collection::vec((any::<usize>(), any::<u8>()), 0..3);
    (proptest::sample::select(&SEEDS[..]), changes).prop_map(|(seed, changes)| {
        let mut bytes = seed.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes.splice(at..=at, [byte]);
        }
        bytes
    })
}

proptest! {
    #[test]
    fn any_body_is_refused_in_words_or_read_as_it_is(
        body in prop_oneof![damaged(), proptest::collection::vec(any::<u8>(), 0..600)],
        status in prop_oneof![Just(200u16), 100u16..1000],
    ) {
        let received = http::Response::builder().status(status).body(body.clone()).unwrap();
        match read_envelope(&received) {
            Ok(answer) => {
                prop_assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
                let printed = serde_json::to_string(&answer).unwrap();
                let again = read_envelope(&response(200, &printed)).unwrap();
                prop_assert_eq!(serde_json::to_string(&again).unwrap(), printed);
            }
            Err(error) => {
                let text = error.to_string();
                prop_assert!(!text.is_empty() && !text.contains(volc_openapi::is_harmful), "{:?}", text);
            }
        }
    }

    #[test]
    fn a_page_of_a_gateway_is_an_error_with_its_status(body in "\\PC{0,200}") {
        match read(502, &body) {
            Err(ResponseError::Gateway(error)) => prop_assert_eq!(error.status.as_u16(), 502),
            // Such a text may be an envelope by chance.
            other => prop_assert!(body.trim_start().starts_with('{'), "{:?}", other),
        }
    }
}

#[test]
fn an_empty_error_is_an_error() {
    for error in ["{}", r#"{"Code":""}"#, r#"{"Code":null,"Message":" "}"#, "[]", "\"\"", "0"] {
        for status in [200, 500] {
            let body = format!(
                r#"{{"ResponseMetadata":{{"Error":{error}}},"Result":{{"Colour":"blue"}}}}"#
            );
            let shown = api(status, &body).to_string();
            assert!(shown.starts_with("an error without a code"), "{error}: {shown}");
        }
    }
}

#[test]
fn a_second_metadata_takes_no_error_away() {
    for (first, second) in [
        (r#"{"Error":{"Code":"X"}}"#, "{}"),
        (r#"{"Error":{"Code":"X"}}"#, "null"),
        ("{}", r#"{"Error":{"Code":"X"}}"#),
        (r#"{"Error":{"Code":"X"}}"#, r#"{"RequestId":"r2","Error":null}"#),
    ] {
        let body = format!(
            r#"{{"ResponseMetadata":{first},"Result":{{"Colour":"blue"}},"ResponseMetadata":{second}}}"#
        );
        assert_eq!(api(200, &body).code, "X", "{body}");
    }
    let twice =
        r#"{"ResponseMetadata":{"Error":null,"Error":{"Code":"X"}},"Result":{"Colour":"blue"}}"#;
    assert!(read(200, twice).is_err());
}

#[test]
fn numbers_of_any_size_do_not_make_an_envelope_unreadable() {
    let body = r#"{"ResponseMetadata":{"RequestId":1e400,"Error":{"CodeN":1e400,"Code":"X"}},"More":1e400}"#;
    assert_eq!(api(200, body).code, "X");
    let simple = r#"{"errorcode":1e400,"message":-1e400}"#;
    assert_eq!(gateway(500, simple).status.as_u16(), 500);
}

#[test]
fn a_message_without_an_error_object_is_a_refusal() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r1","ErrorMessage":"no AKLTEXAMPLE0000000000000000000001"}}"#;
    for status in [200, 403] {
        let error = api(status, body);
        assert_eq!((error.code.as_str(), error.request_id.as_deref()), ("", Some("r1")));
        assert!(error.has_no_code() && !error.message.contains("EXAMPLE"), "{error:?}");
    }
    let blank = r#"{"ResponseMetadata":{"ErrorMessage":""},"Result":{"Colour":"blue"}}"#;
    assert_eq!(read(200, blank).unwrap().colour, "blue");
}

#[test]
fn an_action_that_is_not_known_is_told_by_code_or_by_an_empty_404() {
    let unknown = |status: u16, body: &str| read(status, body).unwrap_err().is_unknown_action();
    let coded = r#"{"ResponseMetadata":{"Error":{"Code":"InvalidActionOrVersion"}}}"#;
    let denied = r#"{"ResponseMetadata":{"Error":{"Code":"AccessDenied"}}}"#;
    let said = r#"{"ResponseMetadata":{"ErrorMessage":"no such action"}}"#;
    assert!(unknown(404, coded) && unknown(200, coded) && unknown(404, said) && unknown(404, ""));
    assert!(!unknown(404, denied) && !unknown(400, said));
    assert!(!unknown(404, "<html>") && !unknown(502, "") && !unknown(200, "{}"));
}
