//! One row as every machine format shows it: every key that its action knows, in the order of
//! [`ROW_FIELDS`](ark_usage_report::view::ROW_FIELDS).

use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use ark_usage_report::view::{Fields, ROW_FIELDS, ViewRow};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::document::unwritable;

/// A row with all of its fields.
pub(super) struct RowDocument<'a> {
    range: &'a Range,
    row: &'a ViewRow,
}

impl<'a> RowDocument<'a> {
    /// The document of a row.
    pub(super) fn new(range: &'a Range, row: &'a ViewRow) -> Self {
        Self { range, row }
    }
}

impl Serialize for RowDocument<'_> {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        let fields = ROW_FIELDS.iter().filter(|field| field.is_of(self.row.dimensions));
        output.collect_map(fields.map(|field| (field.name, field.value(self.range, self.row))))
    }
}

/// A row, or the fields of it that were chosen.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum RowOrFields<'a> {
    Row(RowDocument<'a>),
    Fields(Pairs<'a>),
}

/// Keys and values, in the order in which they were chosen.
pub(super) struct Pairs<'a>(Vec<(&'a str, Value)>);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Returns the row as documents show it: with all of its fields, or with those that were chosen.
pub(super) fn document<'a>(
    range: &'a Range,
    row: &'a ViewRow,
    fields: Option<&'a Fields>,
) -> Result<RowOrFields<'a>, ReportError> {
    let row = RowDocument::new(range, row);
    let Some(fields) = fields else { return Ok(RowOrFields::Row(row)) };
    let row = serde_json::to_value(row).map_err(unwritable)?;
    let value =
        |name: &'a String| (name.as_str(), find(&row, name).cloned().unwrap_or(Value::Null));
    Ok(RowOrFields::Fields(Pairs(fields.names().iter().map(value).collect())))
}

/// The row as JSON; `null` if it could not be written, which its types rule out.
pub(super) fn value(range: &Range, row: &ViewRow) -> Value {
    serde_json::to_value(RowDocument::new(range, row)).unwrap_or_default()
}

/// Returns a field of a row as JSON.
pub(super) fn find<'a>(row: &'a Value, field: &str) -> Option<&'a Value> {
    match field.split_once('.') {
        None => row.get(field),
        Some((object, key)) => row.get(object)?.get(key),
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn fields_are_found_inside_objects_too() {
        let row = serde_json::json!({"labels": {"team": "a"}, "value": 1});
        assert_eq!(find(&row, "labels.team"), Some(&"a".into()));
        assert_eq!((find(&row, "labels.other"), find(&row, "value")), (None, Some(&1.into())));
    }
}
