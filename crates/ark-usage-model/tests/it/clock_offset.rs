//! A clock that is off is corrected once, for everybody, and announced.

use ark_usage_model::{Exchange, GapReason, State};
use volc_openapi::format_http_date;

use crate::support::*;

fn skewed(date: Option<i64>) -> http::Response<Vec<u8>> {
    let mut response = refuse(400, "InvalidTimestamp");
    if let Some(date) = date {
        response.headers_mut().insert("date", format_http_date(date).parse().unwrap());
    }
    response
}

#[test]
fn the_offset_is_shared_and_announced() {
    let window = days(12);
    let unix = window.end() + 1_000_000;
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        if (exchange.clock_offset - 1_200).abs() > 2 {
            Ok(skewed(Some(unix + 1_200)))
        } else {
            Ok(service.answer(&exchange.request))
        }
    })
    .at(unix)
    .options(|options| options.max_window_days = 1)
    .run();
    assert!(run.report.coverage.complete);
    // The four that were out are signed again; all later ones know.
    assert_eq!(run.sent.len(), 16);
    assert!(run.sent.iter().skip(4).all(|(_, one)| one.clock_offset == 1_200));
    assert_eq!(warnings(&run.report), ["clock_skew"]);
    let message = &run.report.warnings[0].message;
    assert!(message.contains("1200 s behind"), "{message}");
}

#[test]
fn a_clock_ahead_is_said_to_be_ahead() {
    let window = days(1);
    let unix = window.end() + 1_000_000;
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.clock_offset == 0 {
            skewed(Some(unix - 1_200))
        } else {
            service.answer(&exchange.request)
        })
    })
    .at(unix)
    .run();
    assert!(run.report.warnings[0].message.contains("1200 s ahead of"));
}

#[test]
fn settling_follows_the_servers_clock() {
    let window = days(1);
    // Here it is the day after; at the server the day is half over.
    let (unix, server) = (window.end() + 86_400, window.first() + 43_200);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        Ok(if exchange.clock_offset == 0 {
            skewed(Some(server))
        } else {
            service.answer(&exchange.request)
        })
    })
    .at(unix)
    .run();
    let row = &run.report.rows(unix)[0];
    assert_eq!(row.state, State::Settling);
    assert!(row.fetched_at.is_some_and(|fetched_at| (fetched_at - server).abs() <= 1), "{row:?}");
}

fn dated(mut response: http::Response<Vec<u8>>, date: i64) -> http::Response<Vec<u8>> {
    response.headers_mut().insert("date", format_http_date(date).parse().unwrap());
    response
}

/// Forty seconds ahead, or behind: too little for a signature to be refused.
#[test]
fn the_date_of_any_answer_shows_the_servers_clock() {
    let window = days(2);
    let settled = window.end() + 3_600;
    for (unix, server, state) in
        [(settled + 20, settled - 20, State::Settling), (settled - 20, settled + 20, State::Final)]
    {
        let service = Service::new(window, 1);
        let answer = |exchange: &Exchange| dated(service.answer(&exchange.request), server);
        let run =
            Scenario::new(target(), window, |exchange, _| Ok(answer(exchange))).at(unix).run();
        assert_eq!(run.report.clock_offset, server - unix);
        let total = &run.report.totals(unix)[0];
        assert_eq!(total.state, state, "{total:?}");
        assert!(run.sent.iter().all(|(_, one)| one.clock_offset == 0));
    }
}

#[test]
fn buckets_started_at_the_server_are_requested_after_the_first_response() {
    let window = days(3);
    // Here the second day is running, at the server the third is over.
    let (unix, server) = (window.first() + 90_000, window.end() + 86_400);
    let service = Service::new(window, 1);
    let answer = |exchange: &Exchange| dated(service.answer(&exchange.request), server);
    let run = Scenario::new(target(), window, |exchange, _| Ok(answer(exchange))).at(unix).run();
    assert!(run.report.coverage.complete, "{:?}", run.report.coverage);
    assert!(run.report.rows(unix).iter().all(|row| row.state == State::Final));
}

#[test]
fn a_bucket_not_started_at_the_server_is_no_failure() {
    let window = days(3);
    // Here all days are over, at the server the second is running.
    let (unix, server) = (window.end() + 86_400, window.first() + 90_000);
    let service = Service::new(window, 1);
    let run = Scenario::new(target(), window, |exchange, _| {
        let begun = exchange.window.first() <= server;
        let response =
            if begun { service.answer(&exchange.request) } else { refuse(400, "InvalidParameter") };
        Ok(dated(response, server))
    })
    .at(unix)
    .options(|options| (options.max_window_days, options.concurrency) = (1, 3))
    .run();
    let coverage = &run.report.coverage;
    assert!(!coverage.failed, "{coverage:?}");
    let last = window.last();
    assert!(coverage.missing.iter().all(|gap| gap.start == last), "{coverage:?}");
    assert!(coverage.missing.iter().all(|gap| gap.reason == GapReason::NotBegun), "{coverage:?}");
    assert!(!coverage.missing.is_empty());
}

#[test]
fn it_is_tried_once_only() {
    let window = days(5);
    let unix = window.end() + 1_000_000;
    let run = Scenario::new(target(), window, |_, _| Ok(skewed(Some(unix + 1_200))))
        .at(unix)
        .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
        .run();
    assert_eq!(run.sent.len(), 2);
    assert!(run.report.coverage.failed);
}

#[test]
fn without_the_servers_date_nothing_can_be_corrected() {
    let window = days(5);
    let run = Scenario::new(target(), window, |_, _| Ok(skewed(None)))
        .options(|options| options.concurrency = 1)
        .run();
    assert_eq!(run.sent.len(), 1);
    assert!(run.report.warnings.is_empty());
}
