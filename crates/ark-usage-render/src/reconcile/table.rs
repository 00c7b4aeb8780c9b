//! For people: counts, every check that is not equal, and the commands that show both sides.

use std::collections::BTreeSet;

use ark_usage_model::State;

use super::completeness::sentences;
use super::{Reconciliation, is_open};
use crate::answer::title_line;
use crate::grid::{Cell, Grid};
use crate::harmless::document_lines;
use crate::mark::marks;
use crate::screen::Screen;
use crate::table::NOTHING;
use ark_usage_report::chart_data::grouped;
use ark_usage_report::reconciliation::{Check, CheckKind, CheckVerdict, Side};
use ark_usage_report::text;
use ark_usage_report::{Lang, Text};

/// Draws it.
pub fn table(answer: &Reconciliation<'_>, screen: Screen, lang: Lang) -> Vec<u8> {
    let mut text = title_line(answer.query.scope.counted, lang);
    text.push_str(&counts(answer, lang).fitted(1, screen, lang));
    text.push_str(&document_lines(&sentences(answer, lang)));
    if answer.checks.iter().any(is_open) {
        text.push('\n');
        text.push_str(&open_checks(answer, lang).fitted(1, screen, lang));
    }
    text.push_str(&document_lines(&how_to_see(answer, lang)));
    text.push_str(&marks(answer.warnings, lang));
    text.into_bytes()
}

fn counts(answer: &Reconciliation<'_>, lang: Lang) -> Grid {
    let mut head =
        vec![Cell::text(lang.pick("check", "核对项")), Cell::number(lang.pick("checks", "总数"))];
    head.extend(CheckVerdict::ALL.map(|verdict| Cell::number(verdict.label().in_lang(lang))));
    let mut grid = Grid { head, lines: Vec::new() };
    for kind in CheckKind::ALL {
        let all = answer.count(|check| check.kind == kind);
        let label = kind.label();
        let mut cells = vec![Cell::text(label.in_lang(lang)), Cell::number(&all.to_string())];
        cells.extend(CheckVerdict::ALL.map(|verdict| {
            let count = answer.count(|check| check.kind == kind && check.verdict() == verdict);
            Cell::number(&count.to_string())
        }));
        grid.lines.push(cells);
    }
    grid
}

fn open_checks(answer: &Reconciliation<'_>, lang: Lang) -> Grid {
    let checks: Vec<&Check> = answer.checks.iter().filter(|check| is_open(check)).collect();
    let profiles = answer.profiles.len() > 1;
    let projects = checks.iter().any(|check| answer.project(check).is_some());
    let mut grid = Grid::default();
    let mut header = vec![Cell::text(lang.pick("day", "日期"))];
    header.extend(profiles.then(|| Cell::text("profile")));
    header.extend(projects.then(|| Cell::text(lang.pick("project", "项目"))));
    header.extend(lang.pick(["metric", "check"], ["指标", "核对项"]).map(Cell::text));
    let numbers = lang.pick(["total", "parts", "difference"], ["合计", "部分之和", "差值"]);
    header.extend(numbers.map(Cell::number));
    header.push(Cell::text(lang.pick("verdict", "结论")));
    grid.head = header;
    let default = lang.pick("(default)", "（默认）");
    for check in checks {
        let mut cells = vec![Cell::text(&answer.range.bucket_label(check.start))];
        cells.extend(profiles.then(|| Cell::text(answer.profile(check).unwrap_or_default())));
        cells.extend(projects.then(|| Cell::text(answer.project(check).unwrap_or(default))));
        let any = lang.pick("(any)", "（任何）");
        cells.push(Cell::text(check.metric.as_ref().map_or(any, |metric| metric.as_str())));
        cells.push(Cell::text(check.kind.label().in_lang(lang)));
        let numbers = [check.whole.value, check.parts.value, check.difference()];
        cells.extend(
            numbers.map(|value| Cell::number(&value.map_or_else(|| NOTHING.to_owned(), grouped))),
        );
        cells.push(Cell::text(verdict(check).in_lang(lang)));
        grid.lines.push(cells);
    }
    grid
}

/// Returns the verdict, with the missing side when it is unknown.
fn verdict(check: &Check) -> Text {
    let name = check.verdict().label();
    let missing = |side: &Side| side.state == State::Missing;
    let why = match (missing(&check.whole), missing(&check.parts), check.kind) {
        (false, false, _) => return name,
        (true, true, _) => text!("both sides are missing", "两边都没有收到"),
        (true, false, _) => text!("the total is missing", "没有收到合计"),
        (false, true, CheckKind::Hours) => text!(
            "{received} of {wanted} hours received",
            "{wanted} 小时中只收到 {received} 小时",
            received = check.parts.received,
            wanted = check.parts.wanted
        ),
        (false, true, CheckKind::Endpoints) => {
            text!("some endpoints are missing", "推理接入点的数据没有到齐")
        }
    };
    text!("{name}: {why}", "{name}：{why}"; name = name, why = why)
}

/// Returns the commands that show the differences; metrics of a day share them.
fn how_to_see(answer: &Reconciliation<'_>, lang: Lang) -> String {
    let differs =
        |check: &&Check| matches!(check.verdict(), CheckVerdict::Differs | CheckVerdict::Settling);
    let mut shown = BTreeSet::new();
    let new = |check: &&Check| shown.insert((check.start, check.project, check.kind));
    let checks = answer.checks.iter().filter(differs).filter(|check| is_open(check)).filter(new);
    checks.flat_map(|check| paragraph(answer, check, lang)).collect()
}

fn paragraph(answer: &Reconciliation<'_>, check: &Check, lang: Lang) -> Vec<String> {
    let day = answer.range.bucket_label(check.start);
    let of = answer.project(check).map(|name| text!(" of project {name}", "，项目 {name}"));
    let by = answer.profile(check).map(|name| text!(" by profile {name}", "，使用 profile {name}"));
    let head = text!(
        "\n{day}{of}{by}, {kind}:\n",
        "\n{day}{of}{by}，{kind}：\n";
        of = Text::all(of), by = Text::all(by), kind = check.kind.label()
    );
    let mut lines = vec![head.in_lang(lang).to_owned()];
    lines.extend((answer.commands)(check).into_iter().map(|command| format!("  {command}\n")));
    lines
}
