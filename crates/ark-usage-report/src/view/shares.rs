//! Totals beside the metrics, and shares of the whole of a range.
//!
//! A total adds up metrics of one unit that may be added, never a part beside its whole. It is `None` when
//! some of it is missing, because nothing beside it would say so. So is a share of a whole that is not
//! complete.

use std::collections::BTreeMap;

use ark_usage_model::{Buckets, Metric, MetricTable, Row, State, Tags, TargetId, Unit};

use super::metrics::{TOTAL_TOKENS, cost_is_in_total};
use super::row::{Previous, TotalRow, ViewRow, hundredths};
use super::times::TimeSpan;
use crate::prices::Cost;

/// A value that may be part of a total.
pub(super) type UnitPart<'a> = (&'a Metric, Option<i128>, State);

/// The totals of one line, by unit.
#[derive(Clone, Debug, Default)]
pub(super) struct UnitTotals(BTreeMap<Unit, Option<i128>>);

impl UnitTotals {
    /// Returns the totals of values that belong together.
    pub(super) fn of(parts: &[UnitPart<'_>], declared: MetricTable) -> Self {
        let values: BTreeMap<&Metric, Option<i128>> = parts
            .iter()
            .map(|(metric, value, state)| (*metric, value.filter(|_| *state != State::Missing)))
            .collect();
        let total = |metrics: &[&Metric]| {
            metrics.iter().try_fold(0_i128, |sum, metric| sum.checked_add((*values.get(metric)?)?))
        };
        let groups = declared.sum_groups(parts.iter().map(|(metric, ..)| *metric)).into_iter();
        Self(groups.map(|group| (group.unit, total(&group.metrics))).collect())
    }

    /// Returns the total that a metric is part of.
    pub(super) fn with(&self, metric: &Metric, declared: MetricTable) -> Option<i128> {
        if !declared.is_additive(metric) {
            return None;
        }
        let unit = if *metric == TOTAL_TOKENS { Unit::Tokens } else { declared.unit(metric) };
        self.0.get(&unit).copied().flatten()
    }
}

/// The keys and the time of a line as received.
type LineKey<'a> =
    (TargetId, i64, [Option<&'a str>; Tags::KNOWN.len()], &'a BTreeMap<String, String>);

fn key(line: &Row) -> LineKey<'_> {
    let names = [
        &line.project,
        &line.endpoint_id,
        &line.account_id,
        &line.batch_job_id,
        &line.scene,
        &line.model,
        &line.model_version,
        &line.api_key_id,
        &line.billing_status,
        &line.batch_type,
        &line.model_unit_id,
    ];
    (line.target, line.start, names.map(Option::as_deref), &line.other)
}

/// Returns, for each line as received, the total of the metrics of its unit with the same keys and time.
pub(super) fn totals_of_lines(lines: &[Row], declared: MetricTable) -> Vec<Option<i128>> {
    let mut parts: BTreeMap<_, Vec<UnitPart<'_>>> = BTreeMap::new();
    for line in lines {
        let value = line.value.map(i128::from);
        parts.entry(key(line)).or_default().push((&line.metric, value, line.state));
    }
    let totals: BTreeMap<_, UnitTotals> =
        parts.into_iter().map(|(key, parts)| (key, UnitTotals::of(&parts, declared))).collect();
    lines.iter().map(|line| totals.get(&key(line))?.with(&line.metric, declared)).collect()
}

/// Adds all tokens together as a metric of their own.
pub(super) fn add_total_of_tokens(totals: &mut Vec<TotalRow>, declared: MetricTable) {
    totals.retain(|total| total.metric != TOTAL_TOKENS);
    let tokens = token_parts(totals.iter().map(|total| &total.metric), declared);
    let parts = totals.iter().filter(|total| tokens.contains(&&total.metric)).cloned();
    let Some(mut sum) = parts.reduce(beside) else { return };
    let costs = totals.iter().map(|total| (&total.metric, total.cost.as_ref()));
    sum.cost = cost_of_tokens(costs, declared);
    totals.push(TotalRow { metric: TOTAL_TOKENS, ..sum });
}

/// Returns the metrics that all tokens together are the sum of.
pub(super) fn token_parts<'m>(
    metrics: impl Iterator<Item = &'m Metric>,
    declared: MetricTable,
) -> Vec<&'m Metric> {
    let groups = declared.sum_groups(metrics).into_iter();
    groups.filter(|group| group.unit == Unit::Tokens).flat_map(|group| group.metrics).collect()
}

/// Returns the cost of all tokens together: that of every metric in tokens, because the cost of a part is
/// the difference to the price of its whole.
pub(super) fn cost_of_tokens<'c>(
    costs: impl Iterator<Item = (&'c Metric, Option<&'c Cost>)>,
    declared: MetricTable,
) -> Option<Cost> {
    let of_tokens = costs.filter(|(metric, _)| cost_is_in_total(metric, &declared.unit(metric)));
    of_tokens.filter_map(|(_, cost)| cost).fold(None, |sum: Option<Cost>, cost| {
        let mut sum = sum.unwrap_or_default();
        sum.add(cost);
        Some(sum)
    })
}

/// Returns the buckets of two metrics that have the same ones.
pub(super) fn same_buckets(one: Buckets, other: Buckets) -> Buckets {
    let mut same = one;
    same.wanted = one.wanted.max(other.wanted);
    same.received = one.received.min(other.received);
    same.settling = one.settling.max(other.settling);
    same
}

/// Returns two metrics of the same buckets as one.
fn beside(mut one: TotalRow, other: TotalRow) -> TotalRow {
    one.value = sum(one.value, other.value);
    one.state = one.state.max(other.state);
    one.buckets = same_buckets(one.buckets, other.buckets);
    one.previous = one.previous.zip(other.previous).map(|(mine, others)| {
        let then = TimeSpan { start: mine.start, end: mine.end };
        let state = mine.state.max(others.state);
        Previous::new(then, sum(mine.value, others.value), state, one.value)
    });
    one
}

/// Returns the sum of what was received.
fn sum(one: Option<i128>, other: Option<i128>) -> Option<i128> {
    match (one, other) {
        (Some(one), Some(other)) => one.checked_add(other),
        (one, other) => one.or(other),
    }
}

/// Writes into each total of a metric the total of its unit.
pub(super) fn add_totals(totals: &mut [TotalRow], declared: MetricTable) {
    let parts: Vec<UnitPart<'_>> =
        totals.iter().map(|total| (&total.metric, total.value, total.state)).collect();
    let units = UnitTotals::of(&parts, declared);
    for total in totals {
        total.total = units.with(&total.metric, declared);
    }
}

/// Writes into each row its share of the whole of the range.
pub(super) fn add_shares(rows: &mut [ViewRow], totals: &[TotalRow], declared: MetricTable) {
    let complete = |total: &TotalRow| total.value.filter(|_| total.state != State::Missing);
    let wholes: BTreeMap<&Metric, i128> = totals
        .iter()
        .filter(|total| declared.is_additive(&total.metric))
        .filter_map(|total| Some((&total.metric, complete(total)?)))
        .collect();
    let units: BTreeMap<&Metric, i128> =
        totals.iter().filter_map(|total| Some((&total.metric, total.total?))).collect();
    for row in rows {
        let value = row.value.filter(|_| row.state != State::Missing);
        let whole = wholes.get(&row.metric);
        row.share = value.zip(whole).and_then(|(value, whole)| hundredths(value, *whole));
        let whole = units.get(&row.metric);
        row.total_share = row.total.zip(whole).and_then(|(total, whole)| hundredths(total, *whole));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_usage_model::MetricInfo;

    const CACHED: Metric = Metric::from_static("Cached");
    const REQUESTS: Metric = Metric::from_static("Requests");
    const PEAK: Metric = Metric::from_static("Peak");

    static METRICS: [MetricInfo; 5] = [
        MetricInfo::new(Metric::PROMPT_TOKENS, Unit::Tokens),
        MetricInfo::part(CACHED, Unit::Tokens, Metric::PROMPT_TOKENS),
        MetricInfo::new(Metric::COMPLETION_TOKENS, Unit::Tokens),
        MetricInfo::new(REQUESTS, Unit::Requests),
        MetricInfo::level(PEAK, Unit::Tokens),
    ];

    fn total(parts: &[UnitPart<'_>], of: &Metric) -> Option<i128> {
        let declared = MetricTable::new(&METRICS);
        UnitTotals::of(parts, declared).with(of, declared)
    }

    #[test]
    fn one_unit_without_parts_and_levels() {
        let (prompt, completion) = (Metric::PROMPT_TOKENS, Metric::COMPLETION_TOKENS);
        let pixels = Metric::from("Pixels");
        let parts = [
            (&prompt, Some(100), State::Final),
            (&CACHED, Some(40), State::Final),
            (&completion, Some(5), State::Settling),
            (&REQUESTS, Some(7), State::Final),
            (&PEAK, Some(1_000), State::Final),
            (&pixels, Some(9), State::Final),
        ];
        assert_eq!(total(&parts, &prompt), Some(105));
        assert_eq!((total(&parts, &CACHED), total(&parts, &REQUESTS)), (Some(105), Some(7)));
        assert_eq!((total(&parts, &pixels), total(&parts, &PEAK)), (None, None));
        assert_eq!(total(&parts, &TOTAL_TOKENS), Some(105));
    }

    #[test]
    fn a_total_of_which_a_part_is_missing_is_unknown() {
        let (prompt, completion) = (Metric::PROMPT_TOKENS, Metric::COMPLETION_TOKENS);
        for (value, state) in [(None, State::Missing), (Some(3), State::Missing)] {
            let parts = [(&prompt, Some(100), State::Final), (&completion, value, state)];
            assert_eq!(total(&parts, &prompt), None);
        }
        let parts =
            [(&prompt, Some(i128::MAX), State::Final), (&completion, Some(1), State::Final)];
        assert_eq!(total(&parts, &prompt), None);
    }
}
