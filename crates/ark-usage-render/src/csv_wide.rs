//! `-f csv --wide`: one line for each bucket or group, with metrics as columns.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ark_usage_model::{Metric, MetricTable, State};
use ark_usage_report::ReportError;
use ark_usage_report::prices::Cost;
use ark_usage_report::range::Range;
use ark_usage_report::view::{
    COMPARED, FieldValue, Fields, MetricColumns, TOTAL_TOKENS, VALUE_FIELDS, View, ViewRow,
    cost_is_in_total, percent,
};

use crate::csv::{cell, csv, csv_header_of, joined_amounts, records};
use crate::csv_columns::{CsvColumn, distinct, filled};
use crate::row::RowDocument;
use crate::table::is_filled;

/// The shape of a wide CSV.
#[derive(Clone, Copy, Debug, Default)]
pub struct WideCsv {
    /// With a byte order mark.
    pub bom: bool,
    /// With the names of the columns in the first line.
    pub header: bool,
    /// The digits behind the point of a cost; all when none are named.
    pub round: Option<u32>,
}

/// Writes a line for each bucket or group; where that would be a table with hardly anything in it, a line for
/// each value.
pub fn wide_csv(
    range: &Range,
    view: &View,
    declared: MetricTable,
    fields: Option<&Fields>,
    shape: WideCsv,
) -> Result<Vec<u8>, ReportError> {
    let columns = view.metric_columns(declared);
    let keys: Vec<CsvColumn> = filled(range, &view.rows)
        .into_iter()
        .filter(|column| !VALUE_FIELDS.contains(&field_of(column.name())))
        .collect();
    let lines = lines(range, view, &keys)?;
    if fields.is_none()
        && !is_filled(lines.len().saturating_mul(columns.metrics.len()), view.rows.len())
    {
        let header = csv_header_of(range, &view.rows, shape.bom, shape.header)?;
        return Ok([header, csv(range, &view.rows, None)?].concat());
    }
    let values = Values {
        compared: view.rows.iter().any(|row| row.previous.is_some()),
        priced: view.rows.iter().any(|row| row.cost.is_some()),
        shared: view.rows.iter().any(|row| row.share.is_some() || row.total_share.is_some()),
        round: shape.round,
        declared,
        columns,
        range,
    };
    let titles = values.titles();
    let all: Vec<&str> =
        keys.iter().map(CsvColumn::name).chain(titles.iter().map(String::as_str)).collect();
    let names = distinct(fields.map_or_else(|| all.clone(), |fields| fields.columns().collect()));
    // A column that is empty throughout is there if it was asked for.
    let places: Vec<Option<usize>> = match fields {
        None => (0..all.len()).map(Some).collect(),
        Some(fields) => {
            fields.columns().map(|name| all.iter().position(|known| *known == name)).collect()
        }
    };
    let mut bytes = if shape.bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    if shape.header {
        bytes.extend(records([names.into_iter().map(Cow::Owned).collect()])?);
    }
    let cells = lines.into_iter().map(|(keys, line)| {
        let values = values.cells(&line).into_iter().map(Cow::Owned);
        let cells: Vec<Cow<'static, str>> = keys.into_iter().chain(values).collect();
        let cell = |place: &Option<usize>| cells.get((*place)?).cloned();
        places.iter().map(|place| cell(place).unwrap_or_default()).collect()
    });
    bytes.extend(records(cells)?);
    Ok(bytes)
}

/// The rows of one bucket or group, by metric.
type WideLine<'a> = BTreeMap<&'a Metric, &'a ViewRow>;

/// The cells of its keys, and its values.
type KeyedLine<'a> = (Vec<Cow<'static, str>>, WideLine<'a>);

fn lines<'a>(
    range: &Range,
    view: &'a View,
    keys: &[CsvColumn],
) -> Result<Vec<KeyedLine<'a>>, ReportError> {
    let mut places: BTreeMap<Vec<Cow<'static, str>>, usize> = BTreeMap::new();
    let mut lines: Vec<KeyedLine<'a>> = Vec::new();
    for row in &view.rows {
        let document =
            serde_json::to_value(RowDocument::new(range, row)).map_err(crate::csv::unwritable)?;
        let key: Vec<_> = keys.iter().map(|column| cell(&document, column)).collect();
        let place = places.get(&key).copied();
        let known = place.and_then(|place| lines.get_mut(place));
        if let Some((_, line)) = known.filter(|(_, line)| !line.contains_key(&row.metric)) {
            line.insert(&row.metric, row);
        } else {
            // Another group whose keys look the same has a line of its own.
            places.insert(key.clone(), lines.len());
            lines.push((key, BTreeMap::from([(&row.metric, row)])));
        }
    }
    Ok(lines)
}

/// The field that a column is, or is a part of.
fn field_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(field, _)| field)
}

/// The columns behind the keys.
struct Values<'a> {
    declared: MetricTable,
    columns: MetricColumns<'a>,
    compared: bool,
    priced: bool,
    shared: bool,
    round: Option<u32>,
    range: &'a Range,
}

impl Values<'_> {
    fn titles(&self) -> Vec<String> {
        let mut titles = Vec::new();
        for metric in &self.columns.metrics {
            titles.push(metric.to_string());
            if self.compared {
                titles.extend(COMPARED.map(|part| format!("{metric}.{part}")));
            }
        }
        titles.extend(self.columns.total.as_ref().map(|_| "total".to_owned()));
        titles.extend(self.shared.then(|| "share".to_owned()));
        titles.push("state".to_owned());
        titles.push("fetched_at".to_owned());
        if self.priced {
            titles.extend(["cost", "currency", "unpriced"].map(str::to_owned));
        }
        titles
    }

    fn cells(&self, line: &WideLine<'_>) -> Vec<String> {
        let mut cells = Vec::new();
        for metric in &self.columns.metrics {
            let row = line.get(metric);
            cells.push(number(row.and_then(|row| row.value)));
            if self.compared {
                let previous = row.and_then(|row| row.previous.as_ref());
                cells.push(number(previous.and_then(|it| it.value)));
                cells.push(number(previous.and_then(|it| it.change)));
                let change = previous.and_then(|it| it.change_hundredths);
                cells.push(change.map(percent).unwrap_or_default());
            }
        }
        let in_unit = |row: &&&ViewRow| {
            self.columns.total.as_ref() == Some(&row.unit) && self.declared.is_additive(&row.metric)
        };
        let counted = line.values().find(in_unit);
        if self.columns.total.is_some() {
            cells.push(number(counted.and_then(|row| row.total)));
        }
        if self.shared {
            let share = match self.columns.share_of {
                Some(metric) => line.get(metric).and_then(|row| row.share),
                None => counted.and_then(|row| row.total_share),
            };
            cells.push(share.map(percent).unwrap_or_default());
        }
        let state = line.values().map(|row| row.state).max().unwrap_or(State::Missing);
        cells.push(state.name().to_owned());
        let last = line.values().filter_map(|row| row.fetched_at).max();
        cells.push(last.map(|at| self.range.rfc3339(at)).unwrap_or_default());
        if self.priced {
            cells.extend(self.costs(line));
        }
        cells
    }

    /// Amounts are rounded once, after they are added up.
    fn costs(&self, line: &WideLine<'_>) -> [String; 3] {
        let has_total = line.contains_key(&TOTAL_TOKENS);
        let is_part = |row: &ViewRow| has_total && cost_is_in_total(&row.metric, &row.unit);
        let rows = line.values().filter(|row| !is_part(row));
        let mut cost = Cost::default();
        rows.filter_map(|row| row.cost.as_ref()).for_each(|more| cost.add(more));
        if let Some(places) = self.round {
            cost.round(places);
        }
        let FieldValue::Money(amounts) = FieldValue::of_cost(Some(&cost)) else {
            return [String::new(), String::new(), cost.unpriced.to_string()];
        };
        let currencies = amounts.keys().cloned().collect::<Vec<_>>().join(";");
        [joined_amounts(amounts), crate::harmless::csv_cell(&currencies), cost.unpriced.to_string()]
    }
}

fn number(value: Option<i128>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
