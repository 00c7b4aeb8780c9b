//! Groups: usage of a report summed by common keys.

use std::collections::BTreeMap;

use ark_usage_model::{
    Attribution, Buckets, Cell, Metric, MetricTable, RunningSum, State, Tags, Unit, UsageReport,
    Window,
};

use super::Dimension;
use super::labels::Labels;
use super::metrics::TOTAL_TOKENS;
use super::row::{Previous, RowNames, ViewRow};
use super::shares::{UnitTotals, cost_of_tokens, same_buckets, token_parts};
use super::times::{TimeSpan, Times};
use crate::prices::{Cost, PricedValue};
use crate::result_meta::{ResultMeta, endpoint_tags, model};

/// The keys of rows, beside time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keys<'a> {
    /// Every line as received, wholes and parts alike.
    Lines,
    /// Some dimensions: each value counts once.
    Of(&'a [Dimension]),
}

/// The key of a group. A value that is not known comes last.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Named(String),
    Unknown,
}

/// All usage with one key in one span of time.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The place of its stretch among all; the rest of all stretches comes after them.
    pub(super) time: usize,
    pub(super) span: TimeSpan,
    pub(super) key: Key,
    pub(super) names: RowNames,
    pub(super) sums: BTreeMap<Metric, Sum>,
    /// The same in the previous range, and its span there.
    pub(super) before: Option<(TimeSpan, BTreeMap<Metric, Sum>)>,
    /// The number of keys it stands for, where it is a rest.
    pub(super) others: Option<usize>,
}

/// Groups by time and key.
type Groups = BTreeMap<(usize, Key), Group>;

/// The number of values whose lines are told apart at once, about.
const CELLS_AT_ONCE: usize = 20_000;

/// A sum of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    total: RunningSum,
    pub(super) state: State,
    pub(super) fetched_at: Option<i64>,
    pub(super) buckets: Buckets,
    /// By own prices, where there are any.
    pub(super) cost: Option<Cost>,
}

/// The inputs of grouping.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grouping<'a> {
    pub(super) facts: ResultMeta<'a>,
    pub(super) labels: Option<&'a Labels>,
    pub(super) keys: Keys<'a>,
    /// The names that all usage shares.
    pub(super) names: &'a RowNames,
    /// The time the report was complete, unix seconds.
    pub(super) now_unix: i64,
}

impl Grouping<'_> {
    /// The groups of a part of a report, by time and then by key. Usage is told apart piece by piece, because
    /// what its lines say takes many times the memory of its points.
    pub(super) fn groups(&self, report: &UsageReport, times: &Times, window: Window) -> Vec<Group> {
        let mut groups = BTreeMap::new();
        let pieces = || window.pieces(CELLS_AT_ONCE / report.series.len().max(1));
        for piece in pieces() {
            self.add(report, times, piece, &mut groups);
        }
        let mut unplaced = BTreeMap::new();
        for piece in pieces().filter(|_| self.facts.prices.is_some()) {
            self.price(report, times, piece, &mut groups, &mut unplaced);
        }
        mark_unpriced(&mut groups, &unplaced);
        groups.into_values().collect()
    }

    fn add(&self, report: &UsageReport, times: &Times, piece: Window, groups: &mut Groups) {
        for share in self.shares(report, piece, &[]) {
            let (key, names) = self.key(&share);
            let additive = report.metrics.is_additive(&share.metric);
            for cell in &share.cells {
                let Some((time, span)) = times.of(cell.start) else { continue };
                let group = groups.entry((time, key.clone())).or_insert_with(|| Group {
                    time,
                    span,
                    key: key.clone(),
                    names: names.clone(),
                    sums: BTreeMap::new(),
                    before: None,
                    others: None,
                });
                let sum = group.sums.entry(share.metric.clone());
                sum.or_insert_with(|| Sum::new(additive)).add(cell);
            }
        }
    }

    /// Adds the costs of groups by prices, which may be those of an endpoint or of its model. Told
    /// apart so finely, the same usage has the same key.
    fn price(
        &self,
        report: &UsageReport,
        times: &Times,
        piece: Window,
        groups: &mut Groups,
        unplaced: &mut BTreeMap<(usize, Metric), usize>,
    ) {
        let Some(prices) = self.facts.prices else { return };
        let subjects = [Tags::ENDPOINT_ID, Tags::MODEL_NAME, Tags::MODEL_VERSION];
        for share in self.shares(report, piece, &subjects) {
            let (key, _) = self.key(&share);
            let names = RowNames::of_line(&self.facts, self.labels, share.target, share.label);
            let model = names.priced_model();
            for cell in &share.cells {
                let Some((time, _)) = times.of(cell.start) else { continue };
                let group = groups.get_mut(&(time, key.clone()));
                let Some(sum) = group.and_then(|it| it.sums.get_mut(&share.metric)) else {
                    // Lines that contradict each other: nobody knows which group it is part of.
                    if cell.value.is_some() {
                        *unplaced.entry((time, share.metric.clone())).or_default() += 1;
                    }
                    continue;
                };
                let cost = sum.cost.get_or_insert_default();
                if let Some(value) = cell.value {
                    let priced = PricedValue {
                        start: cell.start,
                        metric: &share.metric,
                        endpoint_id: names.endpoint_id.as_deref(),
                        labels: names.labels.as_ref(),
                        model: model.as_deref(),
                    };
                    cost.add(&prices.cost(&priced, value, &report.metrics));
                }
            }
        }
    }

    /// The usage told apart by the keys, and by more tags where more is needed.
    fn shares(&self, report: &UsageReport, piece: Window, more: &[&str]) -> Vec<Attribution> {
        match self.keys {
            Keys::Lines => report.lines_within(piece, self.now_unix),
            Keys::Of(by) => {
                let keys = by.iter().flat_map(Dimension::tag_keys).chain(more.iter().copied());
                let keys: Vec<&str> = keys.collect();
                report.attribute_within(&keys, piece, self.now_unix)
            }
        }
    }

    fn key(&self, share: &Attribution) -> (Key, RowNames) {
        match self.keys {
            Keys::Lines => {
                let target = Part::Named(format!("{:010}", share.target.0));
                let tags =
                    share.tags.iter().map(|(key, value)| Part::Named(format!("{key}\0{value}")));
                let key = std::iter::once(target).chain(tags).collect();
                (
                    Key(key),
                    RowNames::of_line(&self.facts, self.labels, share.target, share.label.clone()),
                )
            }
            Keys::Of(by) => {
                let mut names = self.names.clone();
                let parts = by.iter().filter(|one| !one.is_time()).map(|one| {
                    self.name(one, share, &mut names).map_or(Part::Unknown, Part::Named)
                });
                (Key(parts.collect()), names)
            }
        }
    }

    /// Returns the name of a share by a dimension, and notes it in the names of its row.
    fn name(&self, by: &Dimension, share: &Attribution, names: &mut RowNames) -> Option<String> {
        let label = &share.label;
        let endpoint = self.facts.endpoint(label.endpoint_id.as_deref());
        let labels = || self.labels?.of(label.endpoint_id.as_deref()?);
        // A profile and an endpoint are of one account each; usage without an endpoint need not be.
        let is_of_one = match by {
            Dimension::Profile => true,
            Dimension::Endpoint => label.endpoint_id.is_some(),
            _ => false,
        };
        if is_of_one && names.account_id.is_none() {
            names.account_id = self.facts.account_id(share.target).map(str::to_owned);
        }
        match by {
            Dimension::Endpoint => {
                names.endpoint_name = endpoint.and_then(|endpoint| endpoint.name.clone());
                names.model = endpoint.and_then(model).or_else(|| names.model.take());
                names.endpoint_tags = endpoint.map(endpoint_tags);
                names.labels = labels().cloned();
                noted(label.endpoint_id.clone(), &mut names.endpoint_id)
            }
            Dimension::Model => {
                noted(label.model.clone().or_else(|| endpoint.and_then(model)), &mut names.model)
            }
            Dimension::ModelVersion => noted(label.model_version.clone(), &mut names.model_version),
            Dimension::ApiKey => {
                names.api_key_name = self.facts.api_key_name(label.api_key_id.as_deref());
                noted(label.api_key_id.clone(), &mut names.api_key_id)
            }
            Dimension::Billing => noted(label.billing_status.clone(), &mut names.billing_status),
            Dimension::BatchType => noted(label.batch_type.clone(), &mut names.batch_type),
            Dimension::ModelUnit => noted(label.model_unit_id.clone(), &mut names.model_unit_id),
            Dimension::Project => noted(label.project.clone(), &mut names.project),
            Dimension::Scene => noted(label.scene.clone(), &mut names.scene),
            Dimension::BatchJob => noted(label.batch_job_id.clone(), &mut names.batch_job_id),
            Dimension::Account => self.account(label.account_id.clone(), share, names),
            Dimension::Profile => {
                let profile = self.facts.profile(share.target).map(str::to_owned);
                noted(profile, &mut names.profile)
            }
            Dimension::Tag(key) => {
                if key == Tags::ACCOUNT_ID {
                    return self.account(label.account_id.clone(), share, names);
                }
                if let Some(value) = label.get(key) {
                    names.note(key, value);
                    return Some(value.clone());
                }
                let value = endpoint_tags(endpoint?).remove(key)?;
                let tags = names.endpoint_tags.get_or_insert_default();
                tags.insert(key.to_owned(), value.clone());
                Some(value)
            }
            Dimension::Label(key) => {
                let value = labels()?.get(key)?.clone();
                names.labels.get_or_insert_default().insert(key.clone(), value.clone());
                Some(value)
            }
            Dimension::Hour | Dimension::Day | Dimension::Week | Dimension::Month => None,
        }
    }

    /// Returns the account of a share: the one that the service tags it with, else the one whose
    /// keys it was fetched with. An account without a number goes by its profile.
    fn account(
        &self,
        tagged: Option<String>,
        share: &Attribution,
        names: &mut RowNames,
    ) -> Option<String> {
        let own = self.facts.account_id(share.target);
        let is_own = tagged.as_deref().is_none_or(|tagged| own.is_none_or(|own| own == tagged));
        let profile = self.facts.profile(share.target).filter(|_| is_own).map(str::to_owned);
        names.profile.clone_from(&profile);
        noted(tagged.or_else(|| own.map(str::to_owned)), &mut names.account_id).or(profile)
    }
}

/// Marks costs as incomplete: of some values of a span, so many of each metric, the cost is in none of
/// its groups.
fn mark_unpriced(groups: &mut Groups, unplaced: &BTreeMap<(usize, Metric), usize>) {
    if unplaced.is_empty() {
        return;
    }
    for group in groups.values_mut() {
        for (metric, sum) in &mut group.sums {
            if let Some(values) = unplaced.get(&(group.time, metric.clone())) {
                sum.cost.get_or_insert_default().unpriced += values;
            }
        }
    }
}

fn noted(value: Option<String>, place: &mut Option<String>) -> Option<String> {
    place.clone_from(&value);
    value
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            total: RunningSum::default(),
            state: State::Final,
            fetched_at: None,
            buckets: Buckets::default(),
            cost: None,
        }
    }
}

impl Sum {
    /// A sum of nothing, of a metric whose values may be added up or not.
    fn new(additive: bool) -> Self {
        Self { total: RunningSum::new(additive), ..Self::default() }
    }

    /// The sum; `None` where nothing came or values must not be added up.
    pub(super) const fn value(&self) -> Option<i128> {
        self.total.value()
    }

    /// True when values may be added up.
    pub(super) const fn is_additive(&self) -> bool {
        self.total.is_additive()
    }

    fn add(&mut self, cell: &Cell) {
        let mut buckets = Buckets::default();
        buckets.wanted = 1;
        buckets.received = usize::from(cell.state != State::Missing);
        buckets.settling = usize::from(cell.state == State::Settling);
        let Cell { value, state, fetched_at, .. } = *cell;
        let mut total = RunningSum::new(self.total.is_additive());
        total.add(value);
        self.merge(&Self { total, state, fetched_at, buckets, cost: None });
    }

    /// Adds the sum of another metric in the same buckets.
    fn merge_metric(mut self, other: &Self) -> Self {
        let buckets = same_buckets(self.buckets, other.buckets);
        self.merge(&Self { cost: None, ..other.clone() });
        self.buckets = buckets;
        self
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: &Self) {
        self.total.merge(&other.total);
        self.state = self.state.max(other.state);
        self.fetched_at = self.fetched_at.max(other.fetched_at);
        self.buckets.wanted += other.buckets.wanted;
        self.buckets.received += other.buckets.received;
        self.buckets.settling += other.buckets.settling;
        if let Some(cost) = &other.cost {
            self.cost.get_or_insert_default().add(cost);
        }
    }
}

/// Adds the sum of all tokens.
fn add_total(sums: &mut BTreeMap<Metric, Sum>, declared: MetricTable) {
    sums.remove(&TOTAL_TOKENS);
    let tokens = token_parts(sums.keys(), declared).into_iter();
    let parts =
        tokens.filter_map(|metric| sums.get(metric)).map(|sum| Sum { cost: None, ..sum.clone() });
    let Some(mut total) = parts.reduce(|total, part| total.merge_metric(&part)) else { return };
    let costs = sums.iter().map(|(metric, sum)| (metric, sum.cost.as_ref()));
    total.cost = cost_of_tokens(costs, declared);
    sums.insert(TOTAL_TOKENS, total);
}

/// Returns the unit of a metric, also of all tokens together.
fn unit(metric: &Metric, declared: MetricTable) -> Unit {
    if *metric == TOTAL_TOKENS { Unit::Tokens } else { declared.unit(metric) }
}

impl Key {
    /// Returns its names, dimension by dimension.
    pub(super) fn words(&self) -> Vec<Option<String>> {
        let word = |part: &Part| match part {
            Part::Named(name) => Some(name.clone()),
            Part::Unknown => None,
        };
        self.0.iter().map(word).collect()
    }
}

impl Group {
    /// Adds all tokens together as a metric of their own.
    pub(super) fn add_total(&mut self, declared: MetricTable) {
        add_total(&mut self.sums, declared);
    }

    /// Marks that total where a metric that was there before is missing now.
    pub(super) fn mark_total(&mut self, declared: MetricTable) {
        let Some((_, before)) = &self.before else { return };
        let is_gone = |metric: &&Metric| {
            declared.unit(metric) == Unit::Tokens && !self.sums.contains_key(*metric)
        };
        if before.keys().any(|metric| is_gone(&metric))
            && let Some(total) = self.sums.get_mut(&TOTAL_TOKENS)
        {
            total.state = State::Missing;
        }
    }

    /// A row for each metric, now or before.
    pub(super) fn rows(
        self,
        aggregated: bool,
        declared: MetricTable,
    ) -> impl Iterator<Item = ViewRow> {
        let Self { span, names, mut sums, before, others, .. } = self;
        let compared = before.is_some();
        let (then, before) = before.unwrap_or((span, BTreeMap::new()));
        for metric in before.keys() {
            // What was there before and did not come now is not 0.
            let nothing = || Sum { state: State::Missing, ..Sum::default() };
            sums.entry(metric.clone()).or_insert_with(nothing);
        }
        let parts = sums.iter().map(|(metric, sum)| (metric, sum.value(), sum.state));
        let totals = UnitTotals::of(&parts.collect::<Vec<_>>(), declared);
        sums.into_iter().map(move |(metric, sum)| {
            let earlier = before.get(&metric);
            let previous = compared
                .then(|| earlier.map(|it| Previous::new(then, it.value(), it.state, sum.value())));
            ViewRow {
                value: sum.value(),
                total: totals.with(&metric, declared),
                unit: unit(&metric, declared),
                state: sum.state,
                fetched_at: sum.fetched_at,
                buckets: aggregated.then_some(sum.buckets),
                previous: previous.flatten(),
                others,
                cost: sum.cost,
                ..ViewRow::named(names.clone(), span, metric)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_of_no_group_marks_those_of_its_stretch() {
        let metric = Metric::PROMPT_TOKENS;
        let group = |time| Group {
            time,
            span: TimeSpan { start: 0, end: 1 },
            key: Key::default(),
            names: RowNames::default(),
            sums: BTreeMap::from([(metric.clone(), Sum::default())]),
            before: None,
            others: None,
        };
        let mut groups = [0, 1].map(|time| ((time, Key::default()), group(time))).into();
        mark_unpriced(&mut groups, &BTreeMap::from([((1, metric.clone()), 1)]));
        let costs = groups.values().map(|group| group.sums[&metric].cost.clone());
        assert_eq!(costs.collect::<Vec<_>>(), [None, Some(Cost::unpriced())]);
    }
}
