//! Sentences for people: what is compared, what is not, and the known reasons for differences.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_report::action_comparison::{ActionCheck, ActionVerdict};
use ark_usage_report::{Lang, Text, text};

use super::ComparedActions;
use crate::check_words::{days_of, number_of, open_words};

/// Returns the sentences below the counts, a line each.
pub(super) fn sentences(answer: &ComparedActions<'_>, lang: Lang) -> String {
    let counted = (!answer.checks().is_empty()).then(|| counted(answer));
    let mut all = String::new();
    for line in [counted, idle(answer), Some(completeness(answer))].into_iter().flatten() {
        all.push_str(line.in_lang(lang));
        all.push('\n');
    }
    all
}

/// `compared: 1 day (Asia/Shanghai), 3 projects, 7 endpoints`
fn counted(answer: &ComparedActions<'_>) -> Text {
    let distinct = |of: fn(&ActionCheck) -> (i64, usize, Option<&str>)| {
        answer.checks().iter().map(of).collect::<BTreeSet<_>>().len()
    };
    let days = distinct(|check| (check.start, 0, None));
    let projects = distinct(|check| (0, check.project, None));
    let endpoints = distinct(|check| (0, check.project, check.endpoint_id.as_deref()));
    Text::each(|lang| {
        let parts = [
            days_of(days, answer.range, lang),
            number_of(projects, "project", "个项目", lang),
            number_of(endpoints, "endpoint", "个推理接入点", lang),
        ];
        let list = parts.join(lang.pick(", ", "，"));
        lang.pick(format!("compared: {list}"), format!("核对范围：{list}"))
    })
}

/// The values that are no usage.
fn idle(answer: &ComparedActions<'_>) -> Option<Text> {
    let idle = answer.comparison.idle;
    (idle > 0).then(|| {
        text!(
            "not compared: {idle} values of 0, for which the other action has no value",
            "未核对：{idle} 个值在一个接口中为 0，在另一个接口中没有值"
        )
    })
}

/// The range is final, or may change until some time, or lacks data.
fn completeness(answer: &ComparedActions<'_>) -> Text {
    if answer.checks().is_empty() {
        return text!("neither action reports any usage", "两个接口都没有报告用量");
    }
    let is_missing = answer.count(ActionVerdict::Unknown) > 0;
    let is_settling = answer.count(ActionVerdict::Settling) > 0;
    open_words(answer.range, answer.settle, is_missing, is_settling).unwrap_or_else(|| {
        text!("everything compared was received and is final", "核对的数据全部收到，且全部已定")
    })
}

/// Returns the known reasons with the number of differences each applies to, and the number without one.
pub(super) fn reasons(answer: &ComparedActions<'_>, lang: Lang) -> Vec<String> {
    let open = answer.checks().iter().filter(|check| check.verdict.disagrees());
    let (mut counts, mut all, mut unexplained) = (BTreeMap::new(), 0_usize, 0_usize);
    for check in open {
        all += 1;
        unexplained += usize::from(check.reasons.is_empty());
        for reason in &check.reasons {
            let words = reason.words(answer.actions()).in_lang(lang).to_owned();
            *counts.entry((reason.code(), words)).or_insert(0_usize) += 1;
        }
    }
    let mut lines: Vec<Text> = Vec::new();
    for ((code, words), count) in &counts {
        lines.push(text!(
            "{code}: {words} ({count} of {all})",
            "{code}：{words}（{all} 处中的 {count} 处）"
        ));
    }
    if unexplained > 0 {
        lines.push(text!(
            "no known reason: {unexplained} of {all}",
            "没有已知原因：{all} 处中的 {unexplained} 处"
        ));
    }
    let heading = text!("\nreasons for differences:\n", "\n差异的原因：\n");
    let heading = (!lines.is_empty()).then(|| heading.in_lang(lang).to_owned());
    let lines = lines.iter().map(|line| format!("  {}\n", line.in_lang(lang)));
    heading.into_iter().chain(lines).collect()
}
