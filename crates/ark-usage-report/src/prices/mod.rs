//! Prices: the one that applies to a value, and the cost of the value.
//!
//! The crate contains no price list: an outdated one would be wrong without a sign. Pure: files come in
//! as text.

mod cost;
mod file;
mod names;
mod unpriced;

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Metric, MetricTable};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

pub use self::cost::{Cost, Money};
pub use self::names::PriceNames;
pub use self::unpriced::{Unpriced, UnpricedKey};
use crate::error::ReportError;
use crate::lang::Text;
use crate::toml_file::SourceFile;

/// Returns a price list with comments, to be changed by its reader.
pub fn example() -> Text {
    Text::both(include_str!("example.toml"), include_str!("example.zh-CN.toml"))
}

/// The price list of `--prices`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    /// The flag and the name of the file.
    file: String,
    /// Most specific first, and of those alike the latest first: the first that applies is it.
    rules: Vec<PriceRule>,
}

/// One `[[price]]`.
#[derive(Clone, Debug, PartialEq)]
struct PriceRule {
    line: usize,
    metric: String,
    of: PriceSubject,
    /// The start of its validity, unix seconds; `None` for always.
    since: Option<i64>,
    currency: String,
    /// For one token.
    unit_price: Decimal,
}

/// The subject of a price; most specific first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PriceSubject {
    Endpoint(String),
    Label { key: String, value: String },
    ModelVersion(String),
    Model(String),
    Anything,
}

/// The properties that decide on the price of a value.
#[derive(Clone, Copy, Debug)]
pub struct PricedValue<'a> {
    /// Start of the bucket, unix seconds; its price holds until the bucket's end.
    pub start: i64,
    /// The metric.
    pub metric: &'a Metric,
    /// The inference endpoint, where it is known.
    pub endpoint_id: Option<&'a str>,
    /// The labels of the endpoint.
    pub labels: Option<&'a BTreeMap<String, String>>,
    /// `name/version`, as `ListEndpoints` says.
    pub model: Option<&'a str>,
}

impl Prices {
    /// Reads a price list; its dates begin at midnight in `zone`. Every price needs a currency.
    pub fn read(source: SourceFile<'_>, zone: &TimeZone) -> Result<Self, ReportError> {
        Self::read_with(source, zone, None)
    }

    /// Reads a price list in which prices without a currency are in `currency`.
    pub fn read_with(
        source: SourceFile<'_>,
        zone: &TimeZone,
        currency: Option<&str>,
    ) -> Result<Self, ReportError> {
        let rules = file::rules(source, zone, currency)?;
        let file = format!("{} {}", source.flag, source.name).trim_start().to_owned();
        let mut prices = Self { file, rules };
        prices.sort();
        Ok(prices)
    }

    fn sort(&mut self) {
        self.rules.sort_unstable_by(|one, two| {
            let latest_first = two.since.cmp(&one.since);
            (&one.metric, &one.of).cmp(&(&two.metric, &two.of)).then(latest_first)
        });
    }

    /// Returns the currencies of its prices, each once.
    pub fn currencies(&self) -> BTreeSet<&str> {
        self.rules.iter().map(|rule| rule.currency.as_str()).collect()
    }

    /// Returns true if any price is for an endpoint, a label or a model, so that usage is needed by endpoint.
    pub fn are_specific(&self) -> bool {
        self.rules.iter().any(|rule| rule.of != PriceSubject::Anything)
    }

    /// Returns true if any price is for a model, which requires the list of endpoints.
    pub fn name_models(&self) -> bool {
        self.rules.iter().any(|rule| rule.of.is_model())
    }

    /// Returns true if usage of a metric could have a more specific price once its endpoint is known or,
    /// where that is `known`, its model.
    pub fn are_specific_of(&self, metric: &Metric, known: bool) -> bool {
        // The most specific are first, models right before the price for anything.
        let first = self.from(metric, &PriceSubject::Endpoint(String::new()));
        let specific = first.first().is_some_and(|rule| rule.is_specific_of(metric));
        let models = self.from(metric, &PriceSubject::ModelVersion(String::new()));
        let named = models.first().is_some_and(|rule| rule.is_specific_of(metric));
        named || !known && specific
    }

    /// Returns the cost of a value; unpriced when no price applies to it. Costs may be added up, so:
    ///
    /// - A metric whose values must not be added up is unpriced, unless its price is 0.
    /// - A part of a metric that has a price is charged there already. Its own price, where it has
    ///   one, takes the place of that of the whole: the cost is the difference, less than 0 when
    ///   the part is cheaper.
    pub fn cost(&self, priced: &PricedValue<'_>, value: i128, declared: &MetricTable) -> Cost {
        let own = self.rule(priced);
        if !declared.is_additive(priced.metric) {
            let free = own.filter(|rule| rule.unit_price.is_zero());
            return free.map_or_else(Cost::unpriced, |rule| rule.cost(value));
        }
        let mut wholes = declared.wholes(priced.metric);
        let whole = wholes.find_map(|metric| self.rule(&PricedValue { metric, ..*priced }));
        match (own, whole) {
            (None, None) => Cost::unpriced(),
            (Some(own), None) => own.cost(value),
            (None, Some(_)) => Cost::default(),
            (Some(own), Some(whole)) => {
                let mut cost = own.cost(value);
                cost.add(&value.checked_neg().map_or_else(Cost::unpriced, |less| whole.cost(less)));
                cost
            }
        }
    }

    /// The price that applies, the most specific first. Each subject that it could have is looked
    /// up, because both prices and values may be many.
    fn rule(&self, priced: &PricedValue<'_>) -> Option<&PriceRule> {
        priced.subjects().find_map(|of| {
            let rules = self.from(priced.metric, &of).iter();
            let mut same = rules.take_while(|rule| rule.is_for(priced.metric, &of));
            same.find(|rule| rule.since.is_none_or(|since| since <= priced.start))
        })
    }

    /// The prices of a metric from a subject on, and everything behind them.
    fn from(&self, metric: &Metric, of: &PriceSubject) -> &[PriceRule] {
        let before = |rule: &PriceRule| (rule.metric.as_str(), &rule.of) < (metric.as_str(), of);
        self.rules.get(self.rules.partition_point(before)..).unwrap_or_default()
    }
}

impl PricedValue<'_> {
    /// The subjects a price for it could have, the most specific first.
    fn subjects(&self) -> impl Iterator<Item = PriceSubject> {
        let endpoint = self.endpoint_id.map(|id| PriceSubject::Endpoint(id.to_owned()));
        let labels = self.labels.into_iter().flatten();
        let labels = labels
            .map(|(key, value)| PriceSubject::Label { key: key.clone(), value: value.clone() });
        let version = self.model.map(|model| PriceSubject::ModelVersion(model.to_owned()));
        let model = self.model.map(|model| model.split('/').next().unwrap_or(model));
        let model = model.map(|name| PriceSubject::Model(name.to_owned()));
        endpoint
            .into_iter()
            .chain(labels)
            .chain(version)
            .chain(model)
            .chain([PriceSubject::Anything])
    }
}

impl PriceRule {
    fn cost(&self, value: i128) -> Cost {
        let amount = Money::of(value, self.unit_price);
        amount.map_or_else(Cost::unpriced, |amount| Cost::of(&self.currency, amount))
    }

    fn is_for(&self, metric: &Metric, of: &PriceSubject) -> bool {
        self.metric == metric.as_str() && self.of == *of
    }

    /// Returns true if it is a price of the metric, and not the one for anything.
    fn is_specific_of(&self, metric: &Metric) -> bool {
        self.metric == metric.as_str() && self.of != PriceSubject::Anything
    }
}

impl PriceSubject {
    const fn is_model(&self) -> bool {
        matches!(self, Self::ModelVersion(_) | Self::Model(_))
    }
}

#[cfg(test)]
mod tests;
