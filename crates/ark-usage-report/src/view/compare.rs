//! `--compare previous`: the same groups in the previous range, and the largest changes.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Buckets, Metric, State, Total, UsageReport};

use super::group::{Group, Key};
use super::row::{Previous, TotalRow};
use super::times::{TimeSpan, Times};

/// The result of a comparison with the previous range.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The previous range.
    pub span: TimeSpan,
    /// The largest changes, a metric after the other, largest first.
    pub drivers: Vec<Driver>,
}

/// A key whose usage changed.
#[derive(Clone, Debug)]
pub struct Driver {
    /// The metric.
    pub metric: Metric,
    /// The key, dimension by dimension; `None` where it is not known.
    pub key: Vec<Option<String>>,
    /// The name of its endpoint, where it is of one.
    pub endpoint_name: Option<String>,
    /// The value now; `None` when nothing was received.
    pub value: Option<i128>,
    /// The previous value.
    pub previous: Option<i128>,
    /// Its share of the change of the total.
    pub change: i128,
}

/// The number of changes listed for each metric.
const MOST: usize = 3;

/// Pairs the groups of the previous range with those of now. Spans of time are paired by position,
/// hours of days by the clock. A group without a partner is not compared.
pub(super) fn compare(groups: &mut Vec<Group>, before: Vec<Group>, now: &Times, then: &Times) {
    let mut places: BTreeMap<(usize, Key), usize> = BTreeMap::new();
    for (place, group) in groups.iter_mut().enumerate() {
        group.before = now.partner(group.time, then).map(|(_, span)| (span, BTreeMap::new()));
        places.insert((group.time, group.key.clone()), place);
    }
    for earlier in before {
        // Groups without a partner are in the totals and the largest changes all the same.
        let Some((time, span)) = then.partner(earlier.time, now) else { continue };
        let place = places.get(&(time, earlier.key.clone()));
        let known = place.and_then(|place| groups.get_mut(*place));
        let before = Some((earlier.span, earlier.sums));
        match known {
            Some(group) => group.before = before,
            None => groups.push(Group { time, span, sums: BTreeMap::new(), before, ..earlier }),
        }
    }
    groups.sort_unstable_by(|one, other| (one.time, &one.key).cmp(&(other.time, &other.key)));
}

/// Pairs the totals of the previous range with those of now. A metric that was received then and is
/// not now is missing, not 0.
pub(super) fn total(totals: &mut Vec<TotalRow>, report: &UsageReport, now_unix: i64) {
    let span = TimeSpan { start: report.window.first(), end: report.window.end() };
    let before = report.totals(now_unix);
    let known: BTreeSet<&Metric> = totals.iter().map(|total| &total.metric).collect();
    let gone: Vec<TotalRow> = before
        .iter()
        .filter(|earlier| !known.contains(&earlier.metric))
        .map(|earlier| {
            let mut buckets = Buckets::default();
            buckets.wanted = earlier.buckets.wanted;
            TotalRow {
                metric: earlier.metric.clone(),
                value: None,
                total: None,
                state: State::Missing,
                buckets,
                previous: None,
                cost: None,
            }
        })
        .collect();
    totals.extend(gone);
    let before: BTreeMap<&Metric, &Total> =
        before.iter().map(|earlier| (&earlier.metric, earlier)).collect();
    for total in totals {
        let earlier = before.get(&total.metric);
        total.previous = earlier.map(|it| Previous::new(span, it.value, it.state, total.value));
    }
}

/// The keys that moved most over the whole of both ranges; none where there is but one. Takes the
/// groups of each before they are laid side by side, and whether calls of it failed: a key of which
/// something did not come then may not have moved at all.
pub(super) fn drivers(now: (&[Group], bool), then: (&[Group], bool)) -> Vec<Driver> {
    let mut moved: BTreeMap<(Metric, Key), Driver> = BTreeMap::new();
    let mut lost: BTreeSet<(Metric, Key)> = BTreeSet::new();
    let mut seen = [BTreeSet::new(), BTreeSet::new()];
    for (((groups, failed), sign), seen) in [(now, 1), (then, -1)].into_iter().zip(&mut seen) {
        for group in groups {
            for (metric, sum) in &group.sums {
                // Values that must not be added up have no share in the change of a total.
                if !sum.is_additive() {
                    continue;
                }
                let key = (metric.clone(), group.key.clone());
                if failed && sum.state == State::Missing {
                    lost.insert(key.clone());
                }
                seen.insert(key.clone());
                let driver = moved.entry(key).or_insert_with(|| Driver {
                    metric: metric.clone(),
                    key: group.key.words(),
                    endpoint_name: group.names.endpoint_name.clone(),
                    value: None,
                    previous: None,
                    change: 0,
                });
                let Some(value) = sum.value() else { continue };
                let place = if sign > 0 { &mut driver.value } else { &mut driver.previous };
                *place.get_or_insert(0) += value;
                driver.change += sign * value;
            }
        }
    }
    let [seen_now, seen_then] = seen;
    for key in moved.keys() {
        if (now.1 && !seen_now.contains(key)) || (then.1 && !seen_then.contains(key)) {
            lost.insert(key.clone());
        }
    }
    let keys = moved.keys().map(|(_, key)| key).collect::<BTreeSet<_>>().len();
    if keys < 2 {
        return Vec::new();
    }
    moved.retain(|key, _| !lost.contains(key));
    let mut drivers: Vec<Driver> = moved.into_values().filter(|it| it.change != 0).collect();
    drivers.sort_by_key(|it| (it.metric.clone(), std::cmp::Reverse(it.change.unsigned_abs())));
    let mut told: BTreeMap<Metric, usize> = BTreeMap::new();
    drivers.retain(|driver| {
        let count = told.entry(driver.metric.clone()).or_default();
        *count += 1;
        *count <= MOST
    });
    drivers
}
