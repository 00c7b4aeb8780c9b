//! `-f ndjson`: the rows of `-f json`, one a line, written as they come.

use super::row::document;
use super::serialized;
use crate::error::CliError;
use crate::range::Range;
use crate::view::{Fields, ViewRow};

/// Writes a line per row.
pub(crate) fn ndjson(
    range: &Range,
    rows: &[ViewRow],
    fields: Option<&Fields>,
) -> Result<Vec<u8>, CliError> {
    let mut lines = Vec::new();
    for row in rows {
        lines.extend(serialized(&document(range, row, fields)?, false)?);
    }
    Ok(lines)
}
