//! Every format of the same plans.

use ark_usage_report::plan::{
    PlanKind, PlanNumber, PlanState, PlanStatus, PlanWindow, QuotaWindow,
};
use ark_usage_report::{Lang, text};
use jiff::tz::TimeZone;

use super::*;
use crate::Screen;
use crate::chart::Glyphs;

fn number(text: &str) -> Option<PlanNumber> {
    PlanNumber::read(text)
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Both plans of one account: an Agent Plan over its month, a Coding Plan whose session has not started.
fn plans() -> Vec<PlanStatus> {
    let agent = |window, quota, used, resets_at| PlanWindow {
        used: number(used),
        quota: number(quota),
        resets_at,
        ..PlanWindow::new(window)
    };
    let coding = |window, percent, resets_at| PlanWindow {
        reported_percent: number(percent),
        resets_at,
        ..PlanWindow::new(window)
    };
    let week = time("2026-12-06T16:00:00Z");
    let month = time("2026-12-19T15:59:59.999Z");
    vec![
        PlanStatus {
            account_id: Some("2100000001".to_owned()),
            plan_type: Some("medium".to_owned()),
            windows: vec![
                agent(QuotaWindow::Session, "10000", "1.9221", time("2026-11-30T14:12:00Z")),
                agent(QuotaWindow::Day, "50000", "0", time("2026-11-30T16:00:00Z")),
                agent(QuotaWindow::Week, "0", "0", None),
                agent(QuotaWindow::Month, "100000.0", "100001.5000", month),
            ],
            ..PlanStatus::new(PlanKind::Agent, PlanState::Active)
        },
        PlanStatus {
            account_id: Some("2100000001".to_owned()),
            service_status: Some("Exhausted".to_owned()),
            windows: vec![
                coding(QuotaWindow::Session, "0.000029", None),
                coding(QuotaWindow::Week, "62.2", week),
                PlanWindow::new(QuotaWindow::Other("quarterly".to_owned())),
            ],
            ..PlanStatus::new(PlanKind::Coding, PlanState::Active)
        },
    ]
}

/// Plans of which nothing is known but their states.
fn absent() -> Vec<PlanStatus> {
    vec![
        PlanStatus {
            reason: Some(text!("needs ark:GetAFPUsage", "需要 ark:GetAFPUsage")),
            ..PlanStatus::new(PlanKind::Agent, PlanState::NotAllowed)
        },
        PlanStatus::new(PlanKind::Coding, PlanState::NotSubscribed),
    ]
}

fn with_report<T>(plans: &[PlanStatus], daily: bool, show: impl Fn(&PlanReport<'_>) -> T) -> T {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    show(&PlanReport {
        plans,
        daily,
        now: time("2026-11-30T10:00:00Z").unwrap(),
        zone: &zone,
        zone_name: "Asia/Shanghai",
        demo: false,
        warnings: &[],
    })
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn json_keeps_every_digit() {
    let text = with_report(&plans(), true, |report| utf8(json(report).unwrap()));
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        r#""schema": "ark-usage/plan", "schema_version": 1, "generated_at": "2026-11-30T18:00:00+08:00""#,
        r#"{ "plan": "agent", "account_id": "2100000001", "type": "medium", "state": "active" }"#,
        r#"{ "plan": "coding", "account_id": "2100000001", "type": null, "state": "active" }"#,
        r#""window": "month", "used": 100001.5000, "quota": 100000.0, "percent": 100.0015, "left": 0, "resets_at": "2026-12-19T23:59:59.999+08:00" }"#,
        r#""window": "week", "used": 0, "quota": 0, "percent": null, "left": null, "resets_at": null }"#,
        r#""window": "session", "used": null, "quota": null, "percent": 0.000029, "left": null, "resets_at": null }"#,
        r#""window": "quarterly", "used": null,"#,
        r#""window": "day", "used": 0, "quota": 50000, "percent": 0, "left": 50000,"#,
    ] {
        assert!(flat.contains(part), "{part} is missing in {flat}");
    }
    let without = with_report(&plans(), false, |report| utf8(json(report).unwrap()));
    assert!(!without.contains("\"day\""), "{without}");
}

#[test]
fn csv_has_a_line_for_each_window_and_each_plan_without_any() {
    let text = with_report(&plans(), false, |report| utf8(csv(report).unwrap()));
    assert_eq!(
        text,
        "plan,account_id,type,state,window,used,quota,percent,left,resets_at\r\n\
         agent,2100000001,medium,active,session,1.9221,10000,0.019221,9998.0779,2026-11-30T22:12:00+08:00\r\n\
         agent,2100000001,medium,active,week,0,0,,,\r\n\
         agent,2100000001,medium,active,month,100001.5000,100000.0,100.0015,0,2026-12-19T23:59:59.999+08:00\r\n\
         coding,2100000001,,active,session,,,0.000029,,\r\n\
         coding,2100000001,,active,week,,,62.2,,2026-12-07T00:00:00+08:00\r\n\
         coding,2100000001,,active,quarterly,,,,,\r\n"
    );
    let text = with_report(&absent(), false, |report| utf8(csv(report).unwrap()));
    assert!(
        text.ends_with("agent,,,not-allowed,,,,,,\r\ncoding,,,not-subscribed,,,,,,\r\n"),
        "{text}"
    );
}

#[test]
fn gauges_have_the_labels_of_plan_and_window() {
    let text = with_report(&plans(), false, |report| utf8(openmetrics(report)));
    for line in [
        "# TYPE ark_usage_plan_percent gauge",
        "ark_usage_plan_percent{account_id=\"2100000001\",plan=\"coding\",window=\"session\"} 0.000029",
        "ark_usage_plan_used{account_id=\"2100000001\",plan=\"agent\",window=\"month\"} 100001.5000",
        "ark_usage_plan_state{account_id=\"2100000001\",plan=\"agent\",state=\"active\"} 1",
        "ark_usage_plan_state{account_id=\"2100000001\",plan=\"agent\",state=\"not-subscribed\"} 0",
        "ark_usage_plan_info{account_id=\"2100000001\",plan=\"agent\",type=\"medium\"} 1",
        "ark_usage_plan_reset_timestamp_seconds{account_id=\"2100000001\",plan=\"coding\",window=\"week\"} 1796572800",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in {text}");
    }
    assert!(text.ends_with("# EOF\n"));
    assert!(!text.contains("window=\"day\""));
    let older = with_report(&plans(), false, |report| utf8(prometheus(report)));
    assert_eq!(older + "# EOF\n", text);
}

#[test]
fn a_table_has_a_bar_on_a_terminal_only() {
    let draw = |plans: &[PlanStatus], width, lang| {
        let screen = Screen { width, ..Screen::default() };
        with_report(plans, false, |report| utf8(table(report, Glyphs::Ascii, screen, lang)))
    };
    assert_eq!(
        draw(&plans(), None, Lang::En),
        "\
plan                     window             used      quota         %        left  resets in
Agent Plan medium        5 hours          1.9221   10,000      0.01    9,998.0779  4 h 12 min
Agent Plan medium        week             0             0      -           -       does not apply
Agent Plan medium        month      100,001.5000  100,000.0  100.00        0       19 d 5 h
Coding Plan (Exhausted)  5 hours          -             -       <0.01     99.99 %  not started
Coding Plan (Exhausted)  week             -             -     62.20       37.80 %  6 d 6 h
Coding Plan (Exhausted)  quarterly        -             -      -           -       not started
"
    );
    let wide = draw(&plans(), Some(120), Lang::Zh);
    assert!(
        wide.contains("##########") && wide.contains("######  ") && wide.contains("未开始"),
        "{wide}"
    );
    assert_eq!(
        draw(&absent(), None, Lang::En),
        "\
plan         window                              used  quota  %  left  resets in
Agent Plan   not allowed: needs ark:GetAFPUsage
Coding Plan  not subscribed
"
    );
}
