//! The breakdowns: all usage, by one dimension after the other.

use std::collections::BTreeMap;

use ark_usage_model::{Metric, State};

use super::views::PageViews;
use crate::Lines;
use crate::page::{Before, Breakdown, BreakdownLine, BreakdownPart};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::Amount;
use ark_usage_report::prices::Cost;
use ark_usage_report::view::{Dimension, Previous, ViewRow};

/// The dimensions without `--by`: each that has more than one value.
const DEFAULT_DIMENSIONS: [Dimension; 11] = [
    Dimension::Profile,
    Dimension::Project,
    Dimension::Endpoint,
    Dimension::Model,
    Dimension::Scene,
    Dimension::BatchJob,
    Dimension::ModelVersion,
    Dimension::ApiKey,
    Dimension::Billing,
    Dimension::BatchType,
    Dimension::ModelUnit,
];

/// Returns a breakdown for each dimension of `--by`; without, for each that has several values.
/// `starts` are the starts of all buckets.
pub(super) fn breakdowns(
    views: &PageViews<'_>,
    metrics: &[Metric],
    starts: &[i64],
    lang: Lang,
) -> Vec<Breakdown> {
    let breakdown = |by: &Dimension| breakdown(views, by, metrics, starts, lang);
    if !views.spec.by.is_empty() {
        return views.spec.by.iter().map(breakdown).collect();
    }
    DEFAULT_DIMENSIONS.iter().map(breakdown).filter(|breakdown| breakdown.lines.len() > 1).collect()
}

fn breakdown(
    views: &PageViews<'_>,
    by: &Dimension,
    metrics: &[Metric],
    starts: &[i64],
    lang: Lang,
) -> Breakdown {
    let (sums, course) =
        (views.by(std::slice::from_ref(by)), views.by(&[by.clone(), views.unit()]));
    let (sums, course) = (views.lines(&sums, lang), views.lines(&course, lang));
    let history = History::of(&course);
    let mut lines: Vec<(Vec<String>, BTreeMap<&Metric, &ViewRow>)> = Vec::new();
    for (keys, row) in sums.rows {
        match lines.iter_mut().find(|(known, _)| *known == keys) {
            Some((_, parts)) => _ = parts.insert(&row.metric, row),
            None => lines.push((keys, BTreeMap::from([(&row.metric, row)]))),
        }
    }
    let line = |(keys, rows): (Vec<String>, BTreeMap<&Metric, &ViewRow>)| {
        let part = |metric| part(rows.get(metric).copied(), history.of_line(&keys, metric, starts));
        let parts = metrics.iter().map(part).collect();
        let costs: Vec<&Cost> = rows.values().filter_map(|row| row.cost.as_ref()).collect();
        let cost = (!costs.is_empty()).then(|| summed(&costs));
        BreakdownLine { keys, parts, cost }
    };
    Breakdown {
        by: by.words().in_lang(lang).to_owned(),
        columns: sums.columns,
        lines: lines.into_iter().map(line).collect(),
    }
}

fn summed(costs: &[&Cost]) -> Cost {
    let mut sum = Cost::default();
    for cost in costs {
        sum.add(cost);
    }
    sum
}

fn part(row: Option<&ViewRow>, history: Vec<Amount>) -> BreakdownPart {
    BreakdownPart {
        amount: row.map_or(UNKNOWN, amount),
        history,
        before: row.and_then(|row| row.previous.as_ref()).map(before),
    }
}

/// The amount of a metric that a line does not have.
const UNKNOWN: Amount = Amount { value: None, state: State::Missing };

/// Returns the amount of a row.
pub(super) fn amount(row: &ViewRow) -> Amount {
    Amount { value: row.value, state: row.state }
}

/// Returns the amount in the previous range.
pub(super) fn before(previous: &Previous) -> Before {
    let amount = Amount { value: previous.value, state: previous.state };
    Before { amount, change: previous.change }
}

/// The amounts of every line by bucket.
struct History<'a>(BTreeMap<(&'a [String], &'a Metric), BTreeMap<i64, Amount>>);

impl<'a> History<'a> {
    fn of(lines: &'a Lines<'_>) -> Self {
        let mut history: BTreeMap<_, BTreeMap<i64, Amount>> = BTreeMap::new();
        for (keys, row) in &lines.rows {
            let line = history.entry((keys.as_slice(), &row.metric)).or_default();
            line.insert(row.start, amount(row));
        }
        Self(history)
    }

    fn of_line(&self, keys: &[String], metric: &Metric, starts: &[i64]) -> Vec<Amount> {
        let Some(line) = self.0.get(&(keys, metric)) else { return Vec::new() };
        starts.iter().map(|start| line.get(start).copied().unwrap_or(UNKNOWN)).collect()
    }
}
