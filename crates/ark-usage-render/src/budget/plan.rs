//! Results of limits on plans: a table, the lines of alerts, and their part of the document.

use std::collections::BTreeSet;

use ark_usage_report::budget::{AlertLevel, BudgetVerdict, PlanRule, PlanRuleStatus, RuleOrigin};
use ark_usage_report::plan::{PlanKind, PlanNumber, PlanWindow, QuotaWindow};
use ark_usage_report::range::Range;
use ark_usage_report::{Lang, ReportError, Text, text};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::table::verdict_words;
use crate::grid::{Cell, Grid};
use crate::plan::{duration_words, percent_text, raw};
use crate::screen::Screen;
use crate::table::NOTHING;

/// A limit on plans and its result.
#[derive(Clone, Copy, Debug)]
pub struct JudgedPlan<'a> {
    /// The limit.
    pub rule: &'a PlanRule,
    /// The result of checking it.
    pub finding: &'a PlanRuleStatus,
}

impl JudgedPlan<'_> {
    fn window(&self) -> Option<&PlanWindow> {
        self.finding.fullest.as_ref().map(|(_, window)| window)
    }

    fn percent(&self) -> Option<PlanNumber> {
        self.window().and_then(PlanWindow::percent)
    }

    /// The plan and the window of the percent, else those of the rule.
    fn subject(&self, lang: Lang) -> String {
        let Some((status, window)) = &self.finding.fullest else {
            let any = lang.pick("any plan", "任一套餐");
            return self.rule.plan.map_or(any, PlanKind::title).to_owned();
        };
        let (plan, comma) = (status.described(), lang.pick(", ", "，"));
        format!("{}{comma}{}", plan.in_lang(lang), window.window.words(lang))
    }

    fn resets_in(&self, now: i64, lang: Lang) -> Option<String> {
        let now = Timestamp::from_second(now).ok()?;
        Some(duration_words(self.window()?.resets_in(now)?, lang))
    }
}

/// Draws a line for each limit on plans.
pub(super) fn table(judged: &[JudgedPlan<'_>], now: i64, screen: Screen, lang: Lang) -> String {
    let head = vec![
        Cell::text(lang.pick("plan limit", "套餐限额")),
        Cell::text(lang.pick("fullest window", "用得最多的窗口")),
        Cell::number(lang.pick("used %", "已用 %")),
        Cell::number(lang.pick("soft %", "软限额 %")),
        Cell::number(lang.pick("hard %", "硬限额 %")),
        Cell::text(lang.pick("resets in", "距重置")),
        Cell::text(lang.pick("verdict", "结论")),
    ];
    let number = |number: Option<&PlanNumber>| {
        Cell::number(&number.map_or_else(|| NOTHING.to_owned(), percent_text))
    };
    let line = |judged: &JudgedPlan<'_>| {
        vec![
            Cell::text(&judged.rule.name),
            Cell::text(
                &judged.finding.fullest.as_ref().map_or_else(nothing, |_| judged.subject(lang)),
            ),
            number(judged.percent().as_ref()),
            number(judged.rule.soft.as_ref()),
            number(judged.rule.hard.as_ref()),
            Cell::text(&judged.resets_in(now, lang).unwrap_or_else(|| NOTHING.to_owned())),
            Cell::text(verdict_words(judged.finding.verdict, lang)),
        ]
    };
    let grid = Grid { head, lines: judged.iter().map(line).collect() };
    grid.fitted(1, screen, lang)
}

fn nothing() -> String {
    NOTHING.to_owned()
}

/// Returns the line about a limit on plans; `None` for one that is kept.
pub fn plan_notice(judged: &JudgedPlan<'_>, now: i64) -> Option<Text> {
    let shown = |number: Option<&PlanNumber>| {
        number.map_or_else(|| NOTHING.to_owned(), |number| percent_text(number) + "%")
    };
    let (rule, finding) = (judged.rule, judged.finding);
    let used = shown(judged.percent().as_ref());
    let (soft, hard) = (shown(rule.soft.as_ref()), shown(rule.hard.as_ref()));
    let name = &rule.name;
    let headline = match finding.verdict {
        BudgetVerdict::Within => return None,
        BudgetVerdict::HardExceeded => text!(
            "{name}: {used} used, the hard limit is {hard}",
            "{name}：已用 {used}，达到硬限额 {hard}"
        ),
        BudgetVerdict::SoftExceeded => text!(
            "warning: {name}: {used} used, the soft limit is {soft}",
            "警告：{name}：已用 {used}，达到软限额 {soft}"
        ),
        BudgetVerdict::Unknown => text!(
            "{name}: the limit cannot be checked; known so far: {used}",
            "{name}：无法判断；目前已知 {used}"
        ),
    };
    let subject = Text::each(|lang| judged.subject(lang));
    let reset = judged.resets_in(now, Lang::En).zip(judged.resets_in(now, Lang::Zh));
    let reset = reset
        .map(|(en, zh)| text!("; resets in {time}", "；{time}后重置"; time = Text::both(en, zh)));
    let unread = finding.unread.iter().map(|plan| text!("; {plan}", "；{plan}"; plan = plan));
    Some(Text::all(
        [text!("{headline}; {subject}", "{headline}；{subject}"; headline = headline, subject = subject)]
            .into_iter()
            .chain(reset)
            .chain(unread),
    ))
}

/// A limit on plans in a document.
#[derive(Serialize)]
pub(super) struct PlanRuleDocument<'a> {
    name: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    /// The plan and the window of the rule; null for any.
    plan: Option<&'static str>,
    window: Option<&'a str>,
    soft: Option<Box<RawValue>>,
    hard: Option<Box<RawValue>>,
    /// The fullest window that the rule is about.
    fullest: Option<FullestDocument<'a>>,
    verdict: &'static str,
    alerts: BTreeSet<AlertLevel>,
}

#[derive(Serialize)]
struct FullestDocument<'a> {
    plan: &'static str,
    account_id: Option<&'a str>,
    window: &'a str,
    percent: Option<Box<RawValue>>,
    resets_at: Option<String>,
}

/// Returns a limit on plans as the document has it.
pub(super) fn document<'a>(
    range: &Range,
    judged: &JudgedPlan<'a>,
) -> Result<PlanRuleDocument<'a>, ReportError> {
    let (rule, finding) = (judged.rule, judged.finding);
    let (file, line) = match &rule.place {
        RuleOrigin::Flag(_) => (None, None),
        RuleOrigin::File { path, line } => (Some(path.as_str()), Some(*line)),
    };
    let fullest = finding.fullest.as_ref().map(|(status, window)| {
        Ok::<_, ReportError>(FullestDocument {
            plan: status.plan.name(),
            account_id: status.account_id.as_deref(),
            window: window.window.name(),
            percent: raw(window.percent().as_ref())?,
            resets_at: window.resets_at.map(|at| range.rfc3339(at.as_second())),
        })
    });
    Ok(PlanRuleDocument {
        name: &rule.name,
        file,
        line,
        plan: rule.plan.map(PlanKind::name),
        window: rule.window.as_ref().map(QuotaWindow::name),
        soft: raw(rule.soft.as_ref())?,
        hard: raw(rule.hard.as_ref())?,
        fullest: fullest.transpose()?,
        verdict: finding.verdict.name(),
        alerts: finding.alerts(),
    })
}
