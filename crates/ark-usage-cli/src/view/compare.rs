//! `--compare previous`: the same groups in the range before, and what moved most.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Buckets, Metric, State, UsageReport};

use super::group::{Group, Key, Sum};
use super::row::{Previous, TotalRow};
use super::times::{Span, Times};

/// What comparing found out.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// The range before.
    pub(crate) span: Span,
    /// What moved most, a metric after the other, largest change first.
    pub(crate) drivers: Vec<Driver>,
}

/// A key whose usage moved.
#[derive(Clone, Debug)]
pub(crate) struct Driver {
    pub(crate) metric: Metric,
    /// What the key is called, dimension by dimension; `None` where that is not known.
    pub(crate) key: Vec<Option<String>>,
    /// Counted now; `None` when nothing came.
    pub(crate) value: Option<i128>,
    /// Counted before.
    pub(crate) previous: Option<i128>,
    /// What it adds to the change of the sum.
    pub(crate) change: i128,
}

/// How many of each metric are worth telling.
const MOST: usize = 3;

/// Lays the groups of the range before beside those of now. Stretches of time are paired by their
/// place: the third day with the third. One without a partner stays alone.
pub(super) fn compare(groups: &mut Vec<Group>, before: Vec<Group>, now: &Times, then: &Times) {
    let mut places: BTreeMap<(usize, Key), usize> = BTreeMap::new();
    for (place, group) in groups.iter_mut().enumerate() {
        group.before = then.spans.get(group.time).map(|span| (*span, BTreeMap::new()));
        places.insert((group.time, group.key.clone()), place);
    }
    for earlier in before {
        let place = places.get(&(earlier.time, earlier.key.clone()));
        let known = place.and_then(|place| groups.get_mut(*place));
        let before = Some((earlier.span, earlier.sums));
        match (known, now.spans.get(earlier.time)) {
            (Some(group), _) => group.before = before,
            (None, Some(span)) => {
                groups.push(Group { span: *span, sums: BTreeMap::new(), before, ..earlier });
            }
            (None, None) => {}
        }
    }
    groups.sort_by(|one, other| (one.time, &one.key).cmp(&(other.time, &other.key)));
}

/// Lays the totals of the range before beside those of now. A metric that came then and does not
/// come now is missing, not 0.
pub(super) fn total(totals: &mut Vec<TotalRow>, report: &UsageReport, now_unix: i64) {
    let span = Span { start: report.window.first(), end: report.window.end() };
    let before = report.totals(now_unix);
    for earlier in &before {
        if totals.iter().all(|total| total.metric != earlier.metric) {
            let mut buckets = Buckets::default();
            buckets.wanted = earlier.buckets.wanted;
            totals.push(TotalRow {
                metric: earlier.metric.clone(),
                value: None,
                state: State::Missing,
                buckets,
                previous: None,
                cost: None,
            });
        }
    }
    for total in totals {
        let earlier = before.iter().find(|earlier| earlier.metric == total.metric);
        total.previous = earlier.map(|it| Previous::new(span, it.value, it.state, total.value));
    }
}

/// The keys that moved most; none where there is but one. Where calls failed, `now_failed` or
/// `then_failed`, a key of which something did not come may not have moved at all.
pub(super) fn drivers(groups: &[Group], now_failed: bool, then_failed: bool) -> Vec<Driver> {
    let mut lost: BTreeSet<(Metric, Key)> = BTreeSet::new();
    let mut moved: BTreeMap<(Metric, Key), Driver> = BTreeMap::new();
    for group in groups {
        let nothing = BTreeMap::new();
        let before = group.before.as_ref().map_or(&nothing, |(_, sums)| sums);
        let metrics =
            group.sums.keys().chain(before.keys().filter(|it| !group.sums.contains_key(it)));
        for metric in metrics {
            let driver =
                moved.entry((metric.clone(), group.key.clone())).or_insert_with(|| Driver {
                    metric: metric.clone(),
                    key: group.key.words(),
                    value: None,
                    previous: None,
                    change: 0,
                });
            let whole = |sums: &BTreeMap<Metric, Sum>| {
                sums.get(metric).is_some_and(|sum| sum.state != State::Missing)
            };
            if (now_failed && !whole(&group.sums)) || (then_failed && !whole(before)) {
                lost.insert((metric.clone(), group.key.clone()));
            }
            let of = |sums: &BTreeMap<Metric, Sum>| sums.get(metric)?.value;
            for (place, value, sign) in
                [(&mut driver.value, of(&group.sums), 1), (&mut driver.previous, of(before), -1)]
            {
                if let Some(value) = value {
                    *place.get_or_insert(0) += value;
                    driver.change += sign * value;
                }
            }
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
