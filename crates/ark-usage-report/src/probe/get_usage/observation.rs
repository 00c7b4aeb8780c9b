//! The labels, values and tags of one response.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::get_usage::{MetricItem, UsageResult};
use ark_usage_model::{GetUsageResponse, Metric};

/// One response, reduced to one metric.
#[derive(Clone, Debug, Default)]
pub(in crate::probe) struct UsageObservation {
    items: Vec<MetricItem>,
    whole: BTreeMap<i64, i128>,
}

impl UsageObservation {
    /// Returns the prompt tokens of a response, else its first metric.
    pub(super) fn new(response: &GetUsageResponse) -> Self {
        let prompt = Self::of(response, &Metric::PROMPT_TOKENS);
        if !prompt.items.is_empty() {
            return prompt;
        }
        Self::of_result(response.usage_results.first())
    }

    /// Returns one metric of a response.
    pub(in crate::probe) fn of(response: &GetUsageResponse, metric: &Metric) -> Self {
        let mut results = response.usage_results.iter();
        Self::of_result(results.find(|result| result.name == metric.as_str()))
    }

    fn of_result(result: Option<&UsageResult>) -> Self {
        let items = result.map(|result| result.metric_items.clone()).unwrap_or_default();
        let whole = whole(&items);
        Self { items, whole }
    }

    /// Returns every bucket by its label: of the series without tags, else the sum of the others.
    pub(super) fn whole(&self) -> &BTreeMap<i64, i128> {
        &self.whole
    }

    pub(super) fn has(&self, label: i64) -> bool {
        self.whole.contains_key(&label)
    }

    /// Returns the sum of the labels from `first` to before `end`.
    pub(in crate::probe) fn sum(&self, first: i64, end: i64) -> i128 {
        self.whole.range(first..end).map(|(_, value)| *value).sum()
    }

    /// Returns true if a series has no tags.
    pub(super) fn has_untagged(&self) -> bool {
        self.items.iter().any(|item| item.tags.is_empty())
    }

    /// Returns the keys of all tags.
    pub(super) fn tag_keys(&self) -> BTreeSet<&str> {
        self.items.iter().flat_map(|item| &item.tags).map(|tag| tag.key.as_str()).collect()
    }

    /// Returns a value of the tag with this key.
    pub(super) fn tag(&self, key: &str) -> Option<&str> {
        let tags = self.items.iter().flat_map(|item| &item.tags);
        tags.filter(|tag| tag.key == key).map(|tag| tag.value.as_str()).next()
    }

    /// Returns the number of buckets with the value 0.
    pub(super) fn zeros(&self) -> usize {
        let values = self.items.iter().flat_map(|item| &item.values);
        values.filter(|sample| sample.value == 0).count()
    }

    /// Returns the number of buckets missing between the first and last of each series.
    pub(super) fn gaps(&self, step: i64) -> usize {
        let missing = |item: &MetricItem| {
            let labels: BTreeSet<i64> = item.values.iter().map(|sample| sample.timestamp).collect();
            let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return 0 };
            let span = last.saturating_sub(*first).checked_div(step).unwrap_or(0);
            let expected = usize::try_from(span).unwrap_or(usize::MAX).saturating_add(1);
            expected.saturating_sub(labels.len())
        };
        self.items.iter().map(missing).sum()
    }

    /// Returns for each series of several buckets whether they are sorted by time.
    pub(super) fn are_sorted(&self) -> impl Iterator<Item = bool> {
        let several = self.items.iter().filter(|item| item.values.len() > 1);
        several.map(|item| item.values.is_sorted_by_key(|sample| sample.timestamp))
    }

    /// Returns true if there are no buckets.
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }
}

fn whole(items: &[MetricItem]) -> BTreeMap<i64, i128> {
    let untagged: Vec<&MetricItem> = items.iter().filter(|item| item.tags.is_empty()).collect();
    let lines = if untagged.is_empty() { items.iter().collect() } else { untagged };
    let mut whole: BTreeMap<i64, i128> = BTreeMap::new();
    for line in lines {
        // A bucket repeated within a series counts once.
        let values: BTreeMap<i64, i64> =
            line.values.iter().map(|sample| (sample.timestamp, sample.value)).collect();
        for (label, value) in values {
            *whole.entry(label).or_default() += i128::from(value);
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(json: &str) -> UsageObservation {
        UsageObservation::new(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_whole_beside_its_parts_is_the_whole() {
        let both = seen(
            r#"{"UsageResults":[{"Name":"PromptTokens","MetricItems":[
                {"Values":[{"Timestamp":0,"Value":5},{"Timestamp":10,"Value":0}]},
                {"Tags":[{"Key":"EndpointId","Value":"ep-1"}],"Values":[{"Timestamp":0,"Value":5},{"Timestamp":30,"Value":1}]}]}]}"#,
        );
        assert_eq!(
            both.whole().iter().map(|(l, v)| (*l, *v)).collect::<Vec<_>>(),
            [(0, 5), (10, 0)]
        );
        assert!(both.has_untagged() && both.tag("EndpointId") == Some("ep-1"));
        assert_eq!((both.zeros(), both.gaps(10)), (1, 2));
        assert_eq!((both.sum(0, 10), both.sum(0, 11)), (5, 5));
        assert!(seen("{}").is_empty());
    }
}
