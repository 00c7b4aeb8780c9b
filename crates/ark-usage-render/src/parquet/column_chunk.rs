//! The cells of one column in one group of rows, and their bytes in a file.

use std::collections::HashMap;
use std::io;
use std::rc::Rc;

use super::encodings::{differences, runs, shared_beginnings, width};
use super::thrift::Struct;
use super::writer::{CellValue, ColumnKind, ParquetColumn};

/// The rows of a page.
const PAGE: usize = 16_384;
/// The most bytes of a dictionary: a column of texts that differ is smaller without one.
const DICTIONARY: usize = 1 << 20;
/// The longest text that statistics name.
const BOUND: usize = 64;

/// Encodings by their number in the format.
const PLAIN: i32 = 0;
const RLE: i32 = 3;
const DELTA_BINARY_PACKED: i32 = 5;
const DELTA_BYTE_ARRAY: i32 = 7;
const RLE_DICTIONARY: i32 = 8;

/// The kinds of pages.
const DICTIONARY_PAGE: i32 = 2;
const DATA_PAGE_V2: i32 = 3;

/// The cells of a column that are not written yet.
pub(super) struct ColumnChunk {
    pub(super) column: ParquetColumn,
    cells: Cells,
    /// 1 for a value, 0 for null.
    levels: Vec<u32>,
}

enum Cells {
    Integers(Vec<i64>),
    Texts(Texts),
}

/// Texts, each kept once.
#[derive(Default)]
struct Texts {
    /// In the order of their first use.
    entries: Vec<Rc<str>>,
    places: HashMap<Rc<str>, u32>,
    /// The place of each cell's text.
    cells: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        let place = self.places.get(text).copied().unwrap_or_else(|| {
            // A group has far fewer rows.
            let place = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
            let entry: Rc<str> = text.into();
            self.entries.push(Rc::clone(&entry));
            self.places.insert(entry, place);
            place
        });
        self.cells.push(place);
    }

    fn text(&self, place: u32) -> &str {
        usize::try_from(place)
            .ok()
            .and_then(|place| self.entries.get(place))
            .map_or("", |text| text)
    }

    /// Returns the texts as a page of a dictionary has them; `None` when that is too large.
    fn dictionary(&self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        for text in &self.entries {
            let length = u32::try_from(text.len()).map_err(io::Error::other)?;
            bytes.extend(length.to_le_bytes());
            bytes.extend(text.as_bytes());
            if bytes.len() > DICTIONARY {
                return Ok(None);
            }
        }
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }
}

impl ColumnChunk {
    pub(super) fn new(column: ParquetColumn) -> Self {
        let cells = match column.kind {
            ColumnKind::Text => Cells::Texts(Texts::default()),
            ColumnKind::Time | ColumnKind::Integer => Cells::Integers(Vec::new()),
        };
        Self { column, cells, levels: Vec::new() }
    }

    /// Adds a cell; one of another type than its column is null.
    pub(super) fn push(&mut self, cell: CellValue<'_>) {
        let is_there = match (&mut self.cells, self.column.kind, cell) {
            (Cells::Texts(texts), _, CellValue::Text(text)) => {
                texts.push(&text);
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

    /// Adds the pages to a file that has `offset` bytes, and returns the metadata of the column. The cells are forgotten.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, offset: i64) -> io::Result<Struct> {
        let Self { column, .. } = *self;
        let Self { cells, levels, .. } = std::mem::replace(self, Self::new(column));
        let begin = out.len();
        let place = |out: &Vec<u8>| -> io::Result<i64> {
            Ok(offset.saturating_add(i64::try_from(out.len() - begin).map_err(io::Error::other)?))
        };
        let dictionary = match &cells {
            Cells::Texts(texts) => texts.dictionary()?.zip(Some(texts.entries.len())),
            Cells::Integers(_) => None,
        };
        let dictionary_place = dictionary.as_ref().map(|_| place(out)).transpose()?;
        if let Some((bytes, entries)) = &dictionary {
            let header = Struct::default().i32(1, size(*entries)?).i32(2, PLAIN);
            let page = Struct::default().i32(1, DICTIONARY_PAGE).i32(2, size(bytes.len())?);
            out.extend(page.i32(3, size(bytes.len())?).structure(7, header).finish());
            out.extend(bytes);
        }
        let data_place = place(out)?;
        let encoding = write_pages(out, &cells, &levels, dictionary.is_some())?;
        let length = place(out)?.saturating_sub(offset);
        let encodings: &[i32] =
            if encoding == PLAIN { &[PLAIN, RLE] } else { &[PLAIN, RLE, encoding] };
        let metadata = Struct::default()
            .i32(1, self.column.kind.physical())
            .i32s(2, encodings)
            .texts(3, &[self.column.name])
            // No codec: the encodings are enough.
            .i32(4, 0)
            .i64(5, i64::from(size(levels.len())?))
            .i64(6, length)
            .i64(7, length)
            .i64(9, data_place);
        let metadata = match dictionary_place {
            Some(place) => metadata.i64(11, place),
            None => metadata,
        };
        let nulls = levels.iter().filter(|level| **level == 0).count();
        let metadata = metadata.structure(12, statistics(&cells, size(nulls)?));
        Ok(Struct::default().i64(2, 0).structure(3, metadata))
    }
}

/// Adds the pages of data, and returns their encoding.
fn write_pages(
    out: &mut Vec<u8>,
    cells: &Cells,
    levels: &[u32],
    has_dictionary: bool,
) -> io::Result<i32> {
    let encoding = match cells {
        Cells::Integers(values) if values.is_empty() => PLAIN,
        Cells::Integers(_) => DELTA_BINARY_PACKED,
        Cells::Texts(texts) if texts.cells.is_empty() => PLAIN,
        Cells::Texts(_) if has_dictionary => RLE_DICTIONARY,
        Cells::Texts(_) => DELTA_BYTE_ARRAY,
    };
    let mut first = 0;
    for levels in levels.chunks(PAGE) {
        let count = levels.iter().filter(|level| **level == 1).count();
        let range = first..first + count;
        first += count;
        let mut bytes = Vec::new();
        runs(&mut bytes, levels, 1);
        let levels_length = bytes.len();
        match cells {
            // Without values there is nothing to encode.
            _ if count == 0 => {}
            Cells::Integers(values) => {
                differences(&mut bytes, values.get(range).unwrap_or_default());
            }
            Cells::Texts(texts) => {
                let places = texts.cells.get(range).unwrap_or_default();
                if has_dictionary {
                    let width = width(texts.entries.len().saturating_sub(1) as u64).max(1);
                    bytes.push(width);
                    runs(&mut bytes, places, width);
                } else {
                    shared_beginnings(&mut bytes, places.iter().map(|place| texts.text(*place)));
                }
            }
        }
        let header = Struct::default()
            .i32(1, size(levels.len())?)
            .i32(2, size(levels.len() - count)?)
            .i32(3, size(levels.len())?)
            .i32(4, if count == 0 { PLAIN } else { encoding })
            .i32(5, size(levels_length)?)
            .i32(6, 0)
            .bool(7, false);
        let page = Struct::default().i32(1, DATA_PAGE_V2).i32(2, size(bytes.len())?);
        out.extend(page.i32(3, size(bytes.len())?).structure(8, header).finish());
        out.append(&mut bytes);
    }
    Ok(encoding)
}

/// Returns how many are null, and the bounds, by which readers skip groups.
fn statistics(cells: &Cells, nulls: i32) -> Struct {
    let statistics = Struct::default().i64(3, nulls.into());
    let bounds = match cells {
        Cells::Integers(values) => {
            let bytes = |value: &i64| value.to_le_bytes().to_vec();
            values.iter().max().map(bytes).zip(values.iter().min().map(bytes))
        }
        Cells::Texts(texts) => {
            let bytes = |text: &Rc<str>| text.as_bytes().to_vec();
            let bounds = texts.entries.iter().max().zip(texts.entries.iter().min());
            let bounds = bounds.filter(|(max, min)| max.len() <= BOUND && min.len() <= BOUND);
            bounds.map(|(max, min)| (bytes(max), bytes(min)))
        }
    };
    match bounds {
        Some((max, min)) => statistics.binary(5, &max).binary(6, &min),
        None => statistics,
    }
}

/// Returns a length as the format has it.
fn size(length: usize) -> io::Result<i32> {
    i32::try_from(length).map_err(io::Error::other)
}
