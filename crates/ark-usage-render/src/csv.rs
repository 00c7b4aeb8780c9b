//! `-f csv`: the rows of `-f json` as columns (RFC 4180), written as rows arrive.
//!
//! A `null` there is an empty cell here; an object, as `tags` is one, is JSON in one cell. A cost is its
//! amount and, in the next cell, its currency; several are in the same order, with `;` in between. A text that a
//! spreadsheet would run as a formula gets an apostrophe in front, and no cell holds signs that cannot be seen.

use std::borrow::Cow;

use serde_json::Value;

use super::row::{RowDocument, find};
use crate::harmless::{csv_cell, csv_json};
use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use ark_usage_report::text;
use ark_usage_report::view::{CURRENCY, Fields, ViewRow};

/// Returns the line that names the columns, unless it is switched off.
pub fn csv_header(bom: bool, named: bool, fields: Option<&Fields>) -> Result<Vec<u8>, ReportError> {
    header(&columns(fields), bom, named)
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
    let columns = columns(fields);
    let cells = rows.iter().map(|row| cells(&RowDocument::new(range, row), &columns));
    records(cells.collect::<Result<Vec<_>, _>>()?)
}

fn columns(fields: Option<&Fields>) -> Vec<&str> {
    match fields {
        Some(fields) => fields.names().iter().map(String::as_str).collect(),
        None => ark_usage_report::view::columns().collect(),
    }
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
fn cells(row: &RowDocument<'_>, columns: &[&str]) -> Result<Vec<Cow<'static, str>>, ReportError> {
    let document = serde_json::to_value(row).map_err(unwritable)?;
    // The only column that is not a field of a row, but part of one.
    let value = |column: &str| match column {
        CURRENCY => document.get("cost"),
        key => find(&document, key),
    };
    let cell = |column: &&str| match value(column) {
        Some(Value::Array(costs)) if *column == CURRENCY => {
            Cow::Owned(csv_cell(&each(costs, "currency")))
        }
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Owned(csv_cell(text)),
        Some(Value::Array(costs)) => Cow::Owned(each(costs, "amount")),
        Some(Value::Object(pairs)) if pairs.is_empty() => Cow::Borrowed(""),
        Some(other) => Cow::Owned(csv_json(&other.to_string())),
    };
    Ok(columns.iter().map(cell).collect())
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
    fn the_header_names_every_column_once() {
        let header = String::from_utf8(csv_header(true, true, None).unwrap()).unwrap();
        assert!(header.starts_with("\u{feff}start,end,") && header.ends_with(",unpriced\r\n"));
        let mut columns = columns(None);
        let count = columns.len();
        columns.sort_unstable();
        columns.dedup();
        assert_eq!(columns.len(), count);
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
