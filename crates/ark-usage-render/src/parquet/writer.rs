//! A table of columns as a Parquet file, written in groups of rows as rows arrive.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use ark_usage_report::{ReportError, text};
use parquet::basic::{Encoding, LogicalType, Repetition, TimeUnit, Type as PhysicalType};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type, TypePtr};

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

/// Writes a Parquet file. At most one group of rows is in memory.
pub struct ParquetWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Buffer>,
    rows: usize,
}

/// The cells of a column that are not written yet.
struct Buffer {
    column: ParquetColumn,
    cells: Cells,
    /// 1 for a value, 0 for null.
    levels: Vec<i16>,
}

enum Cells {
    Texts(Vec<ByteArray>),
    Integers(Vec<i64>),
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Begins a file with these columns.
    ///
    /// # Errors
    ///
    /// When `output` cannot be written.
    pub fn new(output: W, columns: &[ParquetColumn]) -> Result<Self, ReportError> {
        let file = SerializedFileWriter::new(output, schema(columns)?, properties(columns));
        let columns = columns.iter().map(|column| Buffer::new(*column)).collect();
        Ok(Self { file: file.map_err(failed)?, columns, rows: 0 })
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
        for buffer in &mut self.columns {
            buffer.push(cells.next().unwrap_or(CellValue::Null));
        }
        self.rows += 1;
        if self.rows == GROUP { self.end_group() } else { Ok(()) }
    }

    /// Ends the file and returns its output.
    ///
    /// # Errors
    ///
    /// When `output` cannot be written.
    pub fn finish(mut self) -> Result<W, ReportError> {
        self.end_group()?;
        self.file.into_inner().map_err(failed)
    }

    fn end_group(&mut self) -> Result<(), ReportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group().map_err(failed)?;
        for buffer in &mut self.columns {
            let Some(mut column) = group.next_column().map_err(failed)? else { break };
            buffer.write(column.untyped()).map_err(failed)?;
            column.close().map_err(failed)?;
        }
        group.close().map_err(failed)?;
        self.rows = 0;
        Ok(())
    }
}

impl Buffer {
    fn new(column: ParquetColumn) -> Self {
        let cells = match column.kind {
            ColumnKind::Text => Cells::Texts(Vec::new()),
            ColumnKind::Time | ColumnKind::Integer => Cells::Integers(Vec::new()),
        };
        Self { column, cells, levels: Vec::new() }
    }

    /// Adds a cell; one of another type than its column is null.
    fn push(&mut self, cell: CellValue<'_>) {
        let is_there = match (&mut self.cells, self.column.kind, cell) {
            (Cells::Texts(texts), _, CellValue::Text(text)) => {
                texts.push(ByteArray::from(text.into_owned().into_bytes()));
                true
            }
            (Cells::Integers(values), ColumnKind::Time, CellValue::Time(seconds)) => {
                values.push(seconds.saturating_mul(1_000_000));
                true
            }
            (Cells::Integers(values), ColumnKind::Integer, CellValue::Integer(value)) => {
                values.push(value);
                true
            }
            _ => false,
        };
        self.levels.push(is_there.into());
    }

    /// Writes the cells and forgets them.
    fn write(&mut self, column: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        match (&mut self.cells, column) {
            (Cells::Texts(texts), ColumnWriter::ByteArrayColumnWriter(column)) => {
                column.write_batch(texts, Some(&self.levels), None)?;
                texts.clear();
            }
            (Cells::Integers(values), ColumnWriter::Int64ColumnWriter(column)) => {
                column.write_batch(values, Some(&self.levels), None)?;
                values.clear();
            }
            _ => return Err(ParquetError::General("a column of another type".to_owned())),
        }
        self.levels.clear();
        Ok(())
    }
}

fn schema(columns: &[ParquetColumn]) -> Result<TypePtr, ReportError> {
    let field = |column: &ParquetColumn| {
        let (physical, logical) = match column.kind {
            ColumnKind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            ColumnKind::Time => {
                let unit = TimeUnit::MICROS;
                let is_adjusted_to_u_t_c = true;
                (PhysicalType::INT64, Some(LogicalType::timestamp(is_adjusted_to_u_t_c, unit)))
            }
            ColumnKind::Integer => (PhysicalType::INT64, None),
        };
        let column = Type::primitive_type_builder(column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        column.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>().map_err(failed)?;
    let table = Type::group_type_builder("usage").with_fields(fields).build();
    table.map(Arc::new).map_err(failed)
}

/// Returns the encodings. Numbers grow little from row to row, so that their differences take few bits; a
/// dictionary holds each text once.
fn properties(columns: &[ParquetColumn]) -> WriterPropertiesPtr {
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("ark-usage version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_max_row_group_row_count(Some(GROUP));
    for column in columns.iter().filter(|column| column.kind != ColumnKind::Text) {
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    Arc::new(properties.build())
}

/// An error of the output, or a fault of this crate.
fn failed(error: ParquetError) -> ReportError {
    ReportError::output(text!("cannot write Parquet", "无法写出 Parquet")).with_source(error)
}
