//! Series are added to series of the same tag keys only; a whole beside its parts is the whole.

use ark_usage_model::{AccountId, Target};
use serde_json::json;

use crate::support::*;

#[test]
fn totals_are_right_however_the_service_tags() {
    let window = days(6);
    let names: Vec<_> = (0..5).map(|index| format!("ep-{index}")).collect();
    for tagging in [Tagging::Never, Tagging::WhenFiltered, Tagging::Always, Tagging::Both] {
        for target in [target(), endpoints(&names)] {
            for max_ids in [1, 2, 100] {
                let service = Service { tagging, ..Service::new(window, 5) };
                let run = Scenario::new(target.clone(), window, |exchange, _| {
                    Ok(service.answer(&exchange.request))
                })
                .options(|options| (options.max_ids, options.max_window_days) = (max_ids, 4))
                .run();
                for metric in ["PromptTokens", "CompletionTokens"] {
                    assert_eq!(
                        total(&run.report, metric),
                        Some(service.sum(metric)),
                        "{tagging:?} {max_ids} {target:?}"
                    );
                }
                assert!(run.report.coverage.complete);
            }
        }
    }
}

/// Answers with these lines, `(tags, value)`, for a single day.
fn lines(lines: &[(serde_json::Value, i64)]) -> impl Fn() -> http::Response<Vec<u8>> + use<> {
    let items: Vec<_> = lines
        .iter()
        .map(|(tags, value)| json!({"Tags": tags, "Values": [{"Timestamp": DAY0, "Value": value}]}))
        .collect();
    move || success(&json!({"UsageResults": [{"Name": "PromptTokens", "MetricItems": items}]}))
}

#[test]
fn fewest_keys_win_whatever_the_keys_are() {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let (a, b) = (tag("EndpointId", "a"), tag("EndpointId", "b"));
    let (batch, ordinary) = (tag("Scene", "Batch"), tag("Scene", "Ordinary"));
    let cases = [
        // Parts of parts.
        (
            vec![
                (json!([a]), 3),
                (json!([b]), 4),
                (json!([a, batch]), 1),
                (json!([a, ordinary]), 2),
            ],
            7,
        ),
        // Two ways to part the same whole: never added.
        (vec![(json!([a]), 3), (json!([b]), 4), (json!([batch]), 2), (json!([ordinary]), 5)], 7),
        // Unknown keys part like any other.
        (vec![(json!([tag("Colour", "red")]), 3), (json!([tag("Colour", "blue")]), 4)], 7),
        (vec![(json!([]), 7), (json!([tag("Colour", "red")]), 3)], 7),
    ];
    for (given, expected) in cases {
        let answer = lines(&given);
        let run = Scenario::new(target(), days(1), |_, _| Ok(answer())).run();
        assert_eq!(total(&run.report, "PromptTokens"), Some(expected), "{given:?}");
        assert_eq!(run.report.rows(i64::MAX).len(), given.len());
    }
}

/// Batches have a key that other usage has not; several of one scene are none of them parts.
#[test]
fn lines_that_differ_in_a_shared_key_are_added_whatever_else_they_have() {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let (batch, chat) = (tag("Scene", "Batch"), tag("Scene", "BatchChat"));
    let (first, second) = (tag("BatchJobId", "bi-1"), tag("BatchJobId", "bi-2"));
    let given = [
        (json!([tag("Scene", "Ordinary")]), 10),
        (json!([batch, first]), 2),
        (json!([batch, second]), 3),
        (json!([chat, first]), 4),
        (json!([chat, second, tag("Colour", "red")]), 5),
    ];
    let answer = lines(&given);
    let run = Scenario::new(target(), days(1), |_, _| Ok(answer())).run();
    assert_eq!(total(&run.report, "PromptTokens"), Some(24));
    assert_eq!(run.report.warnings, []);
}

#[test]
fn a_service_that_changes_its_mind_between_answers() {
    let window = days(2);
    let service = Service::new(window, 2);
    let run = Scenario::new(target(), window, |exchange, _| {
        let first = exchange.window.first() == DAY0;
        let tagging = if first { Tagging::Never } else { Tagging::Always };
        Ok(Service { tagging, ..service.clone() }.answer(&exchange.request))
    })
    .options(|options| options.max_window_days = 1)
    .run();
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
}

#[test]
fn accounts_and_projects_are_added() {
    let window = days(3);
    let service = Service::new(window, 2);
    let targets = [
        Target { project: Some("a".to_owned()), ..Target::new(AccountId(0)) },
        Target { project: Some("b".to_owned()), ..Target::new(AccountId(0)) },
        Target { project: Some("a".to_owned()), ..Target::new(AccountId(1)) },
    ];
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .targets(targets)
        .run();
    assert_eq!(total(&run.report, "PromptTokens"), Some(3 * service.sum("PromptTokens")));
    assert_eq!(run.report.totals(i64::MAX)[0].buckets.wanted, 9);
}

#[test]
fn sums_are_exact_beyond_64_bits() {
    let huge = [
        (json!([{"Key": "EndpointId", "Value": "a"}]), i64::MAX),
        (json!([{"Key": "EndpointId", "Value": "b"}]), i64::MAX),
    ];
    let answer = lines(&huge);
    let run = Scenario::new(target(), days(1), |_, _| Ok(answer())).run();
    assert_eq!(total(&run.report, "PromptTokens"), Some(2 * i128::from(i64::MAX)));
}

#[test]
fn a_sum_of_batches_beyond_64_bits_is_missing_not_wrong() {
    let answer = lines(&[(json!([]), i64::MAX)]);
    let run = Scenario::new(endpoints(["a", "b"]), days(1), |_, _| Ok(answer()))
        .options(|options| options.max_ids = 1)
        .run();
    assert_eq!(values(&run.report, "PromptTokens"), [(0, None)]);
    assert_eq!(warnings(&run.report), ["overflow"]);
}

#[test]
fn an_untagged_row_belongs_to_the_only_requested_key() {
    let answer = lines(&[(json!([]), 7)]);
    let one = Target {
        endpoint_ids: vec!["ep-a".to_owned()],
        scenes: vec![scene("Batch")],
        batch_job_id: Some("job".to_owned()),
        ..project("p")
    };
    let run = Scenario::new(one, days(1), |_, _| Ok(answer())).run();
    let row = &run.report.rows(i64::MAX)[0];
    assert_eq!(row.project.as_deref(), Some("p"));
    assert_eq!(row.endpoint_id.as_deref(), Some("ep-a"));
    assert_eq!(row.scene.as_deref(), Some("Batch"));
    assert_eq!(row.batch_job_id.as_deref(), Some("job"));
    assert_eq!(row.account_id, None);

    let two = Target { scenes: vec![scene("Batch"), scene("Ordinary")], ..endpoints(["a", "b"]) };
    let run = Scenario::new(two, days(1), |_, _| Ok(answer())).run();
    let row = &run.report.rows(i64::MAX)[0];
    assert_eq!((&row.project, &row.endpoint_id, &row.scene), (&None, &None, &None));
}

#[test]
fn known_tags_have_their_columns_and_unknown_ones_are_kept() {
    let tags = json!([
        {"Key": "EndpointId", "Value": "ep-a"}, {"Key": "AccountId", "Value": 2_100_000_001_i64},
        {"Key": "Scene", "Value": "Dreams"}, {"Key": "BatchJobId", "Value": "job"},
        {"Key": "Colour", "Value": "red"}, {"Extra": 1, "Key": "Size", "Value": null}]);
    let answer = lines(&[(tags, 7)]);
    let run = Scenario::new(target(), days(1), |_, _| Ok(answer())).run();
    let row = &run.report.rows(i64::MAX)[0];
    assert_eq!(row.endpoint_id.as_deref(), Some("ep-a"));
    assert_eq!(row.account_id.as_deref(), Some("2100000001"));
    assert_eq!(row.scene.as_deref(), Some("Dreams"));
    assert_eq!(row.batch_job_id.as_deref(), Some("job"));
    let other: Vec<_> = row.other.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(other, [("Colour", "red"), ("Size", "")]);
}

#[test]
fn series_that_may_overlap_are_marked() {
    let window = days(1);
    let job = json!([{"Key": "BatchJobId", "Value": "bi-1"}]);
    let told = |all: &[(serde_json::Value, i64)]| {
        let answer = lines(all);
        Scenario::new(target(), window, move |_, _| Ok(answer())).run().report
    };
    // Is the job's usage part of the 100? Nobody says.
    let unclear = told(&[(json!([]), 100), (job.clone(), 30)]);
    assert_eq!(warnings(&unclear), ["unclear_tags"]);
    assert_eq!(total(&unclear, "PromptTokens"), Some(100));
    // Here it is.
    let whole = told(&[(json!([]), 30), (job.clone(), 30)]);
    assert!(whole.warnings.is_empty());
    let scene = json!([{"Key": "BatchJobId", "Value": "bi-1"}, {"Key": "Scene", "Value": "Batch"}]);
    let nested = told(&[(json!([]), 100), (job, 70), (scene, 30)]);
    assert!(nested.warnings.is_empty());
}

#[test]
fn unclear_tags_give_one_warning_with_a_count() {
    for (n, end) in [(1, "used as the total"), (3, "used as the total (3 times in all)")] {
        let values = |value: i64| -> serde_json::Value {
            days(n).buckets().map(|start| json!({"Timestamp": start, "Value": value})).collect()
        };
        let job = json!([{"Key": "BatchJobId", "Value": "bi-1"}]);
        let answer = json!({"UsageResults": [{"Name": "PromptTokens", "MetricItems": [
            {"Values": values(100)}, {"Tags": job, "Values": values(30)}]}]});
        let run = Scenario::new(target(), days(n), |_, _| Ok(success(&answer))).run();
        assert_eq!(warnings(&run.report), ["unclear_tags"]);
        let message = &run.report.warnings[0].message;
        assert!(message.contains(&format!("of the default project at {DAY0};")), "{message}");
        assert!(message.ends_with(end), "{message}");
    }
}

#[test]
fn levels_that_add_up_are_clear_however_many_there_are() {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let told = |given: &[(serde_json::Value, i64)]| {
        let answer = lines(given);
        warnings(&Scenario::new(target(), days(1), |_, _| Ok(answer())).run().report)
    };
    let (a, b) = (tag("EndpointId", "a"), tag("EndpointId", "b"));
    let (batch, ordinary) = (tag("Scene", "Batch"), tag("Scene", "Ordinary"));
    // Parted in two ways.
    let both = [
        (json!([]), 7),
        (json!([a]), 3),
        (json!([b]), 4),
        (json!([batch]), 2),
        (json!([ordinary]), 5),
    ];
    assert!(told(&both).is_empty());
    let job = tag("BatchJobId", "bi-1");
    let three = [(json!([]), 100), (json!([job]), 30), (json!([job, batch]), 20)];
    assert_eq!(told(&three), ["unclear_tags"]);
}

#[test]
fn a_total_without_parts_is_clear() {
    let answer = json!({"UsageResults": [{"Name": "PromptTokens", "MetricItems": [
        {"Values": [{"Timestamp": DAY0, "Value": 7}, {"Timestamp": DAY0 + DAY, "Value": 9}]},
        {"Tags": [{"Key": "EndpointId", "Value": "a"}],
            "Values": [{"Timestamp": DAY0, "Value": 7}]}]}]});
    let run = Scenario::new(target(), days(2), |_, _| Ok(success(&answer))).run();
    assert!(run.report.warnings.is_empty(), "{:?}", run.report.warnings);
}

#[test]
fn tags_that_change_between_answers_hide_nothing() {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let (a, b, c) = (tag("EndpointId", "a"), tag("EndpointId", "b"), tag("EndpointId", "c"));
    let (new, batch) = (tag("Undocumented", "yes"), tag("Scene", "Batch"));
    let run = |given: &[(serde_json::Value, i64)]| {
        let answer = lines(given);
        Scenario::new(target(), days(1), |_, _| Ok(answer())).run().report
    };
    // Three batches of ids, each with other keys: what the first says of `a` is not the whole, not
    // even where it is 0 and some level adds up to as much.
    let told = [(json!([a]), 0), (json!([b, new]), 0), (json!([c, batch, new]), 7)];
    let report = run(&told);
    assert_eq!(total(&report, "PromptTokens"), Some(7));
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let by_endpoint = report.attribute(&["EndpointId"], i64::MAX).into_iter();
    let by_endpoint = by_endpoint.map(|share| (share.label.endpoint_id, share.cells[0].value));
    let expected = [("a", 0), ("b", 0), ("c", 7)];
    let expected = expected.map(|(id, value)| (Some(id.to_owned()), Some(value)));
    assert_eq!(by_endpoint.collect::<Vec<_>>(), expected);
    // A line that another one is a part of is not added.
    let parts = [(json!([a]), 3), (json!([b, new]), 4), (json!([a, new]), 3)];
    assert_eq!(total(&run(&parts), "PromptTokens"), Some(7));
    assert!(run(&parts).warnings.is_empty());
}

#[test]
fn nothing_is_no_proof_of_being_the_whole() {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let (a, batch) = (tag("EndpointId", "a"), tag("Scene", "Batch"));
    for told in [
        vec![(json!([]), 0), (json!([a]), 3)],
        vec![(json!([]), 0), (json!([a]), 0), (json!([batch]), 5)],
        vec![(json!([]), 1), (json!([a]), 1), (json!([batch]), 5)],
    ] {
        let answer = lines(&told);
        let run = Scenario::new(target(), days(1), |_, _| Ok(answer())).run();
        assert_eq!(warnings(&run.report), ["unclear_tags"], "{told:?}");
    }
}
