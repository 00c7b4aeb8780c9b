//! For people: a line per limit.

use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::{Budget, Judged};
use crate::budget::Verdict;
use crate::figure::grouped;
use crate::lang::Lang;
use crate::render::table::{NOTHING, left, right, trimmed};

/// Draws it.
pub(crate) fn table(budget: &Budget<'_>, lang: Lang) -> Vec<u8> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let soft = budget.judged.iter().any(|judged| judged.rule.soft.is_some());
    table.set_header(header(soft, lang));
    for judged in budget.judged {
        table.add_row(line(judged, soft, budget, lang));
    }
    trimmed(&table)
}

fn header(soft: bool, lang: Lang) -> Vec<Cell> {
    let mut cells = vec![left(lang.pick("budget", "预算")), left(lang.pick("since", "起始"))];
    cells.push(right(lang.pick("used", "已用")));
    cells.extend(soft.then(|| right(lang.pick("soft", "软限额"))));
    cells.push(right(lang.pick("hard", "硬限额")));
    cells.push(right(lang.pick("% of limit", "占限额 %")));
    cells.push(right(lang.pick("forecast", "预测（估计值）")));
    cells.push(left(lang.pick("state", "状态")));
    cells.push(left(lang.pick("verdict", "结论")));
    cells
}

fn line(judged: &Judged<'_>, soft: bool, budget: &Budget<'_>, lang: Lang) -> Vec<Cell> {
    let Judged { rule, finding } = judged;
    let number = |value: Option<i128>| right(&value.map_or_else(|| NOTHING.to_owned(), grouped));
    let since = budget.range.local(finding.span.start).strftime("%Y-%m-%d").to_string();
    let mut cells = vec![left(&rule.name), left(&since), number(finding.used)];
    cells.extend(soft.then(|| number(rule.soft)));
    cells.push(number(rule.hard));
    let share = finding.used.zip(rule.hard.or(rule.soft)).and_then(|(used, of)| percent(used, of));
    cells.push(right(&share.unwrap_or_else(|| NOTHING.to_owned())));
    let forecast = finding.forecast.map(|forecast| format!("~{}", grouped(forecast.value)));
    cells.push(right(&forecast.unwrap_or_else(|| NOTHING.to_owned())));
    cells.push(left(crate::render::state_name(finding.state, lang)));
    cells.push(left(verdict(finding.verdict, lang)));
    cells
}

/// A share with one digit behind the point, rounded down: `100.0` is reached, not nearly.
fn percent(used: i128, of: i128) -> Option<String> {
    let tenths = used.checked_mul(1_000)?.checked_div_euclid(of)?;
    Some(format!("{}.{}", grouped(tenths / 10), tenths % 10))
}

fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Within => lang.pick("within", "未超"),
        Verdict::SoftExceeded => lang.pick("over soft limit", "超软限额"),
        Verdict::HardExceeded => lang.pick("OVER HARD LIMIT", "超硬限额"),
        Verdict::Unknown => lang.pick("unknown", "无法判断"),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_rounded_down() {
        for (used, of, shown) in [(0, 7, "0.0"), (999, 1_000, "99.9"), (9_999, 10_000, "99.9")] {
            assert_eq!(percent(used, of).unwrap(), shown);
        }
        assert_eq!(percent(3_000, 2).unwrap(), "150,000.0");
        assert_eq!(percent(1, 0), None);
    }
}
