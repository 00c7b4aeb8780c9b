//! The pace of an account: its rate, and what throttling does to it.

use std::time::Duration;

use ark_usage_model::{AccountId, Target};

use crate::support::*;

#[test]
fn a_set_rate_is_kept_per_account() {
    let window = days(20);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .targets([Target::new(AccountId(0)), Target::new(AccountId(1))])
        .options(|options| {
            options.max_window_days = 1;
            options.rate = Some(4.0);
        })
        .run();
    for account in [AccountId(0), AccountId(1)] {
        let times: Vec<_> =
            run.sent.iter().filter(|(_, one)| one.account == account).map(|(at, _)| *at).collect();
        assert_eq!(times.len(), 20);
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(250)));
    }
    // 19 gaps of 250 ms and one answer: the limiter's floor, both accounts side by side.
    assert_eq!(run.elapsed, Duration::from_millis(19 * 250 + 50));
}

/// Refuses more than `per_second` requests in any second.
fn limiter(
    service: &Service,
    per_second: usize,
) -> impl FnMut(
    &ark_usage_model::Exchange,
    Duration,
) -> Result<http::Response<Vec<u8>>, volc_openapi::TransportFailure>
+ '_ {
    let mut accepted: Vec<Duration> = Vec::new();
    move |exchange, now| {
        accepted.retain(|at| *at + Duration::from_secs(1) > now);
        if accepted.len() >= per_second {
            return Ok(refuse(429, "FlowLimitExceeded"));
        }
        accepted.push(now);
        Ok(service.answer(&exchange.request))
    }
}

#[test]
fn an_unknown_limit_is_adapted_to_and_nothing_is_lost() {
    let window = days(100);
    let service = Service::new(window, 1);
    for (per_second, concurrency) in [(4, 4), (4, 12), (2, 8), (1, 4)] {
        let run = Scenario::new(target(), window, limiter(&service, per_second))
            .options(|options| (options.max_window_days, options.concurrency) = (1, concurrency))
            .run();
        assert!(
            run.report.coverage.complete,
            "{per_second}/s, {concurrency}: {:?}",
            run.report.coverage.missing
        );
        assert!(run.sent.len() < 160, "{per_second}/s, {concurrency}: {} sent", run.sent.len());
        let floor = Duration::from_secs(100) / u32::try_from(per_second).unwrap();
        assert!(run.elapsed < floor * 3, "{per_second}/s, {concurrency}: {:?}", run.elapsed);
    }
}

#[test]
fn one_throttled_account_does_not_slow_another() {
    let window = days(10);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.account == AccountId(0) {
            refuse(429, "FlowLimitExceeded")
        } else {
            service.answer(&exchange.request)
        })
    })
    .targets([Target::new(AccountId(0)), Target::new(AccountId(1))])
    .options(|options| options.max_window_days = 1)
    .run();
    let last = run.sent.iter().rfind(|(_, one)| one.account == AccountId(1)).unwrap().0;
    assert!(last < Duration::from_millis(200), "{last:?}");
    assert!(run.elapsed > Duration::from_secs(3));
}

#[test]
fn unlimited_windows_take_as_many_rounds_as_they_must() {
    let window = days(365);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| Ok(service.answer(&exchange.request)))
        .options(|options| (options.max_window_days, options.concurrency) = (1, 32))
        .run();
    assert_eq!(run.sent.len(), 365);
    assert_eq!(run.elapsed, Duration::from_millis(12 * 50));
}
