//! Columns of a table: found by their name, never by their place.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::action::METRICS;
use super::dimensions::{COLUMNS, DimensionColumn};
use crate::Metric;

/// The meaning of a column.
#[derive(Clone, Debug)]
pub(super) enum Role {
    /// The day of a row.
    Day,
    /// The hour of a row.
    Hour,
    /// A known dimension.
    Known(&'static DimensionColumn),
    /// Another dimension: its name becomes the key of a tag.
    Dimension,
    /// A metric.
    Metric(Metric),
    /// A column that nothing is known about; its first value decides.
    Unknown,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) role: Role,
}

impl Column {
    /// The column with this name, and its type where the response has one.
    pub(super) fn new(name: &str, kind: &str) -> Self {
        Self { name: name.to_owned(), role: role(name, kind) }
    }

    /// Decides what a column is that nothing is known about, by one of its values.
    pub(super) fn decide(&mut self, is_number: bool) {
        if matches!(self.role, Role::Unknown) {
            self.role = if is_number {
                Role::Metric(Metric::from(self.name.as_str()))
            } else {
                Role::Dimension
            };
        }
    }
}

fn role(name: &str, kind: &str) -> Role {
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    if is("Day") {
        return Role::Day;
    }
    if is("Hour") {
        return Role::Hour;
    }
    if let Some(dimension) = COLUMNS.iter().find(|column| column.is_named(name)) {
        return Role::Known(dimension);
    }
    if let Some(info) = METRICS.iter().find(|info| is(info.name.as_str())) {
        return Role::Metric(info.name.clone());
    }
    // The limits of windows are numbers, but rows are told apart by them.
    if name.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("Window")) {
        return Role::Dimension;
    }
    let kind = kind.to_ascii_uppercase();
    let has = |part: &&str| kind.contains(*part);
    if ["INT", "LONG", "NUM", "DECIMAL", "DOUBLE", "FLOAT"].iter().any(has) {
        Role::Metric(Metric::from(name))
    } else if kind.is_empty() {
        Role::Unknown
    } else {
        Role::Dimension
    }
}

/// Reads the list of columns: objects with a name and a type, or names alone.
///
/// # Errors
///
/// When it is no list. A column without a name keeps its place.
pub(super) fn read(list: &RawValue) -> Result<Vec<Column>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Described<'a> {
        #[serde(borrow, alias = "Name", alias = "FieldName", alias = "fieldName")]
        name: Option<Cow<'a, str>>,
        #[serde(borrow, alias = "Type", alias = "FieldType", alias = "fieldType", rename = "type")]
        kind: Option<Cow<'a, str>>,
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Field<'a> {
        Named(#[serde(borrow)] Cow<'a, str>),
        Described(#[serde(borrow)] Described<'a>),
        Other(serde::de::IgnoredAny),
    }

    let fields: Option<Vec<Field<'_>>> = serde_json::from_str(list.get())?;
    let column = |field: Field<'_>| match field {
        Field::Named(name) => Column::new(&name, ""),
        Field::Described(Described { name, kind }) => {
            Column::new(&name.unwrap_or_default(), &kind.unwrap_or_default())
        }
        Field::Other(_) => Column::new("", ""),
    };
    Ok(fields.unwrap_or_default().into_iter().map(column).collect())
}
