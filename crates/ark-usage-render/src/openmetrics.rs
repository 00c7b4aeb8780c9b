//! `-f openmetrics`: every value that has settled, with the time its bucket ended.
//!
//! OpenMetrics 1.0 text. What may still change is left out, because a time series database keeps
//! the first value it gets for an instant. Samples of a series are consecutive, in order of time, and
//! times are whole seconds, so that the older text format reads the same lines.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;

use ark_usage_model::State;

use super::Answer;
use crate::series::{
    Family, Labels, demo_label, is_whole, label_pairs, profile_labels, row_labels,
};
use ark_usage_report::ReportError;
use ark_usage_report::text;
use ark_usage_report::view::ViewRow;

const COST: &str = "\
# HELP ark_usage_cost What the tokens of one bucket cost by the price list given; not a bill.
# TYPE ark_usage_cost gauge
";

/// Writes the samples; refused where two rows would be one sample.
pub fn openmetrics(answer: &Answer<'_>) -> Result<Vec<u8>, ReportError> {
    let bucket = bucket(answer);
    let mut usage: BTreeMap<Family, Samples> = BTreeMap::new();
    let mut costs = Samples::default();
    for row in answer.view.rows.iter().filter(|row| settled(row)) {
        let labels = labels(row, &bucket, answer);
        if let Some(value) = row.value {
            let samples = usage.entry(Family::of(&row.unit)).or_default();
            samples.add(&labels, row.end, value.to_string())?;
        }
        for (currency, amount) in
            row.cost.iter().filter(|cost| is_whole(cost)).flat_map(|cost| &cost.amounts)
        {
            let mut labels = labels.clone();
            labels.insert("currency".to_owned(), currency.clone());
            costs.add(&labels, row.end, amount.to_string())?;
        }
    }
    let mut text = String::new();
    for (family, samples) in &usage {
        let name = format!("ark_usage_{}", family.unit());
        samples.write(&mut text, &head(family, &name), &name);
    }
    costs.write(&mut text, COST, "ark_usage_cost");
    text.push_str("# EOF\n");
    Ok(text.into_bytes())
}

/// Returns whether a row is one of the samples.
pub fn settled(row: &ViewRow) -> bool {
    row.state == State::Final && row.value.is_some()
}

/// Returns true if the cost of a settled row is left out because only part of it is known.
pub fn costs_in_part(row: &ViewRow) -> bool {
    settled(row) && row.cost.as_ref().is_some_and(|cost| !is_whole(cost))
}

/// Returns the length of a row's bucket in words.
fn bucket(answer: &Answer<'_>) -> String {
    if answer.view.by.is_empty() {
        return answer.range.rows.name().to_owned();
    }
    let times = ["hour", "day", "week", "month"];
    let by = answer.view.by.iter().map(ark_usage_report::view::Dimension::name);
    by.into_iter().find(|name| times.contains(&name.as_str())).unwrap_or_else(|| "range".to_owned())
}

/// The labels of a row. Rows without a project or an account say which ones they count.
fn labels(row: &ViewRow, bucket: &str, answer: &Answer<'_>) -> Labels {
    let mut labels = row_labels(row);
    labels.insert("bucket".to_owned(), bucket.to_owned());
    if row.project.is_none() {
        labels.insert("scope".to_owned(), answer.query.scope.counted.name().to_owned());
    }
    if row.profile.is_none() && row.account_id.is_none() {
        labels.extend(profile_labels(answer.meta.profiles));
    }
    labels.extend(demo_label(answer.query.scope.demo));
    labels
}

/// Returns the lines in front of the samples of a family.
fn head(family: &Family, name: &str) -> String {
    let (used, unit) = (family.used(), family.unit());
    format!(
        "# HELP {name} {used} in one bucket; the timestamp is the end of the bucket.\n\
         # TYPE {name} gauge\n# UNIT {name} {unit}\n"
    )
}

/// Samples of one metric, by series and time.
#[derive(Default)]
struct Samples(BTreeMap<(String, i64), String>);

impl Samples {
    /// Two values of one series at one time cannot be told apart, and neither is the whole.
    fn add(&mut self, labels: &Labels, at: i64, value: String) -> Result<(), ReportError> {
        match self.0.entry((label_pairs(labels), at)) {
            Entry::Vacant(place) => {
                place.insert(value);
                Ok(())
            }
            Entry::Occupied(place) => Err(same_labels(&place.key().0, at)),
        }
    }

    fn write(&self, text: &mut String, head: &str, name: &str) {
        if self.0.is_empty() {
            return;
        }
        text.push_str(head);
        for ((labels, at), value) in &self.0 {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name}{{{labels}}} {value} {at}");
        }
    }
}

/// Returns the error about two rows that a time series database would take for one sample.
fn same_labels(labels: &str, at: i64) -> ReportError {
    let error = text!(
        "-f openmetrics: two rows have the same labels at {at}: {{{labels}}}",
        "-f openmetrics：有两行在时间戳 {at} 的标签相同：{{{labels}}}"
    );
    ReportError::invalid(error).with_hint(text!(
        "add a dimension to --by, or use -f ndjson",
        "请在 --by 中增加维度，或改用 -f ndjson"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_contiguous_and_in_time_order() {
        let mut samples = Samples::default();
        let of = |name: &str| Labels::from([("project".to_owned(), name.to_owned())]);
        for (name, at) in [("b", 10), ("a", 9), ("b", 2), ("a", 10)] {
            samples.add(&of(name), at, "1".to_owned()).unwrap();
        }
        let mut text = String::new();
        samples.write(&mut text, "", "m");
        let expected = "m{project=\"a\"} 1 9\nm{project=\"a\"} 1 10\nm{project=\"b\"} 1 2\nm{project=\"b\"} 1 10\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_sample_is_never_overwritten() {
        let mut samples = Samples::default();
        let labels = Labels::from([("tag_a_b".to_owned(), "1".to_owned())]);
        samples.add(&labels, 10, "1".to_owned()).unwrap();
        samples.add(&labels, 11, "2".to_owned()).unwrap();
        let refused = samples.add(&labels, 10, "3".to_owned()).unwrap_err().to_string();
        assert!(
            refused.contains("two rows have the same labels at 10: {tag_a_b=\"1\"}"),
            "{refused}"
        );
        assert_eq!(samples.0.into_values().collect::<Vec<_>>(), ["1", "2"]);
    }
}
