//! `ListEndpoints`, `ListProjects` and `GetCallerIdentity`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use crate::common::{SAMPLE_NOW, at, call, demo, json, request, sign};
use ark_usage_emulator::{Account, CatalogueSize, DEMO_ACCOUNT_ID, Emulator, EmulatorOptions};
use serde_json::{Value, json};
use volc_sign::Credentials;

fn with_endpoints(endpoints: usize) -> Emulator {
    let size = CatalogueSize { projects: 3, endpoints };
    Emulator::new(EmulatorOptions { size, ..EmulatorOptions::default() })
}

fn list(emulator: &Emulator, body: &Value) -> Value {
    let (status, answer) = call(emulator, "ark", "ListEndpoints", body, SAMPLE_NOW);
    assert_eq!(status, 200, "{answer}");
    answer["Result"].clone()
}

fn code(answer: &Value) -> &str {
    answer["ResponseMetadata"]["Error"]["Code"].as_str().unwrap()
}

#[test]
fn endpoints_are_listed_in_pages() {
    let emulator = with_endpoints(25);
    let mut seen = BTreeSet::new();
    for (page, expected) in [(1, 10), (2, 10), (3, 5), (4, 0)] {
        let result = list(&emulator, &json!({"PageNumber": page}));
        assert_eq!(result["TotalCount"], 25);
        assert_eq!((&result["PageNumber"], &result["PageSize"]), (&json!(page), &json!(10)));
        let items = result["Items"].as_array().unwrap();
        assert_eq!(items.len(), expected);
        seen.extend(items.iter().map(|item| item["Id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.len(), 25);
}

#[test]
fn an_endpoint_says_what_it_is() {
    let result = list(&with_endpoints(4), &json!({"ProjectName": "search"}));
    for item in result["Items"].as_array().unwrap() {
        let id = item["Id"].as_str().unwrap();
        let (stamp, letters) = id.strip_prefix("ep-").unwrap().split_once('-').unwrap();
        assert!(stamp.len() == 14 && stamp.starts_with("2024") && letters.len() == 5, "{id}");
        assert_eq!(item["ProjectName"], "search");
        assert_eq!(item["Status"], "Running");
        assert!(!item["Name"].as_str().unwrap().is_empty());
        let model = &item["ModelReference"]["FoundationModel"];
        assert!(!model["Name"].as_str().unwrap().is_empty());
        assert!(!model["ModelVersion"].as_str().unwrap().is_empty());
        let keys: Vec<_> = item["Tags"].as_array().unwrap().iter().map(|tag| &tag["Key"]).collect();
        assert_eq!(keys, ["team", "stage"]);
        assert!(item["CreateTime"].as_str().unwrap().ends_with('Z'));
    }
}

#[test]
fn endpoints_are_filtered_and_sorted() {
    let emulator = with_endpoints(20);
    let names = |body: &Value| -> Vec<String> {
        let result = list(&emulator, body);
        let items = result["Items"].as_array().unwrap().clone();
        items.iter().map(|item| item["Name"].as_str().unwrap().to_owned()).collect()
    };
    let by_name = names(&json!({"PageSize": 100, "SortBy": "Name", "SortOrder": "Asc"}));
    assert!(by_name.is_sorted());
    assert_eq!(by_name.len(), 20);
    assert_eq!(names(&json!({"Filter": {"Name": "chat-2"}})), ["chat-2"]);
    let all = list(&emulator, &json!({}));
    let id = &all["Items"][3]["Id"];
    assert_eq!(list(&emulator, &json!({"Filter": {"Ids": [id]}}))["TotalCount"], 1);
    assert_eq!(list(&emulator, &json!({"Filter": {"Statuses": ["Stopped"]}}))["TotalCount"], 0);
    let production = json!({"TagFilters": [{"Key": "stage", "Values": ["production"]}]});
    assert_eq!(names(&production), ["chat"]);
    let model = &all["Items"][0]["ModelReference"]["FoundationModel"]["Name"];
    let of_model = list(&emulator, &json!({"Filter": {"FoundationModelName": model}}));
    assert!(of_model["TotalCount"].as_u64().unwrap() >= 1);
}

#[test]
fn bad_pages_and_projects_are_refused() {
    let emulator = with_endpoints(4);
    let cases = [
        (json!({"PageNumber": 0}), 400, "InvalidParameter.PageNumber"),
        (json!({"PageSize": 101}), 400, "InvalidParameter.PageSize"),
        (json!({"PageSize": "ten"}), 400, "InvalidParameter.PageSize"),
        (json!({"Filter": []}), 400, "InvalidParameter.Filter"),
        (json!({"SortBy": "Colour"}), 400, "InvalidParameter.SortBy"),
        (json!({"ProjectName": "nope"}), 404, "NotFound.ProjectName"),
    ];
    for (body, expected, code_expected) in cases {
        let (status, answer) = call(&emulator, "ark", "ListEndpoints", &body, SAMPLE_NOW);
        assert_eq!((status, code(&answer)), (expected, code_expected));
    }
}

/// `ListProjects` with more in the query.
fn list_projects(emulator: &Emulator, query: &str) -> (u16, Value) {
    let mut request = request("iam", "ListProjects", &Value::Null);
    *request.uri_mut() = format!("{}{query}", request.uri()).parse().unwrap();
    sign(&mut request, demo(), "iam", SAMPLE_NOW);
    json(&emulator.handle(&request, at(SAMPLE_NOW)))
}

#[test]
fn projects_are_listed_with_limit_offset_and_query() {
    let size = CatalogueSize { projects: 12, endpoints: 2 };
    let emulator = Emulator::new(EmulatorOptions { size, ..EmulatorOptions::default() });
    let (status, answer) = list_projects(&emulator, "");
    assert_eq!(status, 200);
    let result = &answer["Result"];
    assert_eq!(
        (&result["Total"], &result["Limit"], &result["Offset"]),
        (&json!(12), &json!(10), &json!(0))
    );
    assert_eq!(result["Projects"].as_array().unwrap().len(), 10);
    assert_eq!(result["Projects"][0]["ProjectName"], "default");
    assert_eq!(result["Projects"][0]["AccountID"], DEMO_ACCOUNT_ID);
    assert_eq!(result["Projects"][0]["HasPermission"], true);

    let (_, rest) = list_projects(&emulator, "&Limit=10&Offset=10");
    assert_eq!(rest["Result"]["Projects"].as_array().unwrap().len(), 2);
    let (_, found) = list_projects(&emulator, "&Query=search");
    assert_eq!(found["Result"]["Projects"][0]["ProjectName"], "search");
    assert_eq!(found["Result"]["Total"], 2, "research too");
    let (status, answer) = list_projects(&emulator, "&Limit=ten");
    assert_eq!((status, code(&answer)), (400, "InvalidParameter.Limit"));
}

#[test]
fn only_projects_a_key_may_see_are_listed() {
    let account = Account::new(demo(), 7).with_projects(["assistant"]);
    let emulator =
        Emulator::new(EmulatorOptions { accounts: vec![account], ..EmulatorOptions::default() });
    let (_, answer) = list_projects(&emulator, "");
    assert_eq!(answer["Result"]["Total"], 1);
    assert_eq!(answer["Result"]["Projects"][0]["ProjectName"], "assistant");
}

#[test]
fn the_caller_is_named() {
    let emulator = with_endpoints(2);
    for body in [json!({}), Value::Null] {
        let (status, answer) = call(&emulator, "sts", "GetCallerIdentity", &body, SAMPLE_NOW);
        assert_eq!(status, 200);
        assert_eq!(answer["Result"]["AccountId"], DEMO_ACCOUNT_ID);
        assert_eq!(answer["Result"]["IdentityType"], "Account");
        assert_eq!(answer["Result"]["Trn"], format!("trn:iam::{DEMO_ACCOUNT_ID}:root"));
    }
    let key =
        Credentials::new("AKTPEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001")
            .with_session_token("fake-token");
    let accounts = vec![Account::new(key.clone(), 8)];
    let emulator = Emulator::new(EmulatorOptions { accounts, ..EmulatorOptions::default() });
    let mut request = request("sts", "GetCallerIdentity", &json!({}));
    sign(&mut request, key, "sts", SAMPLE_NOW);
    let (_, answer) = json(&emulator.handle(&request, at(SAMPLE_NOW)));
    assert_eq!(answer["Result"]["IdentityType"], "AssumedRole");
}
