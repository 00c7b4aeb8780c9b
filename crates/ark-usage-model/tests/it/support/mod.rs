//! A small service, a driver without a clock, and shorthand.

mod driver;
pub(crate) mod inference;
mod service;

pub(crate) use driver::{Run, Scenario};
pub(crate) use service::{Labels, Service, Tagging, page, refuse, success};

use ark_usage_model::{AccountId, Interval, Scene, Target, UsageReport, Window};

/// 2024-11-19T00:00:00+08:00, the day of the vendor's sample.
pub(crate) const DAY0: i64 = 1_731_945_600;
pub(crate) const DAY: i64 = 86_400;
pub(crate) const HOUR: i64 = 3_600;

/// `n` days from the first one on.
pub(crate) fn days(n: i64) -> Window {
    Window::new(Interval::Day, DAY0, DAY0 + (n - 1) * DAY).unwrap()
}

/// `n` hours from the first one on.
pub(crate) fn hours(n: i64) -> Window {
    Window::new(Interval::Hour, DAY0, DAY0 + (n - 1) * HOUR).unwrap()
}

pub(crate) fn target() -> Target {
    Target::new(AccountId(0))
}

pub(crate) fn project(name: &str) -> Target {
    Target { project: Some(name.to_owned()), ..target() }
}

pub(crate) fn endpoints<I: ToString>(ids: impl IntoIterator<Item = I>) -> Target {
    Target { endpoint_ids: ids.into_iter().map(|id| id.to_string()).collect(), ..target() }
}

pub(crate) fn scene(name: &str) -> Scene {
    Scene::from(name)
}

/// `(start, value)` of a metric's untagged rows, in units of buckets from the window's first.
pub(crate) fn values(report: &UsageReport, metric: &str) -> Vec<(i64, Option<i64>)> {
    let window = report.window;
    report
        .rows(i64::MAX)
        .iter()
        .filter(|row| row.metric.as_str() == metric)
        .map(|row| ((row.start - window.first()) / window.interval().seconds(), row.value))
        .collect()
}

/// A metric's total, if any came.
pub(crate) fn total(report: &UsageReport, metric: &str) -> Option<i128> {
    let totals = report.totals(i64::MAX);
    totals.iter().find(|total| total.metric.as_str() == metric).and_then(|total| total.value)
}

/// The codes of all warnings.
pub(crate) fn warnings(report: &UsageReport) -> Vec<&'static str> {
    report.warnings.iter().map(|warning| warning.code).collect()
}
