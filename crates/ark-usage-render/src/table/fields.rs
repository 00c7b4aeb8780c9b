//! The table of `--fields`: the columns asked for, a row a line.

use serde_json::Value;

use super::NOTHING;
use crate::grid::{Cell, Grid};
use crate::{Answer, row};
use ark_usage_report::chart_data::grouped;
use ark_usage_report::view::Fields;

/// A line for each row; there is no foot, because a total has few of the columns.
pub(super) fn grid(answer: &Answer<'_>, fields: &Fields) -> Grid {
    let names = fields.names();
    let rows = answer.view.rows.iter().map(|row| row::value(answer.range, row));
    let rows: Vec<Value> = rows.collect();
    let number =
        |name: &str| rows.iter().any(|row| row::find(row, name).is_some_and(Value::is_number));
    let numbers: Vec<bool> = names.iter().map(|name| number(name)).collect();
    let head = names.iter().zip(&numbers).map(|(name, number)| cell(name, *number)).collect();
    let lines = rows.iter().map(|row| {
        let shown = |name: &String| shown(row::find(row, name));
        names.iter().zip(&numbers).map(|(name, number)| cell(&shown(name), *number)).collect()
    });
    Grid { head, lines: lines.collect() }
}

fn cell(text: &str, number: bool) -> Cell {
    if number { Cell::number(text) } else { Cell::text(text) }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => NOTHING.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.as_i128().map_or_else(|| number.to_string(), grouped),
        Some(other) => other.to_string(),
    }
}
