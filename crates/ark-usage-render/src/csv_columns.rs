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
    ROW_FIELDS.iter().flat_map(|field| of_field(field, range, rows)).collect()
}

fn of_field(field: &RowField, range: &Range, rows: &[ViewRow]) -> Vec<CsvColumn> {
    let plain = || CsvColumn::Field(field.name.to_owned());
    if ALWAYS.contains(&field.name) {
        return vec![plain()];
    }
    let mut values = rows.iter().map(|row| field.value(range, row));
    match field.kind {
        FieldKind::Map => of_map(field.name, values),
        FieldKind::Parts(names) => of_parts(field.name, names, values),
        _ if values.all(|value| value == FieldValue::Null) => Vec::new(),
        FieldKind::Money => vec![plain(), CsvColumn::Field(CURRENCY.to_owned())],
        _ => vec![plain()],
    }
}

/// Returns a column for each key, or one for all of them where most of the cells would be empty.
fn of_map<'a>(name: &str, values: impl Iterator<Item = FieldValue<'a>>) -> Vec<CsvColumn> {
    let (mut lines, mut pairs) = (0_usize, 0_usize);
    let mut keys: BTreeSet<&String> = BTreeSet::new();
    for value in values {
        let FieldValue::Map(map) = value else { continue };
        lines += 1;
        pairs += map.len();
        keys.extend(map.keys());
    }
    // A key without a letter could not be named.
    let has_names = keys.iter().all(|key| !key.is_empty());
    if has_names && is_filled(lines.saturating_mul(keys.len()), pairs) {
        return keys.into_iter().map(|key| CsvColumn::Field(format!("{name}.{key}"))).collect();
    }
    vec![CsvColumn::Pairs(name.to_owned())]
}

fn of_parts<'a>(
    name: &str,
    parts: &[&str],
    values: impl Iterator<Item = FieldValue<'a>>,
) -> Vec<CsvColumn> {
    let mut filled = BTreeSet::new();
    for value in values {
        let FieldValue::Parts(values) = value else { continue };
        let known = values.into_iter().filter(|(_, value)| *value != FieldValue::Null);
        filled.extend(known.map(|(part, _)| part));
    }
    let parts = parts.iter().filter(|part| filled.contains(*part));
    parts.map(|part| CsvColumn::Field(format!("{name}.{part}"))).collect()
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
