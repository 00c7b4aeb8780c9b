//! Buckets that are not in a response are missing, never 0, and listed.

use ark_usage_model::{GapReason, Metric, Scene, State};
use serde_json::json;

use volc_openapi::TransportFailure;

use crate::support::*;

#[test]
fn an_unreturned_bucket_is_missing_not_zero() {
    let window = days(5);
    let service = Service::new(window, 1).without(DAY0 + 2 * DAY);
    let run =
        Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request))).run();
    let rows = run.report.rows(i64::MAX);
    assert_eq!(rows.len(), 10);
    let missing: Vec<_> = rows.iter().filter(|row| row.state == State::Missing).collect();
    assert_eq!(missing.len(), 2);
    assert!(missing.iter().all(|row| row.value.is_none() && row.fetched_at.is_none()));
    let total = &run.report.totals(i64::MAX)[1];
    assert_eq!(total.metric.as_str(), "PromptTokens");
    assert_eq!(total.value, Some(service.sum("PromptTokens")));
    assert_eq!(total.state, State::Missing);
    assert_eq!((total.buckets.wanted, total.buckets.received), (5, 4));
    let coverage = &run.report.coverage;
    assert!(!coverage.complete && !coverage.failed);
    assert_eq!(coverage.missing.len(), 2);
    assert!(coverage.missing.iter().all(|gap| gap.reason == GapReason::NotReturned
        && gap.metric.is_some()
        && gap.start == DAY0 + 2 * DAY
        && gap.end == DAY0 + 3 * DAY));
}

#[test]
fn a_returned_zero_is_a_zero() {
    let answer = json!({"UsageResults": [{"Name": "PromptTokens", "MetricItems": [
        {"Values": [{"Timestamp": DAY0, "Value": 0}]}]}]});
    let run = Scenario::new(target(), days(1), |_, _| Ok(success(&answer))).run();
    let row = &run.report.rows(i64::MAX)[0];
    assert_eq!((row.value, row.state), (Some(0), State::Final));
    assert!(run.report.coverage.complete);
}

#[test]
fn young_buckets_are_settling() {
    let window = days(3);
    let service = Service::new(window, 1);
    let now = DAY0 + 2 * DAY + 1_800;
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .at(now)
        .run();
    let states: Vec<_> = run.report.rows(now).iter().step_by(2).map(|row| row.state).collect();
    // Yesterday ended half an hour ago, today is running.
    assert_eq!(states, [State::Final, State::Settling, State::Settling]);
    // It is the time of the answer that counts, not that of the report.
    assert_eq!(run.report.rows(i64::MAX)[5].state, State::Settling);
    let total = &run.report.totals(now)[0];
    assert_eq!((total.state, total.buckets.settling), (State::Settling, 2));
    assert_eq!(run.report.rows(now)[0].fetched_at, Some(now));
    assert!(run.report.coverage.complete);
}

#[test]
fn a_bucket_settles_exactly_when_it_is_old_enough() {
    let window = days(1);
    let service = Service::new(window, 1);
    let state = |unix: i64| {
        let run =
            Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
                .at(unix)
                .run();
        run.report.rows(i64::MAX)[0].state
    };
    assert_eq!(state(DAY0 + DAY + 3_599), State::Settling);
    assert_eq!(state(DAY0 + DAY + 3_600), State::Final);
}

#[test]
fn a_target_without_data_is_listed_alone() {
    let window = days(2);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.target.0 == 0 {
            service.answer(&exchange.request)
        } else {
            success(&serde_json::Value::Null)
        })
    })
    .targets([project("busy"), project("idle")])
    .run();
    assert_eq!(run.report.rows(i64::MAX).len(), 4);
    let coverage = &run.report.coverage;
    assert_eq!(coverage.missing.len(), 1);
    assert_eq!((coverage.missing[0].target.0, &coverage.missing[0].metric), (1, &None));
    assert!(!coverage.complete && !coverage.failed);
    assert_eq!(run.report.totals(i64::MAX)[0].state, State::Final);
}

#[test]
fn an_endpoint_without_data_is_listed() {
    let window = days(2);
    let service = Service::new(window, 2);
    for max_ids in [1, 2] {
        let run = Scenario::new(endpoints(["ep-0", "ep-1", "ep-silent"]), window, |exchange, _| {
            Ok(service.answer(&exchange.request))
        })
        .options(|options| options.max_ids = max_ids)
        .run();
        let coverage = &run.report.coverage;
        assert!(!coverage.complete && !coverage.failed);
        let gap = &coverage.missing[0];
        assert_eq!((coverage.missing.len(), &gap.metric, gap.ids.clone()), (1, &None, 2..3));
        assert_eq!((gap.start, gap.end), (window.first(), window.end()));
    }
}

#[test]
fn an_endpoint_inside_a_sum_is_not_listed() {
    let window = days(2);
    let service = Service { tagging: Tagging::Both, ..Service::new(window, 2) };
    let run = Scenario::new(endpoints(["ep-0", "ep-1", "ep-silent"]), window, |exchange, _| {
        Ok(service.answer(&exchange.request))
    })
    .run();
    assert!(run.report.coverage.complete, "{:?}", run.report.coverage);
}

#[test]
fn a_failed_target_spoils_the_total_although_it_has_no_series() {
    let window = days(2);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.target.0 == 0 {
            service.answer(&exchange.request)
        } else {
            refuse(500, "InternalError")
        })
    })
    .targets([project("busy"), project("broken")])
    .run();
    let total = &run.report.totals(i64::MAX)[0];
    assert_eq!(total.state, State::Missing);
    assert_eq!((total.buckets.wanted, total.buckets.received), (4, 2));
}

#[test]
fn a_failed_batch_of_ids_spoils_the_sum_it_would_have_added_to() {
    let window = days(2);
    for tagging in [Tagging::Never, Tagging::Always] {
        let service = Service { tagging, ..Service::new(window, 4) };
        let names: Vec<_> = (0..4).map(|index| format!("ep-{index}")).collect();
        let run = Scenario::new(endpoints(names), window, |exchange, _| {
            Ok(if exchange.ids.start == 2 {
                refuse(500, "InternalError")
            } else {
                service.answer(&exchange.request)
            })
        })
        .options(|options| options.max_ids = 2)
        .run();
        let total = &run.report.totals(i64::MAX)[0];
        assert_eq!(total.state, State::Missing, "{tagging:?}");
        if tagging == Tagging::Never {
            // The sum over all four ids is not known.
            assert!(values(&run.report, "PromptTokens").iter().all(|(_, value)| value.is_none()));
        }
        assert_eq!(run.report.coverage.missing[0].ids, 2..4);
    }
}

#[test]
fn a_batch_without_a_bucket_is_marked() {
    let window = days(2);
    let mut service = Service { tagging: Tagging::Never, ..Service::new(window, 2) };
    service.data.retain(|(start, _, endpoint), _| *start != DAY0 || endpoint != "ep-1");
    let run = Scenario::new(endpoints(["ep-0", "ep-1"]), window, |exchange, _| {
        Ok(service.answer(&exchange.request))
    })
    .options(|options| options.max_ids = 1)
    .run();
    // As the service itself would have summed it; but it is said.
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
    assert_eq!(warnings(&run.report), ["partial_sum"]);
    assert!(!run.report.coverage.complete);
    assert_eq!(run.report.coverage.missing[0].start, DAY0);
}

#[test]
fn future_buckets_differ_from_unreturned_ones() {
    let window = days(5);
    let running = DAY0 + 2 * DAY;
    let service = Service::new(window, 1).without(running);
    // A bucket that begins this second has begun.
    for now in [running, running + 100] {
        let run =
            Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
                .at(now)
                .run();
        let told = run.report.coverage.missing.iter();
        let told: Vec<_> = told
            .filter(|gap| gap.metric == Some(Metric::PROMPT_TOKENS))
            .map(|gap| ((gap.start - DAY0) / DAY, (gap.end - DAY0) / DAY, gap.reason.clone()))
            .collect();
        assert_eq!(told, [(2, 3, GapReason::NotReturned), (3, 5, GapReason::NotBegun)]);
    }
}

/// Of three endpoints the first fails for a day, the second lacks that day, the third always fails.
#[test]
fn a_failed_call_of_an_endpoint_is_reported_once() {
    let window = days(3);
    let day = DAY0 + DAY;
    let mut service = Service::new(window, 3);
    service.data.retain(|(start, _, endpoint), _| *start != day || endpoint != "ep-1");
    let run = Scenario::new(endpoints(["ep-0", "ep-1", "ep-2"]), window, |exchange, _| {
        let id = exchange.ids.start;
        Ok(if id == 2 || (id == 0 && exchange.window.first() == day) {
            refuse(418, "Teapot")
        } else {
            service.answer(&exchange.request)
        })
    })
    .options(|options| (options.max_window_days, options.max_ids) = (1, 1))
    .run();
    let missing = &run.report.coverage.missing;
    let (failed, absent): (Vec<_>, Vec<_>) =
        missing.iter().partition(|gap| matches!(gap.reason, GapReason::CallFailed(_)));
    let failed: Vec<_> = failed.iter().map(|gap| (gap.ids.start, gap.start)).collect();
    assert_eq!(failed, [(2, DAY0), (0, day), (2, day), (2, DAY0 + 2 * DAY)]);
    let absent: Vec<_> = absent.iter().map(|gap| (gap.metric.clone(), gap.start)).collect();
    let both = [Metric::COMPLETION_TOKENS, Metric::PROMPT_TOKENS];
    assert_eq!(absent, both.map(|metric| (Some(metric), day)));
}

/// In any order of failed calls, gaps are listed by target, metric and time.
#[test]
fn gaps_are_listed_in_order() {
    let window = days(6);
    let run = Scenario::new(target(), window, |_, _| Ok(refuse(404, "NotFound.Odd")))
        .targets([project("a"), project("b")])
        .options(|options| (options.max_window_days, options.concurrency) = (2, 6))
        .reversed()
        .run();
    let gaps = &run.report.coverage.missing;
    let places: Vec<_> = gaps.iter().map(|gap| (gap.target, gap.start)).collect();
    assert!(places.len() >= 2 && places.is_sorted(), "{places:?}");
    assert_eq!(places.first().map(|place| place.1), Some(window.first()));
    // They omit nothing and nothing is in two of them.
    let covered: i64 = gaps.iter().map(|gap| gap.end - gap.start).sum();
    assert_eq!(covered, 2 * 6 * DAY);
}

/// A server that answered before may answer again: the others are still asked.
#[test]
fn a_lost_connection_after_an_answer_ends_its_call_alone() {
    // More than is asked for while the lost one is tried again.
    let window = days(200);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        if exchange.window.first() == DAY0 + DAY {
            Err(TransportFailure::Connect)
        } else {
            Ok(service.answer(&exchange.request))
        }
    })
    .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
    .run();
    assert_ne!(run.sent.last().unwrap().1.window.first(), DAY0 + DAY);
    let missing = &run.report.coverage.missing;
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!((missing[0].start, missing[0].end), (DAY0 + DAY, DAY0 + 2 * DAY));
    let received = values(&run.report, "PromptTokens");
    assert_eq!(received.iter().filter(|(_, value)| value.is_some()).count(), 199);
}

#[test]
fn a_row_ends_where_the_next_begins() {
    for window in [days(2), hours(2)] {
        let service = Service::new(window, 1);
        let run =
            Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
                .run();
        let rows = run.report.rows(i64::MAX);
        assert_eq!((rows[0].end, rows[3].end), (rows[2].start, window.end()));
    }
}

#[test]
fn states_have_names_from_best_to_worst() {
    let states = [State::Final, State::Settling, State::Missing];
    assert!(states.is_sorted());
    assert_eq!(states.map(State::name), ["final", "settling", "missing"]);
}

#[test]
fn a_metric_and_a_scene_show_as_their_names() {
    assert_eq!(Metric::PROMPT_TOKENS.to_string(), "PromptTokens");
    assert_eq!(Metric::from("Unheard").to_string(), "Unheard");
    assert_eq!(Scene::BATCH_CHAT.to_string(), "BatchChat");
    assert_eq!(scene("Unheard").to_string(), "Unheard");
}
