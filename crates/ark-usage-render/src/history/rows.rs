//! Kept points as rows: NDJSON and CSV, which `history import` reads again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ark_usage_model::State;
use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use serde::Serialize;

use super::KeptUsage;
use crate::csv::records;
use crate::harmless::csv_cell;
use crate::serialized;

/// The columns of CSV: the keys of a row.
const COLUMNS: [&str; 15] = [
    "start",
    "end",
    "start_unix",
    "end_unix",
    "account_id",
    "api",
    "filters",
    "group_by",
    "project",
    "endpoint_id",
    "tags",
    "metric",
    "value",
    "state",
    "fetched_at",
];

/// A kept point.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRow<'a> {
    /// The usage it counts.
    pub usage: &'a KeptUsage,
    /// Other tags, by key.
    pub tags: &'a BTreeMap<String, String>,
    /// The metric.
    pub metric: &'a str,
    /// Start of the bucket.
    pub start: i64,
    /// End of the bucket, excluded.
    pub end: i64,
    /// The value.
    pub value: i64,
    /// Its state.
    pub state: State,
    /// The time it was received.
    pub fetched_at: i64,
}

#[derive(Serialize)]
struct KeptRowDocument<'a> {
    start: String,
    end: String,
    start_unix: i64,
    end_unix: i64,
    #[serde(flatten)]
    usage: &'a KeptUsage,
    tags: &'a BTreeMap<String, String>,
    metric: &'a str,
    value: i64,
    state: &'static str,
    fetched_at: String,
}

/// Writes kept points, a row a line.
#[derive(Debug)]
pub struct KeptRows<'a> {
    /// The time zone of times.
    pub range: &'a Range,
    /// CSV instead of NDJSON.
    pub csv: bool,
}

impl KeptRows<'_> {
    /// Returns the bytes before the first row.
    ///
    /// # Errors
    ///
    /// CSV that cannot be written, which is a fault of this crate.
    pub fn header(&self) -> Result<Vec<u8>, ReportError> {
        if self.csv { records([COLUMNS.map(Cow::Borrowed).to_vec()]) } else { Ok(Vec::new()) }
    }

    /// Returns the line of a row.
    ///
    /// # Errors
    ///
    /// A line that cannot be written, which is a fault of this crate.
    pub fn line(&self, row: &KeptRow<'_>) -> Result<Vec<u8>, ReportError> {
        let [start, end, fetched_at] =
            [row.start, row.end, row.fetched_at].map(|unix| self.range.rfc3339(unix));
        if !self.csv {
            let document = KeptRowDocument {
                start,
                end,
                start_unix: row.start,
                end_unix: row.end,
                usage: row.usage,
                tags: row.tags,
                metric: row.metric,
                value: row.value,
                state: row.state.name(),
                fetched_at,
            };
            return serialized(&document, false);
        }
        let usage = row.usage;
        let cells = [
            start,
            end,
            row.start.to_string(),
            row.end.to_string(),
            csv_cell(&usage.account_id),
            csv_cell(&usage.api),
            csv_cell(&object(&usage.filters)),
            csv_cell(&usage.group_by.join(" ")),
            csv_cell(usage.project.as_deref().unwrap_or_default()),
            csv_cell(usage.endpoint_id.as_deref().unwrap_or_default()),
            csv_cell(&object(row.tags)),
            csv_cell(row.metric),
            row.value.to_string(),
            row.state.name().to_owned(),
            fetched_at,
        ];
        records([cells.map(Cow::Owned).to_vec()])
    }
}

/// A map as one cell: JSON, or nothing where it is empty.
pub(super) fn object<V: Serialize>(map: &BTreeMap<String, V>) -> String {
    let json = || serde_json::to_string(map).unwrap_or_default();
    if map.is_empty() { String::new() } else { json() }
}
