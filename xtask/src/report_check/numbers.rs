//! The numbers of a page and those of `get -f json`, in the same form.

use std::collections::BTreeMap;

use serde_json::Value;

use super::at;
use crate::failure::Failure;

/// A number's digits, or none; and its state.
type Known = (Option<String>, String);

/// Totals by metric, and buckets by metric and start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    totals: BTreeMap<String, Known>,
    buckets: BTreeMap<(String, i64), Known>,
}

impl Numbers {
    /// Those of the document. Buckets are compared where a row stands for all there is of one: when
    /// one target was asked, and its answer has no tags.
    pub(super) fn of_json(document: &str) -> Result<Self, Failure> {
        let document: Value = serde_json::from_str(document)
            .map_err(|error| Failure::other(format!("get -f json is no JSON: {error}")))?;
        let mut numbers = Self::default();
        for total in list(at(&document, "/totals")) {
            numbers.totals.insert(text(at(total, "/metric")), known(total));
        }
        let mut times: BTreeMap<(String, i64), usize> = BTreeMap::new();
        for row in list(at(&document, "/rows")) {
            let key =
                (text(at(row, "/metric")), at(row, "/start_unix").as_i64().unwrap_or_default());
            *times.entry(key.clone()).or_default() += 1;
            numbers.buckets.insert(key, known(row));
        }
        numbers.buckets.retain(|key, _| times.get(key) == Some(&1));
        Ok(numbers)
    }

    /// Those that the page was found to show: `[metric, start or null, digits or null, state]` each.
    pub(super) fn of_page(found: &Value) -> Self {
        let mut numbers = Self::default();
        for one in list(found) {
            let value = at(one, "/2").as_str().map(str::to_owned);
            let (metric, known) = (text(at(one, "/0")), (value, text(at(one, "/3"))));
            match at(one, "/1").as_str().and_then(|start| start.parse().ok()) {
                Some(start) => numbers.buckets.insert((metric, start), known),
                None => numbers.totals.insert(metric, known),
            };
        }
        numbers
    }

    /// Differences between the page and the JSON.
    pub(super) fn differences(&self, page: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if self.totals != page.totals {
            differences.push(format!("totals are {:?}, not {:?}", page.totals, self.totals));
        }
        for (key, known) in &self.buckets {
            let shown = page.buckets.get(key);
            if shown != Some(known) {
                differences.push(format!("{key:?} is {shown:?}, not {known:?}"));
            }
        }
        differences
    }
}

fn known(value: &Value) -> Known {
    let number = at(value, "/value");
    ((!number.is_null()).then(|| number.to_string()), text(at(value, "/state")))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DOCUMENT: &str = r#"{
        "totals": [{"metric": "A", "value": 12345678901234567890, "state": "final"}],
        "rows": [{"metric": "A", "start_unix": 5, "value": null, "state": "missing"}]
    }"#;

    #[test]
    fn every_digit_and_state_counts() {
        let numbers = Numbers::of_json(DOCUMENT).unwrap();
        let page = |total: &str, bucket: Value| {
            let shown = json!([["A", null, total, "final"], ["A", "5", bucket, "missing"]]);
            numbers.differences(&Numbers::of_page(&shown)).len()
        };
        assert_eq!(page("12345678901234567890", Value::Null), 0);
        assert_eq!(page("12345678901234567891", Value::Null), 1);
        assert_eq!(page("12345678901234567890", json!("0")), 1);
        assert_eq!(numbers.differences(&Numbers::of_page(&json!([]))).len(), 2);
    }
}
