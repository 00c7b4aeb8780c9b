//! `-f ndjson`: the rows of `-f json`, one a line, written as they come.

use ark_usage_model::Row;

use super::row::{RowContext, RowDocument};
use super::serialized;
use crate::error::CliError;

/// Writes a line per row.
pub(crate) fn ndjson(context: &RowContext<'_>, rows: &[Row]) -> Result<Vec<u8>, CliError> {
    let mut lines = Vec::new();
    for row in rows {
        lines.extend(serialized(&RowDocument::new(context, row), false)?);
    }
    Ok(lines)
}
