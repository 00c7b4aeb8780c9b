//! For people: counts, every check that is not equal, and how to see for oneself.

use std::collections::BTreeSet;

use ark_usage_model::State;
use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::{Reconciliation, is_open};
use crate::lang::{Lang, Text};
use crate::reconciliation::{Check, Kind, Side, Verdict};
use crate::render::table::{NOTHING, grouped, right, trimmed};
use crate::text;

/// Draws it.
pub(crate) fn table(answer: &Reconciliation<'_>, lang: Lang) -> Vec<u8> {
    let mut text = trimmed(&counts(answer, lang));
    if answer.checks.iter().any(is_open) {
        text.push(b'\n');
        text.extend(trimmed(&open_checks(answer, lang)));
    }
    text.extend(how_to_see(answer, lang).into_bytes());
    text
}

fn counts(answer: &Reconciliation<'_>, lang: Lang) -> Table {
    let mut table = plain();
    let mut header =
        vec![Cell::new(lang.pick("check", "核对项")), right(lang.pick("checks", "总数"))];
    header.extend(Verdict::ALL.map(|verdict| right(verdict.label().in_lang(lang))));
    table.set_header(header);
    for kind in Kind::ALL {
        let all = answer.count(|check| check.kind == kind);
        let mut cells = vec![Cell::new(kind.label().in_lang(lang)), right(&all.to_string())];
        cells.extend(Verdict::ALL.map(|verdict| {
            let count = answer.count(|check| check.kind == kind && check.verdict() == verdict);
            right(&count.to_string())
        }));
        table.add_row(cells);
    }
    table
}

fn open_checks(answer: &Reconciliation<'_>, lang: Lang) -> Table {
    let checks: Vec<&Check> = answer.checks.iter().filter(|check| is_open(check)).collect();
    let profiles = answer.profiles.len() > 1;
    let projects = checks.iter().any(|check| answer.project(check).is_some());
    let mut table = plain();
    let mut header = vec![Cell::new(lang.pick("day", "日期"))];
    header.extend(profiles.then(|| Cell::new("profile")));
    header.extend(projects.then(|| Cell::new(lang.pick("project", "项目"))));
    header.extend(lang.pick(["metric", "check"], ["指标", "核对项"]).map(Cell::new));
    let numbers = lang.pick(["whole", "parts", "difference"], ["整体", "部分之和", "差值"]);
    header.extend(numbers.map(right));
    header.push(Cell::new(lang.pick("verdict", "结论")));
    table.set_header(header);
    let default = lang.pick("(default)", "（默认）");
    for check in checks {
        let mut cells = vec![Cell::new(answer.range.bucket_label(check.start))];
        cells.extend(profiles.then(|| Cell::new(answer.profile(check).unwrap_or_default())));
        cells.extend(projects.then(|| Cell::new(answer.project(check).unwrap_or(default))));
        let any = lang.pick("(any)", "（任何）");
        cells.push(Cell::new(check.metric.as_ref().map_or(any, |metric| metric.as_str())));
        cells.push(Cell::new(check.kind.label().in_lang(lang)));
        let numbers = [check.whole.value, check.parts.value, check.difference()];
        cells
            .extend(numbers.map(|value| right(&value.map_or_else(|| NOTHING.to_owned(), grouped))));
        cells.push(Cell::new(verdict(check).in_lang(lang)));
        table.add_row(cells);
    }
    table
}

/// The verdict, and of an unknown one what is missing.
fn verdict(check: &Check) -> Text {
    let name = check.verdict().label();
    let missing = |side: &Side| side.state == State::Missing;
    let why = match (missing(&check.whole), missing(&check.parts), check.kind) {
        (false, false, _) => return name,
        (true, true, _) => text!("neither side came", "两边都没有收到"),
        (true, false, _) => text!("the whole did not come", "没有收到整体"),
        (false, true, Kind::Hours) => text!(
            "{received} of {wanted} hours came",
            "{wanted} 小时中只收到 {received} 小时",
            received = check.parts.received,
            wanted = check.parts.wanted
        ),
        (false, true, Kind::Endpoints) => {
            text!("not all endpoints came", "推理接入点的数据没有到齐")
        }
    };
    text!("{name}: {why}", "{name}：{why}"; name = name, why = why)
}

/// Commands for what differs; several metrics of a day share them.
fn how_to_see(answer: &Reconciliation<'_>, lang: Lang) -> String {
    let differs = |check: &&Check| matches!(check.verdict(), Verdict::Differs | Verdict::Settling);
    let mut shown = BTreeSet::new();
    let new = |check: &&Check| shown.insert((check.start, check.project, check.kind));
    let checks = answer.checks.iter().filter(differs).filter(new);
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

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}
