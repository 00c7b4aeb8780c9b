//! The result of `QueryUsageTable`: columns by name, cells as text.

use std::collections::BTreeMap;

use ark_usage_model::{Metric, PointCollector, ResponseLine, Tags};
use serde::{Deserialize, Serialize};

use crate::dates::{hour_of, start_of};

/// `Result` of `QueryUsageTable`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows; a cell may be empty or null.
    pub rows: Vec<Vec<Option<String>>>,
}

/// The day of a row.
pub(crate) const DAY: &str = "Day";
/// The hour of a row, 0 to 23, where rows are by hour.
pub(crate) const HOUR: &str = "Hour";

impl Table {
    /// Hands every cell with a value to a collector.
    pub(crate) fn collect(&self, points: &mut PointCollector) {
        let mut lines: BTreeMap<(Metric, Tags), ResponseLine> = BTreeMap::new();
        for row in &self.rows {
            if row.len() != self.columns.len() {
                points.warn("row_length", "a row has another number of cells than the table");
                continue;
            }
            let cells = || {
                self.columns
                    .iter()
                    .map(String::as_str)
                    .zip(row.iter().map(|cell| text(cell.as_ref())))
            };
            let Some(start) = start(cells()) else {
                points.unreadable();
                continue;
            };
            let tags = tags(cells());
            for (metric, cell) in cells().filter(|(name, _)| is_metric(name)) {
                let Some(cell) = cell else { continue };
                let Ok(value) = cell.parse() else {
                    points.unreadable();
                    continue;
                };
                let key = (Metric::from(metric), tags.clone());
                let line = lines.entry(key).or_insert_with_key(|(metric, tags)| {
                    ResponseLine::new(metric.clone(), tags.clone())
                });
                points.push(line, start, value);
            }
        }
        for line in lines.into_values() {
            points.add(line);
        }
    }
}

fn text(cell: Option<&String>) -> Option<&str> {
    cell.map(String::as_str).filter(|text| !text.is_empty())
}

fn start<'a>(mut cells: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone) -> Option<i64> {
    let hour = cells.clone().find(|(name, _)| *name == HOUR);
    let (_, day) = cells.find(|(name, _)| *name == DAY)?;
    match hour {
        Some((_, hour)) => hour_of(day?, hour?),
        None => start_of(day?),
    }
}

fn tags<'a>(cells: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Tags {
    let named = cells.filter(|(name, _)| is_dimension(name));
    Tags::new(named.filter_map(|(name, cell)| Some((name.to_owned(), cell?.to_owned()))))
}

fn is_dimension(column: &str) -> bool {
    [Tags::ENDPOINT_ID, Tags::SCENE].contains(&column)
}

fn is_metric(column: &str) -> bool {
    !is_dimension(column) && ![DAY, HOUR].contains(&column)
}
