//! `-f focus`: rows as a cost and usage table with the columns of FOCUS, written as they come.
//!
//! FOCUS is the `FinOps` Open Cost and Usage Specification; `focus_columns.txt` lists its columns.
//! Only those are written that usage has something to say about: it is no bill, so the costs that a
//! bill has are left out, and what own prices make of it is called an estimate. Columns of our own
//! begin with `x_`, as the specification wants.

use std::borrow::Cow;

use ark_usage_model::Unit;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::csv::{escape_formula, records, unwritable};
use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use ark_usage_report::view::ViewRow;

/// The names of the columns, in order.
const COLUMNS: [&str; 33] = [
    "BillingAccountId",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargeCategory",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ProviderName",
    "PublisherName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "SubAccountId",
    "SubAccountName",
    "Tags",
    "x_BatchJobId",
    "x_EstimatedCost",
    "x_EstimatedCostCurrency",
    "x_FetchedAt",
    "x_Labels",
    "x_Metric",
    "x_Model",
    "x_Others",
    "x_Profile",
    "x_Scene",
    "x_ServiceTags",
    "x_State",
    "x_Unpriced",
];

/// The line that names the columns.
pub fn focus_header(bom: bool, named: bool) -> Result<Vec<u8>, ReportError> {
    super::csv::header(&COLUMNS, bom, named)
}

/// Writes a line per row.
pub fn focus(range: &Range, rows: &[ViewRow]) -> Result<Vec<u8>, ReportError> {
    let lines = rows.iter().map(|row| cells(range, row));
    records(lines.collect::<Result<Vec<_>, _>>()?)
}

/// The cells of a row, in the order of the columns.
fn cells(range: &Range, row: &ViewRow) -> Result<Vec<Cow<'static, str>>, ReportError> {
    let (period_start, period_end) = month_around(range, row.start);
    let cost = row.cost.as_ref();
    let joined = |part: fn((&String, &ark_usage_report::prices::Money)) -> String| {
        let parts = cost.into_iter().flat_map(|cost| cost.amounts.iter().map(part));
        parts.collect::<Vec<_>>().join(";")
    };
    let optional = |text: &Option<String>| escape_formula(text.as_deref().unwrap_or_default());
    let endpoint = row.endpoint_id.is_some();
    let cells = [
        optional(&row.account_id),
        period_start,
        period_end,
        "Usage".to_owned(),
        description(&row.metric),
        "Usage-Based".to_owned(),
        utc(row.start),
        utc(row.end),
        row.value.map(|value| value.to_string()).unwrap_or_default(),
        consumed_unit(&row.unit),
        "Volcengine".to_owned(),
        "Volcengine".to_owned(),
        optional(&row.endpoint_id),
        optional(&row.endpoint_name),
        if endpoint { "Inference endpoint" } else { "" }.to_owned(),
        "AI and Machine Learning".to_owned(),
        "Ark".to_owned(),
        optional(&row.project),
        optional(&row.project),
        object(row.endpoint_tags.as_ref())?,
        optional(&row.batch_job_id),
        joined(|(_, amount)| amount.to_string()),
        joined(|(currency, _)| currency.clone()),
        row.fetched_at.map(utc).unwrap_or_default(),
        object(row.labels.as_ref())?,
        escape_formula(row.metric.as_str()),
        optional(&row.model),
        row.others.map(|others| others.to_string()).unwrap_or_default(),
        optional(&row.profile),
        optional(&row.scene),
        object(Some(&row.tags).filter(|tags| !tags.is_empty()))?,
        row.state.name().to_owned(),
        cost.map(|cost| cost.unpriced.to_string()).unwrap_or_default(),
    ];
    Ok(cells.map(Cow::Owned).to_vec())
}

/// The metric; the service names metrics, so even that could be a formula.
fn description(metric: &ark_usage_model::Metric) -> String {
    escape_formula(&format!("{metric} of Volcengine Ark"))
}

/// The unit as the specification writes units. An undeclared one has always been written as tokens.
fn consumed_unit(unit: &Unit) -> String {
    match unit {
        Unit::Requests => "Requests".to_owned(),
        Unit::Images => "Images".to_owned(),
        Unit::Other(name) => escape_formula(name),
        _ => "Tokens".to_owned(),
    }
}

/// A JSON object in one cell; nothing when it is not known.
fn object<T: Serialize>(pairs: Option<&T>) -> Result<String, ReportError> {
    pairs.map_or_else(|| Ok(String::new()), |it| serde_json::to_string(it).map_err(unwritable))
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
        assert_eq!(description(&metric), "'=1+1 of Volcengine Ark");
    }

    #[test]
    fn columns_are_those_of_the_specification_or_our_own() {
        let listed = include_str!("focus_columns.txt").lines();
        let listed: Vec<&str> = listed.filter(|line| !line.starts_with('#')).collect();
        assert_eq!(listed.len(), 43);
        assert!(listed.is_sorted());
        for column in COLUMNS {
            assert!(column.starts_with("x_") || listed.contains(&column), "{column}");
        }
    }
}
