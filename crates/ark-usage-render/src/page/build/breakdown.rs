//! All of it, by one thing after the other.

use std::collections::BTreeMap;

use ark_usage_model::{Metric, State};

use super::views::PageViews;
use crate::Lines;
use crate::page::{Before, Breakdown, BreakdownLine, BreakdownPart};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::Amount;
use ark_usage_report::view::{Dimension, Previous, ViewRow};

/// What usage is split by when nobody says: whatever tells it apart.
const USUAL: [Dimension; 6] = [
    Dimension::Profile,
    Dimension::Project,
    Dimension::Endpoint,
    Dimension::Model,
    Dimension::Scene,
    Dimension::BatchJob,
];

/// A breakdown for each dimension that was asked for; else for each that tells anything apart.
/// `starts` are those of all buckets.
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
    USUAL.iter().map(breakdown).filter(|it| it.lines.len() > 1).collect()
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
        BreakdownLine { keys, parts }
    };
    Breakdown {
        by: by.words().in_lang(lang).to_owned(),
        columns: sums.columns,
        lines: lines.into_iter().map(line).collect(),
    }
}

fn part(row: Option<&ViewRow>, history: Vec<Amount>) -> BreakdownPart {
    BreakdownPart {
        amount: row.map_or(UNKNOWN, amount),
        history,
        before: row.and_then(|row| row.previous.as_ref()).map(before),
    }
}

/// Of a metric that a line does not have.
const UNKNOWN: Amount = Amount { value: None, state: State::Missing };

/// What a row counts.
pub(super) fn amount(row: &ViewRow) -> Amount {
    Amount { value: row.value, state: row.state }
}

/// What was counted in the range before.
pub(super) fn before(previous: &Previous) -> Before {
    let amount = Amount { value: previous.value, state: previous.state };
    Before { amount, change: previous.change }
}

/// Every line bucket by bucket.
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
