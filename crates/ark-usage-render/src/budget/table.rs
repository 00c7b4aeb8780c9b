//! For people: a line per limit, or a list of its own where there is no room for one.

use super::{Budget, Judged, in_threes, plan};
use crate::answer::title_line;
use crate::grid::{Cell, Grid};
use crate::mark::marks;
use crate::screen::Screen;
use crate::table::NOTHING;
use ark_usage_report::Lang;
use ark_usage_report::budget::{BudgetStatus, BudgetVerdict};
use ark_usage_report::chart_data::grouped;

/// Draws it.
pub fn table(budget: &Budget<'_>, screen: Screen, lang: Lang) -> Vec<u8> {
    let soft = budget.judged.iter().any(|judged| judged.rule.soft.is_some());
    let lines = budget.judged.iter().map(|judged| line(judged, soft, budget, lang));
    let grid = Grid { head: header(soft, lang), lines: lines.collect() };
    let usage = if budget.judged.is_empty() {
        String::new()
    } else {
        title_line(budget.scope, lang) + &grid.fitted(1, screen, lang)
    };
    let plans = if budget.plans.is_empty() {
        String::new()
    } else {
        plan::table(budget.plans, budget.generated_at, screen, lang)
    };
    let between = if usage.is_empty() || plans.is_empty() { "" } else { "\n" };
    let table = [&usage, between, &plans].concat();
    (table + &marks(budget.warnings, lang)).into_bytes()
}

fn header(soft: bool, lang: Lang) -> Vec<Cell> {
    let mut cells =
        vec![Cell::text(lang.pick("budget", "预算")), Cell::text(lang.pick("since", "起始"))];
    cells.push(Cell::number(lang.pick("used", "已用")));
    cells.extend(soft.then(|| Cell::number(lang.pick("soft", "软限额"))));
    cells.push(Cell::number(lang.pick("hard", "硬限额")));
    cells.push(Cell::number(lang.pick("% of limit", "占限额 %")));
    cells.push(Cell::number(lang.pick("forecast", "预测（估计值）")));
    cells.push(Cell::text(lang.pick("state", "状态")));
    cells.push(Cell::text(lang.pick("verdict", "结论")));
    cells
}

fn line(judged: &Judged<'_>, soft: bool, budget: &Budget<'_>, lang: Lang) -> Vec<Cell> {
    let Judged { rule, finding, .. } = judged;
    let number =
        |value: Option<i128>| Cell::number(&value.map_or_else(|| NOTHING.to_owned(), grouped));
    let since = budget.range.local(finding.span.start).strftime("%Y-%m-%d").to_string();
    let mut cells = vec![Cell::text(&rule.name), Cell::text(&since), number(finding.used)];
    cells.extend(soft.then(|| number(rule.soft)));
    cells.push(number(rule.hard));
    let share = finding.used.and_then(|used| rule.percent(used));
    cells.push(Cell::number(&share.map_or_else(|| NOTHING.to_owned(), |share| in_threes(&share))));
    let forecast = finding.forecast.map(|forecast| format!("~{}", grouped(forecast.value)));
    cells.push(Cell::number(&forecast.unwrap_or_else(|| NOTHING.to_owned())));
    cells.push(Cell::State(Some(finding.state)));
    cells.push(Cell::text(&verdicts(finding, lang)));
    cells
}

/// The result so far, and that of the forecast where it is worse.
fn verdicts(finding: &BudgetStatus, lang: Lang) -> String {
    let now = verdict_words(finding.verdict, lang);
    let ahead = match (finding.forecast_verdict, finding.verdict) {
        (Some(BudgetVerdict::HardExceeded), BudgetVerdict::HardExceeded) => None,
        (Some(BudgetVerdict::HardExceeded), _) => {
            Some(lang.pick(", forecast over hard limit", "，预测超硬限额"))
        }
        (Some(BudgetVerdict::SoftExceeded), _) if !finding.over_soft => {
            Some(lang.pick(", forecast over soft limit", "，预测超软限额"))
        }
        _ => None,
    };
    format!("{now}{}", ahead.unwrap_or_default())
}

pub(super) fn verdict_words(verdict: BudgetVerdict, lang: Lang) -> &'static str {
    match verdict {
        BudgetVerdict::Within => lang.pick("within", "未超"),
        BudgetVerdict::SoftExceeded => lang.pick("over soft limit", "超软限额"),
        BudgetVerdict::HardExceeded => lang.pick("OVER HARD LIMIT", "超硬限额"),
        BudgetVerdict::Unknown => lang.pick("unknown", "无法判断"),
    }
}
