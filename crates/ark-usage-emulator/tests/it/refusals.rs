//! Every refusal: code, number, HTTP status, message.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::common::{SAMPLE_NOW, at, call, demo, json, request, sign, signed};
use ark_usage_emulator::{Account, DEMO_ACCESS_KEY_ID, Emulator, EmulatorOptions};
use http::Request;
use serde_json::{Value, json};
use volc_sign::Credentials;

const DAY: i64 = 1_731_945_600;

fn emulator() -> Emulator {
    Emulator::new(EmulatorOptions::default())
}

fn day() -> Value {
    json!({"Interval": 86400, "StartTime": DAY, "EndTime": DAY})
}

/// Status, code and `CodeN` of the refusal of `request`, after checks that hold for all of them.
fn refused(request: &Request<Vec<u8>>) -> (u16, String, Option<i64>) {
    refused_by(&emulator(), request)
}

fn refused_by(emulator: &Emulator, request: &Request<Vec<u8>>) -> (u16, String, Option<i64>) {
    let response = emulator.handle(request, at(SAMPLE_NOW));
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["date"], "Tue, 19 Nov 2024 10:45:37 GMT");
    let (status, body) = json(&response);
    let metadata = &body["ResponseMetadata"];
    let request_id = metadata["RequestId"].as_str().unwrap();
    assert_eq!(response.headers()["x-tt-logid"], request_id);
    assert!(request_id.starts_with("20241119184537"), "{request_id}");
    assert_eq!(request_id.len(), 32);
    let hexadecimal = |c: char| c.is_ascii_digit() || matches!(c, 'A'..='F');
    assert!(request_id.chars().all(hexadecimal), "{request_id}");
    assert!(body.get("Result").is_none());
    let error = &metadata["Error"];
    assert!(!error["Message"].as_str().unwrap().is_empty());
    (status, error["Code"].as_str().unwrap().to_owned(), error["CodeN"].as_i64())
}

fn refusal(status: u16, code: &str, code_n: impl Into<Option<i64>>) -> (u16, String, Option<i64>) {
    (status, code.to_owned(), code_n.into())
}

fn resigned(uri: &str, service: &str) -> Request<Vec<u8>> {
    let mut request = request(service, "GetUsage", &day());
    *request.uri_mut() = uri.parse().unwrap();
    sign(&mut request, demo(), service, SAMPLE_NOW);
    request
}

#[test]
fn action_and_version_must_be_in_the_query() {
    for uri in [
        "http://127.0.0.1/?Version=2024-01-01",
        "http://127.0.0.1/?Action=GetUsage",
        "http://127.0.0.1/",
    ] {
        assert_eq!(refused(&resigned(uri, "ark")), refusal(400, "MissingParameter", 100_002));
    }
}

#[test]
fn unknown_actions_versions_methods_and_services_are_not_found() {
    let not_found = refusal(404, "InvalidActionOrVersion", 100_008);
    let unknown = "http://127.0.0.1/?Action=GetWeather&Version=2024-01-01";
    assert_eq!(refused(&resigned(unknown, "ark")), not_found);
    let other_version = "http://127.0.0.1/?Action=GetUsage&Version=2023-01-01";
    assert_eq!(refused(&resigned(other_version, "ark")), not_found);
    // A known service that has no such action.
    let get_usage = "http://127.0.0.1/?Action=GetUsage&Version=2024-01-01";
    assert_eq!(refused(&resigned(get_usage, "iam")), not_found);
    // A GET where POST is expected.
    assert_eq!(refused(&signed("ark", "GetUsage", &Value::Null, SAMPLE_NOW)), not_found);

    let service = refusal(404, "ServiceNotFound", 100_007);
    assert_eq!(refused(&resigned(get_usage, "weather")), service);
}

#[test]
fn unsigned_requests_are_refused() {
    let unsigned = request("ark", "GetUsage", &day());
    assert_eq!(refused(&unsigned), refusal(401, "MissingAuthenticationToken", 100_003));
}

#[test]
fn missing_and_malformed_parts_have_different_errors() {
    let with_authorization = |value: &str| {
        let mut request = signed("ark", "GetUsage", &day(), SAMPLE_NOW);
        request.headers_mut().insert("authorization", value.parse().unwrap());
        request
    };
    let credential = format!("{DEMO_ACCESS_KEY_ID}/20241119/cn-beijing/ark/request");
    let signed_headers = "SignedHeaders=host;x-date";

    let no_signature = format!("HMAC-SHA256 Credential={credential}, {signed_headers}");
    assert_eq!(
        refused(&with_authorization(&no_signature)),
        refusal(401, "MissingSignature", 100_005)
    );
    let no_credential = format!("HMAC-SHA256 {signed_headers}, Signature={:064}", 0);
    assert_eq!(
        refused(&with_authorization(&no_credential)),
        refusal(400, "MissingRequestInfo", 100_004)
    );
    let bearer = "Bearer 00000000-0000-0000-0000-000000000000";
    assert_eq!(refused(&with_authorization(bearer)), refusal(400, "InvalidAuthorization", None));
    let bad_credential =
        format!("HMAC-SHA256 Credential=a/b/c, {signed_headers}, Signature={:064}", 0);
    assert_eq!(
        refused(&with_authorization(&bad_credential)),
        refusal(400, "InvalidCredential", None)
    );

    let mut no_date = signed("ark", "GetUsage", &day(), SAMPLE_NOW);
    no_date.headers_mut().remove("x-date");
    assert_eq!(refused(&no_date), refusal(400, "MissingRequestInfo", 100_004));
}

#[test]
fn unknown_keys_and_wrong_secrets_are_refused() {
    let mut unknown = request("ark", "GetUsage", &day());
    let stranger =
        Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    sign(&mut unknown, stranger, "ark", SAMPLE_NOW);
    assert_eq!(refused(&unknown), refusal(401, "InvalidAccessKey", 100_009));

    let mut wrong = request("ark", "GetUsage", &day());
    sign(&mut wrong, Credentials::new(DEMO_ACCESS_KEY_ID, "wrong"), "ark", SAMPLE_NOW);
    assert_eq!(refused(&wrong), refusal(401, "SignatureDoesNotMatch", 100_010));
}

#[test]
fn requests_changed_after_signing_are_refused() {
    let mut other_body = signed("ark", "GetUsage", &day(), SAMPLE_NOW);
    other_body.body_mut().push(b' ');
    assert_eq!(refused(&other_body), refusal(401, "SignatureDoesNotMatch", 100_010));

    let mut other_host = signed("ark", "GetUsage", &day(), SAMPLE_NOW);
    other_host.headers_mut().insert("host", "127.0.0.2".parse().unwrap());
    *other_host.uri_mut() = "/?Action=GetUsage&Version=2024-01-01".parse().unwrap();
    assert_eq!(refused(&other_host), refusal(401, "SignatureDoesNotMatch", 100_010));
}

#[test]
fn stale_and_future_dates_are_refused() {
    for offset in [-901, 901, -86_400] {
        let request = signed("ark", "GetUsage", &day(), SAMPLE_NOW + offset);
        assert_eq!(refused(&request), refusal(400, "InvalidTimestamp", 100_006), "{offset}");
    }
    for offset in [-899, 899] {
        let request = signed("ark", "GetUsage", &day(), SAMPLE_NOW + offset);
        assert_eq!(emulator().handle(&request, at(SAMPLE_NOW)).status(), 200, "{offset}");
    }
}

#[test]
fn session_tokens_must_be_the_right_ones() {
    let key =
        || Credentials::new("AKTPEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    let account = Account::new(key().with_session_token("fake-token"), 2_100_000_002);
    let emulator = Emulator::new(EmulatorOptions {
        accounts: vec![Account::demo(), account],
        ..EmulatorOptions::default()
    });
    let signed_by = |key: Credentials| {
        let mut request = request("ark", "GetUsage", &day());
        sign(&mut request, key, "ark", SAMPLE_NOW);
        request
    };
    let invalid = refusal(401, "InvalidSecretToken", None);
    assert_eq!(refused_by(&emulator, &signed_by(key())), invalid);
    assert_eq!(refused_by(&emulator, &signed_by(key().with_session_token("other"))), invalid);
    assert_eq!(refused_by(&emulator, &signed_by(demo().with_session_token("fake-token"))), invalid);
    let right = signed_by(key().with_session_token("fake-token"));
    assert_eq!(emulator.handle(&right, at(SAMPLE_NOW)).status(), 200);
}

#[test]
fn parameters_of_get_usage_are_judged_one_by_one() {
    let hour = 3600;
    let cases = [
        (json!({}), 400, "MissingParameter.StartTime"),
        (
            json!({"StartTime": null, "EndTime": DAY, "Interval": 86400}),
            400,
            "MissingParameter.StartTime",
        ),
        (json!({"StartTime": DAY, "Interval": 86400}), 400, "MissingParameter.EndTime"),
        (json!({"StartTime": DAY, "EndTime": DAY}), 400, "MissingParameter.Interval"),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": 60}),
            400,
            "InvalidParameter.Interval",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": "day"}),
            400,
            "InvalidParameter.Interval",
        ),
        (
            json!({"StartTime": "1731945600", "EndTime": DAY, "Interval": 86400}),
            400,
            "InvalidParameter.StartTime",
        ),
        (
            json!({"StartTime": 1_731_945_600.5, "EndTime": DAY, "Interval": 86400}),
            400,
            "InvalidParameter.StartTime",
        ),
        (
            json!({"StartTime": -86400, "EndTime": DAY, "Interval": 86400}),
            400,
            "InvalidParameter.StartTime",
        ),
        (
            json!({"StartTime": DAY * 1000, "EndTime": DAY * 1000, "Interval": 3600}),
            400,
            "InvalidParameter.StartTime",
        ),
        // 00:00 UTC is no start of a day in Beijing.
        (
            json!({"StartTime": DAY + 8 * hour, "EndTime": DAY + 86_400, "Interval": 86400}),
            400,
            "InvalidParameter.StartTime",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY + 86_399, "Interval": 86400}),
            400,
            "InvalidParameter.EndTime",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY + 1, "Interval": 3600}),
            400,
            "InvalidParameter.EndTime",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY - 86_400, "Interval": 86400}),
            400,
            "InvalidParameter.EndTime",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": 86400, "ProjectName": 7}),
            400,
            "InvalidParameter.ProjectName",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": 86400, "ProjectName": "nope"}),
            404,
            "NotFound.ProjectName",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": 86400, "EndpointIds": "ep-1"}),
            400,
            "InvalidParameter.EndpointIds",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": 86400, "EndpointIds": ["ep-nope"]}),
            404,
            "NotFound.EndpointIds",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": 86400, "Scenes": ["Nope"]}),
            400,
            "InvalidParameter.Scenes",
        ),
        (
            json!({"StartTime": DAY, "EndTime": DAY, "Interval": 86400, "BatchJobId": "bi-nope"}),
            404,
            "NotFound.BatchJobId",
        ),
        (json!([1, 2]), 400, "InvalidParameter"),
    ];
    for (body, status, code) in cases {
        let refused = refused(&signed("ark", "GetUsage", &body, SAMPLE_NOW));
        assert_eq!(refused, refusal(status, code, None), "{body}");
    }
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    let mut request = request("ark", "GetUsage", &day());
    *request.body_mut() = b"{\"StartTime\": ".to_vec();
    sign(&mut request, demo(), "ark", SAMPLE_NOW);
    assert_eq!(refused(&request), refusal(400, "InvalidParameter", None));
}

#[test]
fn limits_are_refused_on_the_field_they_are_about() {
    let emulator = Emulator::new(EmulatorOptions {
        behaviors: "max-range=31d,max-ids=1".parse().unwrap(),
        ..EmulatorOptions::default()
    });
    let ask = |body: &Value| call(&emulator, "ark", "GetUsage", body, SAMPLE_NOW);
    let range = |days: i64| json!({"Interval": 86400, "StartTime": DAY - (days - 1) * 86_400, "EndTime": DAY});
    assert_eq!(ask(&range(31)).0, 200);
    let (status, body) = ask(&range(32));
    assert_eq!(
        (status, &body["ResponseMetadata"]["Error"]["Code"]),
        (400, &json!("InvalidParameter.EndTime"))
    );
    let mut two = day();
    two["EndpointIds"] = json!(["ep-1", "ep-2"]);
    let (status, body) = ask(&two);
    assert_eq!(
        (status, &body["ResponseMetadata"]["Error"]["Code"]),
        (400, &json!("InvalidParameter.EndpointIds"))
    );
}

#[test]
fn an_absurd_range_is_refused_quickly() {
    let body = json!({"Interval": 3600, "StartTime": 0, "EndTime": 9_999_999_600_i64});
    // Nothing after now is computed, so even this is bounded; with many endpoints it is refused.
    let emulator = Emulator::new(EmulatorOptions {
        size: ark_usage_emulator::CatalogueSize { projects: 1, endpoints: 500 },
        ..EmulatorOptions::default()
    });
    let (status, answer) = call(&emulator, "ark", "GetUsage", &body, SAMPLE_NOW);
    assert_eq!(
        (status, &answer["ResponseMetadata"]["Error"]["Code"]),
        (400, &json!("InvalidParameter.EndTime"))
    );
}

#[test]
fn a_key_sees_its_projects_only() {
    let key =
        Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    let account = Account::new(key.clone(), 2_100_000_002).with_projects(["search"]);
    let emulator =
        Emulator::new(EmulatorOptions { accounts: vec![account], ..EmulatorOptions::default() });
    let signed_by_it = |project: &str| {
        let mut body = day();
        body["ProjectName"] = project.into();
        let mut request = request("ark", "GetUsage", &body);
        sign(&mut request, key.clone(), "ark", SAMPLE_NOW);
        request
    };
    assert_eq!(emulator.handle(&signed_by_it("search"), at(SAMPLE_NOW)).status(), 200);
    assert_eq!(
        refused_by(&emulator, &signed_by_it("default")),
        refusal(403, "AccessDenied", 100_013)
    );
    assert_eq!(refused_by(&emulator, &signed_by_it("")), refusal(403, "AccessDenied", 100_013));
}

#[test]
fn a_limit_per_second_is_per_account() {
    let emulator =
        Emulator::new(EmulatorOptions { calls_per_second: Some(2), ..EmulatorOptions::default() });
    let status =
        |now| emulator.handle(&signed("ark", "GetUsage", &day(), now), at(now)).status().as_u16();
    assert_eq!([(); 3].map(|()| status(SAMPLE_NOW)), [200, 200, 429]);
    assert_eq!(status(SAMPLE_NOW + 1), 200);
}

#[test]
fn refusals_may_have_status_200() {
    let emulator = Emulator::new(EmulatorOptions {
        behaviors: "errors=http-200".parse().unwrap(),
        ..EmulatorOptions::default()
    });
    for request in
        [request("ark", "GetUsage", &day()), signed("ark", "GetUsage", &json!({}), SAMPLE_NOW)]
    {
        let (status, code, _) = refused_by(&emulator, &request);
        assert_eq!(status, 200, "{code}");
    }
}

#[test]
fn the_unknown_key_is_named_in_the_message() {
    // As the service does: clients must redact it.
    let mut unknown = request("ark", "GetUsage", &day());
    let stranger =
        Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    sign(&mut unknown, stranger, "ark", SAMPLE_NOW);
    let (_, body) = json(&emulator().handle(&unknown, at(SAMPLE_NOW)));
    let message = body["ResponseMetadata"]["Error"]["Message"].as_str().unwrap();
    assert!(message.contains("AKLTEXAMPLE0000000000000000000001"));
}
