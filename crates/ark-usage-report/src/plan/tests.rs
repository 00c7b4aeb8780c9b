//! Windows, percents, the worst window, thresholds and paces.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn number(text: &str) -> PlanNumber {
    PlanNumber::read(text).unwrap()
}

fn at(text: &str) -> PlanNumber {
    number(text)
}

/// A window of the Agent Plan.
fn agent(window: QuotaWindow, quota: &str, used: &str) -> PlanWindow {
    PlanWindow { used: Some(number(used)), quota: Some(number(quota)), ..PlanWindow::new(window) }
}

/// A window of the Coding Plan.
fn coding(window: QuotaWindow, percent: &str) -> PlanWindow {
    PlanWindow { reported_percent: Some(number(percent)), ..PlanWindow::new(window) }
}

fn plan(kind: PlanKind, windows: Vec<PlanWindow>) -> PlanStatus {
    PlanStatus { windows, ..PlanStatus::new(kind, PlanState::Active) }
}

fn text(number: Option<PlanNumber>) -> Option<String> {
    number.map(|number| number.as_str().to_owned())
}

#[test]
fn percent_and_rest_are_exact() {
    let cases = [
        ("10000", "1.9221", "0.019221", "9998.0779"),
        ("100000", "89968.2881", "89.9682881", "10031.7119"),
        ("500000", "500001", "100.0002", "0"),
        ("50", "12.5", "25", "37.5"),
        ("3", "1", "33.3333333333", "2"),
    ];
    for (quota, used, percent, left) in cases {
        let window = agent(QuotaWindow::Week, quota, used);
        assert_eq!(text(window.percent()).as_deref(), Some(percent), "{used} of {quota}");
        assert_eq!(text(window.left()).as_deref(), Some(left), "{used} of {quota}");
    }
}

#[test]
fn a_percent_of_the_service_is_never_multiplied() {
    let tiny = coding(QuotaWindow::Session, "0.000029");
    assert_eq!(text(tiny.percent()).as_deref(), Some("0.000029"));
    assert_eq!(text(tiny.left()), None);
    assert_eq!(text(tiny.left_percent()).as_deref(), Some("99.999971"));
    assert_eq!(text(coding(QuotaWindow::Week, "101").left_percent()).as_deref(), Some("0"));
}

#[test]
fn a_quota_of_0_does_not_apply() {
    let none = agent(QuotaWindow::Week, "0", "0");
    assert!(!none.applies());
    assert_eq!((none.percent(), none.left(), none.reaches(Decimal::ZERO)), (None, None, None));
    let plans = [plan(PlanKind::Agent, vec![none])];
    assert_eq!(limiting_windows(&plans).count(), 0);
    assert_eq!(threshold_verdict(&plans, &at("1")), ThresholdVerdict::Below);
}

#[test]
fn the_day_of_the_agent_plan_is_never_the_worst() {
    let plans = [
        plan(
            PlanKind::Agent,
            vec![agent(QuotaWindow::Day, "10", "10"), agent(QuotaWindow::Month, "10", "5")],
        ),
        plan(PlanKind::Coding, vec![coding(QuotaWindow::Week, "49.99")]),
    ];
    let worst = worst_window(limiting_windows(&plans)).unwrap();
    assert_eq!((worst.status.plan, &worst.window.window), (PlanKind::Agent, &QuotaWindow::Month));
    assert_eq!(threshold_verdict(&plans, &at("60")), ThresholdVerdict::Below);
    assert_eq!(threshold_verdict(&plans, &at("50")), ThresholdVerdict::Reached);
    assert_eq!(plans[0].shown_windows(false).count(), 1);
    assert_eq!(plans[0].shown_windows(true).count(), 2);
}

#[test]
fn windows_with_other_names_count() {
    let season = coding(QuotaWindow::Other("quarterly".to_owned()), "99");
    let plans = [plan(PlanKind::Coding, vec![coding(QuotaWindow::Week, "1"), season])];
    let worst = worst_window(limiting_windows(&plans)).unwrap();
    assert_eq!(worst.window.window.name(), "quarterly");
}

#[test]
fn a_plan_that_is_over_decides_even_if_the_other_is_unknown() {
    let over = plan(PlanKind::Coding, vec![coding(QuotaWindow::Week, "80")]);
    let unknown = PlanStatus::new(PlanKind::Agent, PlanState::NotAllowed);
    let absent = PlanStatus::new(PlanKind::Agent, PlanState::NotSubscribed);
    let verdict = |plans: &[PlanStatus], percent| threshold_verdict(plans, &at(percent));
    let both = [unknown, over.clone()];
    assert_eq!(verdict(&both, "80"), ThresholdVerdict::Reached);
    assert_eq!(verdict(&both, "80.01"), ThresholdVerdict::Unknown);
    assert_eq!(verdict(&[absent, over], "80.01"), ThresholdVerdict::Below);
    let silent = plan(PlanKind::Coding, vec![PlanWindow::new(QuotaWindow::Week)]);
    assert_eq!(verdict(&[silent], "1"), ThresholdVerdict::Unknown);
}

#[test]
fn the_pace_is_the_mean_since_the_window_began() {
    let time = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let week = PlanWindow {
        started_at: Some(time("2026-11-23T00:00:00Z")),
        resets_at: Some(time("2026-11-30T00:00:00Z")),
        ..agent(QuotaWindow::Week, "100", "40")
    };
    let found = pace(&week, time("2026-11-25T00:00:00Z"), &zone).unwrap();
    assert_eq!(found.per_hour.as_str(), "0.8333333333");
    assert_eq!(found.empty_at, Some(time("2026-11-28T00:00:00Z")));
    assert!(found.is_too_fast && !found.is_percent);
    let slow = pace(&week, time("2026-11-29T00:00:00Z"), &zone).unwrap();
    assert_eq!((slow.empty_at, slow.is_too_fast), (Some(time("2026-12-08T00:00:00Z")), false));
    let unused = PlanWindow { used: Some(number("0")), ..week };
    let unused = pace(&unused, time("2026-11-25T00:00:00Z"), &zone).unwrap();
    assert_eq!((unused.per_hour.as_str(), unused.empty_at), ("0", None));
}

#[test]
fn a_pace_without_a_start_takes_the_length_of_the_window() {
    let time = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let session = PlanWindow {
        resets_at: Some(time("2026-11-30T05:00:00Z")),
        ..coding(QuotaWindow::Session, "50")
    };
    let found = pace(&session, time("2026-11-30T02:00:00Z"), &zone).unwrap();
    assert_eq!((found.per_hour.as_str(), found.is_percent), ("25", true));
    assert_eq!(found.empty_at, Some(time("2026-11-30T04:00:00Z")));
    let month = PlanWindow {
        window: QuotaWindow::Month,
        resets_at: Some(time("2026-03-30T16:00:00Z")),
        ..session.clone()
    };
    // One month before 31 March is the last day of February.
    let found = pace(&month, time("2026-03-10T00:00:00Z"), &zone).unwrap();
    assert_eq!(found.started_at, time("2026-02-27T16:00:00Z"));
    let not_started = PlanWindow { resets_at: None, ..session.clone() };
    assert_eq!(pace(&not_started, time("2026-11-30T02:00:00Z"), &zone), None);
    assert_eq!(pace(&session, time("2026-11-30T06:00:00Z"), &zone), None);
}

proptest! {
    #[test]
    fn percents_and_thresholds_agree(used in 0_u64..2_000_000, quota in 1_u64..1_000_000, at in 0_u32..200) {
        let window = agent(QuotaWindow::Week, &quota.to_string(), &used.to_string());
        let threshold = Decimal::from(at);
        let exact = u128::from(used) * 100 >= u128::from(quota) * u128::from(at);
        prop_assert_eq!(window.reaches(threshold), Some(exact));
        // A percent that is cut never reaches a whole number that the exact one does not.
        prop_assert_eq!(window.percent().unwrap().value() >= threshold, exact);
        let left = window.left().unwrap().value();
        prop_assert_eq!(left, Decimal::from(quota.saturating_sub(used)));
    }
}

mod reading {
    use ark_usage_model::get_afp_usage::AfpUsage;
    use ark_usage_model::get_coding_plan_usage::CodingPlanUsage;
    use ark_usage_model::get_personal_plan::PersonalPlan;

    use super::*;
    use crate::text;

    fn read<T: serde::de::DeserializeOwned>(json: &str) -> Option<T> {
        serde_json::from_str(json).unwrap()
    }

    fn agent_of(usage: &str, personal: PlanAnswer<PersonalPlan>) -> PlanStatus {
        agent_plan(Ok(read::<AfpUsage>(usage)), personal)
    }

    fn coding_of(usage: &str, personal: PlanAnswer<PersonalPlan>) -> PlanStatus {
        coding_plan(Ok(read::<CodingPlanUsage>(usage)), personal)
    }

    fn not_allowed() -> PlanCallFailure {
        PlanCallFailure::NotAllowed("ark:GetAFPUsage".to_owned())
    }

    const NOT_BOUGHT: PlanAnswer<PersonalPlan> = Err(PlanCallFailure::NotBought);

    #[test]
    fn windows_of_the_agent_plan_keep_digits_and_milliseconds() {
        let usage = r#"{"PlanType":"medium","AFPMonthly":{"Quota":"100000.0","Used":89968.28810,"ResetTime":1787155199999},
            "AFPFiveHour":{"Quota":10000,"Used":1.9221,"SubscribeTime":1778788800000,"ResetTime":0},
            "AFPYearly":{"Quota":5},"Bonus":1.50}"#;
        let plan = agent_of(usage, Ok(read(r#"{"PlanType":"Large","Status":"Running"}"#)));
        assert_eq!((plan.state, plan.plan_type.as_deref()), (PlanState::Active, Some("medium")));
        let names: Vec<&str> = plan.windows.iter().map(|window| window.window.name()).collect();
        assert_eq!(names, ["session", "month", "AFPYearly"]);
        let [session, month, _] = plan.windows.as_slice() else { panic!("three windows") };
        assert_eq!(
            (session.resets_at, month.used.as_ref().unwrap().as_str()),
            (None, "89968.28810")
        );
        assert_eq!(month.resets_at.unwrap().to_string(), "2026-08-19T15:59:59.999Z");
        assert_eq!(plan.other_members, [("Bonus".to_owned(), "1.50".to_owned())]);
    }

    #[test]
    fn windows_of_the_coding_plan_are_sorted_and_typed_in_seconds() {
        let usage = r#"{"Status":"Running","QuotaUsage":[{"Level":"Monthly","Percent":101},
            {"Level":"quarterly","Percent":5},{"Level":"weekly","Percent":"0.000029","ResetTimestamp":1788105600},
            {"Level":"SESSION","Percent":0.0,"ResetTimestamp":-1}]}"#;
        let plan = coding_of(usage, Err(not_allowed()));
        assert!(plan.missing_type_permission.is_some() && plan.state == PlanState::Active);
        let names: Vec<&str> = plan.windows.iter().map(|window| window.window.name()).collect();
        assert_eq!(names, ["session", "week", "month", "quarterly"]);
        let percents = plan.windows.iter().map(|window| text(window.percent()).unwrap());
        assert_eq!(percents.collect::<Vec<_>>(), ["0.0", "0.000029", "101", "5"]);
        let resets: Vec<_> = plan.windows.iter().map(|window| window.resets_at).collect();
        assert_eq!((resets[0], resets[1].unwrap().as_second()), (None, 1_788_105_600));
    }

    #[test]
    fn no_plan_is_a_state() {
        for usage in ["null", "{}", r#"{"PlanType":"","AFPWeekly":{"Quota":0,"Used":0}}"#] {
            for other in [
                NOT_BOUGHT,
                Ok(read("null")),
                Ok(read(r#"{"PlanType":"Small","Status":"Expired"}"#)),
            ] {
                let plan = agent_of(usage, other);
                assert_eq!(
                    (plan.state, plan.windows.len()),
                    (PlanState::NotSubscribed, 0),
                    "{usage}"
                );
            }
        }
        for usage in ["null", "{}", r#"{"QuotaUsage":[]}"#] {
            let plan = coding_of(usage, Err(not_allowed()));
            assert_eq!(plan.state, PlanState::NotSubscribed, "{usage}");
        }
        let refused = agent_plan(Err(PlanCallFailure::NotBought), Ok(read("null")));
        assert_eq!(refused.state, PlanState::NotSubscribed);
        let told = agent_plan(Err(not_allowed()), NOT_BOUGHT);
        assert_eq!((told.state, told.reason), (PlanState::NotSubscribed, None));
    }

    #[test]
    fn a_refusal_names_the_action_and_a_failure_its_cause() {
        let plan = agent_plan(Err(not_allowed()), Ok(read(r#"{"PlanType":"Max"}"#)));
        assert_eq!((plan.state, plan.plan_type.as_deref()), (PlanState::NotAllowed, Some("Max")));
        assert!(plan.reason.unwrap().in_lang(Lang::Zh).contains("ark:GetAFPUsage"));
        let failed = PlanCallFailure::Failed(text!("no response", "没有应答"));
        let plan = coding_plan(Err(failed), Err(not_allowed()));
        assert_eq!(
            (plan.state, plan.reason.unwrap().in_lang(Lang::En)),
            (PlanState::Failed, "no response")
        );
    }

    #[test]
    fn a_running_plan_without_readable_quotas_is_never_called_absent() {
        let running = || Ok(read(r#"{"PlanType":"Pro","Status":"Running"}"#));
        let plan = coding_of("null", running());
        assert_eq!((plan.state, plan.plan_type.as_deref()), (PlanState::Active, Some("Pro")));
        assert_eq!(threshold_verdict(&[plan], &at("1")), ThresholdVerdict::Unknown);
        let plan = coding_of(r#"{"QuotaUsage":"many"}"#, Ok(read("null")));
        assert_eq!(plan.state, PlanState::Failed);
        let plan = agent_of(r#"{"PlanType":"","AFPWeekly":7}"#, NOT_BOUGHT);
        assert_eq!(plan.state, PlanState::Failed);
    }
}
