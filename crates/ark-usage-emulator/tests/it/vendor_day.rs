//! The vendor's own page as input.

use crate::common::{SAMPLE_NOW, call, items, total};
use ark_usage_emulator::{Emulator, EmulatorOptions};
use serde_json::json;

const DAY: i64 = 1_731_945_600;

/// Emulators of several seeds and sizes.
fn emulators() -> Vec<Emulator> {
    [0, 1, 7, 20_241_119, u64::MAX]
        .into_iter()
        .map(|seed| Emulator::new(EmulatorOptions { seed, ..EmulatorOptions::default() }))
        .collect()
}

#[test]
fn the_documented_request_gets_the_documented_answer() {
    for emulator in emulators() {
        // At the instant of the sample, at the end of the day, years later.
        for now in [SAMPLE_NOW, DAY + 86_400, DAY + 70_000_000] {
            let (status, body) = call(
                &emulator,
                "ark_stg",
                "GetUsage",
                &json!({"Interval": 86400, "StartTime": DAY, "EndTime": DAY, "ProjectName": "default"}),
                now,
            );
            assert_eq!(status, 200);
            assert_eq!(
                body["Result"],
                json!({"UsageResults": [
                    {"Name": "PromptTokens", "MetricItems": [
                        {"Values": [{"Timestamp": DAY, "Value": 1_529_525_715_i64}]}]},
                    {"Name": "CompletionTokens", "MetricItems": [
                        {"Values": [{"Timestamp": DAY, "Value": 40_207_324}]}]},
                ]})
            );
            let metadata = &body["ResponseMetadata"];
            assert_eq!(metadata["Action"], "GetUsage");
            assert_eq!(metadata["Version"], "2024-01-01");
            assert_eq!(metadata["Service"], "ark_stg");
            assert_eq!(metadata["Region"], "cn-beijing");
            assert_eq!(metadata["RequestId"].as_str().unwrap().len(), 32);
        }
    }
}

#[test]
fn its_hours_endpoints_and_scenes_add_up() {
    for emulator in emulators() {
        let ask = |mut body: serde_json::Value| {
            body["StartTime"] = DAY.into();
            let (status, answer) = call(&emulator, "ark", "GetUsage", &body, SAMPLE_NOW);
            assert_eq!(status, 200, "{answer}");
            answer
        };
        let both = |answer: &serde_json::Value| {
            (total(answer, "PromptTokens"), total(answer, "CompletionTokens"))
        };
        let documented = (1_529_525_715, 40_207_324);

        let hours = ask(json!({"Interval": 3600, "EndTime": DAY + 23 * 3600}));
        assert_eq!(both(&hours), documented);

        let (_, listed) = call(&emulator, "ark", "ListEndpoints", &json!({}), SAMPLE_NOW);
        let ids: Vec<_> =
            listed["Result"]["Items"].as_array().unwrap().iter().map(|item| &item["Id"]).collect();
        let endpoints = ask(json!({"Interval": 86400, "EndTime": DAY, "EndpointIds": ids}));
        assert_eq!(items(&endpoints, "PromptTokens").len(), ids.len());
        assert_eq!(both(&endpoints), documented);

        let scenes: Vec<_> = ["Ordinary", "Batch", "BatchChat"]
            .map(|scene| both(&ask(json!({"Interval": 86400, "EndTime": DAY, "Scenes": [scene]}))))
            .to_vec();
        let sum = scenes.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        assert_eq!(sum, documented);
        assert!(scenes.iter().all(|(prompt, _)| *prompt > 0), "{scenes:?}");
    }
}
