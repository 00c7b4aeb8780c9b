//! The emulator and the client's own types understand each other.

use crate::common::{SAMPLE_NOW, at, demo, sign};
use ark_usage_emulator::{Emulator, EmulatorOptions};
use ark_usage_model::{GetUsage, Interval};
use volc_openapi::{Action, BaseUrl, ResponseError};

const DAY: i64 = 1_731_945_600;

#[test]
fn a_request_of_the_model_gets_an_answer_of_the_model() {
    let base_url: BaseUrl = "http://127.0.0.1:8080".parse().unwrap();
    for behaviors in ["", "values=string", "tags=both,order=unsorted"] {
        let behaviors = behaviors.parse().unwrap();
        let emulator = Emulator::new(EmulatorOptions { behaviors, ..EmulatorOptions::default() });
        let action = GetUsage::new(Interval::Day, DAY, DAY);
        let mut request = action.to_http(&base_url).unwrap();
        sign(&mut request, demo(), GetUsage::SERVICE, SAMPLE_NOW);
        let answer = GetUsage::from_http(&emulator.handle(&request, at(SAMPLE_NOW))).unwrap();
        let prompt = &answer.result.usage_results[0];
        assert_eq!(prompt.name, "PromptTokens");
        assert_eq!(prompt.metric_items[0].values[0].value, 1_529_525_715);
        assert_eq!(answer.metadata.action.as_deref(), Some("GetUsage"));
    }
}

#[test]
fn a_refusal_is_an_api_error() {
    let base_url: BaseUrl = "http://127.0.0.1:8080".parse().unwrap();
    let emulator = Emulator::new(EmulatorOptions::default());
    let action = GetUsage {
        project_name: Some("nope".to_owned()),
        ..GetUsage::new(Interval::Hour, DAY, DAY)
    };
    let mut request = action.to_http(&base_url).unwrap();
    sign(&mut request, demo(), GetUsage::SERVICE, SAMPLE_NOW);
    let refusal = GetUsage::from_http(&emulator.handle(&request, at(SAMPLE_NOW)));
    let Err(ResponseError::Api(error)) = refusal else { panic!("{refusal:?}") };
    assert_eq!((error.status.as_u16(), error.code.as_str()), (404, "NotFound.ProjectName"));
}
