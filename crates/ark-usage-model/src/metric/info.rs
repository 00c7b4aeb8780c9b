//! The declarations of metrics: unit, additivity, and the metric one is part of.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::Metric;

/// The unit of a metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Tokens.
    Tokens,
    /// Requests.
    Requests,
    /// Images.
    Images,
    /// Another declared unit.
    Other(Cow<'static, str>),
    /// The unit of a metric that nothing is declared about. Two unknown units are never the same.
    Unknown,
}

/// The declaration of one metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricInfo {
    /// The name on the wire.
    pub name: Metric,
    /// The unit of its values.
    pub unit: Unit,
    /// Values may be added up: over time, over targets and lines, and with other metrics of the
    /// same unit. False for levels, such as a peak.
    pub additive: bool,
    /// The metric of the same unit that already contains it.
    pub part_of: Option<Metric>,
    /// The short name that people may write instead, such as `input`.
    pub alias: Option<&'static str>,
}

/// The metrics an action declares. Other names are allowed everywhere; they have an unknown unit.
///
/// ```
/// use ark_usage_model::{Metric, MetricInfo, MetricTable, Unit};
///
/// const INPUT: Metric = Metric::from_static("InputTokens");
/// static METRICS: [MetricInfo; 3] = [
///     MetricInfo::new(INPUT, Unit::Tokens).or_named("input"),
///     MetricInfo::part(Metric::from_static("CacheTokensHit"), Unit::Tokens, INPUT),
///     MetricInfo::new(Metric::from_static("OutputTokens"), Unit::Tokens),
/// ];
/// let table = MetricTable::new(&METRICS);
/// let values = [
///     (Metric::from("InputTokens"), 10_i128),
///     (Metric::from("CacheTokensHit"), 4),
///     (Metric::from("OutputTokens"), 5),
///     (Metric::from("Pixels"), 1_000),
/// ];
/// let values = values.iter().map(|(metric, value)| (metric, *value));
/// assert_eq!(table.additive_total(&Unit::Tokens, values), Some(15));
/// assert_eq!(table.named("input").map(|info| &info.name), Some(&INPUT));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetricTable(&'static [MetricInfo]);

/// Metrics that may be added up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SumGroup<'a> {
    /// Their unit.
    pub unit: Unit,
    /// The metrics to add, sorted by name; none is part of another.
    pub metrics: Vec<&'a Metric>,
}

impl Unit {
    /// `tokens`, `requests`, `images`, the declared name, or `unknown`.
    pub fn name(&self) -> &str {
        match self {
            Self::Tokens => "tokens",
            Self::Requests => "requests",
            Self::Images => "images",
            Self::Other(name) => name,
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl MetricInfo {
    /// A metric whose values may be added up.
    pub const fn new(name: Metric, unit: Unit) -> Self {
        Self { name, unit, additive: true, part_of: None, alias: None }
    }

    /// A metric that another one of the same unit already contains.
    pub const fn part(name: Metric, unit: Unit, whole: Metric) -> Self {
        Self { name, unit, additive: true, part_of: Some(whole), alias: None }
    }

    /// A metric whose values must not be added up, such as a peak.
    pub const fn level(name: Metric, unit: Unit) -> Self {
        Self { name, unit, additive: false, part_of: None, alias: None }
    }

    /// Gives it a short name that people may write instead of the name on the wire.
    #[must_use]
    pub const fn or_named(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }
}

impl MetricTable {
    /// The table of an action's declarations.
    pub const fn new(metrics: &'static [MetricInfo]) -> Self {
        Self(metrics)
    }

    /// Returns all declared metrics, in the order of their declaration.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static MetricInfo> + use<> {
        self.0.iter()
    }

    /// Returns the declaration of a metric, if there is one.
    pub fn get(&self, metric: &Metric) -> Option<&'static MetricInfo> {
        self.0.iter().find(|info| info.name == *metric)
    }

    /// Returns the metric that people name so: by its name on the wire, or by its short one.
    pub fn named(&self, word: &str) -> Option<&'static MetricInfo> {
        let on_the_wire = self.0.iter().find(|info| info.name.as_str() == word);
        on_the_wire.or_else(|| self.0.iter().find(|info| info.alias == Some(word)))
    }

    /// True when values of this metric may be added up over time, targets and lines. A metric that
    /// is not declared may be, but not with any other.
    pub fn is_additive(&self, metric: &Metric) -> bool {
        self.get(metric).is_none_or(|info| info.additive)
    }

    /// The unit of a metric.
    pub fn unit(&self, metric: &Metric) -> Unit {
        self.get(metric).map_or(Unit::Unknown, |info| info.unit.clone())
    }

    /// Groups metrics by what may be added up: one unit each, no part beside its whole, nothing
    /// that is not additive or not declared.
    pub fn sum_groups<'m>(
        &self,
        metrics: impl IntoIterator<Item = &'m Metric>,
    ) -> Vec<SumGroup<'m>> {
        let mut present: Vec<&Metric> = metrics.into_iter().collect();
        present.sort_unstable();
        present.dedup();
        let mut groups: BTreeMap<Unit, Vec<&Metric>> = BTreeMap::new();
        for &metric in &present {
            let Some(info) = self.get(metric) else { continue };
            if info.additive && info.unit != Unit::Unknown && !self.is_contained(info, &present) {
                groups.entry(info.unit.clone()).or_default().push(metric);
            }
        }
        groups.into_iter().map(|(unit, metrics)| SumGroup { unit, metrics }).collect()
    }

    /// The sum of the values whose metrics may be added up in one unit; `None` when there is none
    /// or the sum exceeds 128 bits. A part is left out when its whole is among the metrics. A
    /// metric that occurs several times counts each time.
    pub fn additive_total<'m>(
        &self,
        unit: &Unit,
        values: impl IntoIterator<Item = (&'m Metric, i128)>,
    ) -> Option<i128> {
        let values: Vec<(&Metric, i128)> = values.into_iter().collect();
        let groups = self.sum_groups(values.iter().map(|(metric, _)| *metric));
        let group = groups.into_iter().find(|group| group.unit == *unit)?;
        let counted = values.into_iter().filter(|(metric, _)| group.metrics.contains(metric));
        counted.map(|(_, value)| value).try_fold(0_i128, i128::checked_add)
    }

    /// Returns the metrics that contain this one, the smallest first.
    pub fn wholes(&self, metric: &Metric) -> impl Iterator<Item = &'static Metric> + use<> {
        let table = *self;
        let whole_of = move |metric: &Metric| table.get(metric)?.part_of.as_ref();
        // A chain longer than the table would be a circle.
        std::iter::successors(whole_of(metric), move |whole| whole_of(whole)).take(self.0.len())
    }

    /// True when a metric that contains this one, directly or not, is present.
    fn is_contained(&self, info: &MetricInfo, present: &[&Metric]) -> bool {
        self.wholes(&info.name).any(|whole| present.contains(&whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTAL: Metric = Metric::from_static("TotalTokens");
    const INPUT: Metric = Metric::from_static("InputTokens");
    const CACHED: Metric = Metric::from_static("CacheTokensHit");
    const OUTPUT: Metric = Metric::from_static("OutputTokens");
    const IMAGES: Metric = Metric::from_static("ImageCount");
    const PEAK: Metric = Metric::from_static("PeakTokens");

    static METRICS: [MetricInfo; 6] = [
        MetricInfo::new(TOTAL, Unit::Tokens),
        MetricInfo::part(INPUT, Unit::Tokens, TOTAL),
        MetricInfo::part(CACHED, Unit::Tokens, INPUT),
        MetricInfo::part(OUTPUT, Unit::Tokens, TOTAL),
        MetricInfo::new(IMAGES, Unit::Images),
        MetricInfo::level(PEAK, Unit::Tokens),
    ];

    fn total(unit: &Unit, metrics: &[Metric]) -> Option<i128> {
        let values = metrics.iter().zip(1_u32..).map(|(metric, n)| (metric, 10_i128.pow(n)));
        MetricTable::new(&METRICS).additive_total(unit, values)
    }

    #[test]
    fn parts_are_not_added_to_their_whole() {
        assert_eq!(total(&Unit::Tokens, &[TOTAL, INPUT, CACHED, OUTPUT]), Some(10));
        assert_eq!(total(&Unit::Tokens, &[INPUT, CACHED, OUTPUT]), Some(1_010));
        assert_eq!(total(&Unit::Tokens, &[CACHED, TOTAL]), Some(100));
        assert_eq!(total(&Unit::Tokens, &[CACHED, OUTPUT]), Some(110));
    }

    #[test]
    fn wholes_are_named_from_the_smallest() {
        let table = MetricTable::new(&METRICS);
        assert_eq!(table.wholes(&CACHED).collect::<Vec<_>>(), [&INPUT, &TOTAL]);
        assert_eq!(table.wholes(&PEAK).count(), 0);
        assert_eq!(table.wholes(&Metric::from("Pixels")).count(), 0);
    }

    #[test]
    fn units_levels_and_unknown_metrics_are_kept_out() {
        let unknown = Metric::from("Pixels");
        assert_eq!(total(&Unit::Tokens, &[IMAGES, PEAK, INPUT, unknown.clone()]), Some(1_000));
        assert_eq!(total(&Unit::Images, &[IMAGES, PEAK, INPUT]), Some(10));
        assert_eq!(total(&Unit::Unknown, &[unknown.clone(), unknown.clone()]), None);
        let table = MetricTable::new(&METRICS);
        assert!(table.is_additive(&unknown) && !table.is_additive(&PEAK));
        assert_eq!((table.unit(&unknown), table.unit(&PEAK)), (Unit::Unknown, Unit::Tokens));
    }

    #[test]
    fn sums_are_checked() {
        let values = [(&INPUT, i128::MAX), (&OUTPUT, 1)];
        assert_eq!(MetricTable::new(&METRICS).additive_total(&Unit::Tokens, values), None);
    }

    #[test]
    fn a_circle_of_parts_ends() {
        static CIRCLE: [MetricInfo; 2] = [
            MetricInfo::part(INPUT, Unit::Tokens, OUTPUT),
            MetricInfo::part(OUTPUT, Unit::Tokens, INPUT),
        ];
        let input = INPUT;
        let groups = MetricTable::new(&CIRCLE).sum_groups([&input]);
        assert_eq!(groups.len(), 0);
    }
}
