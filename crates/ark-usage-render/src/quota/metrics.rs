//! `quota -f openmetrics` and `-f prometheus`: gauges of what is left now, without timestamps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ark_usage_report::plan::PlanNumber;
use ark_usage_report::quota::{AccountQuotas, QuotaRow, SourceState};

use super::QuotaReport;
use crate::series::{Labels, demo_label, label_pairs};

/// Names and help of the gauges, in the order of output.
const FAMILIES: [(&str, &str); 6] = [
    ("ark_usage_quota_source_read", "1 for a source that was read, 0 for one that was not."),
    ("ark_usage_quota_total", "All of a quota."),
    ("ark_usage_quota_used", "The used part of a quota."),
    ("ark_usage_quota_percent", "The used part of a quota in percent, 0 to 100 and above."),
    ("ark_usage_quota_left", "The rest of a quota."),
    ("ark_usage_balance", "An amount of money of the account."),
];

/// Writes the gauges as OpenMetrics 1.0 text.
pub fn openmetrics(report: &QuotaReport<'_>) -> Vec<u8> {
    (gauges(report) + "# EOF\n").into_bytes()
}

/// Writes the gauges in the text exposition format 0.0.4.
pub fn prometheus(report: &QuotaReport<'_>) -> Vec<u8> {
    gauges(report).into_bytes()
}

/// Samples by family and labels: none is written twice.
type QuotaSamples = BTreeMap<&'static str, BTreeMap<String, String>>;

fn gauges(report: &QuotaReport<'_>) -> String {
    let mut samples = QuotaSamples::new();
    for account in report.accounts {
        for (source, state) in &account.sources {
            let labels = labels(report, account, [("source", source.name())]);
            let value = i32::from(*state == SourceState::Read).to_string();
            add(&mut samples, "ark_usage_quota_source_read", &labels, value);
        }
        for row in report.rows(account) {
            add_row(&mut samples, report, account, row);
        }
        for (kind, amount) in account.balance.iter().flat_map(|balance| balance.named()) {
            let labels = labels(report, account, [("amount", kind)]);
            add_number(&mut samples, "ark_usage_balance", &labels, amount);
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

fn add_row(
    samples: &mut QuotaSamples,
    report: &QuotaReport<'_>,
    account: &AccountQuotas,
    row: &QuotaRow,
) {
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let (model, name, id, unit) =
        (text(&row.model), text(&row.name), text(&row.id), text(&row.unit));
    let of_row = [
        ("kind", row.kind.name()),
        ("model", &model),
        ("name", &name),
        ("id", &id),
        ("unit", &unit),
    ];
    let labels = labels(report, account, of_row);
    add_number(samples, "ark_usage_quota_total", &labels, row.total.as_ref());
    add_number(samples, "ark_usage_quota_used", &labels, row.used.as_ref());
    add_number(samples, "ark_usage_quota_percent", &labels, row.percent().as_ref());
    add_number(samples, "ark_usage_quota_left", &labels, row.left.as_ref());
}

/// The labels of a sample. An empty one is the same as none.
fn labels<'a>(
    report: &QuotaReport<'_>,
    account: &'a AccountQuotas,
    more: impl IntoIterator<Item = (&'static str, &'a str)>,
) -> Labels {
    let named = [
        ("account_id", account.account_id.as_deref().unwrap_or_default()),
        ("profile", account.profile.as_deref().unwrap_or_default()),
    ];
    let all = named.into_iter().chain(more).filter(|(_, value)| !value.is_empty());
    let all = all.map(|(name, value)| (name.to_owned(), value.to_owned()));
    all.chain(demo_label(report.demo)).collect()
}

fn add_number(
    samples: &mut QuotaSamples,
    name: &'static str,
    labels: &Labels,
    number: Option<&PlanNumber>,
) {
    if let Some(number) = number {
        add(samples, name, labels, number.as_str().to_owned());
    }
}

/// Adds a sample; the first one stays where two quotas have the same labels.
fn add(samples: &mut QuotaSamples, name: &'static str, labels: &Labels, value: String) {
    samples.entry(name).or_default().entry(label_pairs(labels)).or_insert(value);
}
