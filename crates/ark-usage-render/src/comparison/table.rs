//! For people: counts, every check that is not equal, known reasons, and commands that show both sides.

use std::collections::BTreeSet;

use ark_usage_report::action_comparison::{ActionCheck, ActionVerdict, DifferenceReason};
use ark_usage_report::chart_data::grouped;
use ark_usage_report::{Lang, Text, text};

use super::ComparedActions;
use super::sentences::{reasons, sentences};
use crate::answer::title_line;
use crate::grid::{Cell, Grid};
use crate::harmless::document_lines;
use crate::mark::marks;
use crate::screen::Screen;
use crate::table::NOTHING;

/// Draws it.
pub fn table(answer: &ComparedActions<'_>, screen: Screen, lang: Lang) -> Vec<u8> {
    let mut text = title_line(answer.query.scope.counted, lang);
    text.push_str(&counts(answer, lang).fitted(1, screen, lang));
    text.push_str(&document_lines(&sentences(answer, lang)));
    if answer.checks().iter().any(ActionCheck::is_open) {
        text.push('\n');
        text.push_str(&open_checks(answer, lang).fitted(1, screen, lang));
    }
    text.push_str(&document_lines(&reasons(answer, lang).concat()));
    text.push_str(&document_lines(&how_to_see(answer, lang)));
    text.push_str(&marks(answer.warnings, lang));
    text.into_bytes()
}

fn counts(answer: &ComparedActions<'_>, lang: Lang) -> Grid {
    let mut head =
        vec![Cell::text(lang.pick("metric", "指标")), Cell::number(lang.pick("checks", "总数"))];
    let label = |verdict: ActionVerdict| verdict.label(answer.actions());
    head.extend(ActionVerdict::ALL.map(|verdict| Cell::number(label(verdict).in_lang(lang))));
    let mut grid = Grid { head, lines: Vec::new() };
    for pair in &answer.comparison.pairs {
        let label = format!("{} = {}", pair.here, pair.there);
        let checks = || answer.checks().iter().filter(|check| check.metrics.name == pair.name);
        let mut cells = vec![Cell::text(&label), Cell::number(&checks().count().to_string())];
        cells.extend(ActionVerdict::ALL.map(|verdict| {
            let count = checks().filter(|check| check.verdict == verdict).count();
            Cell::number(&count.to_string())
        }));
        grid.lines.push(cells);
    }
    grid
}

fn open_checks(answer: &ComparedActions<'_>, lang: Lang) -> Grid {
    let checks: Vec<&ActionCheck> =
        answer.checks().iter().filter(|check| check.is_open()).collect();
    let profiles = answer.profiles.len() > 1;
    let projects = checks.iter().any(|check| answer.project(check).is_some());
    let mut grid = Grid::default();
    let mut header = vec![Cell::text(lang.pick("day", "日期"))];
    header.extend(profiles.then(|| Cell::text("profile")));
    header.extend(projects.then(|| Cell::text(lang.pick("project", "项目"))));
    header.extend(lang.pick(["endpoint", "metric"], ["推理接入点", "指标"]).map(Cell::text));
    header.extend(answer.actions().map(Cell::number));
    header.push(Cell::number(lang.pick("difference", "差值")));
    header.push(Cell::text(lang.pick("verdict", "结论")));
    grid.head = header;
    let default = lang.pick("(default)", "（默认）");
    // A failed call names none: all of the project are unknown.
    let unnamed = |check: &ActionCheck| match check.verdict {
        ActionVerdict::Unknown => lang.pick("(any)", "（任何）"),
        _ => lang.pick("(none)", "（无）"),
    };
    for check in checks {
        let mut cells = vec![Cell::text(&answer.range.bucket_label(check.start))];
        cells.extend(profiles.then(|| Cell::text(answer.profile(check).unwrap_or_default())));
        cells.extend(projects.then(|| Cell::text(answer.project(check).unwrap_or(default))));
        cells.push(Cell::text(check.endpoint_id.as_deref().unwrap_or_else(|| unnamed(check))));
        cells.push(Cell::text(check.metrics.name));
        let numbers = [check.here.value, check.there.value, check.difference()];
        cells.extend(
            numbers.map(|value| Cell::number(&value.map_or_else(|| NOTHING.to_owned(), grouped))),
        );
        cells.push(Cell::text(verdict(answer, check).in_lang(lang)));
        grid.lines.push(cells);
    }
    grid
}

/// `differs: billing_status`
fn verdict(answer: &ComparedActions<'_>, check: &ActionCheck) -> Text {
    let name = check.verdict.label(answer.actions());
    let codes: Vec<&str> = check.reasons.iter().map(DifferenceReason::code).collect();
    if codes.is_empty() {
        return name;
    }
    text!("{name}: {codes}", "{name}：{codes}"; name = name, codes = Text::same(codes.join(", ")))
}

/// Returns the commands that show the differences; the endpoints of a day and project share them.
fn how_to_see(answer: &ComparedActions<'_>, lang: Lang) -> String {
    let is_shown =
        |check: &&ActionCheck| check.is_open() && check.verdict != ActionVerdict::Unknown;
    let mut shown = BTreeSet::new();
    let new = |check: &&ActionCheck| shown.insert((check.start, check.project));
    let checks = answer.checks().iter().filter(is_shown).filter(new);
    checks.flat_map(|check| paragraph(answer, check, lang)).collect()
}

fn paragraph(answer: &ComparedActions<'_>, check: &ActionCheck, lang: Lang) -> Vec<String> {
    let day = answer.range.bucket_label(check.start);
    let of = answer.project(check).map(|name| text!(" of project {name}", "，项目 {name}"));
    let by = answer.profile(check).map(|name| text!(" by profile {name}", "，使用 profile {name}"));
    let head = text!(
        "\n{day}{of}{by}:\n",
        "\n{day}{of}{by}：\n";
        of = Text::all(of), by = Text::all(by)
    );
    let mut lines = vec![head.in_lang(lang).to_owned()];
    lines.extend((answer.commands)(check).into_iter().map(|command| format!("  {command}\n")));
    lines
}
