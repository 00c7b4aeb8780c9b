//! `-f ndjson`: the rows of `-f json`, one a line, written as they come.

use super::row::RowDocument;
use super::serialized;
use crate::error::CliError;
use crate::range::Range;
use crate::view::ViewRow;

/// Writes a line per row.
pub(crate) fn ndjson(range: &Range, rows: &[ViewRow]) -> Result<Vec<u8>, CliError> {
    let mut lines = Vec::new();
    for row in rows {
        lines.extend(serialized(&RowDocument::new(range, row), false)?);
    }
    Ok(lines)
}
