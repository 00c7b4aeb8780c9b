//! Reads a table straight into points.
//!
//! The vendor documents `{DataCount, Fields: [{Name, Type}], Data: [[cell, …], …]}` with cells of text.
//! Other clients have met, or allow for, other spellings; all of these are read alike:
//!
//! - columns in any order, as objects or as plain names, with a column for the project or without
//! - `Rows` for `Data`; rows as lists, as `{"Values": […]}`, or as objects
//! - cells as numbers or text; null and an empty text are no value
//! - hours as `7`, `07`, `07:00` or `2026-07-11 07:00`
//! - `DataCount` as a number or text
//!
//! A cell that cannot be read is left out, with a warning that names its column. A column that is
//! absent is unknown, never 0.

use std::collections::BTreeMap;

use serde::de::{DeserializeSeed, Deserializer};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use volc_openapi::few_letters;

use super::action::METRICS;
use super::cell::TableCell;
use super::columns::{self, Column, Role};
use super::dates::{self, HourOf};
use super::rows::{RowSink, Rows};
use crate::action::{PointCollector, ResponseLine};
use crate::number::Integer;
use crate::{Metric, Tags};

/// The seed that reads `Result` into a collector.
#[derive(Debug)]
pub(super) struct TableSeed<'c>(pub(super) &'c mut PointCollector);

/// `Result`, with its lists as slices of the response: rows may come before their columns.
#[derive(Deserialize)]
struct TableParts<'a> {
    #[serde(borrow, default, alias = "Fields", alias = "Columns")]
    fields: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "Data")]
    data: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "Rows")]
    rows: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "DataCount")]
    data_count: Option<&'a RawValue>,
}

impl<'de> DeserializeSeed<'de> for TableSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        let Some(wire) = Option::<TableParts<'de>>::deserialize(input)? else { return Ok(()) };
        let columns = wire.fields.map(columns::read).transpose().map_err(de::Error::custom)?;
        let rows = wire.data.filter(|data| data.get() != "null").or(wire.rows);
        let mut table = TableReader::new(self.0, columns.unwrap_or_default());
        if let Some(rows) = rows {
            let mut input = serde_json::Deserializer::from_str(rows.get());
            Rows(&mut table).deserialize(&mut input).map_err(de::Error::custom)?;
        }
        table.finish(wire.data_count);
        Ok(())
    }
}

/// Reads rows into lines: one for each set of dimensions and each metric.
struct TableReader<'c> {
    points: &'c mut PointCollector,
    columns: Vec<Column>,
    /// The number of columns that the response declares.
    declared: usize,
    groups: Vec<RowGroup>,
    /// The places of groups by their dimensions, as one text.
    places: BTreeMap<String, usize>,
    /// The dimensions of the current row.
    key: String,
    rows: usize,
    /// The day of the last row: it is mostly that of the next.
    last_day: (String, i64),
}

/// The lines of one set of dimensions, by the place of their column.
struct RowGroup {
    tags: Tags,
    lines: BTreeMap<usize, ResponseLine>,
}

impl<'c> TableReader<'c> {
    fn new(points: &'c mut PointCollector, columns: Vec<Column>) -> Self {
        Self {
            points,
            declared: columns.len(),
            columns,
            groups: Vec::new(),
            places: BTreeMap::new(),
            key: String::new(),
            rows: 0,
            last_day: (String::new(), 0),
        }
    }

    /// The start of the bucket of a row; `None`, with a warning, when it cannot be read.
    fn start(&mut self, cells: &[TableCell<'_>]) -> Option<i64> {
        let (mut day, mut hour) = (None, None);
        for (column, cell) in self.columns.iter().zip(cells) {
            match column.role {
                Role::Day => day = Some((column, cell)),
                Role::Hour => hour = Some((column, cell)),
                _ => {}
            }
        }
        let read_hour = hour.map(|(_, cell)| cell.text().and_then(dates::hour));
        if let Some(Some(HourOf::Date(start))) = read_hour {
            return Some(start);
        }
        let start = match day.and_then(|(_, cell)| cell.text()) {
            Some(text) if text == self.last_day.0 => Some(self.last_day.1),
            Some(text) => dates::day(text).inspect(|start| {
                self.last_day = (text.to_owned(), *start);
            }),
            None => None,
        };
        let (problem, start) = match (start, read_hour) {
            (Some(day), None) => return Some(day),
            (Some(day), Some(Some(HourOf::Day(seconds)))) => return Some(day + seconds),
            (None, _) => (day, "Day"),
            (Some(_), _) => (hour, "Hour"),
        };
        let (name, cell) = problem
            .map_or((start, &TableCell::Empty), |(column, cell)| (column.name.as_str(), cell));
        let message = unreadable(name, cell);
        self.points.warn("unreadable_row", format!("{message}; the row was ignored"));
        None
    }

    /// The place of the group that a row belongs to.
    fn group(&mut self, cells: &[TableCell<'_>]) -> usize {
        self.key.clear();
        for (column, cell) in self.columns.iter().zip(cells) {
            if matches!(column.role, Role::Known(_) | Role::Dimension) {
                self.key.push_str(cell.text().unwrap_or_default());
            }
            self.key.push('\0');
        }
        if let Some(place) = self.places.get(&self.key) {
            return *place;
        }
        let place = self.groups.len();
        self.places.insert(self.key.clone(), place);
        self.groups.push(RowGroup { tags: tags(&self.columns, cells), lines: BTreeMap::new() });
        place
    }

    /// Hands the lines over, and compares the number of rows with the one the response names.
    fn finish(self, data_count: Option<&RawValue>) {
        let Self { points, columns, groups, rows, .. } = self;
        for group in groups {
            group.lines.into_values().for_each(|line| points.add(line));
        }
        match data_count.map_or(Integer::Absent, Integer::of_json) {
            Integer::Exact(count) if usize::try_from(count).is_ok_and(|count| count == rows) => {}
            Integer::Exact(count) => points.warn(
                "row_count",
                format!("DataCount is {count}, but the response has {rows} rows"),
            ),
            Integer::Unreadable => {
                points.warn("row_count", "DataCount is not a number".to_owned());
            }
            Integer::Absent => {}
        }
        let has = |metric: &Metric| {
            columns.iter().any(|column| matches!(&column.role, Role::Metric(m) if m == metric))
        };
        let absent: Vec<&str> =
            METRICS.iter().filter(|info| !has(&info.name)).map(|info| info.name.as_str()).collect();
        if rows > 0 && !absent.is_empty() {
            let absent = absent.join(", ");
            points.warn(
                "absent_column",
                format!("a response has no column {absent}; these values are unknown"),
            );
        }
    }
}

impl<'de> RowSink<'de> for TableReader<'_> {
    fn place(&mut self, name: &str) -> usize {
        let known = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
        known.unwrap_or_else(|| {
            self.columns.push(Column::new(name, ""));
            self.columns.len() - 1
        })
    }

    fn row(&mut self, cells: &mut Vec<TableCell<'de>>, is_list: bool) {
        self.rows += 1;
        if is_list && cells.len() != self.declared {
            let (cells, columns) = (cells.len(), self.declared);
            let message = format!("a row has {cells} cells for {columns} columns; it was ignored");
            return self.points.warn("row_length", message);
        }
        for (column, cell) in self.columns.iter_mut().zip(cells.iter()) {
            if *cell != TableCell::Empty {
                column.decide(matches!(cell.integer(), Integer::Exact(_)));
            }
        }
        let Some(start) = self.start(cells) else { return };
        let place = self.group(cells);
        let Some(RowGroup { tags, lines }) = self.groups.get_mut(place) else { return };
        for (at, (column, cell)) in self.columns.iter().zip(cells.iter()).enumerate() {
            let Role::Metric(metric) = &column.role else { continue };
            let line =
                lines.entry(at).or_insert_with(|| ResponseLine::new(metric.clone(), tags.clone()));
            match cell.integer() {
                Integer::Exact(value) => self.points.push(line, start, value),
                Integer::Absent => {}
                Integer::Unreadable => {
                    let message = unreadable(&column.name, cell);
                    let message = format!("{message}; its value is unknown");
                    self.points.warn("unreadable_cell", message);
                }
            }
        }
    }
}

/// `column InputTokens: "12x" cannot be read`
fn unreadable(name: &str, cell: &TableCell<'_>) -> String {
    let name = few_letters(name);
    match cell.text() {
        None => format!("column {name} is empty"),
        Some(text) => format!("column {name}: {:?} cannot be read", few_letters(text)),
    }
}

/// The tags of a row. A dimension without a value has a name of its own.
fn tags(columns: &[Column], cells: &[TableCell<'_>]) -> Tags {
    let tag = |(column, cell): (&Column, &TableCell<'_>)| {
        let (key, names_none) = match column.role {
            Role::Known(dimension) => (dimension.tag, dimension.names_none()),
            Role::Dimension => (column.name.as_str(), true),
            _ => return None,
        };
        let value = cell.text().or_else(|| names_none.then_some(Tags::NONE))?;
        Some((key.to_owned(), value.to_owned()))
    };
    Tags::new(columns.iter().zip(cells).filter_map(tag))
}
