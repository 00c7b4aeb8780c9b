//! Temporary keys: handed out by STS, instance metadata and the sign-on portal, known afterwards,
//! refused once they have ended.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::common::{SAMPLE_NOW, at, demo, json, request, sign};
use ark_usage_emulator::{
    DEMO_OIDC_TOKEN, DEMO_PORTAL_TOKEN, DEMO_ROLE, Emulator, EmulatorOptions, FaultScript,
};
use http::{Method, Request};
use serde_json::{Value, json};
use volc_sign::Credentials;

fn emulator() -> Emulator {
    Emulator::new(EmulatorOptions::default())
}

fn code(answer: &Value) -> &str {
    answer["ResponseMetadata"]["Error"]["Code"].as_str().unwrap()
}

/// `AssumeRole` with the demo key and `more` in the query.
fn assume_role(emulator: &Emulator, more: &str) -> (u16, Value) {
    let uri = format!("http://127.0.0.1/?Action=AssumeRole&Version=2018-01-01&{more}");
    let mut asked = Request::get(uri).header("Host", "127.0.0.1").body(Vec::new()).unwrap();
    sign(&mut asked, demo(), "sts", SAMPLE_NOW);
    json(&emulator.handle(&asked, at(SAMPLE_NOW)))
}

fn with_oidc(emulator: &Emulator, token: &str) -> (u16, Value) {
    let form = format!(
        "RoleTrn=trn%3Aiam%3A%3A2100000002%3Arole%2Freader&RoleSessionName=s&OIDCToken={token}"
    );
    let asked = Request::post("http://127.0.0.1/?Action=AssumeRoleWithOIDC&Version=2018-01-01")
        .body(form.into_bytes())
        .unwrap();
    json(&emulator.handle(&asked, at(SAMPLE_NOW)))
}

fn get(path: &str, header: &str, value: &str) -> Request<Vec<u8>> {
    let uri = format!("http://127.0.0.1{path}");
    Request::get(uri).header(header, value).body(Vec::new()).unwrap()
}

fn keys(fields: &Value) -> Credentials {
    let text = |name: &str| fields[name].as_str().unwrap();
    Credentials::new(text("AccessKeyId"), text("SecretAccessKey"))
        .with_session_token(text("SessionToken"))
}

/// The identity behind these keys.
fn identity(emulator: &Emulator, keys: Credentials, now: i64) -> (u16, Value) {
    let mut asked = request("sts", "GetCallerIdentity", &json!({}));
    sign(&mut asked, keys, "sts", now);
    json(&emulator.handle(&asked, at(now)))
}

#[test]
fn a_role_is_known_until_it_ends() {
    let emulator = emulator();
    let trn = "RoleTrn=trn:iam::2100000002:role/reader&RoleSessionName=s";
    let (status, answer) = assume_role(&emulator, trn);
    assert_eq!(status, 200, "{answer}");
    let fields = &answer["Result"]["Credentials"];
    assert_eq!(fields["CurrentTime"], "2024-11-19T18:45:37+08:00");
    assert_eq!(fields["ExpiredTime"], "2024-11-19T19:45:37+08:00");
    let (status, answer) = identity(&emulator, keys(fields), SAMPLE_NOW + 3599);
    assert_eq!(status, 200);
    assert_eq!(answer["Result"]["AccountId"], 2_100_000_002_u64);
    let trn = "trn:sts::2100000002:assumed-role/reader/session";
    assert_eq!(answer["Result"]["Trn"], trn);

    let (status, answer) = identity(&emulator, keys(fields), SAMPLE_NOW + 3600);
    assert_eq!((status, code(&answer)), (401, "InvalidSecretToken"));
    let other_token = keys(fields).with_session_token("emulated-token.reader.0");
    let (status, answer) = identity(&emulator, other_token, SAMPLE_NOW);
    assert_eq!((status, code(&answer)), (401, "InvalidSecretToken"));
    let other_seed = Emulator::new(EmulatorOptions { seed: 1, ..EmulatorOptions::default() });
    let (status, answer) = identity(&other_seed, keys(fields), SAMPLE_NOW);
    assert_eq!((status, code(&answer)), (401, "InvalidAccessKey"));
}

#[test]
fn temporary_keys_can_query_usage() {
    let emulator = emulator();
    let trn = "RoleTrn=trn:iam::2100000001:role/reader&RoleSessionName=s";
    let (_, answer) = assume_role(&emulator, trn);
    let body = json!({"Interval": 86400, "StartTime": 1_731_945_600, "EndTime": 1_731_945_600});
    let mut asked = request("ark", "GetUsage", &body);
    sign(&mut asked, keys(&answer["Result"]["Credentials"]), "ark", SAMPLE_NOW);
    let (status, answer) = json(&emulator.handle(&asked, at(SAMPLE_NOW)));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(crate::common::total(&answer, "PromptTokens"), 1_529_525_715);
}

#[test]
fn roles_that_make_no_sense_are_refused() {
    let trn = "RoleTrn=trn:iam::2100000002:role/reader";
    for (query, expected) in [
        (String::new(), "MissingParameter.RoleTrn"),
        (trn.to_owned(), "MissingParameter.RoleSessionName"),
        ("RoleTrn=reader&RoleSessionName=s".to_owned(), "InvalidParameter.RoleTrn"),
        (
            format!("{trn}&RoleSessionName=s&DurationSeconds=899"),
            "InvalidParameter.DurationSeconds",
        ),
    ] {
        let (status, answer) = assume_role(&emulator(), &query);
        assert_eq!((status, code(&answer)), (400, expected));
    }
}

#[test]
fn an_oidc_token_is_as_good_as_a_signature_if_it_is_the_right_one() {
    let emulator = emulator();
    let (status, answer) = with_oidc(&emulator, DEMO_OIDC_TOKEN);
    assert_eq!(status, 200, "{answer}");
    let fields = &answer["Result"]["Credentials"];
    assert_eq!(fields["Expiration"], "2024-11-19T19:45:37+08:00");
    assert_eq!(identity(&emulator, keys(fields), SAMPLE_NOW).0, 200);
    for (token, expected) in
        [("another", "InvalidParameter.OIDCToken"), ("", "MissingParameter.OIDCToken")]
    {
        let (status, answer) = with_oidc(&emulator, token);
        assert_eq!((status, code(&answer)), (400, expected));
    }
}

const ROLES: &str = "/volcstack/latest/iam/security_credentials";

fn metadata_token(emulator: &Emulator, seconds: &str) -> (u16, String) {
    let asked = Request::builder()
        .method(Method::PUT)
        .uri("http://127.0.0.1/latest/api/token")
        .header("X-volc-ecs-metadata-token-ttl-seconds", seconds)
        .body(Vec::new())
        .unwrap();
    let answer = emulator.handle(&asked, at(SAMPLE_NOW));
    (answer.status().as_u16(), String::from_utf8(answer.into_body()).unwrap())
}

#[test]
fn metadata_wants_its_token_and_gives_the_servers_role() {
    let emulator = emulator();
    let (_, token) = metadata_token(&emulator, "60");
    let ask = |path: &str, token: &str, now: i64| {
        let response = emulator.handle(&get(path, "X-volc-ecs-metadata-token", token), at(now));
        (response.status().as_u16(), String::from_utf8(response.into_body()).unwrap())
    };
    let list = format!("{ROLES}?type=user&format=json");
    assert_eq!(ask(&list, &token, SAMPLE_NOW), (200, format!("[\"{DEMO_ROLE}\"]")));
    let (status, answer) = ask(&format!("{ROLES}/{DEMO_ROLE}"), &token, SAMPLE_NOW);
    assert_eq!(status, 200);
    let fields: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(identity(&emulator, keys(&fields), SAMPLE_NOW).0, 200);

    assert_eq!(ask(&format!("{ROLES}/other"), &token, SAMPLE_NOW).0, 404);
    for (token, now) in [("", SAMPLE_NOW), ("wrong", SAMPLE_NOW), (&*token, SAMPLE_NOW + 60)] {
        assert_eq!(ask(&list, token, now).0, 401, "{token}");
        assert_eq!(ask(&format!("{ROLES}/{DEMO_ROLE}"), token, now).0, 401, "{token}");
    }
    for seconds in ["", "0", "21601", "soon"] {
        assert_eq!(metadata_token(&emulator, seconds).0, 400, "{seconds}");
    }
}

#[test]
fn the_portal_wants_the_sessions_token() {
    let emulator = emulator();
    let ask = |token: &str, query: &str| {
        let path = format!("/federation/credentials?{query}");
        let header = "x-bd-cloudidentity-bearer-token";
        json(&emulator.handle(&get(&path, header, token), at(SAMPLE_NOW)))
    };
    let query = "account_id=2100000002&role_name=reader";
    let (status, answer) = ask(DEMO_PORTAL_TOKEN, query);
    assert_eq!(status, 200, "{answer}");
    let fields = &answer["Result"]["RoleCredentials"];
    let (_, identity) = identity(&emulator, keys(fields), SAMPLE_NOW);
    assert_eq!(identity["Result"]["AccountId"], 2_100_000_002_u64);
    assert_eq!(ask("another", query).0, 401);
    for query in ["", "account_id=1", "account_id=x&role_name=a", "account_id=1&role_name=a.b"] {
        assert_eq!(ask(DEMO_PORTAL_TOKEN, query).0, 400, "{query}");
    }
}

#[test]
fn scripts_reach_them_too() {
    let script = "[[fault]]\nwhen = { action = \"MetadataToken\", first = 1 }\n\
                  effect = { kind = \"status\", status = 503 }\n";
    let faults = FaultScript::from_toml(script).unwrap();
    let emulator = Emulator::new(EmulatorOptions { faults, ..EmulatorOptions::default() });
    assert_eq!(metadata_token(&emulator, "60").0, 503);
    assert_eq!(metadata_token(&emulator, "60").0, 200);
}
