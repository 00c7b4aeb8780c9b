//! The subjects and lines that count.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_history::{Line, Place, Store, StoreError, Subject};
use ark_usage_model::{Interval, Metric, Tags, Window};

use crate::usage_labels::project_of;

/// Chooses one subject of those that have the same usage: hours before days, then the one that is told
/// apart furthest. Filtered ones are parts of others.
pub(super) fn chosen(subjects: Vec<(Subject, Interval)>) -> Vec<(Subject, Interval)> {
    type Usage = (String, String, Place);
    let mut best: BTreeMap<Usage, (Subject, Interval)> = BTreeMap::new();
    let unfiltered = |(subject, _): &(Subject, Interval)| subject.slice.filters().next().is_none();
    for (subject, interval) in subjects.into_iter().filter(unfiltered) {
        let action = subject.slice.action().to_owned();
        let usage = (action, project_of(&subject).to_owned(), subject.place.clone());
        let rank = |subject: &Subject, interval: Interval| {
            let keys = subject.slice.group_by().count();
            (std::cmp::Reverse(interval.seconds()), keys)
        };
        let is_better = best
            .get(&usage)
            .is_none_or(|(known, width)| rank(&subject, interval) > rank(known, *width));
        if is_better {
            best.insert(usage, (subject, interval));
        }
    }
    best.into_values().collect()
}

/// The lines of a subject that are parts of other lines, which the service sends beside them or instead.
#[derive(Debug, Default)]
pub(super) struct LineParts {
    parts: BTreeSet<Line>,
    /// By metric, the buckets in which a line that is no part has a point.
    wholes: BTreeMap<Metric, BTreeSet<i64>>,
}

impl LineParts {
    pub(super) fn read(
        store: &dyn Store,
        subject: &Subject,
        window: Window,
    ) -> Result<Self, StoreError> {
        let lines = std::cell::RefCell::new(BTreeSet::new());
        let list = |line: &Line| {
            lines.borrow_mut().insert(line.clone());
            false
        };
        store.points(subject, window, &list, &mut |_, _| {})?;
        let lines = lines.into_inner();
        let is_part = |line: &&Line| {
            let mut others = lines.iter().filter(|other| other.metric == line.metric);
            others.any(|other| is_more(&line.tags, &other.tags))
        };
        let parts: BTreeSet<Line> = lines.iter().filter(is_part).cloned().collect();
        let mut wholes: BTreeMap<Metric, BTreeSet<i64>> = BTreeMap::new();
        if !parts.is_empty() {
            let is_whole = |line: &Line| !parts.contains(line);
            store.points(subject, window, &is_whole, &mut |line, points| {
                let starts = points.iter().map(|point| point.start);
                wholes.entry(line.metric.clone()).or_default().extend(starts);
            })?;
        }
        Ok(Self { parts, wholes })
    }

    /// True when the usage of a line in a bucket is part of that of another line.
    pub(super) fn has_whole(&self, line: &Line, start: i64) -> bool {
        self.parts.contains(line)
            && self.wholes.get(&line.metric).is_some_and(|starts| starts.contains(&start))
    }
}

/// True when tags are all of others, and more.
fn is_more(tags: &Tags, others: &Tags) -> bool {
    tags.len() > others.len() && others.iter().all(|(key, value)| tags.get(key) == Some(value))
}
