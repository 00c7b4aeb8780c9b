//! The vendor's documented samples.

use ark_usage_model::get_usage::GetUsage;
use ark_usage_model::{Interval, Metric, State};
use serde_json::Value;
use volc_openapi::Action;

use crate::support::*;

const DAY_REQUEST: &str = include_str!("../fixtures/day-sample.request.json");
const DAY_RESPONSE: &str = include_str!("../fixtures/day-sample.response.json");
const HOUR_REQUEST: &str = include_str!("../fixtures/hour-sample.request.json");
const HOUR_RESPONSE: &str = include_str!("../fixtures/hour-sample.response.json");

#[test]
fn both_responses_decode_encode_and_compare_equal() {
    for sample in [DAY_RESPONSE, HOUR_RESPONSE] {
        let answer = GetUsage::from_http(&http::Response::new(sample)).unwrap();
        let again = serde_json::to_value(&answer).unwrap();
        assert_eq!(again, serde_json::from_str::<Value>(sample).unwrap());
    }
}

#[test]
fn both_requests_are_written_with_the_same_keys_in_the_same_order() {
    let day = GetUsage {
        project_name: Some("default".to_owned()),
        ..GetUsage::new(Interval::Day, DAY0, DAY0)
    };
    let request = day.to_http(&"https://open.volcengineapi.com".parse().unwrap()).unwrap();
    let body = std::str::from_utf8(request.body()).unwrap();
    let squeezed: String = DAY_REQUEST.chars().filter(|c| !c.is_whitespace()).collect();
    assert_eq!(body, squeezed);
    assert_eq!(request.uri(), "https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01");
    let names: Vec<_> = request.headers().keys().map(http::HeaderName::as_str).collect();
    assert_eq!(names, ["host", "content-type"]);
    assert_eq!(request.headers()["content-type"], "application/json; charset=UTF-8");
    assert_eq!(request.method(), http::Method::POST);

    let hour: GetUsage = serde_json::from_str(HOUR_REQUEST).unwrap();
    assert_eq!(hour, GetUsage::new(Interval::Hour, DAY0, DAY0));
    let again = serde_json::to_value(&hour).unwrap();
    assert_eq!(again, serde_json::from_str::<Value>(HOUR_REQUEST).unwrap());
}

#[test]
fn every_parameter_has_its_place() {
    let all = GetUsage {
        project_name: Some("p".to_owned()),
        endpoint_ids: vec!["ep-1".to_owned()],
        scenes: vec![ark_usage_model::Scene::ORDINARY, scene("Dreams")],
        batch_job_id: Some("job".to_owned()),
        ..GetUsage::new(Interval::Hour, 1, 2)
    };
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(
        text,
        r#"{"Interval":3600,"StartTime":1,"EndTime":2,"ProjectName":"p","EndpointIds":["ep-1"],"Scenes":["Ordinary","Dreams"],"BatchJobId":"job"}"#
    );
    assert_eq!(serde_json::from_str::<GetUsage>(&text).unwrap(), all);
}

#[test]
fn the_day_sample_through_the_machine() {
    let body = DAY_RESPONSE.as_bytes().to_vec();
    let run =
        Scenario::new(project("default"), days(1), |_, _| Ok(http::Response::new(body.clone())))
            .run();
    let rows = run.report.rows(i64::MAX);
    let facts: Vec<_> =
        rows.iter().map(|row| (row.metric.as_str(), row.value, row.state)).collect();
    assert_eq!(
        facts,
        [
            ("CompletionTokens", Some(40_207_324), State::Final),
            ("PromptTokens", Some(1_529_525_715), State::Final)
        ]
    );
    assert_eq!(run.report.series[1].metric, Metric::PROMPT_TOKENS);
    let id = run.report.calls[0].request_id.as_deref();
    assert_eq!(id, Some("20241119190556E244C5F755CB355E6405"));
}

#[test]
fn the_hour_sample_is_an_end_label_or_the_next_hour() {
    let body = HOUR_RESPONSE.as_bytes().to_vec();
    let run = |labels| {
        Scenario::new(target(), hours(1), |_, _| Ok(http::Response::new(body.clone())))
            .options(|options| options.hour_labels = labels)
            .run()
    };
    let ends = run(ark_usage_model::HourLabels::End);
    assert_eq!(values(&ends.report, "PromptTokens"), [(0, Some(20_826_827))]);
    assert_eq!(ends.report.rows(i64::MAX)[0].endpoint_id.as_deref(), Some("test-ep-id"));
    // Read as a start, it is an hour nobody asked for: dropped, not counted where it is not.
    let starts = run(ark_usage_model::HourLabels::Start);
    assert!(starts.report.rows(i64::MAX).iter().all(|row| row.value.is_none()));
}

#[test]
fn typed_answers_are_lenient_where_it_cannot_hurt() {
    let read = |result: &str| {
        let body = format!(r#"{{"ResponseMetadata":{{}},"Result":{result}}}"#);
        GetUsage::from_http(&http::Response::new(body))
    };
    assert!(read("null").unwrap().result.usage_results.is_empty());
    let odd = read(
        r#"{"UsageResults":[{"Name":"X","MetricItems":[{"Tags":[{"Key":"AccountId","Value":7}],
            "Values":[{"Timestamp":"1","Value":"2"},{"Timestamp":3},{"Value":null,"Timestamp":4}]}]}]}"#,
    )
    .unwrap();
    let item = &odd.result.usage_results[0].metric_items[0];
    assert_eq!(item.tags[0].value, "7");
    assert_eq!(item.values.len(), 1);
    assert_eq!((item.values[0].timestamp, item.values[0].value), (1, 2));
    let inexact =
        r#"{"UsageResults":[{"MetricItems":[{"Values":[{"Timestamp":1,"Value":1.5}]}]}]}"#;
    assert!(read(inexact).is_err());
}
