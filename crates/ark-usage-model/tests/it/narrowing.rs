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
fn what_the_service_no_longer_keeps_is_cut_away() {
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
fn an_answer_larger_than_allowed_is_asked_for_in_halves_at_once() {
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
