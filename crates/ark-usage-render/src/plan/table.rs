//! For people: a line for each window, with a bar on a terminal.

use ark_usage_report::Lang;
use ark_usage_report::chart_data::{Amount, grouped};
use ark_usage_report::plan::{PlanNumber, PlanStatus, PlanWindow};

use super::PlanReport;
use super::reset_time::duration_words;
use crate::chart::{Glyphs, bar};
use crate::grid::{Cell, Grid};
use crate::mark::marks;
use crate::screen::Screen;
use crate::table::NOTHING;

/// The width of a bar.
const BAR: usize = 10;

/// Hundredths of a percent that fill a bar.
const FULL: i128 = 10_000;

/// Draws the table. Bars are drawn on a terminal only, where a line has room for them.
pub fn table(report: &PlanReport<'_>, glyphs: Glyphs, screen: Screen, lang: Lang) -> Vec<u8> {
    let accounts = has_several_accounts(report);
    let about = if accounts { 3 } else { 2 };
    let plain = PlanColumns { accounts, bar: None, lang }.grid(report);
    let bars = screen.width.is_some().then_some(PlanColumns { accounts, bar: Some(glyphs), lang });
    let bars = bars.map(|columns| columns.grid(report)).filter(|grid| grid.fits(screen, lang));
    let mut grid = bars.unwrap_or(plain);
    if grid.fits(screen, lang) {
        grid.align_amounts();
    }
    let text = grid.fitted(about, screen, lang) + &marks(report.warnings, lang);
    text.into_bytes()
}

fn has_several_accounts(report: &PlanReport<'_>) -> bool {
    let mut accounts = report.plans.iter().map(|status| (&status.profile, &status.account_id));
    let first = accounts.next();
    accounts.any(|account| Some(account) != first)
}

/// The columns of a table.
struct PlanColumns {
    accounts: bool,
    bar: Option<Glyphs>,
    lang: Lang,
}

impl PlanColumns {
    fn grid(&self, report: &PlanReport<'_>) -> Grid {
        let mut lines = Vec::new();
        for status in report.plans {
            let mut windows = status.shown_windows(report.daily).peekable();
            if windows.peek().is_none() {
                lines.push(self.line(report, status, None));
            }
            lines.extend(windows.map(|window| self.line(report, status, Some(window))));
        }
        Grid { head: self.head(), lines }
    }

    fn head(&self) -> Vec<Cell> {
        let lang = self.lang;
        let mut cells = Vec::new();
        cells.extend(self.accounts.then(|| Cell::text(lang.pick("account", "账号"))));
        cells.push(Cell::text(lang.pick("plan", "套餐")));
        cells.push(Cell::text(lang.pick("window", "窗口")));
        cells.push(Cell::amount(lang.pick("used", "已用")));
        cells.push(Cell::amount(lang.pick("quota", "额度")));
        cells.push(Cell::amount("%"));
        cells.extend(self.bar.is_some().then(|| Cell::name("")));
        cells.push(Cell::amount(lang.pick("left", "剩余")));
        cells.push(Cell::text(lang.pick("resets in", "距重置")));
        cells
    }

    fn line(
        &self,
        report: &PlanReport<'_>,
        status: &PlanStatus,
        window: Option<&PlanWindow>,
    ) -> Vec<Cell> {
        let mut cells = Vec::new();
        cells.extend(self.accounts.then(|| Cell::text(&account(status))));
        cells.push(Cell::text(&plan(status)));
        let Some(window) = window else {
            cells.push(Cell::text(&state(status, self.lang)));
            return cells;
        };
        let lang = self.lang;
        cells.push(Cell::text(window.window.words(lang)));
        cells.push(number_cell(window.used.as_ref()));
        cells.push(number_cell(window.quota.as_ref()));
        let percent = window.percent();
        cells.push(percent_cell(percent.as_ref()));
        cells.extend(self.bar.map(|glyphs| Cell::name(&bar_of(percent.as_ref(), glyphs))));
        cells.push(left(window));
        cells.push(Cell::text(&resets_in(report, window, lang)));
        cells
    }
}

/// The rest of a window: in its unit, else in percent.
pub(super) fn left(window: &PlanWindow) -> Cell {
    match (window.left(), window.left_percent()) {
        (Some(left), _) => number_cell(Some(&left)),
        (None, Some(percent)) => Cell::amount(&format!("{} %", percent_text(&percent))),
        (None, None) => Cell::amount(NOTHING),
    }
}

/// The time until a window resets, or the reason why there is none.
pub(super) fn resets_in(report: &PlanReport<'_>, window: &PlanWindow, lang: Lang) -> String {
    match window.resets_in(report.now) {
        _ if !window.applies() => lang.pick("does not apply", "不适用").to_owned(),
        Some(seconds) => duration_words(seconds, lang),
        None => lang.pick("not started", "未开始").to_owned(),
    }
}

pub(super) fn percent_cell(percent: Option<&PlanNumber>) -> Cell {
    Cell::amount(&percent.map_or_else(nothing, percent_text))
}

/// The profile of the account, else its number.
fn account(status: &PlanStatus) -> String {
    let name = status.profile.as_ref().or(status.account_id.as_ref());
    name.cloned().unwrap_or_else(nothing)
}

/// `Agent Plan medium`; a state of the service other than the usual one in brackets.
fn plan(status: &PlanStatus) -> String {
    let mut name = status.plan.title().to_owned();
    if let Some(plan_type) = status.plan_type.as_deref().filter(|name| !name.is_empty()) {
        name.push(' ');
        name.push_str(plan_type);
    }
    let usual =
        |word: &str| ["running", "active", "normal"].contains(&word.to_lowercase().as_str());
    if let Some(word) = status.service_status.as_deref().filter(|word| !word.is_empty())
        && !usual(word)
    {
        name.extend([" (", word, ")"]);
    }
    name
}

/// The state of a plan without windows, with the reason where there is one.
fn state(status: &PlanStatus, lang: Lang) -> String {
    let words = status.state.words(lang);
    match &status.reason {
        Some(reason) => {
            format!("{words}{}{}", lang.pick(": ", "："), reason.in_lang(lang))
        }
        None => words.to_owned(),
    }
}

fn nothing() -> String {
    NOTHING.to_owned()
}

pub(super) fn number_cell(number: Option<&PlanNumber>) -> Cell {
    Cell::amount(&number.map_or_else(nothing, in_threes))
}

/// `89968.2881` as `89,968.2881`; a number with an exponent as it came.
pub(crate) fn in_threes(number: &PlanNumber) -> String {
    let text = number.as_str();
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let Some(whole) = whole.parse().ok().map(grouped).filter(|_| !text.contains(['e', 'E', '-']))
    else {
        return text.to_owned();
    };
    fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"))
}

/// Returns a percent with two digits behind the point, rounded down. What is more than 0 is never shown as 0.
pub(crate) fn percent_text(percent: &PlanNumber) -> String {
    let hundredths = hundredths(percent);
    if hundredths == 0 && percent.value().is_sign_positive() && !percent.value().is_zero() {
        return "<0.01".to_owned();
    }
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    let whole = grouped(i128::try_from(size / 100).unwrap_or(i128::MAX));
    format!("{sign}{whole}.{:02}", size % 100)
}

fn bar_of(percent: Option<&PlanNumber>, glyphs: Glyphs) -> String {
    let Some(percent) = percent else { return String::new() };
    let value = Some(hundredths(percent).clamp(0, FULL));
    // A value above 0 always draws at least one mark.
    let value = value.map(|value| if percent.value().is_zero() { value } else { value.max(1) });
    let state = ark_usage_model::State::Final;
    bar(Amount { value, state }, FULL, BAR, glyphs)
}

/// Returns hundredths of a percent, rounded towards zero.
fn hundredths(percent: &PlanNumber) -> i128 {
    let value = percent.value();
    let scale = value.scale();
    let digits = value.mantissa();
    if scale >= 2 {
        digits / 10_i128.checked_pow(scale - 2).unwrap_or(i128::MAX)
    } else {
        digits.saturating_mul(if scale == 1 { 10 } else { 100 })
    }
}
