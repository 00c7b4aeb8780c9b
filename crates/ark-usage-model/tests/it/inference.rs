//! `GetInferenceUsage` through the machine: days, windows, groups and filters.

use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::{
    DimensionFilter, Interval, Metric, State, Tags, Target, Unit, UsageAction, UsageReport, Window,
};
use proptest::prelude::*;

use crate::support::inference::{METRICS, expected, read, table};
use crate::support::*;

static ACTION: GetInferenceUsageAction = GetInferenceUsageAction;

const TAGS: [&str; 4] =
    [Tags::ENDPOINT_ID, Tags::MODEL_NAME, Tags::API_KEY_ID, Tags::BILLING_STATUS];

fn by(keys: &[&str]) -> Target {
    let group = |key: &&str| DimensionFilter { key: (*key).to_owned(), values: Vec::new() };
    Target { filters: keys.iter().map(group).collect(), ..target() }
}

fn only(key: &str, values: &[&str]) -> DimensionFilter {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    DimensionFilter { key: key.to_owned(), values }
}

fn scenario<'a>(target: Target, window: Window) -> Scenario<'a> {
    Scenario {
        action: &ACTION,
        ..Scenario::new(target, window, |exchange, _| Ok(success(&table(&read(exchange)))))
    }
}

fn run(target: Target, window: Window) -> UsageReport {
    scenario(target, window).run().report
}

#[test]
fn windows_are_at_most_thirty_days_and_both_ends_are_included() {
    let run = scenario(target(), days(61)).run();
    let mut dates: Vec<(String, String)> = run
        .sent
        .iter()
        .map(|(_, exchange)| read(exchange))
        .map(|request| (request.start_time, request.end_time))
        .collect();
    dates.sort();
    let date = |(first, last): (&str, &str)| (first.to_owned(), last.to_owned());
    let expected_dates =
        [("2024-11-19", "2024-12-18"), ("2024-12-19", "2025-01-17"), ("2025-01-18", "2025-01-18")];
    assert_eq!(dates, expected_dates.map(date));
    assert!(run.report.coverage.complete && run.report.warnings.is_empty());
    for metric in METRICS {
        assert_eq!(total(&run.report, metric), Some(expected(days(61), metric, |_| true)));
    }
}

#[test]
fn hours_are_asked_for_by_whole_days_and_those_outside_are_dropped() {
    let window = Window::new(Interval::Hour, DAY0 + 5 * HOUR, DAY0 + 30 * HOUR).unwrap();
    let run = scenario(by(&[Tags::MODEL_NAME]), window).run();
    assert_eq!(run.sent.len(), 1);
    assert!(run.report.coverage.complete && run.report.warnings.is_empty(), "{:?}", run.report);
    let sum = total(&run.report, "InputTokens");
    assert_eq!(sum, Some(expected(window, "InputTokens", |_| true)));
}

#[test]
fn one_call_tells_usage_apart_by_several_keys() {
    let run = scenario(by(&TAGS), days(30)).run();
    assert_eq!(run.sent.len(), 1);
    let report = run.report;
    let shares = report.attribute(&[Tags::API_KEY_ID], i64::MAX);
    let mut names: Vec<_> = shares
        .iter()
        .filter(|share| share.metric.as_str() == "ReqCnt")
        .map(|share| share.label.api_key_id.clone().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["(none)", "apikey-1", "apikey-2"], "traffic without a key has a name");
}

#[test]
fn filters_of_different_kinds_are_anded_and_name_what_they_leave() {
    let target = Target {
        endpoint_ids: vec!["ep-1".to_owned(), "ep-2".to_owned()],
        filters: vec![only(Tags::API_KEY_ID, &["apikey-2"])],
        ..target()
    };
    let report = run(target, days(2));
    let counts = |traffic: &[&str; 4]| traffic[0] != "ep-3" && traffic[2] == "apikey-2";
    assert_eq!(total(&report, "ReqCnt"), Some(expected(days(2), "ReqCnt", counts)));
    let rows = report.rows(0);
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| row.api_key_id.as_deref() == Some("apikey-2")));
    let endpoints = report.attribute(&[Tags::ENDPOINT_ID], 0);
    assert!(!endpoints.is_empty());
    assert!(endpoints.iter().all(|share| share.label.endpoint_id.is_some()));
}

#[test]
fn a_filter_without_a_column_names_its_only_value() {
    let target = Target { filters: vec![only(Tags::MODEL_NAME, &["doubao-pro"])], ..target() };
    let without_column = |exchange: &ark_usage_model::Exchange, _| {
        let mut request = read(exchange);
        request.filters.clear();
        Ok(success(&table(&request)))
    };
    let scenario = Scenario { action: &ACTION, ..Scenario::new(target, days(1), without_column) };
    let rows = scenario.run().report.rows(0);
    assert!(!rows.is_empty() && rows.iter().all(|row| row.model.as_deref() == Some("doubao-pro")));
}

#[test]
fn totals_add_no_part_to_its_whole() {
    let report = run(target(), days(1));
    let totals = report.totals(0);
    let values = totals.iter().filter_map(|total| Some((&total.metric, total.value?)));
    let tokens = report.metrics.additive_total(&Unit::Tokens, values);
    assert_eq!(tokens, total(&report, "TotalTokens"), "video is in no other column");
    let metrics = ACTION.metrics();
    let units: Vec<_> =
        metrics.iter().map(|info| (info.name.as_str(), info.unit.name(), info.additive)).collect();
    let expected = [
        ("InputTokens", "tokens", true),
        ("CacheTokensHit", "tokens", true),
        ("OutputTokens", "tokens", true),
        ("TotalTokens", "tokens", true),
        ("ImageCount", "images", true),
        ("ReqCnt", "requests", true),
    ];
    assert_eq!(units, expected);
}

#[test]
fn a_running_day_settles_half_an_hour_after_its_end() {
    assert_eq!(ACTION.settle(), std::time::Duration::from_mins(30));
    let state = |after: i64| {
        let scenario = scenario(target(), days(1)).at(DAY0 + DAY + after);
        let settled = scenario.options(|options| options.settle = ACTION.settle());
        settled.run().report.rows(i64::MAX)[0].state
    };
    assert_eq!((state(29 * 60), state(31 * 60)), (State::Settling, State::Final));
}

#[test]
fn unknown_dimensions_are_refused_before_anything_is_sent() {
    let refused = |target: Target| {
        let base_url = "https://open.volcengineapi.com".parse().unwrap();
        let options = ark_usage_model::QueryOptions::default();
        let made = ark_usage_model::UsageQuery::with_action(
            &ACTION,
            vec![target],
            days(1),
            base_url,
            options,
        );
        made.unwrap_err().to_string()
    };
    assert_eq!(
        refused(by(&["ModelNam"])),
        "target 0 uses ModelNam, which GetInferenceUsage cannot filter or group by"
    );
    let batch = Target { scenes: vec![scene("Batch")], ..target() };
    assert!(refused(batch).contains("Scene"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However usage is grouped and split, the sums are the same.
    #[test]
    fn groupings_and_splits_have_the_same_sums(
        mask in 0_usize..16,
        hourly in any::<bool>(),
        first in 0_i64..40,
        len in 1_i64..60,
        piece in 1_u32..40,
        reversed in any::<bool>(),
    ) {
        let keys: Vec<&str> = TAGS.into_iter().enumerate()
            .filter(|(at, _)| mask & (1 << at) != 0).map(|(_, key)| key).collect();
        let interval = if hourly { Interval::Hour } else { Interval::Day };
        let seconds = interval.seconds();
        let start = DAY0 + first * seconds;
        let window = Window::new(interval, start, start + (len - 1) * seconds).unwrap();
        let mut scenario = scenario(by(&keys), window).options(|options| {
            options.max_window_days = piece;
            options.max_window_hours = piece * 24;
        });
        if reversed {
            scenario = scenario.reversed();
        }
        let report = scenario.run().report;
        prop_assert!(report.coverage.complete && report.warnings.is_empty());
        for metric in METRICS {
            let sum = expected(window, metric, |_| true);
            prop_assert_eq!(total(&report, metric), Some(sum));
        }
        for key in TAGS {
            let shares = report.attribute(&[key], i64::MAX);
            let cells = shares.iter().filter(|share| share.metric.as_str() == "InputTokens")
                .flat_map(|share| &share.cells);
            let sum: i128 = cells.filter_map(|cell| cell.value).sum();
            prop_assert_eq!(sum, expected(window, "InputTokens", |_| true));
        }
    }
}

/// The table without a column, as a service answers that counts a metric for some endpoints or projects only.
fn without(column: &str, mut table: serde_json::Value) -> serde_json::Value {
    let fields = table["Fields"].as_array_mut().unwrap();
    let at = fields.iter().position(|field| field["Name"] == column).unwrap();
    fields.remove(at);
    for row in table["Data"].as_array_mut().unwrap() {
        row.as_array_mut().unwrap().remove(at);
    }
    table
}

#[test]
fn a_column_for_some_endpoints_only_is_missing_for_the_others() {
    let endpoint_ids = vec!["ep-1".to_owned(), "ep-2".to_owned(), "ep-3".to_owned()];
    for lacks in ["ep-1", "ep-3"] {
        let target = Target { endpoint_ids: endpoint_ids.clone(), ..target() };
        let run = Scenario {
            action: &ACTION,
            ..Scenario::new(target, days(2), move |exchange, _| {
                let request = read(exchange);
                let answer = table(&request);
                let is_it =
                    request.filters.iter().any(|one| one.values.contains(&lacks.to_owned()));
                Ok(success(&if is_it { without("CacheTokensHit", answer) } else { answer }))
            })
        };
        let report = run.options(|options| options.max_ids = 1).run().report;
        let gaps: Vec<_> = report.coverage.missing.iter().map(|gap| gap.metric.clone()).collect();
        assert!(gaps.iter().flatten().any(|it| it.as_str() == "CacheTokensHit"), "{gaps:?}");
        assert!(gaps.iter().flatten().all(|it| it.as_str() == "CacheTokensHit"), "{gaps:?}");
        assert!(!report.coverage.complete);
        let input = expected(days(2), "InputTokens", |_| true);
        assert_eq!(total(&report, "InputTokens"), Some(input));
    }
}

#[test]
fn a_column_for_some_projects_only_is_missing_for_the_others() {
    let project = |name: &str| Target { project: Some(name.to_owned()), ..target() };
    let run = scenario(project("one"), days(2)).targets([project("one"), project("two")]);
    let run = Scenario {
        server: Box::new(|exchange, _| {
            let request = read(exchange);
            let answer = table(&request);
            let is_it = request.project_name.as_deref() == Some("two");
            Ok(success(&if is_it { without("ReqCnt", answer) } else { answer }))
        }),
        ..run
    };
    let missing = run.run().report.coverage.missing;
    let named = missing.iter().map(|gap| (gap.target.0, gap.metric.as_ref().map(Metric::as_str)));
    assert_eq!(named.collect::<Vec<_>>(), [(1, Some("ReqCnt"))]);
}
