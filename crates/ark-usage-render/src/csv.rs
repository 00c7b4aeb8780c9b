//! `-f csv`: the rows of `-f json` as columns (RFC 4180).
//!
//! A `null` there is an empty cell here. Columns that are empty in every row are left out, and objects are taken
//! apart: `labels.team`. With `--fields` the columns are those that are named, and an object is JSON in one cell.
//! A cost is its amount and, in the next cell, its currency; several are in the same order, with `;` in between. A
//! text that a spreadsheet would run as a formula gets an apostrophe in front, and no cell holds signs that cannot
//! be seen.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::csv_columns::{CsvColumn, distinct, filled};
use super::row::{RowDocument, find};
use crate::harmless::{csv_cell, csv_json};
use ark_usage_report::ReportError;
use ark_usage_report::prices::Money;
use ark_usage_report::range::Range;
use ark_usage_report::text;
use ark_usage_report::view::{CURRENCY, Fields, ViewRow};

/// Returns the line that names the columns of these rows, unless it is switched off.
pub fn csv_header(
    range: &Range,
    rows: &[ViewRow],
    bom: bool,
    named: bool,
    fields: Option<&Fields>,
) -> Result<Vec<u8>, ReportError> {
    match fields {
        Some(fields) => header(&fields.columns().collect::<Vec<_>>(), bom, named),
        None => csv_header_of(range, rows, bom, named),
    }
}

/// Returns the line that names the columns which are not empty in all of these rows.
pub(super) fn csv_header_of(
    range: &Range,
    rows: &[ViewRow],
    bom: bool,
    named: bool,
) -> Result<Vec<u8>, ReportError> {
    header_of(&filled(range, rows), bom, named)
}

/// Returns the line that names these columns, each another name.
pub(super) fn header_of(
    columns: &[CsvColumn],
    bom: bool,
    named: bool,
) -> Result<Vec<u8>, ReportError> {
    let names = distinct(columns.iter().map(CsvColumn::name));
    let mut bytes = header(&[], bom, false)?;
    if named {
        bytes.extend(records([names.into_iter().map(Cow::Owned).collect()])?);
    }
    Ok(bytes)
}

/// The bytes before the rows: a byte order mark for spreadsheets that need one, and a line of names.
pub(super) fn header(columns: &[&str], bom: bool, named: bool) -> Result<Vec<u8>, ReportError> {
    let mut bytes = if bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    if named {
        bytes.extend(records([columns.iter().map(|name| Cow::Owned(csv_cell(name))).collect()])?);
    }
    Ok(bytes)
}

/// Writes a line per row.
pub fn csv(
    range: &Range,
    rows: &[ViewRow],
    fields: Option<&Fields>,
) -> Result<Vec<u8>, ReportError> {
    let columns = match fields {
        Some(fields) => fields.columns().map(|name| CsvColumn::Field(name.to_owned())).collect(),
        None => filled(range, rows),
    };
    lines_of(range, rows, &columns)
}

/// Writes these columns of a line per row.
pub(super) fn lines_of(
    range: &Range,
    rows: &[ViewRow],
    columns: &[CsvColumn],
) -> Result<Vec<u8>, ReportError> {
    let cells = rows.iter().map(|row| cells(&RowDocument::new(range, row), columns));
    records(cells.collect::<Result<Vec<_>, _>>()?)
}

pub(super) fn records<'a>(
    records: impl IntoIterator<Item = Vec<Cow<'a, str>>>,
) -> Result<Vec<u8>, ReportError> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for record in records {
        writer.write_record(record.iter().map(|cell| cell.as_bytes())).map_err(unwritable)?;
    }
    writer.into_inner().map_err(|error| unwritable(error.into_error()))
}

/// The cells of a row, in the order of the columns.
fn cells(
    row: &RowDocument<'_>,
    columns: &[CsvColumn],
) -> Result<Vec<Cow<'static, str>>, ReportError> {
    let document = serde_json::to_value(row).map_err(unwritable)?;
    Ok(columns.iter().map(|column| cell(&document, column)).collect())
}

/// The cell of a row in a column.
pub(super) fn cell(row: &Value, column: &CsvColumn) -> Cow<'static, str> {
    let name = column.name();
    // The only column that is not a field of a row, but part of one.
    let value = if name == CURRENCY { row.get("cost") } else { find(row, name) };
    match value {
        Some(Value::Array(costs)) if name == CURRENCY => {
            Cow::Owned(csv_cell(&each(costs, "currency")))
        }
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Owned(csv_cell(text)),
        Some(Value::Array(costs)) => Cow::Owned(each(costs, "amount")),
        Some(Value::Object(pairs)) if pairs.is_empty() => Cow::Borrowed(""),
        Some(Value::Object(pairs)) if matches!(column, CsvColumn::Pairs(_)) => {
            let pairs = pairs
                .iter()
                .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
            Cow::Owned(csv_cell(&pairs.collect::<Vec<_>>().join("; ")))
        }
        Some(other) => Cow::Owned(csv_json(&other.to_string())),
    }
}

/// Returns amounts joined by `;`.
pub(super) fn joined_amounts(amounts: &BTreeMap<String, Money>) -> String {
    amounts.values().map(ToString::to_string).collect::<Vec<_>>().join(";")
}

/// Returns one part of every cost, joined by `;`.
fn each(costs: &[Value], part: &str) -> String {
    let parts = costs.iter().filter_map(|cost| cost.get(part)?.as_str());
    parts.collect::<Vec<_>>().join(";")
}

pub(super) fn unwritable(
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ReportError {
    ReportError::output(text!("cannot write CSV", "无法写出 CSV")).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_every_field_names_each_column_once() {
        let fields = Fields::parse(&["all".to_owned()]).unwrap();
        let columns: Vec<&str> = fields.columns().collect();
        let header = String::from_utf8(header(&columns, true, true).unwrap()).unwrap();
        assert!(header.starts_with("\u{feff}start,end,") && header.ends_with(",unpriced\r\n"));
        assert!(columns.iter().eq(&ark_usage_report::view::columns().collect::<Vec<_>>()));
        let different: std::collections::BTreeSet<_> = columns.iter().collect();
        assert_eq!(different.len(), columns.len());
    }

    #[test]
    fn commas_quotes_and_formulas_do_no_harm() {
        let cells = ["a,b", "say \"hi\"", "=1+1", "密", "-5.25", "-5+1"]
            .map(|cell| Cow::Owned(csv_cell(cell)));
        let bytes = records([cells.to_vec()]).unwrap();
        let expected = "\"a,b\",\"say \"\"hi\"\"\",'=1+1,密,-5.25,'-5+1\r\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
