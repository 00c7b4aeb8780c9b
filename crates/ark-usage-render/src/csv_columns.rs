//! The columns of CSV that say something: those that are not empty in every row, objects taken apart.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_report::range::Range;
use ark_usage_report::view::{CURRENCY, FieldKind, FieldValue, ROW_FIELDS, RowField, ViewRow};

use crate::harmless::csv_cell;
use crate::table::is_filled;

/// A column of CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CsvColumn {
    /// A field, or a part of one: `value`, `labels.team`.
    Field(String),
    /// All pairs of a map in one cell, where a column for each key would be nearly empty.
    Pairs(String),
}

/// Fields that have a column in every answer, so that also one without rows has a first line.
const ALWAYS: [&str; 7] = ["start", "end", "start_unix", "end_unix", "metric", "value", "state"];

impl CsvColumn {
    /// Returns its name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Field(name) | Self::Pairs(name) => name,
        }
    }
}

/// Returns the columns that are not empty in all of these rows, in the order of fields.
pub(super) fn filled(range: &Range, rows: &[ViewRow]) -> Vec<CsvColumn> {
    let mut columns = FilledColumns::default();
    columns.note(range, rows);
    columns.columns()
}

/// The columns that are not empty in all rows, found batch by batch.
#[derive(Debug, Default)]
pub(super) struct FilledColumns(BTreeMap<&'static str, Contents>);

/// The contents of a column in all rows so far.
#[derive(Debug, Default)]
struct Contents {
    /// The rows in which it has a value.
    rows: usize,
    /// The pairs of all maps.
    pairs: usize,
    /// The keys of maps.
    keys: BTreeSet<String>,
    /// The parts that are not empty.
    parts: BTreeSet<&'static str>,
}

impl FilledColumns {
    /// Takes in more rows.
    pub(super) fn note(&mut self, range: &Range, rows: &[ViewRow]) {
        for field in ROW_FIELDS.iter().filter(|field| !ALWAYS.contains(&field.name)) {
            let contents = self.0.entry(field.name).or_default();
            // A value is all there is to know of most fields.
            let has_parts = matches!(field.kind, FieldKind::Map | FieldKind::Parts(_));
            if contents.rows == 0 || has_parts {
                for row in rows {
                    contents.note(&field.value(range, row));
                }
            }
        }
    }

    /// Returns the columns in the order of fields.
    pub(super) fn columns(&self) -> Vec<CsvColumn> {
        ROW_FIELDS.iter().flat_map(|field| self.of_field(field)).collect()
    }

    fn of_field(&self, field: &RowField) -> Vec<CsvColumn> {
        let plain = || CsvColumn::Field(field.name.to_owned());
        let none = Contents::default();
        let contents = self.0.get(field.name).unwrap_or(&none);
        let part = |part: &str| CsvColumn::Field(format!("{}.{part}", field.name));
        match field.kind {
            _ if ALWAYS.contains(&field.name) => vec![plain()],
            FieldKind::Map if contents.has_columns() => {
                contents.keys.iter().map(|key| part(key)).collect()
            }
            FieldKind::Map => vec![CsvColumn::Pairs(field.name.to_owned())],
            FieldKind::Parts(names) => {
                let names = names.iter().filter(|name| contents.parts.contains(*name));
                names.map(|name| part(name)).collect()
            }
            _ if contents.rows == 0 => Vec::new(),
            FieldKind::Money => vec![plain(), CsvColumn::Field(CURRENCY.to_owned())],
            _ => vec![plain()],
        }
    }
}

impl Contents {
    fn note(&mut self, value: &FieldValue<'_>) {
        match value {
            FieldValue::Null => return,
            FieldValue::Map(map) => {
                self.pairs += map.len();
                for key in map.keys().filter(|key| !self.keys.contains(*key)).collect::<Vec<_>>() {
                    self.keys.insert(key.clone());
                }
            }
            FieldValue::Parts(values) => {
                let known = values.iter().filter(|(_, value)| *value != FieldValue::Null);
                self.parts.extend(known.map(|(part, _)| part));
            }
            _ => {}
        }
        self.rows += 1;
    }

    /// Returns true if each key of a map has a column of its own; otherwise one holds all of them, because most
    /// of the cells would be empty.
    fn has_columns(&self) -> bool {
        // A key without a letter could not be named.
        let have_names = self.keys.iter().all(|key| !key.is_empty());
        have_names && is_filled(self.rows.saturating_mul(self.keys.len()), self.pairs)
    }
}

/// Returns the names as cells, each another one: where characters that cannot be shown make two of them the same,
/// the later ones have a number.
pub(super) fn distinct<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = BTreeSet::new();
    let mut cells = Vec::new();
    for name in names {
        let plain = csv_cell(name);
        let count = seen.entry(plain.clone()).or_default();
        let mut cell = plain.clone();
        while !all.insert(cell.clone()) {
            *count += 1;
            cell = format!("{plain} ({})", *count + 1);
        }
        cells.push(cell);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_told_apart() {
        let names = ["tags.a", "tags.a\n", "tags.a ", "tags.a  (2)", "b"];
        let cells = distinct(names);
        let different: BTreeSet<&String> = cells.iter().collect();
        assert_eq!(different.len(), names.len(), "{cells:?}");
        assert_eq!((cells[0].as_str(), cells[4].as_str()), ("tags.a", "b"));
    }
}
