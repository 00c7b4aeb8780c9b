//! Rows of a view, written batch by batch: the whole of them is never in memory.

use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use ark_usage_report::view::{Fields, ViewRow};

use crate::csv::{header_of, lines_of};
use crate::csv_columns::FilledColumns;
use crate::row_format::RowFormat;

/// Passes on all rows, batch by batch, and returns what else is known of them.
pub type EachBatch<'a, E, T> =
    dyn FnMut(&mut dyn FnMut(&[ViewRow]) -> Result<(), E>) -> Result<T, E> + 'a;

impl RowFormat {
    /// Writes all rows with the bytes before them. Without `fields`, CSV needs them twice, because columns that
    /// are empty in every row are left out.
    ///
    /// # Errors
    ///
    /// Those of `rows` and of `write`, and rows that cannot be written in this format.
    pub fn write_batches<E: From<ReportError>, T>(
        self,
        range: &Range,
        fields: Option<&Fields>,
        rows: &mut EachBatch<'_, E, T>,
        write: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<T, E> {
        let (Self::Csv { bom, header }, None) = (self, fields) else {
            write(&self.header(range, &[], fields)?)?;
            return rows(&mut |some| write(&self.lines(range, some, fields)?));
        };
        let mut filled = FilledColumns::default();
        rows(&mut |some| {
            filled.note(range, some);
            Ok(())
        })?;
        let columns = filled.columns();
        write(&header_of(&columns, bom, header)?)?;
        rows(&mut |some| write(&lines_of(range, some, &columns)?))
    }
}
