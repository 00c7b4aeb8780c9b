//! Sums that should agree: the hours of a day, the endpoints of a project.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Interval, Metric};

use crate::survey::all_time;
use crate::{Line, Place, Store, StoreError, StoredPoint, Subject};

/// The sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "code matches on both")]
pub enum SumKind {
    /// The hours of a day against the day, where both are kept.
    Hours,
    /// The endpoints of a project against its whole.
    Endpoints,
}

/// Two sums of the same usage that are not equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnequalSums {
    /// The sides.
    pub kind: SumKind,
    /// The whole.
    pub subject: Subject,
    /// The metric.
    pub metric: Metric,
    /// Start of the bucket.
    pub start: i64,
    /// The width of the bucket.
    pub interval: Interval,
    /// The day, or the whole of the project.
    pub whole: i128,
    /// The sum of the hours, or of the endpoints.
    pub parts: i128,
    /// Every value was final.
    pub is_final: bool,
}

/// The comparison of all sums of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SumChecks {
    /// The number of comparisons.
    pub checks: u64,
    /// Those that are not equal.
    pub unequal: Vec<UnequalSums>,
}

/// Compares hours with days and endpoints with the whole, wherever both are kept.
///
/// # Errors
///
/// [`StoreError`].
pub fn check_sums(store: &dyn Store, account_id: &str) -> Result<SumChecks, StoreError> {
    let subjects: BTreeSet<(Subject, Interval)> = store.subjects(account_id)?.into_iter().collect();
    let mut checks = SumChecks::default();
    for (subject, interval) in &subjects {
        if *interval == Interval::Day && subjects.contains(&(subject.clone(), Interval::Hour)) {
            hours(store, subject, &mut checks)?;
        }
        if subject.place == Place::Whole {
            let parts = subjects.iter().filter(|(part, width)| {
                width == interval && part.place != Place::Whole && part.at(Place::Whole) == *subject
            });
            let parts: Vec<&Subject> = parts.map(|(part, _)| part).collect();
            if !parts.is_empty() {
                endpoints(store, subject, &parts, *interval, &mut checks)?;
            }
        }
    }
    Ok(checks)
}

/// A sum, and true while all of it is final.
type Sum = (i128, bool);

/// The sums of a subject by bucket and metric: lines without tags are the whole of those with tags.
type BucketSums = BTreeMap<(i64, Metric), Sum>;

fn hours(store: &dyn Store, subject: &Subject, checks: &mut SumChecks) -> Result<(), StoreError> {
    let hours = sums(store, subject, Interval::Hour)?;
    let spans = store.spans(subject, all_time(Interval::Hour)?)?;
    let day = Interval::Day.seconds();
    for ((start, metric), whole) in sums(store, subject, Interval::Day)? {
        let answered =
            |span: &crate::Span| (span.end.min(start + day) - span.start.max(start)).max(0);
        if spans.iter().map(answered).sum::<i64>() < day {
            continue;
        }
        let inside = (0..24).map(|hour| (start + hour * Interval::Hour.seconds(), metric.clone()));
        let parts = inside.filter_map(|key| hours.get(&key).copied()).fold((0, true), added);
        let of = (SumKind::Hours, subject, Interval::Day);
        checks.compare(of, start, metric, whole, parts);
    }
    Ok(())
}

fn endpoints(
    store: &dyn Store,
    subject: &Subject,
    parts: &[&Subject],
    interval: Interval,
    checks: &mut SumChecks,
) -> Result<(), StoreError> {
    let mut all = BucketSums::new();
    for part in parts {
        for (key, sum) in sums(store, part, interval)? {
            let known = all.entry(key).or_insert((0, true));
            *known = added(*known, sum);
        }
    }
    for ((start, metric), whole) in sums(store, subject, interval)? {
        let parts = all.get(&(start, metric.clone())).copied().unwrap_or((0, true));
        checks.compare((SumKind::Endpoints, subject, interval), start, metric, whole, parts);
    }
    Ok(())
}

fn sums(
    store: &dyn Store,
    subject: &Subject,
    interval: Interval,
) -> Result<BucketSums, StoreError> {
    let (mut wholes, mut tagged) = (BucketSums::new(), BucketSums::new());
    let mut each = |line: &Line, points: &[StoredPoint]| {
        let sums = if line.tags.is_empty() { &mut wholes } else { &mut tagged };
        for point in points {
            let sum = sums.entry((point.start, line.metric.clone())).or_insert((0, true));
            *sum = added(*sum, (i128::from(point.value), point.is_final));
        }
    };
    store.points(subject, all_time(interval)?, &|_| true, &mut each)?;
    tagged.extend(wholes);
    Ok(tagged)
}

fn added(one: Sum, other: Sum) -> Sum {
    (one.0.saturating_add(other.0), one.1 && other.1)
}

impl SumChecks {
    fn compare(
        &mut self,
        (kind, subject, interval): (SumKind, &Subject, Interval),
        start: i64,
        metric: Metric,
        (whole, whole_is_final): Sum,
        (parts, parts_are_final): Sum,
    ) {
        self.checks += 1;
        if whole != parts {
            let is_final = whole_is_final && parts_are_final;
            let subject = subject.clone();
            let unequal =
                UnequalSums { kind, subject, metric, start, interval, whole, parts, is_final };
            self.unequal.push(unequal);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ark_usage_model::{Tags, Window};

    use super::*;
    use crate::{MemoryStore, Slice, WindowAnswer};

    const DAY: i64 = 1_731_945_600;

    fn store(answers: &[(Option<&str>, Interval, i64)]) -> MemoryStore {
        let mut store = MemoryStore::new();
        for (endpoint, interval, value) in answers {
            let subject = Subject {
                account_id: "2100000001".into(),
                slice: Slice::new("GetUsage"),
                project: Some("search".into()),
                place: Place::new(endpoint.map(str::to_owned)),
            };
            let last = DAY + 86_400 - interval.seconds();
            let window = Window::new(*interval, DAY, last).unwrap();
            let pair = endpoint.map(|id| (Tags::ENDPOINT_ID.to_owned(), id.to_owned()));
            let tags = Tags::new(pair);
            let line = Line { tags, metric: Metric::PROMPT_TOKENS };
            let lines = vec![(line, window.buckets().map(|start| (start, *value)).collect())];
            let (fetched_at, settle) = (DAY + 10 * 86_400, Duration::from_hours(1));
            store
                .apply(&WindowAnswer {
                    subject,
                    window,
                    fetched_at,
                    settle,
                    levels: Vec::new(),
                    lines,
                })
                .unwrap();
        }
        store
    }

    #[test]
    fn hours_and_endpoints_are_compared_where_both_are_kept() {
        use Interval::{Day, Hour};
        let equal =
            [(None, Hour, 10), (None, Day, 240), (Some("ep-1"), Hour, 4), (Some("ep-2"), Hour, 6)];
        let checks = check_sums(&store(&equal), "2100000001").unwrap();
        assert_eq!(checks, SumChecks { checks: 25, unequal: Vec::new() });
        let unequal = [(None, Hour, 10), (None, Day, 241), (Some("ep-1"), Hour, 4)];
        let checks = check_sums(&store(&unequal), "2100000001").unwrap();
        assert_eq!((checks.checks, checks.unequal.len()), (25, 25));
        let of_day = checks.unequal.iter().find(|sums| sums.kind == SumKind::Hours).unwrap();
        assert_eq!((of_day.whole, of_day.parts, of_day.is_final), (241, 240, true));
        let alone = [(None, Day, 241), (Some("ep-1"), Hour, 4)];
        assert_eq!(check_sums(&store(&alone), "2100000001").unwrap().checks, 0);
    }
}
