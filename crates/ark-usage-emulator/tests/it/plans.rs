//! The plans of an account, read by the client's own types.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::common::{at, demo, sign};
use ark_usage_emulator::{Account, CatalogueSize, Emulator, EmulatorOptions};
use ark_usage_model::Decimal;
use ark_usage_model::get_afp_usage::{AfpUsage, GetAfpUsage};
use ark_usage_model::get_coding_plan_usage::{CodingPlanUsage, GetCodingPlanUsage};
use ark_usage_model::get_personal_plan::{GetPersonalPlan, PersonalPlan};
use volc_openapi::{Action, BaseUrl, CodeClass, ErrorCode, ResponseError};

/// 2024-11-20T12:00:00+08:00
pub(crate) const NOW: i64 = 1_732_075_200;

pub(crate) fn emulator(behaviors: &str) -> Emulator {
    let behaviors = behaviors.parse().unwrap();
    Emulator::new(EmulatorOptions { behaviors, ..EmulatorOptions::default() })
}

/// The answer to a call with the demo key, as the client reads it.
pub(crate) fn ask<A: Action>(
    emulator: &Emulator,
    action: &A,
    now: i64,
) -> Result<A::Response, ResponseError> {
    ask_as(emulator, action, now, demo())
}

fn ask_as<A: Action>(
    emulator: &Emulator,
    action: &A,
    now: i64,
    key: volc_sign::Credentials,
) -> Result<A::Response, ResponseError> {
    let base_url: BaseUrl = "http://127.0.0.1:8080".parse().unwrap();
    let mut request = action.to_http(&base_url).unwrap();
    sign(&mut request, key, A::SERVICE, now);
    A::from_http(&emulator.handle(&request, at(now))).map(|answer| answer.result)
}

fn agent(behaviors: &str) -> Option<AfpUsage> {
    ask(&emulator(behaviors), &GetAfpUsage::default(), NOW).unwrap()
}

fn coding(behaviors: &str) -> Option<CodingPlanUsage> {
    ask(&emulator(behaviors), &GetCodingPlanUsage {}, NOW).unwrap()
}

pub(crate) fn number(decimal: Option<&Decimal>) -> f64 {
    decimal.unwrap().as_str().parse().unwrap()
}

#[test]
fn the_demo_account_has_an_agent_plan() {
    let usage = agent("").unwrap();
    assert_eq!(usage.plan_type, "Medium");
    let names: Vec<&str> = usage.windows.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["AFPFiveHour", "AFPDaily", "AFPWeekly", "AFPMonthly"]);
    for (name, window) in usage.windows.iter() {
        assert!(window.applies(), "{name}");
        let (start, end) = (window.subscribe_time.unwrap(), window.reset_time.unwrap());
        assert!(start.instant().unwrap() <= NOW && NOW < end.instant().unwrap(), "{name}");
        assert!(number(window.used.as_ref()) > 0.0, "{name}");
        assert!(number(window.used.as_ref()) < number(window.quota.as_ref()), "{name}");
    }
    let quota = |window: &Option<_>| {
        let window: &ark_usage_model::get_afp_usage::AfpWindow = window.as_ref().unwrap();
        window.quota.as_ref().unwrap().as_str().to_owned()
    };
    let windows = &usage.windows;
    assert_eq!([quota(&windows.daily), quota(&windows.weekly)], ["50000", "35000"]);
}

#[test]
fn every_form_of_an_agent_plan_is_read_alike() {
    let usual = agent("").unwrap();
    assert_eq!(agent("afp-values=text").unwrap(), usual);
    assert_eq!(agent("afp-type=lower").unwrap().plan_type, "medium");
    assert_eq!(agent("afp-type=unknown").unwrap().windows, usual.windows);
    let over = agent("afp-used=over").unwrap();
    assert!(
        over.windows
            .iter()
            .all(|(_, window)| { number(window.used.as_ref()) > number(window.quota.as_ref()) })
    );
    let extra = agent("afp-extra=window").unwrap();
    assert_eq!(extra.windows.unknown.keys().collect::<Vec<_>>(), ["AFPYearly"]);
    for behaviors in ["afp-reset=zero", "afp-reset=absent"] {
        let usage = agent(behaviors).unwrap();
        let reset =
            |window: &ark_usage_model::get_afp_usage::AfpWindow| window.reset_time?.instant();
        assert!(usage.windows.iter().all(|(_, window)| reset(window).is_none()), "{behaviors}");
    }
}

#[test]
fn an_account_without_a_plan_is_answered_in_three_ways() {
    for (behaviors, is_there) in [("zero", true), ("null", false), ("missing", false)] {
        let usage = agent(&format!("plans=coding,afp-absent={behaviors}"));
        assert_eq!(usage.is_some(), is_there, "{behaviors}");
        assert!(!usage.unwrap_or_default().is_subscribed(), "{behaviors}");
    }
    for (behaviors, is_there) in [("empty", true), ("null", false), ("missing", false)] {
        let usage = coding(&format!("plans=agent,coding-absent={behaviors}"));
        assert_eq!(usage.is_some(), is_there, "{behaviors}");
        assert!(!usage.unwrap_or_default().is_subscribed(), "{behaviors}");
    }
    assert!(agent("plans=agent").unwrap().is_subscribed());
    assert!(coding("plans=coding").unwrap().is_subscribed());
}

#[test]
fn the_demo_account_has_a_coding_plan() {
    let usage = coding("").unwrap();
    let levels: Vec<&str> = usage.quota_usage.iter().map(|window| window.level.as_str()).collect();
    assert_eq!(levels, ["session", "weekly", "monthly"]);
    for window in &usage.quota_usage {
        let percent = number(window.percent.as_ref());
        assert!(percent > 0.0 && percent < 100.0, "{} {percent}", window.level);
        assert!(window.reset_timestamp.unwrap().instant().unwrap() > NOW);
        assert_eq!(window.cap.as_ref().unwrap().as_str(), "100");
    }
    assert_eq!(usage.update_timestamp.unwrap().0, NOW);
}

#[test]
fn every_form_of_a_coding_plan_is_read() {
    let usual = coding("").unwrap();
    assert_eq!(coding("coding-values=text").unwrap(), usual);
    let mut shuffled = coding("coding-order=shuffled").unwrap();
    assert_ne!(shuffled, usual);
    shuffled.quota_usage.sort_by_key(|window| window.reset_timestamp.map(|reset| reset.0));
    assert_eq!(shuffled, usual);
    let percents = |behaviors: &str| {
        let windows = coding(behaviors).unwrap().quota_usage.into_iter();
        windows.map(|window| window.percent.unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(percents("coding-percent=tiny"), ["0.000029"; 3]);
    assert_eq!(percents("coding-percent=over"), ["101"; 3]);
    for behaviors in ["coding-reset=minus-one", "coding-reset=zero"] {
        let windows = coding(behaviors).unwrap().quota_usage;
        assert!(windows.iter().all(|window| window.reset_timestamp.unwrap().instant().is_none()));
    }
    let without = coding("coding-rewards=absent,coding-level=unknown").unwrap();
    assert!(without.has_reward.is_none() && without.quota_usage.iter().all(|w| w.cap.is_none()));
    assert_eq!(without.quota_usage.last().unwrap().level, "yearly");
}

#[test]
fn a_plan_says_until_when_it_runs() {
    let plan = |behaviors: &str, action: &GetPersonalPlan| -> Option<PersonalPlan> {
        ask(&emulator(behaviors), action, NOW).unwrap()
    };
    let agent = plan("", &GetPersonalPlan::agent()).unwrap();
    assert_eq!(
        (agent.plan_type.as_deref(), agent.status.as_deref()),
        (Some("Medium"), Some("Running"))
    );
    assert!(agent.end_time.unwrap().ends_with("T00:00:00+08:00"));
    let coding = plan("plans=expired", &GetPersonalPlan::coding()).unwrap();
    assert_eq!(
        (coding.plan_type.as_deref(), coding.status.as_deref()),
        (Some("Pro"), Some("Expired"))
    );
    for action in [GetPersonalPlan::agent(), GetPersonalPlan::coding()] {
        for behaviors in ["plans=none", "plans=none,errors=http-200", "plans=none,errors=top-level"]
        {
            let refusal = ask(&emulator(behaviors), &action, NOW);
            let Err(ResponseError::Api(error)) = refusal else { panic!("{refusal:?}") };
            assert!(GetPersonalPlan::is_not_bought(&error), "{error:?}");
        }
    }
}

#[test]
fn actions_may_be_denied_or_withdrawn() {
    for errors in ["status", "http-200", "top-level"] {
        let emulator = emulator(&format!("denied=GetAFPUsage,errors={errors}"));
        let refusal = ask(&emulator, &GetAfpUsage::default(), NOW);
        let Err(ResponseError::Api(error)) = refusal else { panic!("{refusal:?}") };
        assert_eq!(ErrorCode::new(&error.code, error.code_n).class(), CodeClass::Permission);
        assert!(error.message.contains("ark:GetAFPUsage"), "{error:?}");
        assert!(ask(&emulator, &GetCodingPlanUsage {}, NOW).is_ok());
    }
    let refusal =
        ask(&emulator("denied=GetAFPUsage,errors=error-message"), &GetAfpUsage::default(), NOW);
    let Err(ResponseError::Api(error)) = refusal else { panic!("{refusal:?}") };
    assert!(error.message.starts_with("AccessDenied: User is not authorized"), "{error:?}");
    let refusal = ask(&emulator("withdrawn=GetCodingPlanUsage"), &GetCodingPlanUsage {}, NOW);
    assert!(
        matches!(refusal, Err(ResponseError::Api(error)) if error.code == "InvalidActionOrVersion")
    );
}

#[test]
fn accounts_have_plans_of_their_own() {
    let accounts: Vec<Account> = Account::several(9).collect();
    let emulator =
        Emulator::new(EmulatorOptions { accounts: accounts.clone(), ..EmulatorOptions::default() });
    let mut kinds = std::collections::BTreeSet::new();
    for account in accounts {
        let key = || account.credentials.clone();
        let agent = ask_as(&emulator, &GetAfpUsage::default(), NOW, key()).unwrap();
        let coding = ask_as(&emulator, &GetCodingPlanUsage {}, NOW, key()).unwrap();
        kinds.insert((
            agent.unwrap_or_default().is_subscribed(),
            coding.unwrap_or_default().is_subscribed(),
        ));
    }
    assert_eq!(kinds.len(), 4);
}

#[test]
fn windows_grow_until_they_begin_again() {
    let emulator = emulator("");
    let month = |now: i64| {
        let usage: AfpUsage = ask(&emulator, &GetAfpUsage::default(), now).unwrap().unwrap();
        let window = usage.windows.monthly.unwrap();
        (number(window.used.as_ref()), window.reset_time.unwrap().instant().unwrap())
    };
    let (mut last, end) = month(NOW);
    let mut now = NOW;
    while now < end {
        let (used, reset) = month(now);
        assert!(used >= last && reset == end);
        (last, now) = (used, now + 86_400);
    }
    assert!((30_000.0..100_000.0).contains(&last), "{last}");
    assert!(month(end).0 < 1000.0);
    // Before anything was bought.
    let before = ask(&emulator, &GetAfpUsage::default(), NOW - 200 * 86_400).unwrap();
    assert!(!before.unwrap().is_subscribed());
}

#[test]
fn an_account_without_endpoints_uses_no_coding_plan() {
    let size = CatalogueSize { projects: 1, endpoints: 0 };
    let emulator = Emulator::new(EmulatorOptions { size, ..EmulatorOptions::default() });
    let usage = ask(&emulator, &GetCodingPlanUsage {}, NOW).unwrap().unwrap();
    let session = usage.quota_usage.first().unwrap();
    assert_eq!(
        (session.percent.as_ref().unwrap().as_str(), session.reset_timestamp.unwrap().0),
        ("0", -1)
    );
}
