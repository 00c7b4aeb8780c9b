//! Two sentences for people: what is counted, and whether the numbers may still change.

use std::collections::BTreeSet;

use super::Reconciliation;
use crate::check_words::{days_of, number_of, open_words};
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

/// `each line counts 1 day (Asia/Shanghai) × 3 projects × 2 metrics`
fn counted(answer: &Reconciliation<'_>) -> Text {
    let days = answer.checks.iter().map(|check| check.start).collect::<BTreeSet<_>>().len();
    let projects = answer.checks.iter().map(|check| check.project).collect::<BTreeSet<_>>().len();
    let metrics = answer.checks.iter().map(|check| &check.metric).collect::<BTreeSet<_>>().len();
    let lines = answer.count(|check| check.kind == CheckKind::Hours);
    // Projects may have different metrics.
    let sign = if days * projects * metrics == lines { " × " } else { ", " };
    Text::each(|lang| {
        let parts = [
            days_of(days, answer.range, lang),
            number_of(projects, "project", "个项目", lang),
            number_of(metrics, "metric", "个指标", lang),
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
    let (is_missing, is_settling) = (any(CheckVerdict::Unknown), any(CheckVerdict::Settling));
    let open = open_words(answer.range, answer.settle, is_missing, is_settling);
    Some(open.unwrap_or_else(|| {
        text!("everything checked was received and is final", "核对的数据全部收到，且全部已定")
    }))
}
