//! Retries: which failures, after which delay, and when to give up.

use std::time::Duration;

use ark_usage_model::{AccountId, CallFailure, Progress, Target};
use serde_json::json;
use volc_openapi::{TransportFailure, format_http_date};

use crate::support::*;

type Outcome = Result<http::Response<Vec<u8>>, TransportFailure>;

/// Fails `times` times, then answers.
fn flaky(
    service: Service,
    times: usize,
    failure: impl Fn() -> Outcome,
) -> impl FnMut(&ark_usage_model::Exchange, Duration) -> Outcome {
    let mut left = times;
    move |exchange, _| {
        if left > 0 {
            left -= 1;
            return failure();
        }
        Ok(service.answer(&exchange.request))
    }
}

#[test]
fn temporary_failures_are_tried_three_times_again() {
    let window = days(1);
    let html = || {
        let page = b"<html>bad gateway</html>".to_vec();
        Ok(http::Response::builder().status(502).body(page).unwrap())
    };
    let cut = || Ok(http::Response::new(b"{\"ResponseMetadata\":{\"Requ".to_vec()));
    let cases: [(&str, Box<dyn Fn() -> Outcome>); 6] = [
        ("reset", Box::new(|| Err(TransportFailure::Reset))),
        ("dns", Box::new(|| Err(TransportFailure::Dns))),
        ("500", Box::new(|| Ok(refuse(500, "InternalError")))),
        ("error in 200", Box::new(|| Ok(refuse(200, "InternalServiceError")))),
        ("html", Box::new(html)),
        ("cut", Box::new(cut)),
    ];
    for (name, failure) in &cases {
        let service = Service::new(window, 1);
        let run = Scenario::new(target(), window, flaky(service.clone(), 3, failure)).run();
        assert_eq!(run.sent.len(), 4, "{name}");
        assert_eq!(run.sent[3].1.attempt, 4);
        assert_eq!(run.report.calls[0].attempts, 4);
        assert!(run.report.coverage.complete, "{name}");
        assert!(run.elapsed <= Duration::from_millis(300 + 600 + 1_200 + 4 * 50), "{name}");

        let run = Scenario::new(target(), window, flaky(service, 4, failure)).run();
        assert_eq!(run.sent.len(), 4, "{name}");
        assert!(run.report.coverage.failed && run.report.calls[0].error.is_some(), "{name}");
    }
}

#[test]
fn permanent_failures_are_not_retried() {
    let window = days(1);
    for (status, code) in [
        (401, "SignatureDoesNotMatch"),
        (403, "AccessDenied"),
        (404, "InvalidActionOrVersion"),
        (400, "InvalidParameter.Interval"),
        (418, "Teapot"),
        (501, "NotImplemented"),
    ] {
        let run = Scenario::new(target(), window, |_, _| Ok(refuse(status, code))).run();
        assert_eq!(run.sent.len(), 1, "{code}");
        let CallFailure::Api(error) = run.report.calls[0].error.clone().unwrap() else { panic!() };
        assert_eq!((error.code.as_str(), error.status.as_u16()), (code, status));
        assert_eq!(run.report.calls[0].request_id.as_deref(), Some("no-1"));
    }
}

#[test]
fn throttling_waits_longer_also_inside_http_200() {
    let window = days(1);
    for (status, code) in
        [(429, "FlowLimitExceeded"), (200, "AccountFlowLimitExceeded"), (429, "Whatever")]
    {
        let service = Service::new(window, 1);
        let run =
            Scenario::new(target(), window, flaky(service, 3, || Ok(refuse(status, code)))).run();
        assert!(run.report.coverage.complete);
        // At least half of 1, 2 and 4 seconds.
        assert!(run.elapsed >= Duration::from_millis(500 + 1_000 + 2_000), "{:?}", run.elapsed);
        assert!(run.elapsed <= Duration::from_secs(8), "{:?}", run.elapsed);
    }
}

#[test]
fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    let window = days(1);
    let unix = window.end() + 1_000_000;
    let after = |value: String| {
        move || {
            let mut response = refuse(503, "ServiceUnavailableTemp");
            response.headers_mut().insert("retry-after", value.parse().unwrap());
            Ok(response)
        }
    };
    for value in ["7".to_owned(), format_http_date(unix + 7)] {
        let service = Service::new(window, 1);
        let run = Scenario::new(target(), window, flaky(service, 1, after(value))).at(unix).run();
        assert!(run.report.coverage.complete);
        assert_eq!(run.sent[1].0.as_secs(), 7);
    }
    // Nobody asked to wait for an hour.
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, flaky(service, 1, after("3600".to_owned()))).run();
    assert_eq!(run.sent.len(), 1);
}

#[test]
fn the_same_seed_waits_the_same() {
    let window = days(1);
    let elapsed = |seed: u64| {
        let service = Service::new(window, 1);
        Scenario::new(target(), window, flaky(service, 2, || Err(TransportFailure::Reset)))
            .options(|options| options.seed = seed)
            .run()
            .elapsed
    };
    assert_eq!(elapsed(1), elapsed(1));
    assert_ne!(elapsed(1), elapsed(2));
}

#[test]
fn a_refused_account_is_stopped_at_once_and_others_go_on() {
    let window = days(20);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        if exchange.account == AccountId(0) {
            Ok(refuse(403, "AccessDenied"))
        } else {
            Ok(service.answer(&exchange.request))
        }
    })
    .targets([Target::new(AccountId(0)), Target::new(AccountId(1))])
    .options(|options| options.max_window_days = 1)
    .run();
    let Some(Progress::AccountStopped { cancelled, .. }) =
        run.progress.iter().find(|made| matches!(made, Progress::AccountStopped { .. }))
    else {
        panic!("{:?}", run.progress)
    };
    assert_eq!(cancelled.len(), 3);
    let refused = run.sent.iter().filter(|(_, one)| one.account == AccountId(0)).count();
    assert_eq!(refused, 4);
    // Their answers come late and are ignored.
    assert_eq!(run.progress.iter().filter(|made| **made == Progress::Ignored).count(), 3);
    let other = run.report.bucket_totals(
        ark_usage_model::TargetId(1),
        &ark_usage_model::Metric::PROMPT_TOKENS,
        i64::MAX,
    );
    assert!(other.iter().all(|whole| whole.value.is_some()));
    let stopped = run.report.calls.iter().filter(|call| call.target.0 == 0);
    assert!(stopped.clone().all(|call| call.error.is_some()));
    assert!(stopped.clone().count() >= 4);
    let covered: i64 =
        run.report.coverage.missing.iter().map(|gap| (gap.end - gap.start) / DAY).sum();
    assert_eq!(covered, 20);
}

#[test]
fn an_unreachable_server_is_not_retried_for_each_window() {
    let window = days(40);
    let run = Scenario::new(target(), window, |_, _| Err(TransportFailure::Connect))
        .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
        .run();
    assert_eq!(run.sent.len(), 4);
    assert!(matches!(run.report.calls[0].error, Some(CallFailure::Transport(_))));
}

#[test]
fn a_failed_window_keeps_the_others() {
    let window = days(6);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        if exchange.window.first() == DAY0 + 2 * DAY {
            Ok(refuse(500, "InternalError"))
        } else {
            Ok(service.answer(&exchange.request))
        }
    })
    .options(|options| options.max_window_days = 2)
    .run();
    let got: Vec<_> =
        values(&run.report, "PromptTokens").iter().map(|(_, v)| v.is_some()).collect();
    assert_eq!(got, [true, true, false, false, true, true]);
    let coverage = &run.report.coverage;
    assert!(coverage.failed && !coverage.complete);
    assert_eq!(coverage.missing.len(), 1);
    assert_eq!(
        (coverage.missing[0].start, coverage.missing[0].end),
        (DAY0 + 2 * DAY, DAY0 + 4 * DAY)
    );
    let total = &run.report.totals(i64::MAX)[0];
    assert_eq!(total.state, ark_usage_model::State::Missing);
    assert_eq!((total.buckets.wanted, total.buckets.received), (6, 4));
}

#[test]
fn a_shape_that_is_not_documented_fails_without_retries() {
    let window = days(1);
    let answers = [
        json!({"ResponseMetadata": {"RequestId": "r"}}),
        json!({"ResponseMetadata": {"RequestId": "r"}, "Result": [1]}),
        json!({"Result": {"UsageResults": "none"}}),
        json!([]),
    ];
    for answer in answers {
        let body = answer.to_string().into_bytes();
        let run =
            Scenario::new(target(), window, |_, _| Ok(http::Response::new(body.clone()))).run();
        assert_eq!(run.sent.len(), 1, "{answer}");
        assert!(matches!(run.report.calls[0].error, Some(CallFailure::Protocol(_))), "{answer}");
    }
}

#[test]
fn others_go_on_while_one_waits_to_be_tried_again() {
    let window = days(6);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        let is_first = exchange.window.first() == DAY0 && exchange.attempt == 1;
        Ok(if is_first {
            let mut response = refuse(500, "InternalError");
            response.headers_mut().insert("retry-after", "7".parse().unwrap());
            response
        } else {
            service.answer(&exchange.request)
        })
    })
    .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
    .run();
    let order: Vec<_> = run.sent.iter().map(|(_, one)| (one.window.first() - DAY0) / DAY).collect();
    assert_eq!(order, [0, 1, 2, 3, 4, 5, 0]);
    assert!(run.sent[5].0 < Duration::from_secs(1) && run.report.coverage.complete);
}

#[test]
fn an_account_that_is_only_throttled_is_stopped_within_a_minute() {
    for (count, retries) in [(12, 3), (365, 3), (12, 0)] {
        let run = Scenario::new(target(), days(count), |_, _| Ok(refuse(429, "FlowLimitExceeded")))
            .options(|options| {
                options.max_window_days = 1;
                options.retry.max_retries = retries;
            })
            .run();
        assert!(run.elapsed < Duration::from_mins(1), "{count} {retries}: {:?}", run.elapsed);
        let error = run.report.calls[0].error.as_ref().unwrap();
        assert!(error.to_string().contains("FlowLimitExceeded"), "{error}");
        assert!(!run.report.coverage.complete);
    }
}

#[test]
fn throttling_that_ends_within_half_a_minute_loses_nothing() {
    let window = days(12);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, now| {
        let busy = now < Duration::from_secs(25) && !now.is_zero();
        Ok(if busy { refuse(429, "FlowLimitExceeded") } else { service.answer(&exchange.request) })
    })
    .options(|options| {
        options.max_window_days = 1;
        options.retry.max_retries = 20;
    })
    .run();
    assert!(run.report.coverage.complete, "{:?}", run.report.coverage.missing);
}

#[test]
fn a_pause_that_is_not_waited_for_stops_the_account_and_is_named() {
    let run = Scenario::new(target(), days(12), |_, _| {
        let mut response = refuse(429, "FlowLimitExceeded");
        response.headers_mut().insert("Retry-After", "600".parse().unwrap());
        Ok(response)
    })
    .options(|options| options.max_window_days = 1)
    .run();
    assert!(run.sent.len() <= 4, "{}", run.sent.len());
    let error = run.report.calls[0].error.as_ref().unwrap().to_string();
    assert!(error.ends_with("(HTTP 429, retry after 600 s)"), "{error}");
}
