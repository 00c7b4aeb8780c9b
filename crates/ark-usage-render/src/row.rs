//! One row as every machine format shows it: every key always there, in this order.

use std::collections::BTreeMap;

use ark_usage_model::Buckets;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::document::unwritable;
use ark_usage_report::ReportError;
use ark_usage_report::prices::Cost;
use ark_usage_report::range::Range;
use ark_usage_report::view::{Fields, Previous, ViewRow};

/// One value.
#[derive(Serialize)]
pub(super) struct RowDocument<'a> {
    start: String,
    /// First instant after the bucket.
    end: String,
    start_unix: i64,
    end_unix: i64,
    profile: Option<&'a str>,
    account_id: Option<&'a str>,
    project: Option<&'a str>,
    endpoint_id: Option<&'a str>,
    scene: Option<&'a str>,
    batch_job_id: Option<&'a str>,
    tags: &'a BTreeMap<String, String>,
    /// Known when the service was asked for a list of endpoints, as are the next two.
    endpoint_name: Option<&'a str>,
    model: Option<&'a str>,
    endpoint_tags: Option<&'a BTreeMap<String, String>>,
    metric: &'a str,
    value: Option<i128>,
    state: &'static str,
    fetched_at: Option<String>,
    labels: Option<&'a BTreeMap<String, String>>,
    buckets: Option<BucketsDocument>,
    previous: Option<PreviousDocument>,
    others: Option<usize>,
    cost: Option<Vec<AmountDocument<'a>>>,
    /// How many of its values no price applies to.
    unpriced: Option<usize>,
}

/// An amount of one currency.
#[derive(Serialize)]
pub(super) struct AmountDocument<'a> {
    currency: &'a str,
    /// An exact decimal, as text: no float rounds it.
    amount: String,
}

/// How many buckets a sum is of; each bucket of each target counts once.
#[derive(Serialize)]
pub(super) struct BucketsDocument {
    wanted: usize,
    received: usize,
    settling: usize,
}

/// The same in the range before.
#[derive(Serialize)]
pub(super) struct PreviousDocument {
    start: String,
    end: String,
    value: Option<i128>,
    state: &'static str,
    change: Option<i128>,
    /// An exact decimal, as text: no float rounds it.
    change_percent: Option<String>,
}

impl<'a> RowDocument<'a> {
    /// The row as it is shown.
    pub(super) fn new(range: &Range, row: &'a ViewRow) -> Self {
        Self {
            start: range.rfc3339(row.start),
            end: range.rfc3339(row.end),
            start_unix: row.start,
            end_unix: row.end,
            profile: row.profile.as_deref(),
            account_id: row.account_id.as_deref(),
            project: row.project.as_deref(),
            endpoint_id: row.endpoint_id.as_deref(),
            scene: row.scene.as_deref(),
            batch_job_id: row.batch_job_id.as_deref(),
            tags: &row.tags,
            endpoint_name: row.endpoint_name.as_deref(),
            model: row.model.as_deref(),
            endpoint_tags: row.endpoint_tags.as_ref(),
            metric: row.metric.as_str(),
            value: row.value,
            state: row.state.name(),
            fetched_at: row.fetched_at.map(|at| range.rfc3339(at)),
            labels: row.labels.as_ref(),
            buckets: row.buckets.map(buckets_document),
            previous: row.previous.as_ref().map(|it| previous_document(range, it)),
            others: row.others,
            cost: row.cost.as_ref().and_then(amounts),
            unpriced: row.cost.as_ref().map(|cost| cost.unpriced),
        }
    }
}

/// A cost by currency; none when nothing of it has a price.
pub(super) fn amounts(cost: &Cost) -> Option<Vec<AmountDocument<'_>>> {
    let amounts = cost.amounts.iter();
    let amounts: Vec<_> = amounts
        .map(|(currency, amount)| AmountDocument { currency, amount: amount.to_string() })
        .collect();
    (!amounts.is_empty()).then_some(amounts)
}

/// A row, or what was asked of it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum RowOrFields<'a> {
    Row(Box<RowDocument<'a>>),
    Fields(Pairs<'a>),
}

/// Keys and values, in the order in which they were asked for.
pub(super) struct Pairs<'a>(Vec<(&'a str, Value)>);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// The row as it is shown, with all of its keys or those that were asked for.
pub(super) fn document<'a>(
    range: &Range,
    row: &'a ViewRow,
    fields: Option<&'a Fields>,
) -> Result<RowOrFields<'a>, ReportError> {
    let row = RowDocument::new(range, row);
    let Some(fields) = fields else { return Ok(RowOrFields::Row(Box::new(row))) };
    let row = serde_json::to_value(row).map_err(unwritable)?;
    let value =
        |name: &'a String| (name.as_str(), find(&row, name).cloned().unwrap_or(Value::Null));
    Ok(RowOrFields::Fields(Pairs(fields.names().iter().map(value).collect())))
}

/// The row as JSON; `null` if it could not be written, which its types rule out.
pub(super) fn value(range: &Range, row: &ViewRow) -> Value {
    serde_json::to_value(RowDocument::new(range, row)).unwrap_or_default()
}

/// How much came.
pub(super) fn buckets_document(buckets: Buckets) -> BucketsDocument {
    let Buckets { wanted, received, settling, .. } = buckets;
    BucketsDocument { wanted, received, settling }
}

/// The same in the range before.
pub(super) fn previous_document(range: &Range, previous: &Previous) -> PreviousDocument {
    PreviousDocument {
        start: range.rfc3339(previous.start),
        end: range.rfc3339(previous.end),
        value: previous.value,
        state: previous.state.name(),
        change: previous.change,
        change_percent: previous.change_hundredths.map(percent),
    }
}

/// Hundredths as a decimal: `-0.05`, `12.30`.
pub(super) fn percent(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let all = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", all / 100, all % 100)
}

/// What a field holds, of a row as JSON.
pub(super) fn find<'a>(row: &'a Value, field: &str) -> Option<&'a Value> {
    match field.split_once('.') {
        None => row.get(field),
        Some((object, key)) => row.get(object)?.get(key),
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use super::percent;

    #[test]
    fn percents_are_exact_decimals() {
        let cases = [(0, "0.00"), (-5, "-0.05"), (1_230, "12.30"), (-10_000, "-100.00")];
        for (hundredths, text) in cases {
            assert_eq!(percent(hundredths), text);
        }
    }

    #[test]
    fn fields_are_found_inside_objects_too() {
        let row = serde_json::json!({"labels": {"team": "a"}, "value": 1});
        assert_eq!(find(&row, "labels.team"), Some(&"a".into()));
        assert_eq!((find(&row, "labels.other"), find(&row, "value")), (None, Some(&1.into())));
    }
}
