//! The trend of a metric: bucket by bucket, and by the hours of the week.

use std::collections::BTreeSet;

use ark_usage_model::{Interval, Metric, TargetId, UsageReport};

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
pub fn course(report: &UsageReport, metric: &Metric, now_unix: i64) -> Vec<Moment> {
    let additive = report.metrics.is_additive(metric);
    let mut amounts: Vec<Vec<Amount>> = vec![Vec::new(); report.window.len()];
    for target in targets(report, metric) {
        let totals = report.bucket_totals(target, metric, now_unix);
        for (amounts, total) in amounts.iter_mut().zip(totals) {
            amounts.push(Amount { value: total.value, state: total.state });
        }
    }
    let moments = report.window.buckets().zip(amounts);
    moments
        .map(|(start, amounts)| Moment { start, amount: Amount::sum(amounts, additive) })
        .collect()
}

/// Those with a line of the metric, and those that might have one, had a call not failed.
fn targets(report: &UsageReport, metric: &Metric) -> BTreeSet<TargetId> {
    let known = report.series.iter().filter(|series| series.metric == *metric);
    let failed = report.coverage.missing.iter();
    let failed = failed.filter(|gap| gap.reason.hides_usage());
    known.map(|series| series.target).chain(failed.map(|gap| gap.target)).collect()
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
