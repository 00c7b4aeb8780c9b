//! A store in the place of the service: lists, identity, and what it has to refuse.

use std::time::Duration;

use ark_usage_history::{
    Catalog, Line, MemoryStore, Names, Place, RespondError, Slice, Store as _, Subject,
    WindowAnswer, respond,
};
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::list_api_keys::ApiKeyName;
use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::list_projects::Project;
use ark_usage_model::{
    AccountId, Interval, Metric, RequestPart, RequestedUsage, StoredLines, Tags, Target, Window,
};
use http::{Request, Response};
use serde_json::{Value, json};
use volc_openapi::ServiceDays;

const NUMBER: &str = "2100000001";
/// 2024-11-19T00:00:00+08:00.
const DAY: i64 = 1_731_945_600;
const HOUR: i64 = 3_600;

/// A store with two days of hours of project `default`, as a whole, and of one endpoint.
fn store() -> MemoryStore {
    let mut store = MemoryStore::new();
    for place in [Place::Whole, Place::Endpoint("ep-1".to_owned())] {
        let subject = Subject {
            account_id: NUMBER.to_owned(),
            slice: Slice::new("GetUsage"),
            project: Some("default".to_owned()),
            place,
        };
        let window = Window::new(Interval::Hour, DAY, DAY + 47 * HOUR).unwrap();
        let line = Line { tags: Tags::default(), metric: Metric::PROMPT_TOKENS };
        let points = window.buckets().map(|start| (start, 1)).collect();
        let answer = WindowAnswer {
            subject,
            window,
            fetched_at: DAY + 100 * HOUR,
            settle: Duration::from_hours(1),
            lines: vec![(line, points)],
            levels: Vec::new(),
        };
        store.apply(&answer).unwrap();
    }
    let text = |text: &str| Some(text.to_owned());
    let project = |name: &str| Project { project_name: text(name), ..Project::default() };
    let endpoint = |id: &str, project: &str| Endpoint {
        id: text(id),
        name: text("chat"),
        project_name: text(project),
        ..Endpoint::default()
    };
    let names = Names {
        profile: text("work"),
        projects: ["search", "default", "assistant"].map(project).to_vec(),
        endpoints: vec![endpoint("ep-1", "default"), endpoint("ep-2", "search")],
        api_keys: vec![ApiKeyName { sid: text("apikey-1"), name: text("web") }],
    };
    store.remember(NUMBER, &names).unwrap();
    store
}

fn ask(request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, RespondError> {
    let store = store();
    let catalog = Catalog::read(&store, NUMBER).unwrap();
    respond(&store, &catalog, NUMBER, request)
}

fn call(query: &str, body: &Value) -> Value {
    let uri = format!("https://host/?Version=1&{query}");
    let request = Request::post(uri).body(body.to_string().into_bytes()).unwrap();
    let response = ask(&request).unwrap();
    serde_json::from_slice(response.body()).unwrap()
}

/// The values under a key of a list.
fn of(list: &Value, key: &str) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item[key].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn lists_have_the_order_of_the_service_and_pages() {
    let first = call("Action=ListProjects&Limit=2&Offset=0", &json!(null));
    assert_eq!(first["Result"]["Total"], 3);
    assert_eq!(of(&first["Result"]["Projects"], "ProjectName"), ["search", "default"]);
    let second = call("Action=ListProjects&Limit=2&Offset=2", &json!(null));
    assert_eq!(of(&second["Result"]["Projects"], "ProjectName"), ["assistant"]);
    let endpoints = |project: &str, page: u32| {
        let body = json!({"ProjectName": project, "PageNumber": page, "PageSize": 100});
        of(&call("Action=ListEndpoints", &body)["Result"]["Items"], "Id")
    };
    assert_eq!(endpoints("default", 1), ["ep-1"]);
    assert_eq!(endpoints("search", 1), ["ep-2"]);
    assert!(endpoints("default", 2).is_empty() && endpoints("other", 1).is_empty());
    let keys = call("Action=ListApiKeys", &json!({"PageNumber": 1, "PageSize": 100}));
    assert_eq!(of(&keys["Result"]["Items"], "Name"), ["web"]);
    let identity = call("Action=GetCallerIdentity", &json!(null));
    assert_eq!(identity["Result"]["AccountId"], 2_100_000_001_i64);
}

#[test]
fn an_action_without_usage_is_unknown_and_others_are_refused() {
    let known = call("Action=GetUsage", &json!(null));
    assert!(known["ResponseMetadata"]["Error"].is_null());
    let other = call("Action=GetInferenceUsage", &json!(null));
    assert_eq!(other["ResponseMetadata"]["Error"]["Code"], "InvalidActionOrVersion");
    let filtered = Request::post("https://host/?Action=ListEndpoints&Version=1");
    let filtered = filtered.body(br#"{"Filter":{"Ids":["ep-1"]}}"#.to_vec()).unwrap();
    assert!(matches!(ask(&filtered), Err(RespondError::Unsupported(_))));
}

fn usage(target: &Target, window: Window) -> Result<StoredLines, RespondError> {
    let part = RequestPart::new(target, window);
    let asked = RequestedUsage::new(&GetUsageAction, &part, Duration::from_hours(1));
    let mut request = Request::new(Vec::new());
    request.extensions_mut().insert(asked);
    Ok(ask(&request)?.extensions().get::<StoredLines>().unwrap().clone())
}

#[test]
fn days_of_another_site_are_sums_of_the_same_hours() {
    let hours = Window::new(Interval::Hour, DAY, DAY).unwrap();
    let midnight = DAY + 8 * HOUR;
    let days =
        Window::of_days(ServiceDays::Utc, Interval::Day, midnight, midnight + 24 * HOUR).unwrap();
    let target = Target::new(AccountId(0));
    let stored = usage(&target, days).unwrap();
    let points = &stored.lines[0].points;
    assert_eq!((points.len(), points[0].0, points[0].1.value), (1, midnight, 24));
    assert_eq!(stored.missing[0].time, midnight + 24 * HOUR..midnight + 48 * HOUR);
    assert_eq!(usage(&target, hours).unwrap().lines[0].points.len(), 1);
}

#[test]
fn several_endpoints_are_answered_each_and_one_that_was_never_asked_for_is_missing() {
    let ids = ["ep-1", "ep-2"].map(str::to_owned).to_vec();
    let target = Target { endpoint_ids: ids, ..Target::new(AccountId(0)) };
    let day = Window::new(Interval::Day, DAY, DAY).unwrap();
    let stored = usage(&target, day).unwrap();
    assert_eq!(stored.lines.len(), 1);
    assert_eq!(stored.lines[0].tags.get(Tags::ENDPOINT_ID), Some("ep-1"));
    assert_eq!(stored.lines[0].points[0].1.value, 24);
    let missing: Vec<_> = stored.missing.iter().map(|gap| gap.endpoint_id.as_deref()).collect();
    assert_eq!(missing, [Some("ep-2")]);
    let filtered = Target { scenes: vec!["Batch".into()], ..Target::new(AccountId(0)) };
    let error = usage(&filtered, day).unwrap_err();
    assert!(matches!(error, RespondError::NotKept(asked) if asked.target == filtered));
}
