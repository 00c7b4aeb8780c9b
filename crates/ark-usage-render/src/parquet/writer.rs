//! A table of columns as a Parquet file, written in groups of rows as rows arrive.
//!
//! The format is <https://parquet.apache.org/docs/file-format/>: pages of version 2, without a codec. Numbers grow little from row
//! to row, so that their differences take few bits; a dictionary holds each text once.

use std::borrow::Cow;
use std::io::{self, Write};

use ark_usage_report::{ReportError, text};

use super::column_chunk::ColumnChunk;
use super::thrift::Struct;

/// Both ends of a file.
const MAGIC: &[u8] = b"PAR1";

/// The rows of a group: some megabytes of memory, and enough for readers that skip groups.
const GROUP: usize = 131_072;

/// A column of a Parquet file. Each may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParquetColumn {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub kind: ColumnKind,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnKind {
    /// UTF-8.
    Text,
    /// An instant: a timestamp in microseconds, adjusted to UTC.
    Time,
    /// An exact integer of 64 bits.
    Integer,
}

/// The value of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CellValue<'a> {
    /// Not requested, or not known.
    Null,
    /// A text.
    Text(Cow<'a, str>),
    /// Seconds since 1970, in a column of [`ColumnKind::Time`].
    Time(i64),
    /// An exact integer.
    Integer(i64),
}

/// The numbers of types in the format.
const INT64: i32 = 2;
const BYTE_ARRAY: i32 = 6;
/// The older names of logical types.
const UTF8: i32 = 0;
const TIMESTAMP_MICROS: i32 = 10;

impl ColumnKind {
    pub(super) fn physical(self) -> i32 {
        match self {
            Self::Text => BYTE_ARRAY,
            Self::Time | Self::Integer => INT64,
        }
    }
}

/// Writes a Parquet file. At most one group of rows is in memory.
pub struct ParquetWriter<W: Write> {
    output: W,
    columns: Vec<ColumnChunk>,
    /// The rows that are not written yet.
    rows: usize,
    /// The bytes written.
    offset: i64,
    /// The metadata of the groups written, and their rows.
    groups: Vec<Struct>,
    total: i64,
}

impl<W: Write> ParquetWriter<W> {
    /// Begins a file with these columns.
    ///
    /// # Errors
    ///
    /// When `output` cannot be written.
    pub fn new(output: W, columns: &[ParquetColumn]) -> Result<Self, ReportError> {
        let columns = columns.iter().map(|column| ColumnChunk::new(*column)).collect();
        let mut writer = Self { output, columns, rows: 0, offset: 0, groups: Vec::new(), total: 0 };
        writer.write(MAGIC).map_err(failed)?;
        Ok(writer)
    }

    /// Adds a row: a cell for each column, in order. Columns without a cell are null.
    ///
    /// # Errors
    ///
    /// When `output` cannot be written.
    pub fn row<'a>(
        &mut self,
        cells: impl IntoIterator<Item = CellValue<'a>>,
    ) -> Result<(), ReportError> {
        let mut cells = cells.into_iter();
        for column in &mut self.columns {
            column.push(cells.next().unwrap_or(CellValue::Null));
        }
        self.rows += 1;
        if self.rows == GROUP { self.end_group().map_err(failed) } else { Ok(()) }
    }

    /// Ends the file and returns its output.
    ///
    /// # Errors
    ///
    /// When `output` cannot be written.
    pub fn finish(mut self) -> Result<W, ReportError> {
        self.end_group().and_then(|()| self.end_file()).map_err(failed)?;
        Ok(self.output)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.offset = self.offset.saturating_add(length(bytes)?);
        self.output.write_all(bytes)
    }

    fn end_group(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let begin = self.offset;
        let mut chunks = Vec::new();
        for mut column in std::mem::take(&mut self.columns) {
            let mut bytes = Vec::new();
            chunks.push(column.write(&mut bytes, self.offset)?);
            self.columns.push(column);
            self.write(&bytes)?;
        }
        let rows = i64::try_from(self.rows).map_err(io::Error::other)?;
        let group = Struct::default().structures(1, chunks).i64(2, self.offset - begin);
        self.groups.push(group.i64(3, rows).i64(5, begin).i64(6, self.offset - begin));
        self.total += rows;
        self.rows = 0;
        Ok(())
    }

    /// Writes the metadata, its length, and the end of the file.
    fn end_file(&mut self) -> io::Result<()> {
        let columns: Vec<ParquetColumn> = self.columns.iter().map(|chunk| chunk.column).collect();
        // Bounds are by the order of the type.
        let order = || Struct::default().structure(1, Struct::default());
        let metadata = Struct::default()
            .i32(1, 2)
            .structures(2, schema(&columns))
            .i64(3, self.total)
            .structures(4, std::mem::take(&mut self.groups))
            .binary(6, concat!("ark-usage version ", env!("CARGO_PKG_VERSION")).as_bytes())
            .structures(7, columns.iter().map(|_| order()).collect())
            .finish();
        let length = u32::try_from(metadata.len()).map_err(io::Error::other)?;
        self.write(&metadata)?;
        self.write(&length.to_le_bytes())?;
        self.write(MAGIC)?;
        self.output.flush()
    }
}

/// Returns the elements of the schema: the table and its columns.
fn schema(columns: &[ParquetColumn]) -> Vec<Struct> {
    let count = i32::try_from(columns.len()).unwrap_or(i32::MAX);
    let table = Struct::default().binary(4, b"usage").i32(5, count);
    [table].into_iter().chain(columns.iter().map(|column| element(*column))).collect()
}

fn element(column: ParquetColumn) -> Struct {
    const OPTIONAL: i32 = 1;
    let element = Struct::default()
        .i32(1, column.kind.physical())
        .i32(3, OPTIONAL)
        .binary(4, column.name.as_bytes());
    let empty = Struct::default;
    match column.kind {
        ColumnKind::Text => {
            element.i32(6, UTF8).structure(10, Struct::default().structure(1, empty()))
        }
        ColumnKind::Time => {
            let micros = Struct::default().structure(2, empty());
            let timestamp = Struct::default().bool(1, true).structure(2, micros);
            element
                .i32(6, TIMESTAMP_MICROS)
                .structure(10, Struct::default().structure(8, timestamp))
        }
        ColumnKind::Integer => element,
    }
}

fn length(bytes: &[u8]) -> io::Result<i64> {
    i64::try_from(bytes.len()).map_err(io::Error::other)
}

fn failed(error: io::Error) -> ReportError {
    ReportError::output(text!("cannot write Parquet", "无法写出 Parquet")).with_source(error)
}
