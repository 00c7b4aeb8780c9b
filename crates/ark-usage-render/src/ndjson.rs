//! `-f ndjson`: the rows of `-f json`, one a line, written as rows arrive.

use super::row::document;
use super::serialized;
use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use ark_usage_report::view::{Fields, ViewRow};

/// Writes a line per row.
pub fn ndjson(
    range: &Range,
    rows: &[ViewRow],
    fields: Option<&Fields>,
) -> Result<Vec<u8>, ReportError> {
    let mut lines = Vec::new();
    for row in rows {
        lines.extend(serialized(&document(range, row, fields)?, false)?);
    }
    Ok(lines)
}
