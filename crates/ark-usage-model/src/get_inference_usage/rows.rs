//! Rows of a table: lists of cells, or objects with the names of columns.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use volc_openapi::few_letters;

use super::cell::{TableCell, after_comma, after_space};

/// Takes the cells of one row after the other.
pub(super) trait RowSink<'de> {
    /// The place of the column with this name; a new one where there is none.
    fn place(&mut self, name: &str) -> usize;

    /// Takes a row: its cells by place, and whether it was a list. Empties `cells`.
    fn row(&mut self, cells: &mut Vec<TableCell<'de>>, is_list: bool);
}

/// Reads all rows of a list.
///
/// # Errors
///
/// When it is no list, or one of its elements is no row.
pub(super) fn read<'de, S: RowSink<'de>>(
    list: &'de RawValue,
    sink: &mut S,
) -> Result<(), serde_json::Error> {
    let (json, bytes) = (list.get(), list.get().as_bytes());
    if bytes.first() != Some(&b'[') {
        return serde_json::Deserializer::from_str(json).deserialize_any(NoList);
    }
    let mut cells = Vec::new();
    let mut at = after_space(bytes, 1);
    // It is valid JSON: after the comma that follows an element there is another one.
    while let Some(rest) = json.get(at..).filter(|rest| !rest.is_empty() && !rest.starts_with(']'))
    {
        cells.clear();
        let (length, is_list) = if let Some(length) = TableCell::split(rest, &mut cells) {
            (length, true)
        } else {
            cells.clear();
            read_row(rest, RowCells { sink: &mut *sink, cells: &mut cells })?
        };
        sink.row(&mut cells, is_list);
        at = after_comma(bytes, at + length);
    }
    Ok(())
}

/// Reads the row at the beginning of `rest`; returns its length and whether it is a list.
fn read_row<'de, S: RowSink<'de>>(
    rest: &'de str,
    cells: RowCells<'_, '_, 'de, S>,
) -> Result<(usize, bool), serde_json::Error> {
    let mut input = serde_json::Deserializer::from_str(rest).into_iter::<&'de RawValue>();
    let row = input.next().transpose()?.map_or("null", RawValue::get);
    let is_list = cells.deserialize(&mut serde_json::Deserializer::from_str(row))?;
    Ok((input.byte_offset(), is_list))
}

/// Explains what a list of rows is instead.
struct NoList;

impl Visitor<'_> for NoList {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list of rows")
    }
}

/// The seed that reads the cells of one row; true when it is a list.
struct RowCells<'s, 'c, 'de, S> {
    sink: &'s mut S,
    cells: &'c mut Vec<TableCell<'de>>,
}

impl<'de, S: RowSink<'de>> DeserializeSeed<'de> for RowCells<'_, '_, 'de, S> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<bool, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de, S: RowSink<'de>> Visitor<'de> for RowCells<'_, '_, 'de, S> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row, a list or an object")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut cells: A) -> Result<bool, A::Error> {
        while let Some(cell) = cells.next_element::<&'de RawValue>()? {
            self.cells.push(TableCell::new(cell));
        }
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut row: A) -> Result<bool, A::Error> {
        let Self { sink, cells } = self;
        let mut is_list = false;
        while let Some(name) = row.next_key::<Cow<'de, str>>()? {
            if name.eq_ignore_ascii_case("Values") {
                is_list = true;
                cells.clear();
                row.next_value_seed(RowCells { sink: &mut *sink, cells: &mut *cells })?;
            } else if is_list {
                row.next_value::<IgnoredAny>()?;
            } else {
                let place = sink.place(&name);
                let cell = TableCell::new(row.next_value()?);
                if cells.len() <= place {
                    cells.resize(place + 1, TableCell::Empty);
                }
                if let Some(known) = cells.get_mut(place) {
                    if *known != TableCell::Empty && *known != cell {
                        let name = few_letters(&name);
                        let message = format!("a row has two values of the column {name}");
                        return Err(A::Error::custom(message));
                    }
                    *known = cell;
                }
            }
        }
        Ok(is_list)
    }
}
