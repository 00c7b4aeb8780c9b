//! Usage without a price: counted, and listed by name.

use std::collections::BTreeMap;

use ark_usage_model::Metric;

use crate::lang::Text;
use crate::{listed, text};

/// The number of values without a price, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpriced(BTreeMap<UnpricedKey, usize>);

/// The names of a value without a price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnpricedKey {
    /// The metric.
    pub metric: Metric,
    /// The project, where it is known.
    pub project: Option<String>,
    /// The inference endpoint, where it is known.
    pub endpoint_id: Option<String>,
    /// The model, where it is known.
    pub model: Option<String>,
}

/// The number of names a message lists.
const SHOWN: usize = 5;

impl Unpriced {
    /// So many values more.
    pub fn add(&mut self, of: UnpricedKey, values: usize) {
        if values > 0 {
            *self.0.entry(of).or_default() += values;
        }
    }

    /// Keeps those of some metrics.
    pub(crate) fn retain(&mut self, keeps: impl Fn(&Metric) -> bool) {
        self.0.retain(|key, _| keeps(&key.metric));
    }

    /// Each, with its number of values.
    pub fn iter(&self) -> impl Iterator<Item = (&UnpricedKey, usize)> {
        self.0.iter().map(|(of, values)| (of, *values))
    }

    /// In words; nothing when everything has a price.
    pub fn words(&self) -> Option<Text> {
        let values: usize = self.0.values().sum();
        let each = self.iter().map(|(of, values)| {
            let names = [&of.project, &of.endpoint_id, &of.model].into_iter().flatten();
            let names: Vec<&str> =
                [of.metric.as_str()].into_iter().chain(names.map(String::as_str)).collect();
            format!("{} ({values})", names.join(" "))
        });
        let each = listed(each, SHOWN);
        let s = if values == 1 { " has" } else { "s have" };
        (values > 0).then(|| {
            text!(
                "{values} value{s} no price, so the cost is incomplete: {each}; a value is one metric of one day or hour",
                "有 {values} 个值没有价格，费用不完整：{each}；一个值是某个指标在一天或一小时内的用量";
                each = each
            )
        })
    }
}
