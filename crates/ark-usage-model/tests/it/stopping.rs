//! A refusal stops what it is about, the account or one of its targets, and nothing else.

use ark_usage_model::{
    AccountId, CallFailure, Exchange, ExchangeId, GapReason, Progress, Target, TargetId,
};

use crate::support::*;

/// Two projects of one account, in calls of so many days.
fn two_projects<'a>(
    n: i64,
    each: u32,
    mut answer: impl FnMut(&Exchange) -> http::Response<Vec<u8>> + 'a,
) -> Run {
    Scenario::new(target(), days(n), move |exchange, _| Ok(answer(exchange)))
        .targets([project("gone"), project("here")])
        .options(|options| options.max_window_days = each)
        .run()
}

/// True when an exchange asks about the project that is refused.
fn is_gone(exchange: &Exchange) -> bool {
    exchange.target == TargetId(0)
}

/// The exchanges that a stopped target takes with it.
fn cancelled(run: &Run) -> Vec<ExchangeId> {
    let stopped = run.progress.iter().find_map(|made| match made {
        Progress::TargetStopped { cancelled, .. } => Some(cancelled.clone()),
        _ => None,
    });
    stopped.unwrap()
}

/// All days of the first project are missing, and none of the second.
fn assert_only_first_is_missing(run: &Run, n: i64) {
    let missing = &run.report.coverage.missing;
    assert!(missing.iter().all(|gap| gap.target == TargetId(0)), "{missing:?}");
    let covered: i64 = missing.iter().map(|gap| (gap.end - gap.start) / DAY).sum();
    assert_eq!(covered, n, "{missing:?}");
}

#[test]
fn a_page_that_forbids_stops_the_account() {
    for status in [401, 403] {
        let run = Scenario::new(target(), days(12), |_, _| Ok(page(status)))
            .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
            .run();
        assert_eq!(run.sent.len(), 1, "{status}");
        assert!(matches!(run.progress[0], Progress::AccountStopped { .. }), "{status}");
    }
    // Another page says nothing about other calls.
    let run = Scenario::new(target(), days(3), |_, _| Ok(page(404)))
        .options(|options| (options.max_window_days, options.concurrency) = (1, 1))
        .run();
    assert_eq!(run.sent.len(), 3);
}

#[test]
fn a_project_that_may_not_be_read_stops_alone() {
    let service = Service::new(days(8), 1);
    for (status, code) in
        [(403, "LackProjectPolicy"), (404, "NotFound.ProjectName"), (403, "AccessDenied")]
    {
        let run = two_projects(8, 1, |exchange| {
            if is_gone(exchange) { refuse(status, code) } else { service.answer(&exchange.request) }
        });
        // Of the four that were out, two were about it: the other of these is not waited for.
        let asked = run.sent.iter().filter(|(_, one)| is_gone(one)).map(|(_, one)| one.id);
        let asked: Vec<ExchangeId> = asked.collect();
        assert_eq!((asked.len(), cancelled(&run)), (2, asked[1..].to_vec()), "{code}");
        assert_only_first_is_missing(&run, 8);
        let calls = run.report.calls.iter().filter(|call| call.target == TargetId(0));
        let errors: Vec<_> = calls.map(|call| call.error.clone().unwrap()).collect();
        assert!(matches!(errors[0], CallFailure::Api(_)));
        assert!(errors[1..].iter().all(|error| matches!(error, CallFailure::Stopped(_))));
    }
}

/// The other project was refused too, and waited for the same answer.
#[test]
fn a_stopped_target_takes_its_probe_with_it() {
    let service = Service { max_buckets: 1, ..Service::new(days(8), 1) };
    let run = two_projects(8, 2, |exchange| {
        if is_gone(exchange) && exchange.window.first() > DAY0 {
            refuse(404, "NotFound.ProjectName")
        } else {
            service.answer(&exchange.request)
        }
    });
    let probe = run.sent.iter().find(|(_, one)| one.window.len() == 1).unwrap();
    assert!(is_gone(&probe.1) && cancelled(&run).contains(&probe.1.id));
    assert_only_first_is_missing(&run, 8);
}

/// It waits for the pace, which an answer before has slowed; the other project waits for it.
#[test]
fn a_stopped_target_takes_its_probe_with_it_before_it_is_sent() {
    let service = Service::new(days(12), 1);
    let scenario = Scenario::new(target(), days(12), |exchange, _| {
        Ok(match (is_gone(exchange), (exchange.window.first() - DAY0) / DAY) {
            (true, 0) => refuse(429, "FlowLimitExceeded"),
            (true, 2) => refuse(400, "InvalidParameter.EndTime"),
            (true, _) => refuse(404, "NotFound.ProjectName"),
            (false, _) => service.answer(&exchange.request),
        })
    });
    let run = scenario
        .targets([project("gone"), project("here")])
        .options(|options| (options.max_window_days, options.concurrency) = (2, 6))
        .run();
    assert!(run.progress.iter().any(|made| matches!(made, Progress::Probing { .. })));
    assert!(run.sent.iter().all(|(_, one)| one.window.len() == 2));
    assert_only_first_is_missing(&run, 12);
}

/// Nothing else is sent while fresh credentials are got; that must end with what got them.
#[test]
fn a_stopped_target_takes_its_fresh_credentials_with_it() {
    let service = Service::new(days(8), 1);
    let mut expired = true;
    let run = two_projects(8, 1, |exchange| {
        if std::mem::take(&mut expired) {
            refuse(401, "ExpiredToken")
        } else if is_gone(exchange) {
            refuse(404, "NotFound.ProjectName")
        } else {
            service.answer(&exchange.request)
        }
    });
    let fresh = run.sent.iter().find(|(_, one)| one.refresh_credentials).unwrap();
    assert!(is_gone(&fresh.1) && cancelled(&run).contains(&fresh.1.id));
    assert_only_first_is_missing(&run, 8);
}

/// Two accounts whose service does not count `EndTime` in, of which one is refused at its second
/// call. What is in doubt after the first is asked about for one account; the other waits.
fn two_accounts(refused: AccountId) -> Run {
    let service = Service { end_inclusive: false, ..Service::new(days(4), 1) };
    Scenario::new(target(), days(4), |exchange, _| {
        Ok(if exchange.account == refused && exchange.window.first() == DAY0 + 2 * DAY {
            refuse(403, "AccessDenied")
        } else {
            service.answer(&exchange.request)
        })
    })
    .targets([Target::new(AccountId(0)), Target::new(AccountId(1))])
    .options(|options| (options.max_window_days, options.concurrency) = (2, 2))
    .run()
}

#[test]
fn a_stopped_account_takes_the_question_with_it_and_the_other_asks() {
    let run = two_accounts(AccountId(0));
    let first = run.sent.iter().find(|(_, one)| one.window.len() == 1).unwrap();
    assert_eq!(first.1.account, AccountId(0));
    let missing = &run.report.coverage.missing;
    assert!(missing.iter().all(|gap| gap.target == TargetId(0)), "{missing:?}");
}

#[test]
fn a_stopped_account_takes_its_own_doubts_with_it() {
    let run = two_accounts(AccountId(1));
    let other = run.sent.iter().filter(|(_, one)| one.account == AccountId(1)).count();
    assert_eq!(other, 2);
    let missing = &run.report.coverage.missing;
    let places: Vec<_> =
        missing.iter().map(|gap| (gap.target.0, (gap.start - DAY0) / DAY, gap.end)).collect();
    assert_eq!(places, [(1, 1, DAY0 + 2 * DAY), (1, 2, DAY0 + 4 * DAY)]);
    let failed = |gap: &ark_usage_model::Gap| matches!(gap.reason, GapReason::CallFailed(_));
    assert!(missing.iter().all(failed), "{missing:?}");
}
