//! Days are the sum of their hours, the whole is the sum of its endpoints and of its scenes, for
//! any seed, account size, range and instant.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use crate::common::{call, items, total, values};
use ark_usage_emulator::{CatalogueSize, Emulator, EmulatorOptions};
use proptest::prelude::*;
use serde_json::{Value, json};

const DAY: i64 = 86_400;
const HOUR: i64 = 3600;
/// A midnight at UTC+8.
const MIDNIGHT: i64 = 1_731_945_600;
const METRICS: [&str; 2] = ["PromptTokens", "CompletionTokens"];

fn ask(emulator: &Emulator, now: i64, body: &Value) -> Value {
    let (status, answer) = call(emulator, "ark", "GetUsage", body, now);
    assert_eq!(status, 200, "{answer}");
    answer
}

fn ids(emulator: &Emulator, project: &str, now: i64) -> Vec<String> {
    let body = json!({"ProjectName": project, "PageSize": 100});
    let (_, listed) = call(emulator, "ark", "ListEndpoints", &body, now);
    let items = listed["Result"]["Items"].as_array().unwrap();
    items.iter().map(|item| item["Id"].as_str().unwrap().to_owned()).collect()
}

/// Values of all items by timestamp.
fn by_time(answer: &Value, metric: &str) -> BTreeMap<i64, i64> {
    let mut sums = BTreeMap::new();
    for (timestamp, value) in items(answer, metric).iter().flat_map(values) {
        *sums.entry(timestamp).or_insert(0) += value;
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn everything_adds_up(
        seed: u64,
        endpoints in 1_usize..7,
        project in prop::sample::select(vec!["default", "search", "assistant"]),
        start in -900_i64..900,
        days in 1_i64..6,
        // Within the range, and after it.
        now in 0_i64..8 * DAY,
    ) {
        let size = CatalogueSize { projects: 3, endpoints };
        let emulator = Emulator::new(EmulatorOptions { seed, size, ..EmulatorOptions::default() });
        let first = MIDNIGHT + start * DAY;
        let now = first + now;
        let range = |interval: i64| json!({
            "Interval": interval,
            "StartTime": first,
            "EndTime": first + days * DAY - interval,
            "ProjectName": project,
        });
        let by_day = ask(&emulator, now, &range(DAY));
        let by_hour = ask(&emulator, now, &range(HOUR));
        let mut by_id = range(HOUR);
        by_id["EndpointIds"] = json!(ids(&emulator, project, now));
        let by_id = ask(&emulator, now, &by_id);
        let by_scene = ["Ordinary", "Batch", "BatchChat"].map(|scene| {
            let mut body = range(DAY);
            body["Scenes"] = json!([scene]);
            ask(&emulator, now, &body)
        });
        for metric in METRICS {
            let hours = by_time(&by_hour, metric);
            let mut days_of_hours = BTreeMap::new();
            for (timestamp, value) in &hours {
                *days_of_hours.entry(timestamp - (timestamp - first) % DAY).or_insert(0) += value;
            }
            prop_assert_eq!(&by_time(&by_day, metric), &days_of_hours);
            prop_assert_eq!(&by_time(&by_id, metric), &hours);
            let scenes: i64 = by_scene.iter().map(|answer| total(answer, metric)).sum();
            prop_assert_eq!(scenes, total(&by_day, metric));
            // Nothing of the future.
            prop_assert!(hours.keys().all(|hour| *hour <= now));
            prop_assert!(hours.values().all(|value| *value >= 0));
        }
    }

    #[test]
    fn the_running_hour_grows_until_it_is_whole(seed: u64, hour in 0_i64..20_000) {
        let emulator = Emulator::new(EmulatorOptions { seed, ..EmulatorOptions::default() });
        let start = MIDNIGHT - 10_000 * HOUR + hour * HOUR;
        let body = json!({"Interval": HOUR, "StartTime": start, "EndTime": start});
        let at = |now| total(&ask(&emulator, now, &body), "PromptTokens");
        let seen = [0, 1, 600, 1799, 1800, 3599, 3600, 3601, 900_000].map(|after| at(start + after));
        prop_assert_eq!(seen[0], 0);
        prop_assert!(seen.is_sorted(), "{seen:?}");
        prop_assert_eq!(seen[6], seen[8]);
        // Half of the hour is half of the tokens, but for the rounding of each source.
        prop_assert!((seen[6] - 2 * seen[4]).abs() < 40, "{seen:?}");
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let body = json!({"Interval": HOUR, "StartTime": MIDNIGHT, "EndTime": MIDNIGHT + 30 * HOUR});
    let now = MIDNIGHT + 40 * HOUR;
    let answers = [(); 2].map(|()| {
        let emulator = Emulator::new(EmulatorOptions::default());
        ask(&emulator, now, &body)
    });
    assert_eq!(answers[0], answers[1]);
    let other = Emulator::new(EmulatorOptions { seed: 8, ..EmulatorOptions::default() });
    assert_ne!(answers[0]["Result"], ask(&other, now, &body)["Result"]);
}

#[test]
fn working_days_are_busier_than_weekends_and_days_than_nights() {
    let emulator = Emulator::new(EmulatorOptions::default());
    // 2024-11-25 is a Monday.
    let monday = MIDNIGHT + 6 * DAY;
    let now = monday + 30 * DAY;
    let week = json!({"Interval": DAY, "StartTime": monday, "EndTime": monday + 6 * DAY});
    let days: Vec<i64> =
        by_time(&ask(&emulator, now, &week), "PromptTokens").into_values().collect();
    assert!(days[..5].iter().min() > days[5..].iter().max(), "{days:?}");

    let hours = json!({"Interval": HOUR, "StartTime": monday, "EndTime": monday + 23 * HOUR,
        "Scenes": ["Ordinary"]});
    let hours: Vec<i64> =
        by_time(&ask(&emulator, now, &hours), "PromptTokens").into_values().collect();
    assert!(hours[..7].iter().max() < hours[9..12].iter().min(), "{hours:?}");
}

#[test]
fn some_endpoints_sleep_at_night() {
    let emulator = Emulator::new(EmulatorOptions::default());
    let now = MIDNIGHT + 90 * DAY;
    let mut silent = 0;
    for id in ids(&emulator, "default", now) {
        let start = MIDNIGHT + 7 * DAY;
        let body = json!({"Interval": HOUR, "StartTime": start, "EndTime": start + 23 * HOUR,
            "EndpointIds": [id]});
        let answer = ask(&emulator, now, &body);
        silent +=
            items(&answer, "PromptTokens").iter().flat_map(values).filter(|(_, v)| *v == 0).count();
    }
    assert!(silent > 8, "{silent}");
}

#[test]
fn a_batch_job_is_part_of_its_scene() {
    let emulator = Emulator::new(EmulatorOptions {
        behaviors: "tags=always,tag-keys=Scene+BatchJobId".parse().unwrap(),
        ..EmulatorOptions::default()
    });
    let now = MIDNIGHT + 90 * DAY;
    let body = json!({"Interval": DAY, "StartTime": MIDNIGHT, "EndTime": MIDNIGHT + 6 * DAY});
    let whole = ask(&emulator, now, &body);
    let mut jobs = 0;
    for item in items(&whole, "PromptTokens") {
        let tags = item["Tags"].as_array().unwrap();
        let tag = |key: &str| tags.iter().find(|tag| tag["Key"] == key).map(|tag| &tag["Value"]);
        let scene = tag("Scene").unwrap();
        let Some(job) = tag("BatchJobId") else {
            assert_eq!(scene, "Ordinary");
            continue;
        };
        let mut by_job = body.clone();
        by_job["BatchJobId"] = job.clone();
        assert_eq!(
            items(&ask(&emulator, now, &by_job), "PromptTokens"),
            std::slice::from_ref(item)
        );
        // A job of another scene has no usage in this one.
        by_job["Scenes"] = json!(["Ordinary"]);
        assert_eq!(total(&ask(&emulator, now, &by_job), "PromptTokens"), 0);
        jobs += 1;
    }
    assert!(jobs >= 3, "{jobs}");
}

#[test]
fn accounts_differ_and_two_keys_of_one_account_do_not() {
    use ark_usage_emulator::Account;
    use volc_sign::Credentials;
    let key =
        |n: u64| Credentials::new(format!("AKLTEXAMPLE{n:022}"), "fake-secret-for-tests-only-0001");
    let accounts =
        vec![Account::new(key(1), 21), Account::new(key(2), 21), Account::new(key(3), 22)];
    let emulator = Emulator::new(EmulatorOptions { accounts, ..EmulatorOptions::default() });
    let now = MIDNIGHT + 90 * DAY;
    let body = json!({"Interval": DAY, "StartTime": MIDNIGHT + DAY, "EndTime": MIDNIGHT + DAY});
    let [one, two, three] = [1, 2, 3].map(|n| {
        let mut request = crate::common::request("ark", "GetUsage", &body);
        crate::common::sign(&mut request, key(n), "ark", now);
        crate::common::json(&emulator.handle(&request, crate::common::at(now))).1
    });
    assert_eq!(one["Result"], two["Result"]);
    assert_ne!(one["Result"], three["Result"]);
}
