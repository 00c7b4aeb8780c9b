//! The usage of a store, bucket by bucket and never twice.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use ark_usage_history::{Line, Place, Span, Store, StoreError, StoredPoint, Subject, all_time};
use ark_usage_model::{Interval, Tags};

use super::SeriesName;
use crate::usage_labels::project_of;

/// The final value of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BucketValue {
    /// End of the bucket, unix seconds.
    pub(super) at: i64,
    pub(super) value: i64,
    /// False where another series has the same usage.
    pub(super) counts: bool,
}

/// Hands out the series of a store with their final values in a range of times, each in order of time.
pub(super) fn each_series(
    store: &dyn Store,
    range: &RangeInclusive<i64>,
    each: &mut dyn FnMut(SeriesName, &[BucketValue]),
) -> Result<(), StoreError> {
    for account in store.accounts()? {
        for (subjects, interval) in groups(store.subjects(&account)?) {
            of_group(store, &subjects, interval, range, each)?;
        }
    }
    Ok(())
}

/// The subjects that have the same usage, the one that is told apart furthest first. Filtered ones are
/// parts of others, and left out.
fn groups(subjects: Vec<(Subject, Interval)>) -> Vec<(Vec<Subject>, Interval)> {
    type Key = (String, String, Place, Interval);
    let mut groups: BTreeMap<Key, Vec<Subject>> = BTreeMap::new();
    for (subject, interval) in subjects {
        if subject.slice.filters().next().is_none() {
            let action = subject.slice.action().to_owned();
            let project = project_of(&subject).to_owned();
            let key = (action, project, subject.place.clone(), interval);
            groups.entry(key).or_default().push(subject);
        }
    }
    let sorted = |((_, _, _, interval), mut subjects): (Key, Vec<Subject>)| {
        // A sync names the default project, so that usage without a name is older.
        subjects.sort_by_key(|one| (Reverse(one.slice.group_by().count()), one.project.is_none()));
        (subjects, interval)
    };
    groups.into_iter().map(sorted).collect()
}

fn of_group(
    store: &dyn Store,
    subjects: &[Subject],
    interval: Interval,
    range: &RangeInclusive<i64>,
    each: &mut dyn FnMut(SeriesName, &[BucketValue]),
) -> Result<(), StoreError> {
    let all = all_time(interval)?;
    let mut answered: Vec<Span> = Vec::new();
    // Two subjects can have a series of one name; in each bucket one of them counts.
    let mut series: BTreeMap<SeriesName, BTreeMap<i64, BucketValue>> = BTreeMap::new();
    for subject in subjects {
        let mut lines: BTreeMap<Line, Vec<StoredPoint>> = BTreeMap::new();
        store.points(subject, all, &|_| true, &mut |line, points| {
            lines.entry(line.clone()).or_default().extend_from_slice(points);
        })?;
        let parts = Parts::new(&lines);
        for (line, points) in &lines {
            let values = series.entry(SeriesName::of(subject, interval, line)).or_default();
            for point in points.iter().filter(|point| point.is_final) {
                let at = point.start.saturating_add(interval.seconds());
                if range.contains(&at) {
                    let is_elsewhere = answered.iter().any(|span| holds(span, point.start))
                        || parts.has_whole(line, point.start);
                    let value = BucketValue { at, value: point.value, counts: !is_elsewhere };
                    if value.counts || !values.contains_key(&at) {
                        values.insert(at, value);
                    }
                }
            }
        }
        answered.extend(store.spans(subject, all)?);
    }
    for (name, values) in series {
        each(name, &values.into_values().collect::<Vec<_>>());
    }
    Ok(())
}

fn holds(span: &Span, start: i64) -> bool {
    (span.start..span.end).contains(&start)
}

/// The lines that are parts of another line, which the service sends beside them or instead.
struct Parts<'a> {
    parts: BTreeSet<&'a Line>,
    /// By metric, the buckets in which a line that is no part has a point.
    wholes: BTreeMap<&'a str, BTreeSet<i64>>,
}

impl<'a> Parts<'a> {
    fn new(lines: &'a BTreeMap<Line, Vec<StoredPoint>>) -> Self {
        let is_part = |line: &&Line| {
            let mut others = lines.keys().filter(|other| other.metric == line.metric);
            others.any(|other| is_more(&line.tags, &other.tags))
        };
        let parts: BTreeSet<&Line> = lines.keys().filter(is_part).collect();
        let mut wholes: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        if !parts.is_empty() {
            for (line, points) in lines.iter().filter(|(line, _)| !parts.contains(line)) {
                let starts = points.iter().map(|point| point.start);
                wholes.entry(line.metric.as_str()).or_default().extend(starts);
            }
        }
        Self { parts, wholes }
    }

    /// True when the usage of a line in a bucket is part of that of another line.
    fn has_whole(&self, line: &Line, start: i64) -> bool {
        let wholes = || self.wholes.get(line.metric.as_str());
        self.parts.contains(line) && wholes().is_some_and(|starts| starts.contains(&start))
    }
}

/// True when tags are all of others, and more.
fn is_more(tags: &Tags, others: &Tags) -> bool {
    tags.len() > others.len() && others.iter().all(|(key, value)| tags.get(key) == Some(value))
}
