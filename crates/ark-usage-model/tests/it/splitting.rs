//! Ranges and id lists are cut, and nothing else changes.

use std::collections::BTreeSet;

use ark_usage_model::{AccountId, QueryOptions, Target, UsageQuery};

use crate::support::*;

#[test]
fn a_window_is_cut_to_the_largest_allowed() {
    let window = days(70);
    let service = Service::new(window, 2);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)));
    let run = run.run();
    let lengths: Vec<_> = run.sent.iter().map(|(_, exchange)| exchange.window.len()).collect();
    assert_eq!(lengths, [31, 31, 8]);
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
    assert!(run.report.coverage.complete && !run.report.coverage.failed);
    assert_eq!(run.report.calls.len(), 3);
    assert!(run.report.calls.iter().all(|call| call.request_id.as_deref() == Some("ok-1")));
}

#[test]
fn hours_are_cut_to_weeks() {
    let window = hours(24 * 8);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)));
    let run = run.run();
    let lengths: Vec<_> = run.sent.iter().map(|(_, exchange)| exchange.window.len()).collect();
    assert_eq!(lengths, [168, 24]);
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
}

#[test]
fn the_bodies_ask_from_the_first_to_the_last_bucket() {
    let window = days(3);
    let service = Service::new(window, 1);
    let run =
        Scenario::new(project("p"), window, |exchange, _| Ok(service.answer(&exchange.request)))
            .options(|options| options.max_window_days = 2)
            .run();
    assert_eq!(
        run.bodies(),
        [
            serde_json::json!({"Interval": 86400, "StartTime": DAY0, "EndTime": DAY0 + DAY,
                "ProjectName": "p"}),
            serde_json::json!({"Interval": 86400, "StartTime": DAY0 + 2 * DAY,
                "EndTime": DAY0 + 2 * DAY, "ProjectName": "p"}),
        ]
    );
}

#[test]
fn every_part_requests_the_whole_target() {
    let target = Target {
        scenes: vec![scene("Batch"), scene("Dreams")],
        batch_job_id: Some("job".to_owned()),
        ..project("p")
    };
    let window = days(3);
    let service = Service::new(window, 1);
    let run = Scenario::new(target, window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.max_window_days = 1)
        .run();
    assert_eq!(run.sent.len(), 3);
    for body in run.bodies() {
        assert_eq!(body["ProjectName"], "p");
        assert_eq!(body["Scenes"], serde_json::json!(["Batch", "Dreams"]));
        assert_eq!(body["BatchJobId"], "job");
    }
}

#[test]
fn targets_are_kept_in_order_without_repeats() {
    let targets = [endpoints(["a", "b", "a"]), project("p")];
    let base_url = "https://open.volcengineapi.com".parse().unwrap();
    let query =
        UsageQuery::new(targets.to_vec(), days(1), base_url, QueryOptions::default()).unwrap();
    assert_eq!(query.targets(), [endpoints(["a", "b"]), project("p")]);
    assert_eq!(query.window(), days(1));
}

#[test]
fn id_lists_are_cut_within_each_window() {
    let window = days(4);
    let service = Service::new(window, 5);
    let ids = endpoints((0..5).map(|index| format!("ep-{index}")));
    let run = Scenario::new(ids, window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| (options.max_window_days, options.max_ids) = (2, 2))
        .run();
    let asked: Vec<_> = run
        .sent
        .iter()
        .map(|(_, exchange)| (exchange.window.first(), exchange.ids.clone()))
        .collect();
    let late = DAY0 + 2 * DAY;
    assert_eq!(
        asked,
        [(DAY0, 0..2), (DAY0, 2..4), (DAY0, 4..5), (late, 0..2), (late, 2..4), (late, 4..5)]
    );
    assert_eq!(run.bodies()[1]["EndpointIds"], serde_json::json!(["ep-2", "ep-3"]));
    assert_eq!(run.report.series.len(), 10);
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
}

#[test]
fn all_targets_move_through_time_together() {
    let window = days(3);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .targets([project("a"), project("b")])
        .options(|options| options.max_window_days = 1)
        .run();
    let order: Vec<_> = run
        .sent
        .iter()
        .map(|(_, exchange)| ((exchange.window.first() - DAY0) / DAY, exchange.target.0))
        .collect();
    assert_eq!(order, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]);
    let rows = run.report.rows(i64::MAX);
    let projects: BTreeSet<_> = rows.iter().map(|row| row.project.clone().unwrap()).collect();
    assert_eq!(projects, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
    assert!(rows.is_sorted_by_key(|row| (row.start, row.target)));
}

#[test]
fn rows_are_sorted_for_any_order_of_responses() {
    let window = days(20);
    let service = Service::new(window, 3);
    let run = |reversed: bool| {
        let scenario =
            Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
                .options(|options| options.max_window_days = 2);
        if reversed { scenario.reversed().run() } else { scenario.run() }
    };
    let (one, other) = (run(false), run(true));
    let plain = |run: &Run| {
        let rows = run.report.rows(i64::MAX);
        rows.into_iter().map(|row| (row.start, row.metric, row.value)).collect::<Vec<_>>()
    };
    assert_eq!(plain(&one), plain(&other));
    assert_eq!(one.report.calls.len(), other.report.calls.len());
}

#[test]
fn concurrency_is_per_account_and_bounded_in_all() {
    let window = days(40);
    let service = Service::new(window, 1);
    let accounts =
        |n: u32| (0..n).map(|account| Target::new(AccountId(account))).collect::<Vec<_>>();
    let run = |n: u32, most: u32| {
        Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
            .targets(accounts(n))
            .options(|options| {
                options.max_window_days = 1;
                options.max_in_flight = most;
            })
            .run()
    };
    assert_eq!(run(1, 64).most_out, 4);
    assert_eq!(run(3, 64).most_out, 12);
    let bounded = run(3, 5);
    assert_eq!(bounded.most_out, 5);
    // All accounts get their turn within the bound.
    let first: BTreeSet<_> = bounded.sent.iter().take(5).map(|(_, one)| one.account).collect();
    assert_eq!(first.len(), 3);
}

#[test]
fn future_buckets_are_not_requested() {
    let window = days(10);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .at(DAY0 + 2 * DAY + 100)
        .run();
    assert_eq!(run.bodies()[0]["EndTime"], DAY0 + 2 * DAY);
    assert_eq!(run.sent.len(), 1);
    let coverage = &run.report.coverage;
    assert!(!coverage.complete && !coverage.failed);
    assert_eq!(coverage.missing[0].reason, ark_usage_model::GapReason::NotBegun);
    assert_eq!(coverage.missing[0].start, DAY0 + 3 * DAY);
    assert_eq!(coverage.missing[0].end, DAY0 + 10 * DAY);
}

#[test]
fn a_query_ends_when_only_what_has_not_begun_is_left() {
    let window = days(10);
    let service = Service::new(window, 1);
    for (now, sent) in [(DAY0 - 1, 0), (DAY0, 1), (DAY0 + 2 * DAY + 100, 3)] {
        let run =
            Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
                .at(now)
                .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
                .run();
        assert_eq!(run.sent.len(), sent);
        assert!(!run.report.coverage.complete && !run.report.coverage.failed);
    }
}
