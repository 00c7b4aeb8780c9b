//! `-f focus`: rows as a cost and usage table with the columns of FOCUS, written as rows arrive.
//!
//! FOCUS is the `FinOps` Open Cost and Usage Specification; `focus_columns.txt` lists its columns.
//! Usage is no bill, so the columns for costs of a bill are left out, and a cost by the reader's own
//! prices is called an estimate. Columns that the specification does not have begin with `x_`, as it
//! wants. Most columns are fields of [`ROW_FIELDS`](ark_usage_report::view::ROW_FIELDS) under another
//! name.

use std::borrow::Cow;

use ark_usage_model::Unit;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use volc_openapi::Site;

use super::csv::{records, unwritable};
use crate::harmless::{csv_cell, csv_json};
use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use ark_usage_report::view::{FieldValue, RowField, ViewRow};

/// The source of a column.
enum Source {
    /// The same text in every row.
    Fixed(&'static str),
    /// A name of the site that the usage is of.
    OfSite(fn(&Site) -> &'static str),
    /// The field of the row with this name.
    Field(&'static str),
    /// The field with this name; an empty map is an empty cell.
    Filled(&'static str),
    /// The currencies of the field with this name.
    Currency(&'static str),
    /// Something in the form that the specification wants, which no field has.
    Computed(fn(&Range, &ViewRow) -> String),
    /// The metric, with the service that it is of.
    Description,
}

use Source::{Computed, Currency, Description, Field, Filled, Fixed, OfSite};

/// The columns, in order.
const COLUMNS: [(&str, Source); 39] = [
    ("BillingAccountId", Field("account_id")),
    ("BillingPeriodStart", Computed(|range, row| month_around(range, row.start).0)),
    ("BillingPeriodEnd", Computed(|range, row| month_around(range, row.start).1)),
    ("ChargeCategory", Fixed("Usage")),
    ("ChargeDescription", Description),
    ("ChargeFrequency", Fixed("Usage-Based")),
    ("ChargePeriodStart", Computed(|_, row| utc(row.start))),
    ("ChargePeriodEnd", Computed(|_, row| utc(row.end))),
    ("ConsumedQuantity", Field("value")),
    ("ConsumedUnit", Computed(|_, row| consumed_unit(&row.unit))),
    ("ProviderName", OfSite(|site| site.title)),
    ("PublisherName", OfSite(|site| site.title)),
    ("ResourceId", Field("endpoint_id")),
    ("ResourceName", Field("endpoint_name")),
    ("ResourceType", Computed(|_, row| resource_type(row).to_owned())),
    ("ServiceCategory", Fixed("AI and Machine Learning")),
    ("ServiceName", OfSite(|site| site.product)),
    ("SubAccountId", Field("project")),
    ("SubAccountName", Field("project")),
    ("Tags", Field("endpoint_tags")),
    ("x_ApiKeyId", Field("api_key_id")),
    ("x_ApiKeyName", Field("api_key_name")),
    ("x_BatchJobId", Field("batch_job_id")),
    ("x_BatchType", Field("batch_type")),
    ("x_BillingStatus", Field("billing_status")),
    ("x_EstimatedCost", Field("cost")),
    ("x_EstimatedCostCurrency", Currency("cost")),
    ("x_FetchedAt", Computed(|_, row| row.fetched_at.map(utc).unwrap_or_default())),
    ("x_Labels", Field("labels")),
    ("x_Metric", Field("metric")),
    ("x_Model", Field("model")),
    ("x_ModelUnitId", Field("model_unit_id")),
    ("x_ModelVersion", Field("model_version")),
    ("x_Others", Field("others")),
    ("x_Profile", Field("profile")),
    ("x_Scene", Field("scene")),
    ("x_ServiceTags", Filled("tags")),
    ("x_State", Field("state")),
    ("x_Unpriced", Field("unpriced")),
];

/// The line that names the columns.
pub fn focus_header(bom: bool, named: bool) -> Result<Vec<u8>, ReportError> {
    super::csv::header(&COLUMNS.map(|(name, _)| name), bom, named)
}

/// Writes a line per row of usage of a site.
pub fn focus(range: &Range, rows: &[ViewRow], site: &Site) -> Result<Vec<u8>, ReportError> {
    let cells = |row| COLUMNS.iter().map(|(_, source)| source.cell(range, row, site)).collect();
    records(rows.iter().map(cells).collect::<Result<Vec<_>, _>>()?)
}

impl Source {
    fn cell(
        &self,
        range: &Range,
        row: &ViewRow,
        site: &Site,
    ) -> Result<Cow<'static, str>, ReportError> {
        let value = |name| RowField::named(name).map(|field| field.value(range, row));
        Ok(Cow::Owned(match self {
            Fixed(text) => return Ok(Cow::Borrowed(text)),
            OfSite(name) => return Ok(Cow::Borrowed(name(site))),
            Description => description(&row.metric, site),
            Computed(cell) => cell(range, row),
            Field(name) => value(name).map_or_else(|| Ok(String::new()), field_cell)?,
            Filled(name) => match value(name) {
                Some(FieldValue::Map(pairs)) if pairs.is_empty() => String::new(),
                value => value.map_or_else(|| Ok(String::new()), field_cell)?,
            },
            Currency(name) => match value(name) {
                Some(FieldValue::Money(amounts)) => csv_cell(&joined(amounts.keys().cloned())),
                _ => String::new(),
            },
        }))
    }
}

/// Returns the cell of a value; a map is a JSON object, and amounts are separated by `;`.
fn field_cell(value: FieldValue<'_>) -> Result<String, ReportError> {
    match value {
        FieldValue::Null => Ok(String::new()),
        FieldValue::Text(text) => Ok(csv_cell(&text)),
        FieldValue::Money(amounts) => Ok(joined(amounts.values().map(ToString::to_string))),
        value => Ok(csv_json(&serde_json::to_string(&value).map_err(unwritable)?)),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(";")
}

fn resource_type(row: &ViewRow) -> &'static str {
    if row.endpoint_id.is_some() { "Inference endpoint" } else { "" }
}

/// The metric; the service names metrics, so even that could be a formula.
fn description(metric: &ark_usage_model::Metric, site: &Site) -> String {
    csv_cell(&format!("{metric} of {} {}", site.title, site.product))
}

/// The unit as the specification writes units. An undeclared one has always been written as tokens.
fn consumed_unit(unit: &Unit) -> String {
    match unit {
        Unit::Requests => "Requests".to_owned(),
        Unit::Images => "Images".to_owned(),
        Unit::Other(name) => csv_cell(name),
        _ => "Tokens".to_owned(),
    }
}

/// The calendar month a bucket begins in, in the range's zone; its end is not included.
fn month_around(range: &Range, start: i64) -> (String, String) {
    let first = range.local(start).date().first_of_month();
    let next = first.last_of_month().tomorrow();
    let edge = |date: Result<jiff::civil::Date, jiff::Error>| {
        let midnight = date.and_then(|date| date.to_zoned(range.zone.clone()));
        midnight.map(|midnight| utc(midnight.timestamp().as_second())).unwrap_or_default()
    };
    (edge(Ok(first)), edge(next))
}

/// `2024-11-14T16:00:00Z`, as the specification wants it.
fn utc(unix: i64) -> String {
    let at = Timestamp::from_second(unix).unwrap_or_default().to_zoned(TimeZone::UTC);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_no_formula() {
        let metric = ark_usage_model::Metric::from("=1+1");
        assert_eq!(description(&metric, Site::VOLCENGINE), "'=1+1 of Volcengine Ark");
        assert_eq!(description(&metric, Site::BYTEPLUS), "'=1+1 of BytePlus ModelArk");
    }

    #[test]
    fn columns_are_those_of_the_specification_or_our_own() {
        let listed = include_str!("focus_columns.txt").lines();
        let listed: Vec<&str> = listed.filter(|line| !line.starts_with('#')).collect();
        assert_eq!(listed.len(), 43);
        assert!(listed.is_sorted());
        for (column, source) in COLUMNS {
            assert!(column.starts_with("x_") || listed.contains(&column), "{column}");
            if let Field(name) | Filled(name) | Currency(name) = source {
                assert!(RowField::named(name).is_some(), "{column} of {name}");
            }
        }
    }
}
