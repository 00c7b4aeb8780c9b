//! The line about a limit that is not simply kept: for a terminal, a mail, a chat.

use ark_usage_report::budget::{BudgetVerdict, Period};
use ark_usage_report::chart_data::grouped;
use ark_usage_report::range::Range;
use ark_usage_report::{Lang, Scope, Text, listed, text};

use super::{Judged, in_threes};
use crate::harmless::one_line;

/// Everything a line names beside the limit itself.
#[derive(Clone, Copy, Debug)]
pub struct NoticeContext<'a> {
    /// The accounts whose usage is counted, by name.
    pub accounts: &'a [Text],
    /// The projects whose usage is counted.
    pub scope: &'a Scope,
    /// The range, with its zone.
    pub range: &'a Range,
    /// The metrics that were received.
    pub received: &'a Text,
}

/// Returns the line about a limit; `None` for one that is kept. `level` is its metric if values of that
/// cannot be added up.
pub fn notice(
    judged: &Judged<'_>,
    level: Option<&str>,
    context: &NoticeContext<'_>,
) -> Option<Text> {
    let Judged { rule, finding, .. } = *judged;
    if finding.alerts(rule).is_empty() {
        return None;
    }
    let headline = headline(judged, level, context.received);
    let warning = match finding.verdict {
        BudgetVerdict::HardExceeded | BudgetVerdict::Unknown => Text::same(""),
        _ => text!("warning: ", "警告："),
    };
    let facts = Text::each(|lang| facts(judged, context, lang));
    let name = &rule.name;
    Some(text!(
        "{warning}{name}: {headline}{facts}",
        "{warning}{name}：{headline}{facts}";
        warning = warning, headline = headline, facts = facts
    ))
}

fn headline(judged: &Judged<'_>, level: Option<&str>, received: &Text) -> Text {
    let Judged { rule, finding, .. } = *judged;
    let used = grouped(finding.used.unwrap_or(0));
    let (hard, soft) = (grouped(rule.hard.unwrap_or(0)), grouped(rule.soft.unwrap_or(0)));
    match finding.verdict {
        BudgetVerdict::HardExceeded => {
            text!("{used} used, over the hard limit of {hard}", "已用 {used}，超过硬限额 {hard}")
        }
        BudgetVerdict::SoftExceeded if !finding.complete => text!(
            "{used} used so far, over the soft limit of {soft}; data is incomplete",
            "已知用量 {used}，超过软限额 {soft}；数据不完整"
        ),
        BudgetVerdict::SoftExceeded => {
            text!("{used} used, over the soft limit of {soft}", "已用 {used}，超过软限额 {soft}")
        }
        BudgetVerdict::Unknown if let Some(level) = level => text!(
            "values of {level} cannot be added up, so the limit cannot be checked",
            "{level} 的值不能相加，无法判断"
        ),
        BudgetVerdict::Unknown if finding.used.is_none() => text!(
            "no data received of {metric}; metrics received: {received}",
            "没有收到 {metric} 的用量，无法判断；已收到的指标：{received}",
            metric = rule.counted.name();
            received = received
        ),
        BudgetVerdict::Unknown if finding.over_soft => text!(
            "{used} used so far, over the soft limit of {soft}; the hard limit cannot be checked because data is incomplete",
            "已知用量 {used}，超过软限额 {soft}；数据不完整，无法判断是否超过硬限额"
        ),
        BudgetVerdict::Unknown => text!(
            "{used} used so far, within the limit; data is incomplete, so the limit cannot be checked",
            "已知用量 {used}，尚未超过限额；数据不完整，无法判断"
        ),
        BudgetVerdict::Within if rule.hard.is_some() => text!(
            "the forecast is over the hard limit of {hard}; {used} used so far",
            "预测超过硬限额 {hard}；目前已用 {used}"
        ),
        BudgetVerdict::Within => text!(
            "the forecast is over the soft limit of {soft}; {used} used so far",
            "预测超过软限额 {soft}；目前已用 {used}"
        ),
    }
}

/// The facts behind the headline, each after a semicolon.
fn facts(judged: &Judged<'_>, context: &NoticeContext<'_>, lang: Lang) -> String {
    let facts = [
        share(judged, lang),
        forecast(judged, lang),
        missing(judged, lang),
        Some(period(judged, context.range, lang)),
        Some(subject(judged, context.scope, lang)),
        accounts(context.accounts, lang),
    ];
    let mut all = String::new();
    for fact in facts.into_iter().flatten() {
        all.push_str(lang.pick("; ", "；"));
        all.push_str(&one_line(&fact));
    }
    all
}

fn share(judged: &Judged<'_>, lang: Lang) -> Option<String> {
    let Judged { rule, finding, .. } = *judged;
    let percent = in_threes(&rule.percent(finding.used?)?);
    let (limit, is_hard) = (grouped(rule.limit()?), rule.hard.is_some());
    let kind = match (is_hard, lang) {
        (true, Lang::En) => "hard limit",
        (true, Lang::Zh) => "硬限额",
        (false, Lang::En) => "soft limit",
        (false, Lang::Zh) => "软限额",
    };
    let is_named = match finding.verdict {
        BudgetVerdict::HardExceeded => is_hard,
        BudgetVerdict::SoftExceeded => !is_hard,
        BudgetVerdict::Within => true,
        BudgetVerdict::Unknown => false,
    };
    Some(match (is_named, lang) {
        (true, Lang::En) => format!("{percent}% of the limit"),
        (true, Lang::Zh) => format!("占限额 {percent}%"),
        (false, Lang::En) => format!("{percent}% of the {kind} of {limit}"),
        (false, Lang::Zh) => format!("占{kind} {limit} 的 {percent}%"),
    })
}

fn forecast(judged: &Judged<'_>, lang: Lang) -> Option<String> {
    let Judged { rule, finding, .. } = *judged;
    let value = finding.forecast?.value;
    let percent = rule.percent(value).map(|percent| in_threes(&percent));
    let share =
        percent.map(|percent| lang.pick(format!(" ({percent}%)"), format!("（{percent}%）")));
    let (value, share) = (grouped(value), share.unwrap_or_default());
    Some(lang.pick(format!("forecast ~{value}{share}"), format!("预测期末为 ~{value}{share}")))
}

/// The number of projects, endpoints and profiles without usage that a line names.
const NAMED: usize = 5;

fn missing(judged: &Judged<'_>, lang: Lang) -> Option<String> {
    let names = judged.missing.iter().map(|name| name.in_lang(lang));
    let names = listed(names, NAMED);
    let names = names.in_lang(lang);
    let missing = lang.pick(format!("missing: {names}"), format!("缺失：{names}"));
    (!judged.missing.is_empty()).then_some(missing)
}

fn period(judged: &Judged<'_>, range: &Range, lang: Lang) -> String {
    let Judged { rule, finding, .. } = *judged;
    let date = |unix| range.local(unix).strftime("%Y-%m-%d").to_string();
    let first = date(finding.span.start);
    let last = date(finding.span.end.saturating_sub(1));
    match rule.period {
        Period::Day => lang.pick(format!("day {first}"), format!("{first} 当天")),
        Period::Week => {
            lang.pick(format!("week {first} … {last}"), format!("{first} … {last} 当周"))
        }
        _ => lang.pick(format!("month {first} … {last}"), format!("{first} … {last} 当月")),
    }
}

/// The project, or the projects of the whole request, and the endpoints.
fn subject(judged: &Judged<'_>, scope: &Scope, lang: Lang) -> String {
    let rule = judged.rule;
    let mut subject = match &rule.project {
        Some(project) => lang.pick(format!("project {project}"), format!("项目 {project}")),
        None => scope.words(lang),
    };
    if let Some(id) = rule.endpoint_id() {
        subject.push_str(&lang.pick(format!(", endpoint {id}"), format!("，推理接入点 {id}")));
    }
    if let Some((key, value)) = rule.label() {
        let label = lang.pick(format!(", label {key}={value}"), format!("，标签 {key}={value}"));
        subject.push_str(&label);
    }
    subject
}

fn accounts(accounts: &[Text], lang: Lang) -> Option<String> {
    let names: Vec<&str> = accounts.iter().map(|name| name.in_lang(lang)).collect();
    (!names.is_empty()).then(|| names.join(lang.pick(", ", "、")))
}
