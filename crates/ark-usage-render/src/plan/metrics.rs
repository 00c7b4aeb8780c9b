//! `plan -f openmetrics` and `-f prometheus`: gauges of what is left now, without timestamps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ark_usage_report::plan::{PlanState, PlanStatus, PlanWindow};

use super::PlanReport;
use crate::series::{Labels, demo_label, label_pairs};

/// Names and help of the gauges, in the order of output.
const FAMILIES: [(&str, &str); 7] = [
    ("ark_usage_plan_state", "1 for the state that a plan is in, 0 for the others."),
    ("ark_usage_plan_info", "The type of a plan, as the service names it."),
    ("ark_usage_plan_used", "The used part of a quota, in AFP."),
    ("ark_usage_plan_quota", "The quota of a window, in AFP; 0 where the window does not apply."),
    ("ark_usage_plan_percent", "The used part of a quota in percent, 0 to 100 and above."),
    ("ark_usage_plan_left", "The rest of a quota, in AFP."),
    ("ark_usage_plan_reset_timestamp_seconds", "The time a window resets, in unix time."),
];

const STATES: [PlanState; 4] =
    [PlanState::Active, PlanState::NotSubscribed, PlanState::NotAllowed, PlanState::Failed];

/// Writes the gauges as OpenMetrics 1.0 text.
pub fn openmetrics(report: &PlanReport<'_>) -> Vec<u8> {
    (gauges(report) + "# EOF\n").into_bytes()
}

/// Writes the gauges in the text exposition format 0.0.4.
pub fn prometheus(report: &PlanReport<'_>) -> Vec<u8> {
    gauges(report).into_bytes()
}

/// Samples by family and labels: none is written twice.
type GaugeSamples = BTreeMap<&'static str, BTreeMap<String, String>>;

fn gauges(report: &PlanReport<'_>) -> String {
    let mut samples = GaugeSamples::new();
    for status in report.plans {
        add_plan(&mut samples, report, status);
        for window in status.shown_windows(report.daily) {
            add_window(&mut samples, report, status, window);
        }
    }
    let mut text = String::new();
    for (name, help) in FAMILIES {
        let Some(samples) = samples.get(name) else { continue };
        // Writing to a String cannot fail.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n");
        for (labels, value) in samples {
            let _ = writeln!(text, "{name}{{{labels}}} {value}");
        }
    }
    text
}

fn add_plan(samples: &mut GaugeSamples, report: &PlanReport<'_>, status: &PlanStatus) {
    for state in STATES {
        let mut labels = labels(report, status);
        labels.insert("state".to_owned(), state.name().to_owned());
        let value = i32::from(state == status.state).to_string();
        add(samples, "ark_usage_plan_state", &labels, value);
    }
    if let Some(plan_type) = &status.plan_type {
        let mut labels = labels(report, status);
        labels.insert("type".to_owned(), plan_type.clone());
        add(samples, "ark_usage_plan_info", &labels, "1".to_owned());
    }
}

fn add_window(
    samples: &mut GaugeSamples,
    report: &PlanReport<'_>,
    status: &PlanStatus,
    window: &PlanWindow,
) {
    let mut labels = labels(report, status);
    labels.insert("window".to_owned(), window.window.name().to_owned());
    let numbers = [
        ("ark_usage_plan_used", window.used.clone()),
        ("ark_usage_plan_quota", window.quota.clone()),
        ("ark_usage_plan_percent", window.percent()),
        ("ark_usage_plan_left", window.left()),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            add(samples, name, &labels, number.as_str().to_owned());
        }
    }
    if let Some(at) = window.resets_at {
        let seconds = at.as_second().to_string();
        add(samples, "ark_usage_plan_reset_timestamp_seconds", &labels, seconds);
    }
}

/// The labels of a plan. An empty one is the same as none.
fn labels(report: &PlanReport<'_>, status: &PlanStatus) -> Labels {
    let named = [("account_id", &status.account_id), ("profile", &status.profile)];
    let named = named.into_iter().filter_map(|(name, value)| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        Some((name.to_owned(), value.to_owned()))
    });
    let plan = [("plan".to_owned(), status.plan.name().to_owned())];
    named.chain(plan).chain(demo_label(report.demo)).collect()
}

/// Adds a sample; the first one stays where two accounts have the same labels.
fn add(samples: &mut GaugeSamples, name: &'static str, labels: &Labels, value: String) {
    samples.entry(name).or_default().entry(label_pairs(labels)).or_insert(value);
}
