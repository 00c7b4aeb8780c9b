//! The trend of a metric: bucket by bucket, and by the hours of the week.

use ark_usage_model::{Interval, Metric, ReportIndex, Unit};

use super::{Amount, WeekGrid};
use crate::range::Range;

/// One bucket of all usage requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its start, unix seconds.
    pub start: i64,
    /// The amount.
    pub amount: Amount,
}

/// Returns a metric of all usage requested, bucket by bucket. Nothing is counted twice, and the amounts
/// add up to the metric's total.
pub fn course(index: &ReportIndex<'_>, metric: &Metric, now_unix: i64) -> Vec<Moment> {
    let report = index.report();
    let additive = report.metrics.is_additive(metric);
    let mut amounts: Vec<Vec<Amount>> = vec![Vec::new(); report.window.len()];
    for target in index.targets_of(metric) {
        let totals = index.bucket_totals(target, metric, now_unix);
        for (amounts, total) in amounts.iter_mut().zip(totals) {
            amounts.push(Amount { value: total.value, state: total.state });
        }
    }
    let moments = report.window.buckets().zip(amounts);
    moments
        .map(|(start, amounts)| Moment { start, amount: Amount::sum(amounts, additive) })
        .collect()
}

/// Returns all metrics in tokens together, bucket by bucket; none beside the metric it is part of.
pub fn course_of_tokens(index: &ReportIndex<'_>, now_unix: i64) -> Vec<Moment> {
    let groups = index.report().metrics.sum_groups(index.metrics()).into_iter();
    let tokens = groups.filter(|group| group.unit == Unit::Tokens).flat_map(|group| group.metrics);
    let courses = tokens.map(|metric| course(index, metric, now_unix));
    let beside = |one: Moment, other: Moment| Moment {
        amount: Amount::sum([one.amount, other.amount], true),
        ..one
    };
    courses
        .reduce(|sum, part| {
            sum.into_iter().zip(part).map(|(one, other)| beside(one, other)).collect()
        })
        .unwrap_or_default()
}

/// Returns the trend by the hours of the week, in the range's zone; `None` for daily data.
pub fn week(course: &[Moment], range: &Range) -> Option<WeekGrid> {
    if range.window.interval() != Interval::Hour {
        return None;
    }
    let mut grid = WeekGrid::default();
    for moment in course {
        let local = range.local(moment.start);
        grid.add(local.weekday(), local.hour(), moment.amount);
    }
    Some(grid)
}
