//! The names in a price list: metrics by the names for people, and what each price is for.

use std::collections::BTreeMap;

use ark_usage_model::MetricTable;

use super::{PriceRule, PriceSubject, Prices};
use crate::error::ReportError;
use crate::text;

/// The names in one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceNames<'a> {
    /// The line its table begins in.
    pub line: usize,
    /// The metric.
    pub metric: &'a str,
    /// The inference endpoint, if it is the price of one.
    pub endpoint_id: Option<&'a str>,
}

impl Prices {
    /// Puts the names on the wire in place of names for people, such as `input`; one of each action
    /// that may answer.
    ///
    /// # Errors
    ///
    /// Two prices that are the same then.
    pub fn name_metrics(&mut self, tables: &[MetricTable]) -> Result<(), ReportError> {
        let rules = std::mem::take(&mut self.rules);
        self.rules = rules.iter().flat_map(|rule| on_the_wire(rule, tables)).collect();
        let mut seen = BTreeMap::new();
        for rule in &self.rules {
            let Some(other) = seen.insert((&rule.metric, &rule.of, rule.since), rule.line) else {
                continue;
            };
            let (first, second) = (other.min(rule.line), other.max(rule.line));
            let file = &self.file;
            return Err(ReportError::invalid(text!(
                "{file} line {second}: duplicate of the price on line {first}",
                "{file} 第 {second} 行：与第 {first} 行的价格重复"
            )));
        }
        self.sort();
        Ok(())
    }

    /// Returns the flag and the name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the names in each price.
    pub fn names(&self) -> impl Iterator<Item = PriceNames<'_>> {
        self.rules.iter().map(|rule| PriceNames {
            line: rule.line,
            metric: &rule.metric,
            endpoint_id: match &rule.of {
                PriceSubject::Endpoint(id) => Some(id),
                _ => None,
            },
        })
    }
}

fn on_the_wire(rule: &PriceRule, tables: &[MetricTable]) -> Vec<PriceRule> {
    let named = tables.iter().filter_map(|table| table.named(&rule.metric));
    let mut names: Vec<&str> = named.map(|info| info.name.as_str()).collect();
    names.dedup();
    if names.is_empty() {
        return vec![rule.clone()];
    }
    names.into_iter().map(|name| PriceRule { metric: name.to_owned(), ..rule.clone() }).collect()
}
