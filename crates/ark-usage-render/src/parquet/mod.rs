//! `-f parquet`: the rows of `-f json` as a Parquet file.
//!
//! Every field of a row is a column, so that files of different queries have one schema. Times are timestamps,
//! numbers are exact integers of 64 bits, names with a text each are a JSON object, and costs are two columns as in
//! CSV. The unix seconds are left out: they are the timestamps again. `api` is the action, since files of both
//! may be read as one table.

mod kept;
mod manifest;
mod writer;

use std::borrow::Cow;

use ark_usage_report::ReportError;
use ark_usage_report::prices::Money;
use ark_usage_report::range::Range;
use ark_usage_report::text;
use ark_usage_report::view::{CURRENCY, FieldKind, FieldValue, ROW_FIELDS, RowField, ViewRow};

use crate::document::unwritable;

pub use kept::{KeptBucket, KeptNames, KeptSeries};
pub use manifest::{ExportManifest, ExportedPartition};
pub use writer::{CellValue, ColumnKind, ParquetColumn, ParquetWriter};

/// The fields that say in unix seconds what a timestamp says.
const TIMES_AGAIN: [&str; 2] = ["start_unix", "end_unix"];

/// The column that names the action: rows of two must not be added up.
const API: &str = "api";
/// The field before which it stands.
const AFTER_API: &str = "profile";

fn fields() -> impl Iterator<Item = &'static RowField> {
    ROW_FIELDS.iter().filter(|field| !TIMES_AGAIN.contains(&field.name))
}

/// Returns the columns of a file of rows.
pub fn parquet_columns() -> Vec<ParquetColumn> {
    let columns = fields().flat_map(|field| {
        let api = ParquetColumn { name: API, kind: ColumnKind::Text };
        let api = (field.name == AFTER_API).then_some(api);
        let kind = match field.kind {
            FieldKind::Time => ColumnKind::Time,
            FieldKind::Integer => ColumnKind::Integer,
            _ => ColumnKind::Text,
        };
        let currency = ParquetColumn { name: CURRENCY, kind: ColumnKind::Text };
        let currency = (field.kind == FieldKind::Money).then_some(currency);
        let column = ParquetColumn { name: field.name, kind };
        api.into_iter().chain([column]).chain(currency)
    });
    columns.collect()
}

/// Writes the rows of an action as a file.
///
/// # Errors
///
/// When a number takes more than 64 bits.
pub fn parquet(api: &str, range: &Range, rows: &[ViewRow]) -> Result<Vec<u8>, ReportError> {
    let mut writer = ParquetWriter::new(Vec::new(), &parquet_columns())?;
    for row in rows {
        let mut cells = Vec::new();
        for field in fields() {
            if field.name == AFTER_API {
                cells.push(CellValue::Text(Cow::Borrowed(api)));
            }
            push(&mut cells, field, range, row)?;
        }
        writer.row(cells)?;
    }
    writer.finish()
}

/// Adds the cells of a field: one, or two for money.
fn push<'a>(
    cells: &mut Vec<CellValue<'a>>,
    field: &RowField,
    range: &Range,
    row: &'a ViewRow,
) -> Result<(), ReportError> {
    if field.kind == FieldKind::Time {
        cells.push(time(field.name, row).map_or(CellValue::Null, CellValue::Time));
        return Ok(());
    }
    if field.kind == FieldKind::Money {
        cells.extend(money(&field.value(range, row)));
        return Ok(());
    }
    let cell = match field.value(range, row) {
        FieldValue::Null => CellValue::Null,
        FieldValue::Text(text) => CellValue::Text(text),
        FieldValue::Integer(value) => {
            CellValue::Integer(i64::try_from(value).map_err(|_| too_large(field.name, value))?)
        }
        FieldValue::Map(names) if names.is_empty() => CellValue::Null,
        value => CellValue::Text(serde_json::to_string(&value).map_err(unwritable)?.into()),
    };
    cells.push(cell);
    Ok(())
}

/// Returns the amounts, and their currencies in the same order.
fn money<'a>(value: &FieldValue<'_>) -> [CellValue<'a>; 2] {
    let FieldValue::Money(amounts) = value else { return [CellValue::Null, CellValue::Null] };
    let joined = |parts: Vec<String>| CellValue::Text(Cow::Owned(parts.join(";")));
    let texts = amounts.values().map(Money::to_string).collect();
    [joined(texts), joined(amounts.keys().cloned().collect())]
}

/// Returns the instant of a field, unix seconds.
fn time(field: &str, row: &ViewRow) -> Option<i64> {
    match field {
        "start" => Some(row.start),
        "end" => Some(row.end),
        _ => row.fetched_at,
    }
}

fn too_large(field: &str, value: i128) -> ReportError {
    ReportError::output(text!(
        "{field} {value}: exceeds the 64 bits of a column of Parquet",
        "{field} {value}：超出 Parquet 列的 64 位"
    ))
    .with_hint(text!("choose a shorter range, or -f json", "请缩短时间范围，或使用 -f json"))
}

#[cfg(test)]
mod tests;
