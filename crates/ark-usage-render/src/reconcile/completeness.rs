//! Two sentences for people: what is counted, and whether the numbers may still change.

use std::collections::BTreeSet;

use super::Reconciliation;
use ark_usage_report::reconciliation::{CheckKind, CheckVerdict};
use ark_usage_report::{Lang, Text, text};

/// Returns the sentences, a line each.
pub(super) fn sentences(answer: &Reconciliation<'_>, lang: Lang) -> String {
    let mut all = String::new();
    for line in [Some(counted(answer)), completeness(answer)].into_iter().flatten() {
        all.push_str(line.in_lang(lang));
        all.push('\n');
    }
    all
}

/// `each line counts 1 day × 3 projects × 2 metrics`
fn counted(answer: &Reconciliation<'_>) -> Text {
    let days = answer.checks.iter().map(|check| check.start).collect::<BTreeSet<_>>().len();
    let projects = answer.checks.iter().map(|check| check.project).collect::<BTreeSet<_>>().len();
    let metrics = answer.checks.iter().map(|check| &check.metric).collect::<BTreeSet<_>>().len();
    let lines = answer.count(|check| check.kind == CheckKind::Hours);
    // Projects may have different metrics.
    let sign = if days * projects * metrics == lines { " × " } else { ", " };
    Text::each(|lang| {
        let of = |count: usize, one: &str, zh: &str| {
            let s = if count == 1 { "" } else { "s" };
            lang.pick(format!("{count} {one}{s}"), format!("{count} {zh}"))
        };
        let parts = [
            of(days, "day", "天"),
            of(projects, "project", "个项目"),
            of(metrics, "metric", "个指标"),
        ];
        format!("{}{}", lang.pick("each line counts ", "每行统计 "), parts.join(sign))
    })
}

/// The range is final, or may change until some time, or lacks data.
fn completeness(answer: &Reconciliation<'_>) -> Option<Text> {
    if answer.checks.is_empty() {
        return None;
    }
    let any = |verdict| answer.checks.iter().any(|check| check.verdict() == verdict);
    let end = answer.range.window.end().saturating_add(answer.settle);
    let until = answer.range.local(end).strftime("%Y-%m-%d %H:%M").to_string();
    Some(if any(CheckVerdict::Unknown) {
        text!("not everything was received: data is missing", "没有全部收到：有数据缺失")
    } else if any(CheckVerdict::Settling) {
        text!(
            "not everything is final: numbers may change until {until}",
            "并非全部已定：数字在 {until} 之前还可能变化"
        )
    } else {
        text!("everything checked was received and is final", "核对的数据全部收到，且全部已定")
    })
}
