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

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use volc_openapi::few_letters;

use super::action::METRICS;
use super::cell::TableCell;
use super::columns::{self, Column, Role};
use super::dates::{self, HourOf};
use super::rows::{self, RowSink};
use crate::action::{PointCollector, ResponseLine};
use crate::number::Integer;
use crate::{Metric, Tags};

/// The seed that reads `Result` into a collector.
#[derive(Debug)]
pub(super) struct TableSeed<'c>(pub(super) &'c mut PointCollector);

impl<'de> DeserializeSeed<'de> for TableSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TableSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<(), A::Error> {
        let mut table = TableReader::new(self.0);
        let (mut early, mut data_count) = (None, None);
        while let Some(name) = parts.next_key::<Cow<'de, str>>()? {
            match name.as_ref() {
                "Fields" | "fields" | "Columns" => {
                    if let Some(list) = parts.next_value::<Option<&'de RawValue>>()? {
                        table.name_columns(columns::read(list).map_err(de::Error::custom)?);
                    }
                }
                "Data" | "data" | "Rows" | "rows" if table.rows > 0 || early.is_some() => {
                    parts.next_value::<IgnoredAny>()?;
                }
                "Data" | "data" | "Rows" | "rows" => {
                    let list = parts.next_value::<Option<&'de RawValue>>()?;
                    if table.columns.is_empty() {
                        // They come later.
                        early = list;
                    } else if let Some(list) = list {
                        rows::read(list, &mut table).map_err(de::Error::custom)?;
                    }
                }
                "DataCount" | "data_count" => data_count = parts.next_value()?,
                _ => drop(parts.next_value::<IgnoredAny>()?),
            }
        }
        if let Some(list) = early {
            rows::read(list, &mut table).map_err(de::Error::custom)?;
        }
        table.finish(data_count);
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
    /// The place of the next row's group, if groups come in the same order for every bucket.
    next: usize,
    rows: usize,
    /// The day of the last row: it is mostly that of the next.
    last_day: (String, i64),
}

/// The lines of one set of dimensions, by the place of their column.
struct RowGroup {
    /// Its dimensions, as one text.
    key: String,
    tags: Tags,
    lines: Vec<Option<ResponseLine>>,
}

impl<'c> TableReader<'c> {
    fn new(points: &'c mut PointCollector) -> Self {
        Self {
            points,
            declared: 0,
            columns: Vec::new(),
            groups: Vec::new(),
            places: BTreeMap::new(),
            key: String::new(),
            next: 0,
            rows: 0,
            last_day: (String::new(), 0),
        }
    }

    /// Takes the columns that the response declares.
    fn name_columns(&mut self, columns: Vec<Column>) {
        self.declared = columns.len();
        self.columns = columns;
    }

    /// The start of the bucket of a row; `None`, with a warning, when it cannot be read.
    fn start(&mut self, cells: &[TableCell<'_>]) -> Option<i64> {
        let days = self.points.days();
        let (mut day, mut hour) = (None, None);
        for (column, cell) in self.columns.iter().zip(cells) {
            match column.role {
                Role::Day => day = Some((column, cell)),
                Role::Hour => hour = Some((column, cell)),
                _ => {}
            }
        }
        let read_hour = hour.map(|(_, cell)| cell.text().and_then(|text| dates::hour(text, days)));
        if let Some(Some(HourOf::Date(start))) = read_hour {
            return Some(start);
        }
        let start = match day.and_then(|(_, cell)| cell.text()) {
            Some(text) if text == self.last_day.0 => Some(self.last_day.1),
            Some(text) => dates::day(text, days).inspect(|start| {
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
        let is_next = self.groups.get(self.next).is_some_and(|group| group.key == self.key);
        let known = if is_next { Some(self.next) } else { self.places.get(&self.key).copied() };
        let place = known.unwrap_or_else(|| {
            let place = self.groups.len();
            self.places.insert(self.key.clone(), place);
            let tags = tags(&self.columns, cells);
            self.groups.push(RowGroup { key: self.key.clone(), tags, lines: Vec::new() });
            place
        });
        self.next = if place + 1 < self.groups.len() { place + 1 } else { 0 };
        place
    }

    /// Hands the lines over, and compares the number of rows with the one the response names.
    fn finish(self, data_count: Option<&RawValue>) {
        let Self { points, columns, mut groups, rows, .. } = self;
        groups
            .iter()
            .flat_map(|group| group.lines.iter().flatten())
            .for_each(|line| points.note(line));
        // Sorted already, lines need not be compared with each other again.
        groups.sort_by(|one, other| one.tags.cmp(&other.tags));
        let metric = |(place, column): (usize, &Column)| match &column.role {
            Role::Metric(metric) => Some((metric.clone(), place)),
            _ => None,
        };
        let mut metrics: Vec<_> = columns.iter().enumerate().filter_map(metric).collect();
        metrics.sort();
        for (_, place) in metrics {
            let lines = groups.iter_mut().filter_map(|group| group.lines.get_mut(place)?.take());
            lines.for_each(|line| points.add_noted(line));
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
        let absent: Vec<&Metric> =
            METRICS.iter().map(|info| &info.name).filter(|metric| !has(metric)).collect();
        if rows > 0 && !absent.is_empty() {
            for metric in &absent {
                points.untold((*metric).clone());
            }
            let absent = absent.iter().map(|metric| metric.as_str()).collect::<Vec<_>>().join(", ");
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
            if matches!(column.role, Role::Unknown) && *cell != TableCell::Empty {
                column.decide(matches!(cell.integer(), Integer::Exact(_)));
            }
        }
        let Some(start) = self.start(cells) else { return };
        let place = self.group(cells);
        let Some(RowGroup { tags, lines, .. }) = self.groups.get_mut(place) else { return };
        if lines.len() < self.columns.len() {
            lines.resize_with(self.columns.len(), || None);
        }
        for ((column, cell), line) in self.columns.iter().zip(cells.iter()).zip(lines) {
            let Role::Metric(metric) = &column.role else { continue };
            let line = line.get_or_insert_with(|| ResponseLine::new(metric.clone(), tags.clone()));
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
