//! Random schedules of faults: the query always ends, and no number is wrong without a mark.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_model::{AccountId, Exchange, GapReason, State, Target};
use proptest::prelude::*;
use serde_json::Value;
use volc_openapi::{TransportFailure, format_http_date};

use crate::support::*;

/// The outcomes of an exchange.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    Throttled,
    ThrottledInside200,
    Broken(u16),
    Page,
    Cut,
    Lost(TransportFailure),
    Stale,
    Expired,
    Denied,
    /// Every second bucket is left out.
    Half,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        12 => Just(Fault::None),
        2 => Just(Fault::Throttled),
        1 => Just(Fault::ThrottledInside200),
        2 => prop_oneof![Just(500u16), Just(502), Just(503), Just(504)].prop_map(Fault::Broken),
        1 => Just(Fault::Page),
        1 => Just(Fault::Cut),
        1 => Just(Fault::Lost(TransportFailure::Reset)),
        2 => Just(Fault::Lost(TransportFailure::ReadTimeout)),
        1 => Just(Fault::Lost(TransportFailure::BodyTooLarge)),
        1 => Just(Fault::Stale),
        1 => Just(Fault::Expired),
        1 => Just(Fault::Denied),
        1 => Just(Fault::Half),
    ]
}

fn apply(
    fault: Fault,
    good: http::Response<Vec<u8>>,
    unix: i64,
) -> Result<http::Response<Vec<u8>>, TransportFailure> {
    Ok(match fault {
        Fault::None => good,
        Fault::Throttled => refuse(429, "FlowLimitExceeded"),
        Fault::ThrottledInside200 => refuse(200, "AccountFlowLimitExceeded"),
        Fault::Broken(status) => refuse(status, "Unheard"),
        Fault::Page => http::Response::new(b"<html>busy</html>".to_vec()),
        Fault::Cut => good.map(|body| body.get(..body.len() / 2).unwrap().to_vec()),
        Fault::Lost(failure) => return Err(failure),
        Fault::Stale => {
            let mut response = refuse(400, "InvalidTimestamp");
            response.headers_mut().insert("date", format_http_date(unix).parse().unwrap());
            response
        }
        Fault::Expired => refuse(401, "InvalidAccessKey"),
        Fault::Denied => refuse(403, "AccessDenied"),
        Fault::Half => good.map(|body| match serde_json::from_slice(&body) {
            Ok(value) => half(value).to_string().into_bytes(),
            Err(_) => body,
        }),
    })
}

fn half(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| match value {
                Value::Array(values) if key == "Values" => {
                    (key, values.into_iter().step_by(2).collect())
                }
                value => (key, half(value)),
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(half).collect(),
        other => other,
    }
}

#[derive(Clone, Debug)]
struct Case {
    faults: Vec<Fault>,
    buckets: i64,
    tagging: Tagging,
    end_inclusive: bool,
    max_buckets: usize,
    filtered: bool,
    limits: (u32, u32, u32),
    reversed: bool,
    deadline: Option<u64>,
}

fn case() -> impl Strategy<Value = Case> {
    let tagging = prop_oneof![
        Just(Tagging::Never),
        Just(Tagging::WhenFiltered),
        Just(Tagging::Always),
        Just(Tagging::Both),
    ];
    let service = (1i64..10, tagging, any::<bool>(), prop_oneof![Just(2usize), Just(100)]);
    let query = (any::<bool>(), (1u32..5, 1u32..4, 1u32..6), any::<bool>());
    let deadline = proptest::option::weighted(0.2, 0u64..5_000);
    (proptest::collection::vec(fault(), 0..40), service, query, deadline).prop_map(
        |(faults, service, query, deadline)| {
            let (buckets, tagging, end_inclusive, max_buckets) = service;
            let (filtered, limits, reversed) = query;
            Case {
                faults,
                buckets,
                tagging,
                end_inclusive,
                max_buckets,
                filtered,
                limits,
                reversed,
                deadline,
            }
        },
    )
}

fn run(case: &Case, service: &Service) -> Run {
    let window = days(case.buckets);
    let unix = window.end() + 1_000_000;
    let mut faults = case.faults.clone().into_iter();
    let server = |exchange: &Exchange, now: Duration| {
        let unix = unix + i64::try_from(now.as_secs()).unwrap();
        apply(faults.next().unwrap_or(Fault::None), service.answer(&exchange.request), unix)
    };
    let ids: Vec<String> = if case.filtered {
        (0..3).map(|index| format!("ep-{index}")).collect()
    } else {
        Vec::new()
    };
    let targets = [0, 1]
        .map(|account| Target { endpoint_ids: ids.clone(), ..Target::new(AccountId(account)) });
    let (max_window, max_ids, concurrency) = case.limits;
    let scenario = Scenario::new(target(), window, server).targets(targets).options(|options| {
        options.max_window_days = max_window;
        options.max_ids = max_ids;
        options.concurrency = concurrency;
        options.deadline = case.deadline.map(Duration::from_millis);
    });
    if case.reversed { scenario.reversed().run() } else { scenario.run() }
}

/// The value of a row in the service.
fn truth(service: &Service, row: &ark_usage_model::Row) -> i64 {
    let of = service.data.iter().filter(|((start, metric, endpoint), _)| {
        *start == row.start
            && *metric == row.metric.as_str()
            && row.endpoint_id.as_ref().is_none_or(|id| id == endpoint)
    });
    of.map(|(_, value)| value).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_wrong_number_without_a_mark(case in case()) {
        let service = Service {
            tagging: case.tagging,
            end_inclusive: case.end_inclusive,
            max_buckets: case.max_buckets,
            ..Service::new(days(case.buckets), 3)
        };
        let run = run(&case, &service);
        let report = &run.report;
        let partial = warnings(report).contains(&"partial_sum");
        let mut by_target: BTreeMap<_, usize> = BTreeMap::new();
        for row in report.rows(i64::MAX) {
            *by_target.entry((row.target, row.start)).or_default() += 1;
            let gap = report.coverage.missing.iter().find(|gap| {
                gap.target == row.target
                    && gap.covers(row.start)
                    && gap.metric.as_ref().is_none_or(|metric| *metric == row.metric)
            });
            match row.value {
                Some(value) if value == truth(&service, &row) => {}
                Some(value) => prop_assert!(
                    partial && gap.is_some(), "{value} is wrong: {row:?} {report:?}"
                ),
                None => prop_assert!(gap.is_some(), "no gap for {row:?} {report:?}"),
            }
        }
        let kept = case.faults.iter().take(run.sent.len()).all(|fault| !matches!(fault, Fault::Half));
        for total in report.totals(i64::MAX) {
            if total.state != State::Missing && kept {
                let expected = 2 * service.sum(total.metric.as_str());
                prop_assert_eq!(total.value, Some(expected), "{:?}", report);
            }
        }
        let failed = report.coverage.missing.iter();
        let failed = failed.filter(|gap| matches!(gap.reason, GapReason::CallFailed(_))).count();
        prop_assert_eq!(report.coverage.failed, failed > 0);
        if report.coverage.complete && kept {
            let buckets = usize::try_from(case.buckets).unwrap();
            prop_assert!(by_target.is_empty() || by_target.len() == 2 * buckets);
        }
    }
}
