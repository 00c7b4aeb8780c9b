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
    // Of each row only what is shown: all fields of many rows would take much memory.
    let chosen = |row| {
        let row = row::value(answer.range, row);
        names.iter().map(|name| row::find(&row, name).cloned()).collect()
    };
    let rows: Vec<Vec<Option<Value>>> = answer.view.rows.iter().map(chosen).collect();
    let mut numbers = vec![false; names.len()];
    for row in &rows {
        for (number, value) in numbers.iter_mut().zip(row) {
            *number |= value.as_ref().is_some_and(Value::is_number);
        }
    }
    let head = names.iter().zip(&numbers).map(|(name, number)| cell(name, *number)).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&numbers);
        cells.map(|(value, number)| cell(&shown(value.as_ref()), *number)).collect()
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
