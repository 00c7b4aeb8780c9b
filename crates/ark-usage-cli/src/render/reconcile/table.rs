//! For people: counts, every check that is not equal, and how to see for oneself.

use std::collections::BTreeSet;

use ark_usage_model::State;
use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::{Reconciliation, is_open};
use crate::reconciliation::{Check, Kind, Side, Verdict};
use crate::render::table::{NOTHING, grouped, right, trimmed};

/// Draws it.
pub(crate) fn table(answer: &Reconciliation<'_>) -> Vec<u8> {
    let mut text = trimmed(&counts(answer));
    if answer.checks.iter().any(is_open) {
        text.push(b'\n');
        text.extend(trimmed(&open_checks(answer)));
    }
    text.extend(how_to_see(answer).into_bytes());
    text
}

fn counts(answer: &Reconciliation<'_>) -> Table {
    let mut table = plain();
    let mut header = vec![Cell::new("check"), right("checks")];
    header.extend(Verdict::ALL.map(|verdict| right(verdict.name())));
    table.set_header(header);
    for kind in Kind::ALL {
        let all = answer.count(|check| check.kind == kind);
        let mut cells = vec![Cell::new(kind.label()), right(&all.to_string())];
        cells.extend(Verdict::ALL.map(|verdict| {
            let count = answer.count(|check| check.kind == kind && check.verdict() == verdict);
            right(&count.to_string())
        }));
        table.add_row(cells);
    }
    table
}

fn open_checks(answer: &Reconciliation<'_>) -> Table {
    let checks: Vec<&Check> = answer.checks.iter().filter(|check| is_open(check)).collect();
    let profiles = answer.profiles.len() > 1;
    let projects = checks.iter().any(|check| answer.project(check).is_some());
    let mut table = plain();
    let mut header = vec![Cell::new("day")];
    header.extend(profiles.then(|| Cell::new("profile")));
    header.extend(projects.then(|| Cell::new("project")));
    header.extend(["metric", "check"].map(Cell::new));
    header.extend(["whole", "parts", "difference"].map(right));
    header.push(Cell::new("verdict"));
    table.set_header(header);
    for check in checks {
        let mut cells = vec![Cell::new(answer.range.bucket_label(check.start))];
        cells.extend(profiles.then(|| Cell::new(answer.profile(check).unwrap_or_default())));
        cells.extend(projects.then(|| Cell::new(answer.project(check).unwrap_or("(default)"))));
        cells.push(Cell::new(check.metric.as_ref().map_or("(any)", |metric| metric.as_str())));
        cells.push(Cell::new(check.kind.label()));
        let numbers = [check.whole.value, check.parts.value, check.difference()];
        cells
            .extend(numbers.map(|value| right(&value.map_or_else(|| NOTHING.to_owned(), grouped))));
        cells.push(Cell::new(verdict(check)));
        table.add_row(cells);
    }
    table
}

/// The verdict, and of an unknown one what is missing.
fn verdict(check: &Check) -> String {
    let name = check.verdict().name();
    let missing = |side: &Side| side.state == State::Missing;
    let why = match (missing(&check.whole), missing(&check.parts), check.kind) {
        (false, false, _) => return name.to_owned(),
        (true, true, _) => "neither side came".to_owned(),
        (true, false, _) => "the whole did not come".to_owned(),
        (false, true, Kind::Hours) => {
            format!("{} of {} hours came", check.parts.received, check.parts.wanted)
        }
        (false, true, Kind::Endpoints) => "not all endpoints came".to_owned(),
    };
    format!("{name}: {why}")
}

/// Commands for what differs; several metrics of a day share them.
fn how_to_see(answer: &Reconciliation<'_>) -> String {
    let differs = |check: &&Check| matches!(check.verdict(), Verdict::Differs | Verdict::Settling);
    let mut shown = BTreeSet::new();
    let new = |check: &&Check| shown.insert((check.start, check.project, check.kind));
    let checks = answer.checks.iter().filter(differs).filter(new);
    checks.flat_map(|check| paragraph(answer, check)).collect()
}

fn paragraph(answer: &Reconciliation<'_>, check: &Check) -> Vec<String> {
    let day = answer.range.bucket_label(check.start);
    let of = answer.project(check).map(|project| format!(" of project {project}"));
    let by = answer.profile(check).map(|profile| format!(" by profile {profile}"));
    let (of, by) = (of.unwrap_or_default(), by.unwrap_or_default());
    let mut lines = vec![format!("\n{day}{of}{by}, {}:\n", check.kind.label())];
    lines.extend((answer.commands)(check).into_iter().map(|command| format!("  {command}\n")));
    lines
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}
