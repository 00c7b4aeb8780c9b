//! Too large or wrong: probes, halves, and what is remembered.

use ark_usage_model::{CallFailure, Progress};
use volc_openapi::TransportFailure;

use crate::support::*;

fn run(service: &Service, target: ark_usage_model::Target, window: ark_usage_model::Window) -> Run {
    Scenario::new(target, window, |exchange, _| Ok(service.answer(&exchange.request))).run()
}

fn lengths(run: &Run) -> Vec<usize> {
    run.sent.iter().map(|(_, exchange)| exchange.window.len()).collect()
}

#[test]
fn a_range_that_is_too_long_is_halved_and_the_size_remembered() {
    let window = days(31 * 4);
    let service = Service { max_buckets: 10, ..Service::new(window, 1) };
    let run = run(&service, target(), window);
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
    assert!(run.report.coverage.complete);
    // Once something works, nothing larger is tried again.
    let lengths = lengths(&run);
    let worked = lengths.iter().position(|&len| (2..=10).contains(&len)).unwrap();
    let later_refusals = lengths[worked + 8..].iter().filter(|&&len| len > 10).count();
    assert_eq!(later_refusals, 0, "{lengths:?}");
    assert!(run.progress.iter().any(|made| matches!(made, Progress::Probing { .. })));
    assert!(run.progress.iter().any(|made| matches!(made, Progress::Narrowed { from: 31, .. })));
}

#[test]
fn one_probe_serves_all_that_were_refused_together() {
    let window = days(31 * 4);
    let service = Service { max_buckets: 16, ..Service::new(window, 1) };
    let run = run(&service, target(), window);
    let probes = lengths(&run).iter().filter(|&&len| len == 1).count();
    assert_eq!(probes, 1, "{:?}", lengths(&run));
    // Four refused, one probe, eight halves.
    assert_eq!(run.sent.len(), 13);
}

#[test]
fn one_probe_is_enough_however_often_parts_are_halved() {
    let window = days(31);
    let service = Service { max_buckets: 5, ..Service::new(window, 1) };
    let run = run(&service, target(), window);
    assert_eq!(lengths(&run), [31, 1, 16, 15, 8, 8, 8, 7, 4, 4, 4, 4, 4, 4, 4, 3]);
    assert!(run.report.coverage.complete);
}

#[test]
fn windows_after_a_halved_one_have_its_size() {
    let window = days(62);
    let service = Service { max_buckets: 16, ..Service::new(window, 1) };
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| options.concurrency = 1)
        .run();
    assert_eq!(lengths(&run), [31, 1, 16, 15, 16, 15]);
}

/// As many ids worked before: what is refused now says nothing about longer lists.
#[test]
fn a_refused_part_no_larger_than_one_that_worked_is_halved_alone() {
    let window = days(2);
    let service = Service::new(window, 6);
    let (two, four) = (["ep-0", "ep-1"], ["ep-2", "ep-3", "ep-4", "ep-5"]);
    let run = Scenario::new(target(), window, |exchange, _| {
        let is_first_day = exchange.window.first() == DAY0;
        Ok(match (is_first_day, exchange.ids.len()) {
            (true, 4) => refuse(418, "Teapot"),
            (false, 2) => refuse(400, "InvalidParameter.EndpointIds"),
            _ => service.answer(&exchange.request),
        })
    })
    .targets([endpoints(two), endpoints(four)])
    .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
    .run();
    let asked: Vec<_> = run.sent.iter().map(|(_, one)| (one.target.0, one.ids.clone())).collect();
    assert_eq!(
        asked,
        [(0, 0..2), (1, 0..4), (0, 0..2), (0, 0..1), (0, 0..1), (0, 1..2), (1, 0..4)]
    );
}

#[test]
fn a_bad_parameter_fails_after_one_probe() {
    let window = days(31);
    let service = Service { horizon: 0, ..Service::new(window, 1) };
    let run = run(&service, target(), window);
    assert_eq!(lengths(&run), [31, 1]);
    let CallFailure::Api(error) = run.report.calls[0].error.clone().unwrap() else { panic!() };
    assert_eq!(error.code, "InvalidParameter.EndTime");
    assert!(run.report.coverage.failed && run.report.series.is_empty());
}

#[test]
fn expired_data_is_cut_from_the_range() {
    let window = days(31);
    let service = Service { history: DAY0 + 20 * DAY, ..Service::new(window, 1) };
    let run = run(&service, target(), window);
    let got: Vec<_> = values(&run.report, "PromptTokens");
    assert!(got.iter().all(|(day, value)| value.is_some() == (*day >= 20)), "{got:?}");
    let gaps = &run.report.coverage.missing;
    assert!(run.report.coverage.failed && gaps.iter().all(|gap| gap.end <= DAY0 + 20 * DAY));
    assert!(run.sent.len() < 40, "{}", run.sent.len());
}

#[test]
fn id_lists_are_halved_too() {
    let window = days(2);
    let service = Service { max_ids: 3, ..Service::new(window, 10) };
    let ids = endpoints((0..10).map(|index| format!("ep-{index}")));
    let run = run(&service, ids, window);
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
    assert!(run.report.coverage.complete);
}

#[test]
fn one_unknown_id_is_found_and_the_others_are_kept() {
    let window = days(2);
    for wrong in [0, 3, 9] {
        let service =
            Service { unknown_ids: vec![format!("ep-{wrong}")], ..Service::new(window, 10) };
        let ids = endpoints((0..10).map(|index| format!("ep-{index}")));
        let run = run(&service, ids, window);
        assert_eq!(run.report.series.len(), 18, "{wrong}");
        let gaps = &run.report.coverage.missing;
        assert!(gaps.iter().all(|gap| gap.ids == (wrong..wrong + 1)), "{gaps:?}");
        assert!(run.report.coverage.failed);
    }
}

#[test]
fn a_list_of_unknown_ids_fails_after_two_probes() {
    let window = days(2);
    let names: Vec<_> = (0..10).map(|index| format!("ep-{index}")).collect();
    let service = Service { unknown_ids: names.clone(), ..Service::new(window, 10) };
    let run = run(&service, endpoints(names), window);
    assert_eq!(run.sent.len(), 3);
}

#[test]
fn time_outs_of_large_requests_are_halved() {
    let window = days(16);
    let service = Service::new(window, 1);
    let slow = |exchange: &ark_usage_model::Exchange, _| {
        if exchange.window.len() > 4 {
            Err(TransportFailure::ReadTimeout)
        } else {
            Ok(service.answer(&exchange.request))
        }
    };
    let run = Scenario::new(target(), window, slow).run();
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
    assert!(run.report.coverage.complete);
}

#[test]
fn gateway_time_outs_count_too_and_a_dead_server_is_given_up() {
    let window = days(16);
    let run =
        Scenario::new(target(), window, |_, _| Ok(refuse(504, "InternalServiceTimeout"))).run();
    assert!(run.report.coverage.failed);
    // Two of the range, then a probe with all its retries.
    assert_eq!(run.sent.len(), 6);
    assert_eq!(run.report.calls.len(), 1);
}

#[test]
fn a_response_that_is_too_large_is_halved_at_once() {
    let window = days(8);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        if exchange.window.len() > 4 {
            Err(TransportFailure::BodyTooLarge)
        } else {
            Ok(service.answer(&exchange.request))
        }
    })
    .run();
    assert_eq!(lengths(&run), [8, 4, 4]);
    assert!(run.report.coverage.complete);
}

#[test]
fn a_parameter_that_is_absent_is_not_too_large() {
    let run = Scenario::new(target(), days(8), |_, _| Ok(refuse(400, "MissingParameter.EndTime")));
    assert_eq!(lengths(&run.run()), [8]);
}

#[test]
fn a_refusal_that_names_nothing_is_halved_in_time_and_then_in_ids() {
    let window = days(4);
    let service = Service::new(window, 4);
    let names = (0..4).map(|index| format!("ep-{index}"));
    let run = Scenario::new(endpoints(names), window, |exchange, _| {
        Ok(if exchange.window.len() * exchange.ids.len() > 2 {
            refuse(400, "InvalidParameter")
        } else {
            service.answer(&exchange.request)
        })
    })
    .run();
    assert_eq!(total(&run.report, "PromptTokens"), Some(service.sum("PromptTokens")));
    assert!(run.report.coverage.complete);
}

#[test]
fn a_size_that_worked_before_is_probed_before_it_is_halved() {
    let window = days(8);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.window.first() > DAY0 {
            refuse(400, "InvalidParameter.StartTime")
        } else {
            service.answer(&exchange.request)
        })
    })
    .options(|options| (options.max_window_days, options.concurrency) = (4, 1))
    .run();
    assert_eq!(lengths(&run), [4, 4, 1]);
}

#[test]
fn a_probe_that_fails_for_a_reason_of_its_own_says_nothing_about_size() {
    let window = days(8);
    let unknown_ids = vec!["ep-0".to_owned()];
    let service = Service { max_buckets: 4, unknown_ids, ..Service::new(window, 10) };
    let ids = endpoints((0..10).map(|index| format!("ep-{index}")));
    let run = run(&service, ids, window);
    // All but the unknown one, of two metrics.
    assert_eq!(run.report.series.len(), 18);
    assert!(run.report.series.iter().all(|series| series.points.len() == 8));
    assert!(run.report.coverage.missing.iter().all(|gap| gap.ids == (0..1)));
}

#[test]
fn a_probe_of_ids_that_is_not_refused_but_lost_has_no_second() {
    let ids = endpoints((0..4).map(|index| format!("ep-{index}")));
    let run = Scenario::new(ids, days(1), |exchange, _| {
        Ok(if exchange.ids.len() > 1 {
            refuse(400, "InvalidParameter.EndpointIds")
        } else {
            refuse(500, "InternalError")
        })
    })
    .run();
    let asked: Vec<_> = run.sent.iter().map(|(_, exchange)| exchange.ids.clone()).collect();
    assert_eq!(asked, [0..4, 0..1, 0..1, 0..1, 0..1]);
}

#[test]
fn a_probe_speaks_for_its_target_alone() {
    let window = days(8);
    let service = Service { max_buckets: 4, ..Service::new(window, 1) };
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.target.0 == 1 {
            refuse(400, "InvalidParameter.EndTime")
        } else {
            service.answer(&exchange.request)
        })
    })
    .targets([project("long"), project("wrong")])
    .run();
    let of = |target: u32| -> Vec<usize> {
        let sent = run.sent.iter().filter(|(_, one)| one.target.0 == target);
        sent.map(|(_, one)| one.window.len()).collect()
    };
    assert_eq!((of(0), of(1)), (vec![8, 1, 4, 4], vec![8, 1]));
}

#[test]
fn a_probe_speaks_for_what_it_was_about_alone() {
    let window = days(4);
    let late = DAY0 + 2 * DAY;
    let service = Service::new(window, 4);
    let ids = endpoints((0..4).map(|index| format!("ep-{index}")));
    // The first two days are refused for their length, the last two for their ids.
    let run = Scenario::new(ids, window, |exchange, _| {
        let is_late = exchange.window.first() >= late;
        Ok(if !is_late && exchange.window.len() > 1 {
            refuse(400, "InvalidParameter.EndTime")
        } else if is_late && exchange.ids.len() > 1 {
            refuse(400, "InvalidParameter.EndpointIds")
        } else {
            service.answer(&exchange.request)
        })
    })
    .options(|options| options.max_window_days = 2)
    .run();
    assert!(run.report.coverage.complete);
    let calls = run.report.calls.iter();
    let shapes: Vec<_> = calls.map(|call| (call.window.len(), call.ids.len())).collect();
    assert_eq!(shapes, [(1, 4), (1, 4), (2, 1), (2, 1), (2, 1), (2, 1)]);
}

#[test]
fn a_page_that_says_too_large_is_followed_at_once() {
    let window = days(8);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.window.len() > 4 { page(413) } else { service.answer(&exchange.request) })
    })
    .run();
    assert_eq!(lengths(&run), [8, 4, 4]);
    assert!(run.report.coverage.complete);
}

#[test]
fn a_refused_project_stops_its_target_only() {
    let window = days(62);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        if exchange.target.0 == 0 {
            Ok(refuse(404, "NotFound.ProjectName"))
        } else {
            Ok(service.answer(&exchange.request))
        }
    })
    .targets([project("gone"), project("here")])
    .options(|options| options.concurrency = 1)
    .run();
    assert_eq!(run.sent.len(), 3);
    assert!(matches!(run.progress[0], Progress::TargetStopped { .. }));
    let calls = &run.report.calls;
    assert!(matches!(calls[0].error, Some(CallFailure::Api(_))));
    assert!(matches!(calls[1].error, Some(CallFailure::Stopped(_))) && calls[1].attempts == 0);
    assert!(calls[2].error.is_none());
}
