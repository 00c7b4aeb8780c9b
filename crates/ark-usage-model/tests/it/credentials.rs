//! Expired credentials are refreshed once, by one exchange.

use ark_usage_model::{CallFailure, Progress};
use volc_openapi::TransportFailure;

use crate::support::*;

#[test]
fn one_exchange_refreshes_for_all() {
    for code in ["InvalidAccessKey", "InvalidSecretToken", "ExpiredToken"] {
        let window = days(12);
        let service = Service::new(window, 1);
        let mut fresh = false;
        let run = Scenario::new(target(), window, |exchange, _| {
            fresh |= exchange.refresh_credentials;
            Ok(if fresh { service.answer(&exchange.request) } else { refuse(401, code) })
        })
        .options(|options| options.max_window_days = 1)
        .run();
        assert!(run.report.coverage.complete, "{code}: {:?}", run.report.coverage);
        let refreshed = run.sent.iter().filter(|(_, one)| one.refresh_credentials).count();
        assert_eq!(refreshed, 1);
        // The four that were out are sent again, the refreshing one first and alone.
        assert_eq!(run.sent.len(), 16);
        assert!(run.sent[4].1.refresh_credentials);
        assert!(run.sent[5].0 > run.sent[4].0);
    }
}

/// All other requests that are due would be refused like the last.
#[test]
fn fresh_credentials_precede_retries() {
    let window = days(2);
    let service = Service::new(window, 1);
    let (mut asked, mut fresh) = (0, false);
    let run = Scenario::new(target(), window, |exchange, _| {
        asked += 1;
        fresh |= exchange.refresh_credentials;
        Ok(match asked {
            1 => refuse(429, "FlowLimitExceeded"),
            _ if fresh => service.answer(&exchange.request),
            _ => refuse(401, "ExpiredToken"),
        })
    })
    .options(|options| (options.max_window_days, options.concurrency) = (1, 2))
    .run();
    let order: Vec<_> = run.sent.iter().map(|(_, one)| one.window.first()).collect();
    assert_eq!(order, [DAY0, DAY0 + DAY, DAY0 + DAY, DAY0]);
    assert!(run.sent[2].1.refresh_credentials && run.report.coverage.complete);
}

#[test]
fn a_revoked_key_stops_the_account_and_keeps_received_data() {
    let window = days(12);
    let service = Service::new(window, 1);
    let mut served = 0;
    let run = Scenario::new(target(), window, |exchange, _| {
        served += 1;
        Ok(if served <= 6 {
            service.answer(&exchange.request)
        } else {
            refuse(401, "InvalidAccessKey")
        })
    })
    .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
    .run();
    assert_eq!(run.sent.len(), 8);
    let got = values(&run.report, "PromptTokens").iter().filter(|(_, v)| v.is_some()).count();
    assert_eq!(got, 6);
    assert!(run.progress.iter().any(|made| matches!(made, Progress::AccountStopped { .. })));
}

#[test]
fn keys_that_cannot_be_refreshed_leave_the_servers_word() {
    let window = days(2);
    let run = Scenario::new(target(), window, |exchange, _| {
        if exchange.refresh_credentials {
            Err(TransportFailure::Signing)
        } else {
            Ok(refuse(401, "InvalidAccessKey"))
        }
    })
    .run();
    let CallFailure::Api(error) = run.report.calls[0].error.clone().unwrap() else { panic!() };
    assert_eq!(error.code, "InvalidAccessKey");
}

#[test]
fn an_account_without_keys_is_stopped() {
    let window = days(12);
    let run = Scenario::new(target(), window, |_, _| Err(TransportFailure::Signing))
        .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
        .run();
    assert_eq!(run.sent.len(), 1);
    let failure = CallFailure::Transport(TransportFailure::Signing);
    assert_eq!(run.report.calls[0].error, Some(failure));
}
