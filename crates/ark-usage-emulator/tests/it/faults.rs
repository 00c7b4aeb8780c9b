//! Scripted faults in the pure answer: each kind, each condition that counts.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::Read;

use crate::common::{SAMPLE_NOW, at, call, demo, items, json, request, respond, sign, total};
use ark_usage_emulator::faults::{Effect, FaultScriptError};
use ark_usage_emulator::{Emulator, EmulatorOptions, FaultScript, SocketFault};
use http::Response;
use serde_json::{Value, json};

const DAY: i64 = 1_731_945_600;

fn with(script: &str) -> Emulator {
    let faults = FaultScript::from_toml(script).unwrap();
    Emulator::new(EmulatorOptions { faults, ..EmulatorOptions::default() })
}

/// A script of one effect on the first call.
fn first(effect: &str) -> Emulator {
    with(&format!("[[fault]]\nwhen = {{ first = 1 }}\neffect = {effect}"))
}

fn day() -> Value {
    json!({"Interval": 86400, "StartTime": DAY, "EndTime": DAY})
}

fn ask(emulator: &Emulator) -> Response<Vec<u8>> {
    respond(emulator, "ark", "GetUsage", &day(), SAMPLE_NOW)
}

/// Status and error code of the first and of the second answer.
fn first_and_second(emulator: &Emulator) -> [(u16, Option<String>); 2] {
    [(); 2].map(|()| {
        let response = ask(emulator);
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let code = body["ResponseMetadata"]["Error"]["Code"].as_str().map(str::to_owned);
        (response.status().as_u16(), code)
    })
}

fn well() -> (u16, Option<String>) {
    (200, None)
}

fn failed(status: u16, code: &str) -> (u16, Option<String>) {
    (status, Some(code.to_owned()))
}

#[test]
fn the_documented_example_can_be_read() {
    let script = FaultScript::from_toml(include_str!("../../examples/faults.toml")).unwrap();
    assert_eq!(script.faults.len(), 4);
    let emulator = Emulator::new(EmulatorOptions { faults: script, ..EmulatorOptions::default() });
    let answers = first_and_second(&emulator);
    assert_eq!(answers, [failed(429, "FlowLimitExceeded"), failed(429, "FlowLimitExceeded")]);
    assert_eq!(ask(&emulator).status(), 200);
}

#[test]
fn throttling_with_and_without_a_status() {
    let emulator = first("{ kind = \"throttle\", retry-after = 3 }");
    let response = ask(&emulator);
    assert_eq!(response.headers()["retry-after"], "3");
    let (status, body) = json(&response);
    assert_eq!(status, 429);
    assert_eq!(body["ResponseMetadata"]["Error"]["CodeN"], 100_018);
    assert_eq!(ask(&emulator).status(), 200);

    let hidden = first("{ kind = \"throttle\", http-200 = true }");
    assert_eq!(first_and_second(&hidden), [failed(200, "AccountFlowLimitExceeded"), well()]);
}

#[test]
fn errors_of_any_kind() {
    let effect = "{ kind = \"error\", status = 403, code = \"OperationDenied.ServiceNotOpen\", \
                  code-n = 7, message = \"Open it first.\" }";
    let (status, body) = json(&ask(&first(effect)));
    assert_eq!(status, 403);
    assert_eq!(
        body["ResponseMetadata"]["Error"],
        json!({"CodeN": 7, "Code": "OperationDenied.ServiceNotOpen", "Message": "Open it first."})
    );
    let in_200 = first("{ kind = \"error\", status = 200, code = \"InternalServiceError\" }");
    assert_eq!(first_and_second(&in_200), [failed(200, "InternalServiceError"), well()]);
}

#[test]
fn bare_statuses() {
    for status in [500, 502, 503, 504] {
        let html =
            ask(&first(&format!("{{ kind = \"status\", status = {status}, retry-after = 2 }}")));
        assert_eq!(html.status(), status);
        assert_eq!(html.headers()["retry-after"], "2");
        assert!(html.body().starts_with(b"<!DOCTYPE html>"));
        assert!(html.headers().contains_key("x-tt-logid"));
        let empty =
            ask(&first(&format!("{{ kind = \"status\", status = {status}, body = \"empty\" }}")));
        assert!(empty.status() == status && empty.body().is_empty());
    }
    let envelope = |status: u16| {
        first(&format!("{{ kind = \"status\", status = {status}, body = \"envelope\" }}"))
    };
    assert_eq!(first_and_second(&envelope(500)), [failed(500, "InternalError"), well()]);
    assert_eq!(first_and_second(&envelope(504)), [failed(504, "InternalServiceTimeout"), well()]);
    assert_eq!(first_and_second(&envelope(503)), [failed(503, "ServiceUnavailable"), well()]);
}

#[test]
fn a_page_half_a_body_a_null_result_and_a_redirect() {
    let page = ask(&first("{ kind = \"html-page\" }"));
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );

    let whole = ask(&with(""));
    let half = ask(&first("{ kind = \"truncated-json\" }"));
    assert_eq!(half.body().as_slice(), &whole.body()[..whole.body().len() / 2]);
    assert!(serde_json::from_slice::<Value>(half.body()).is_err());

    let (status, null) = json(&ask(&first("{ kind = \"result-null\" }")));
    assert_eq!(status, 200);
    assert_eq!(null.get("Result"), Some(&Value::Null));
    assert!(null["ResponseMetadata"].get("Error").is_none());

    let redirect = ask(&first("{ kind = \"redirect\" }"));
    assert_eq!(redirect.status(), 302);
    assert_eq!(redirect.headers()["location"], "https://elsewhere.example.com/");
    let permanent = "{ kind = \"redirect\", status = 308, location = \"http://127.0.0.1:1/\" }";
    assert_eq!(ask(&first(permanent)).headers()["location"], "http://127.0.0.1:1/");
}

#[test]
fn a_clock_that_is_off_can_be_corrected_by_its_date() {
    let emulator = with("[[fault]]\neffect = { kind = \"clock-off\", minutes = 20 }");
    let response = ask(&emulator);
    assert_eq!(json(&response).1["ResponseMetadata"]["Error"]["Code"], "InvalidTimestamp");
    assert_eq!(response.headers()["date"], "Tue, 19 Nov 2024 11:05:37 GMT");
    let mut corrected = request("ark", "GetUsage", &day());
    sign(&mut corrected, demo(), "ark", SAMPLE_NOW + 20 * 60);
    assert_eq!(emulator.handle(&corrected, at(SAMPLE_NOW)).status(), 200);

    let behind = with("[[fault]]\neffect = { kind = \"clock-off\", minutes = -20 }");
    assert_eq!(ask(&behind).status(), 400);
}

#[test]
fn a_key_revoked_midway() {
    let emulator = with("[[fault]]\nwhen = { from = 2 }\neffect = { kind = \"revoke-key\" }");
    assert_eq!(first_and_second(&emulator), [well(), failed(401, "InvalidAccessKey")]);
    assert_eq!(ask(&emulator).status(), 401);
}

#[test]
fn behaviors_for_some_calls_only() {
    let emulator = first("{ kind = \"behavior\", set = \"values=string, duplicates=repeated\" }");
    let values = |answer: &Value| items(answer, "PromptTokens")[0]["Values"].clone();
    let sample = json!({"Timestamp": "1731945600", "Value": "1529525715"});
    let (_, one) = json(&ask(&emulator));
    assert_eq!(values(&one), json!([sample, sample]));
    let (_, two) = json(&ask(&emulator));
    assert_eq!(values(&two), json!([{"Timestamp": DAY, "Value": 1_529_525_715}]));
}

#[test]
fn undocumented_faults() {
    let (_, answer) = json(&ask(&first("{ kind = \"undocumented\" }")));
    let result = &answer["Result"];
    assert!(result.get("Undocumented").is_some());
    assert_eq!(result["UsageResults"].as_array().unwrap().len(), 3);
    assert_eq!(total(&answer, "UndocumentedTokens"), 1_529_525_715);
    let item = &items(&answer, "PromptTokens")[0];
    assert!(item.get("Undocumented").is_some());
    assert_eq!(item["Tags"], json!([{"Key": "Undocumented", "Value": "yes"}]));

    let only_tags = first("{ kind = \"undocumented\", fields = false, metrics = false }");
    let (_, answer) = json(&ask(&only_tags));
    assert_eq!(answer["Result"]["UsageResults"].as_array().unwrap().len(), 2);
    assert!(answer["Result"].get("Undocumented").is_none());
}

#[test]
fn late_data_and_a_later_revision() {
    let hours = |emulator: &Emulator| -> Vec<i64> {
        let start = DAY + 86_400;
        let body = json!({"Interval": 3600, "StartTime": start, "EndTime": start + 9 * 3600});
        let (_, answer) = call(emulator, "ark", "GetUsage", &body, start + 10 * 3600);
        crate::common::values(&items(&answer, "PromptTokens")[0])
            .into_iter()
            .map(|(_, v)| v)
            .collect()
    };
    let truth = hours(&with(""));
    let late = hours(&with("[[fault]]\neffect = { kind = \"late-data\", hours = 2, percent = 0 }"));
    // Ten hours are over: those that ended less than two hours ago are not there yet.
    assert_eq!(late[..8], truth[..8]);
    assert_eq!(late[8..], [0, 0]);

    let emulator =
        with("[[fault]]\nwhen = { from = 2 }\neffect = { kind = \"revision\", percent = 110 }");
    assert_eq!(hours(&emulator), truth);
    let revised = hours(&emulator);
    assert!(revised.iter().zip(&truth).all(|(new, old)| new > old));

    let start = DAY + 86_400 + 5 * 3600;
    let since = hours(&with(&format!(
        "[[fault]]\neffect = {{ kind = \"revision\", percent = 50, since = {start} }}"
    )));
    assert_eq!(since[..5], truth[..5]);
    assert!(since[5..].iter().zip(&truth[5..]).all(|(new, old)| new < old));
}

#[test]
fn a_gzip_bomb_is_small_and_unpacks_to_the_answer_and_white_space() {
    let response = ask(&first("{ kind = \"gzip-bomb\", bytes = 3000000 }"));
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.body().len() < 60_000, "{}", response.body().len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(response.body().as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked.len(), 3_000_000);
    let answer: Value = serde_json::from_slice(&unpacked).unwrap();
    assert_eq!(total(&answer, "PromptTokens"), 1_529_525_715);
}

#[test]
fn faults_of_the_socket_ride_on_the_whole_answer() {
    let cases = [
        ("{ kind = \"reset\" }", SocketFault::ResetBeforeBody),
        ("{ kind = \"reset\", at = \"in-body\" }", SocketFault::ResetInBody),
        ("{ kind = \"reset\", at = \"after-body\" }", SocketFault::ResetAfterBody),
        ("{ kind = \"stall\" }", SocketFault::Stall { after: None }),
        ("{ kind = \"stall\", after = 10 }", SocketFault::Stall { after: Some(10) }),
        ("{ kind = \"slow-drip\" }", SocketFault::SlowDrip { bytes: 1, millis: 100 }),
        ("{ kind = \"content-length\", off-by = -5 }", SocketFault::ContentLength { off_by: -5 }),
        ("{ kind = \"huge-body\", bytes = 9 }", SocketFault::HugeBody { bytes: 9 }),
        ("{ kind = \"delay\", millis = 50 }", SocketFault::Delay { millis: 50 }),
    ];
    for (effect, fault) in cases {
        let emulator = first(effect);
        let response = ask(&emulator);
        assert_eq!(response.extensions().get::<SocketFault>(), Some(&fault), "{effect}");
        assert_eq!(total(&json(&response).1, "PromptTokens"), 1_529_525_715);
        assert_eq!(ask(&emulator).extensions().get::<SocketFault>(), None);
    }
}

#[test]
fn conditions_choose_calls() {
    let script = "[[fault]]\nwhen = { action = \"ListEndpoints\" }\n\
                  effect = { kind = \"status\", status = 500 }\n\
                  [[fault]]\nwhen = { project = \"search\", nth = 2 }\n\
                  effect = { kind = \"status\", status = 502 }\n\
                  [[fault]]\nwhen = { min-buckets = 5 }\n\
                  effect = { kind = \"status\", status = 504 }";
    let emulator = with(script);
    let status = |action: &str, body: &Value| {
        respond(&emulator, "ark", action, body, SAMPLE_NOW).status().as_u16()
    };
    assert_eq!(status("ListEndpoints", &json!({})), 500);
    assert_eq!(status("GetUsage", &day()), 200);
    let mut search = day();
    search["ProjectName"] = "search".into();
    assert_eq!([(); 3].map(|()| status("GetUsage", &search)), [200, 502, 200]);
    let wide = json!({"Interval": 86400, "StartTime": DAY - 4 * 86_400, "EndTime": DAY});
    assert_eq!(status("GetUsage", &wide), 504);
}

#[test]
fn a_wrong_signature_is_a_wrong_signature_whatever_is_scripted() {
    let emulator = with("[[fault]]\neffect = { kind = \"throttle\" }");
    let mut request = request("ark", "GetUsage", &day());
    sign(&mut request, demo(), "ark", SAMPLE_NOW);
    request.body_mut().push(b' ');
    assert_eq!(emulator.handle(&request, at(SAMPLE_NOW)).status(), 401);
}

#[test]
fn wrong_scripts_are_refused() {
    let syntax = [
        "[[fault]]",
        "[[faults]]\neffect = { kind = \"reset\" }",
        "[[fault]]\neffect = { kind = \"clock-off\" }",
        "[[fault]]\neffect = { kind = \"throttle\", retries = 3 }",
        "[[fault]]\neffect = { kind = \"reading\", set = \"tags=sometimes\" }",
        "[[fault]]\nwhen = { colour = \"blue\" }\neffect = { kind = \"reset\" }",
        "fault",
    ];
    for script in syntax {
        let error = FaultScript::from_toml(script).unwrap_err();
        let is_expected = matches!(
            error,
            FaultScriptError::Syntax { .. }
                | FaultScriptError::UnknownKey { .. }
                | FaultScriptError::MissingKey { .. }
        );
        assert!(is_expected && error.to_string().contains("line "), "{script}: {error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    let error = |effect: &str| {
        let script = format!("[[fault]]\nname = \"x\"\neffect = {{ {effect} }}");
        FaultScript::from_toml(&script).unwrap_err()
    };
    assert_eq!(
        error("kind = \"gzip-bomb\", bytes = 4294967297").to_string(),
        "fault \"x\": bytes = 4294967297 is more than a gzip-bomb may unpack to (4294967296)"
    );
    assert_eq!(
        error("kind = \"redirect\", location = \"\\n\"").to_string(),
        "fault \"x\": location = \"\\n\" is not a valid header value"
    );
    let error = error("kind = \"status\", status = 99");
    assert_eq!(error.to_string(), "fault \"x\": 99 is not the status of a response (200 to 599)");
}

#[test]
fn keys_are_named_with_those_that_may_stand_there() {
    let error = |script: &str| FaultScript::from_toml(script).unwrap_err();
    let unknown = error("[[fault]]\neffect = { kind = \"status\", staus = 500 }");
    assert!(
        matches!(&unknown, FaultScriptError::UnknownKey { line: 2, key, known }
            if key == "staus" && known.iter().any(|known| known == "status")),
        "{unknown}"
    );
    let missing = error("[[fault]]\neffect = { kind = \"status\" }");
    assert_eq!(missing.to_string(), "line 2: the key status is missing");
    let wrong = error("[[fault]]\neffect = { kind = \"status\", status = \"x\" }");
    assert_eq!(wrong.to_string(), "line 2: wrong type: string \"x\", expected a whole number");
    let unnamed = error("[[fault]]\neffect = { kind = \"status\", status = 5 }");
    assert!(unnamed.to_string().starts_with("fault \"#1\": 5"), "{unnamed}");
}

#[test]
fn scripts_can_be_made_without_text() {
    use ark_usage_emulator::faults::{Fault, When};
    let when = When { first: Some(1), ..When::default() };
    let faults = vec![Fault { name: None, when, effect: Effect::HtmlPage { status: 200 } }];
    let emulator = Emulator::new(EmulatorOptions {
        faults: FaultScript { faults },
        ..EmulatorOptions::default()
    });
    assert!(ask(&emulator).body().starts_with(b"<"));
}

#[test]
fn a_mistyped_kind_is_named_with_its_line() {
    for kind in Effect::KINDS {
        let script = format!("[[fault]]\neffect = {{ kind = \"{kind}\" }}");
        let error = FaultScript::from_toml(&script).err();
        let known = !matches!(error, Some(FaultScriptError::Kind { .. }));
        let words = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(known && !words.contains("unknown variant"), "{kind}: {words}");
    }
    let script = "[[fault]]\neffect = { kind = \"delay\", millis = 1 }\n[[fault]]\neffect = { kind = \"statu\" }";
    let error = FaultScript::from_toml(script).unwrap_err();
    assert!(
        matches!(&error, FaultScriptError::Kind { line: 4, kind } if kind == "statu"),
        "{error}"
    );
}
