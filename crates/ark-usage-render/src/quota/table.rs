//! For people: a line for each quota, then one for each source that was not read.

use ark_usage_report::Lang;
use ark_usage_report::plan::PlanNumber;
use ark_usage_report::quota::{AccountQuotas, QuotaKind, QuotaRow, QuotaSource};

use super::QuotaReport;
use crate::grid::{Cell, Grid};
use crate::mark::marks;
use crate::plan::{in_threes, percent_text};
use crate::screen::Screen;
use crate::table::NOTHING;

/// Draws the table, and a line about quotas that it leaves out.
pub fn table(report: &QuotaReport<'_>, screen: Screen, lang: Lang) -> Vec<u8> {
    let has_accounts = report.accounts.len() > 1;
    let mut hidden: usize = 0;
    let mut lines = Vec::new();
    for account in report.accounts {
        let about = || has_accounts.then(|| account_cell(account)).into_iter();
        for row in report.rows(account) {
            // Every model has free usage; of most nobody has used any.
            if !report.all && row.kind == QuotaKind::Free && !row.is_used() {
                hidden = hidden.saturating_add(1);
                continue;
            }
            lines.push(about().chain(quota(row, lang)).collect());
        }
        lines.extend(balance(account, lang).map(|line| about().chain(line).collect()));
    }
    let mut text = String::new();
    if !lines.is_empty() {
        let mut grid = Grid { head: head(has_accounts, lang), lines };
        if grid.fits(screen, lang) {
            grid.align_amounts();
        }
        text = grid.fitted(if has_accounts { 3 } else { 2 }, screen, lang);
    }
    text.push_str(&not_read(report, has_accounts, lang));
    text.push_str(&left_out(hidden, lang));
    if text.is_empty() {
        text.push_str(lang.pick("no quotas\n", "没有额度\n"));
    }
    text.push_str(&marks(report.warnings, lang));
    text.into_bytes()
}

/// A line for each source that was not read: its reason may be long.
fn not_read(report: &QuotaReport<'_>, has_accounts: bool, lang: Lang) -> String {
    let mut text = String::new();
    for account in report.accounts {
        let name = account.profile.as_ref().or(account.account_id.as_ref());
        let name =
            name.filter(|_| has_accounts).map(|name| format!("{name}  ")).unwrap_or_default();
        for (source, state) in &account.sources {
            if let Some(words) = state.words(lang) {
                let colon = lang.pick(": ", "：");
                text.extend([&name, source.words(lang), colon, &words, "\n"]);
            }
        }
    }
    text
}

fn left_out(hidden: usize, lang: Lang) -> String {
    match (hidden, lang) {
        (0, _) => String::new(),
        (1, Lang::En) => "1 model with unused free quota is not shown; --all shows it\n".to_owned(),
        (_, Lang::En) => {
            format!("{hidden} models with unused free quota are not shown; --all shows them\n")
        }
        (_, Lang::Zh) => format!("{hidden} 个模型的免费额度未使用，未显示；--all 可显示\n"),
    }
}

fn head(has_accounts: bool, lang: Lang) -> Vec<Cell> {
    let mut cells = Vec::new();
    cells.extend(has_accounts.then(|| Cell::text(lang.pick("account", "账号"))));
    cells.push(Cell::text(lang.pick("quota", "额度")));
    cells.push(Cell::text(lang.pick("for", "对象")));
    cells.push(Cell::amount(lang.pick("used", "已用")));
    cells.push(Cell::amount(lang.pick("total", "总量")));
    cells.push(Cell::amount("%"));
    cells.push(Cell::amount(lang.pick("left", "剩余")));
    cells.push(Cell::text(lang.pick("unit", "单位")));
    cells.push(Cell::text(lang.pick("until", "有效期至")));
    cells
}

fn account_cell(account: &AccountQuotas) -> Cell {
    let name = account.profile.as_ref().or(account.account_id.as_ref());
    Cell::text(name.map_or(NOTHING, String::as_str))
}

fn quota(row: &QuotaRow, lang: Lang) -> [Cell; 8] {
    let object = match (&row.model, &row.name) {
        (Some(model), Some(name)) => format!("{model}, {name}"),
        (Some(name), None) | (None, Some(name)) => name.clone(),
        (None, None) => row.id.clone().unwrap_or_else(|| NOTHING.to_owned()),
    };
    let percent = row.percent();
    [
        Cell::text(row.kind.words(lang)),
        Cell::text(&object),
        amount(row.used.as_ref()),
        amount(row.total.as_ref()),
        Cell::amount(&percent.as_ref().map_or_else(|| NOTHING.to_owned(), percent_text)),
        amount(row.left.as_ref()),
        Cell::text(row.unit.as_deref().unwrap_or(NOTHING)),
        Cell::text(row.expires_at.as_deref().unwrap_or(NOTHING)),
    ]
}

/// The available amount, and the others that are not 0.
fn balance(account: &AccountQuotas, lang: Lang) -> impl Iterator<Item = [Cell; 8]> {
    let amounts = account.balance.iter().flat_map(|balance| balance.named());
    let amounts = amounts.filter(|(name, amount)| {
        *name == "available" || amount.is_some_and(|amount| !amount.value().is_zero())
    });
    amounts.map(move |(name, left)| {
        let nothing = || Cell::amount(NOTHING);
        [
            Cell::text(QuotaSource::Balance.words(lang)),
            Cell::text(money_words(name, lang)),
            nothing(),
            nothing(),
            nothing(),
            amount(left),
            Cell::text(NOTHING),
            Cell::text(NOTHING),
        ]
    })
}

fn money_words(name: &str, lang: Lang) -> &'static str {
    match name {
        "available" => lang.pick("available", "可用"),
        "cash" => lang.pick("cash", "现金"),
        "credit_limit" => lang.pick("credit limit", "信控额度"),
        "frozen" => lang.pick("frozen", "冻结"),
        _ => lang.pick("arrears", "欠费"),
    }
}

fn amount(number: Option<&PlanNumber>) -> Cell {
    Cell::amount(&number.map_or_else(|| NOTHING.to_owned(), in_threes))
}
