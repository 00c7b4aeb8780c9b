//! The lines of one bucket whose sum is the whole, and the lines that are parts of it.
//!
//! Lines with different values of one tag key share no usage. The service may change its tags
//! between two answers, so the whole of one bucket may consist of lines with different keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Point, Tags, UsageSeries};

/// The lines of one bucket, from levels in order of preference. Each line carries a `T`.
#[derive(Debug)]
pub(super) struct Cover<'a, T> {
    /// The first level that came, and the lines of other levels that share no usage with it nor
    /// with each other. Lines without a point did not come. Empty when nothing came.
    pub(super) whole: Vec<CoveredLine<'a, T>>,
    /// The other lines that came, by level: parts of the whole, as far as tags can tell.
    parts: Vec<Vec<CoveredLine<'a, T>>>,
    disjoint: DisjointTags<'a>,
}

/// A line with its point of the bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct CoveredLine<'a, T> {
    pub(super) series: &'a UsageSeries,
    pub(super) about: T,
    pub(super) point: Option<Point>,
}

impl<T> CoveredLine<'_, T> {
    fn value(&self) -> i128 {
        self.point.map_or(0, |point| i128::from(point.value))
    }
}

fn sum_of<T>(lines: &[CoveredLine<'_, T>]) -> i128 {
    lines.iter().map(CoveredLine::value).sum()
}

impl<'a, T> Cover<'a, T> {
    /// Sorts the lines of the bucket that starts at `start`.
    pub(super) fn new<L>(levels: impl IntoIterator<Item = L>, start: i64) -> Self
    where
        L: IntoIterator<Item = (&'a UsageSeries, T)>,
    {
        let mut cover =
            Self { whole: Vec::new(), parts: Vec::new(), disjoint: DisjointTags::default() };
        let mut absent = Vec::new();
        for level in levels {
            let line = |(series, about): (&'a UsageSeries, T)| CoveredLine {
                series,
                about,
                point: series.points.get(start),
            };
            let lines = level.into_iter().map(line);
            if cover.whole.is_empty() {
                cover.whole.extend(lines);
                if cover.whole.iter().all(|line| line.point.is_none()) {
                    cover.whole.clear();
                }
            } else {
                cover.take_level(lines, &mut absent);
            }
        }
        // Had they come, they would count.
        absent.retain(|line| cover.disjoint.is_beside(&line.series.tags));
        cover.whole.append(&mut absent);
        cover
    }

    /// Takes in a level behind the first: lines beside the whole, and parts of it.
    fn take_level(
        &mut self,
        lines: impl Iterator<Item = CoveredLine<'a, T>>,
        absent: &mut Vec<CoveredLine<'a, T>>,
    ) {
        if self.disjoint.common.is_none() {
            let came = self.whole.iter().filter(|line| line.point.is_some());
            came.for_each(|line| self.disjoint.take(&line.series.tags));
        }
        let mut parts = Vec::new();
        for line in lines {
            if line.point.is_none() {
                absent.push(line);
            } else if self.disjoint.is_beside(&line.series.tags) {
                self.disjoint.take(&line.series.tags);
                self.whole.push(line);
            } else {
                parts.push(line);
            }
        }
        self.parts.extend((!parts.is_empty()).then_some(parts));
    }

    /// True when the parts, those of one level or all together, add up to what they are parts of.
    /// Otherwise they may as well stand beside it.
    pub(super) fn is_clear(&self) -> bool {
        if self.parts.is_empty() {
            return true;
        }
        let whole = Wholes::new(&self.whole, &self.disjoint);
        let of_all = whole.of(self.parts.iter().flatten());
        let levels: Vec<(i128, i128)> =
            self.parts.iter().map(|parts| (sum_of(parts), whole.of(parts))).collect();
        let all: i128 = levels.iter().map(|(sum, _)| sum).sum();
        levels.iter().all(|(sum, whole)| sum <= whole)
            && (all == of_all || levels.contains(&(of_all, of_all)))
    }

    /// True when the parts of one level are more than what they are parts of.
    pub(super) fn is_exceeded(&self) -> bool {
        let whole = Wholes::new(&self.whole, &self.disjoint);
        self.parts.iter().any(|parts| sum_of(parts) > whole.of(parts))
    }
}

/// The lines of a whole by the value of one tag key that they all have, so that parts can be
/// compared with what they are parts of.
struct Wholes<'a> {
    /// The key, and the sum of each value.
    by_value: Option<(&'a str, BTreeMap<&'a str, i128>)>,
    all: i128,
}

impl<'a> Wholes<'a> {
    fn new<T>(whole: &[CoveredLine<'a, T>], disjoint: &DisjointTags<'a>) -> Self {
        let all = sum_of(whole);
        let by_value = disjoint.most_telling().map(|key| {
            let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
            for line in whole {
                if let Some(value) = line.series.tags.get(key) {
                    *sums.entry(value).or_default() += line.value();
                }
            }
            (key, sums)
        });
        Self { by_value, all }
    }

    /// The sum of the lines that these may be parts of.
    fn of<'p, T: 'p>(&self, parts: impl IntoIterator<Item = &'p CoveredLine<'a, T>>) -> i128
    where
        'a: 'p,
    {
        let Some((key, sums)) = &self.by_value else { return self.all };
        let mut values = BTreeSet::new();
        for part in parts {
            let Some(value) = part.series.tags.get(key) else { return self.all };
            values.insert(value);
        }
        values.into_iter().filter_map(|value| sums.get(value)).sum()
    }
}

/// The tags of lines that share no usage.
#[derive(Debug, Default)]
struct DisjointTags<'a> {
    /// The keys that every line has, with their values; `None` without a line.
    common: Option<BTreeMap<&'a str, BTreeSet<&'a str>>>,
    /// The lines by their keys; `None` when there are too many sets of keys to compare.
    groups: Option<Vec<Group<'a>>>,
}

/// Lines with the same keys.
#[derive(Debug)]
struct Group<'a> {
    lines: Vec<&'a Tags>,
    /// The values that the lines have under some of their keys, so that a line with these keys is
    /// found without going through all.
    values: BTreeMap<Vec<&'a str>, BTreeSet<Vec<&'a str>>>,
}

/// Lines are compared by the sets of their keys up to this many sets. The service has a handful of
/// keys; more than this is an answer made to cost time.
const GROUPS: usize = 32;

impl<'a> DisjointTags<'a> {
    /// True when every line has another value than these tags under a key that both have.
    fn is_beside(&mut self, tags: &'a Tags) -> bool {
        let Some(common) = &self.common else { return true };
        let is_new = |(key, value)| {
            common.get(key).is_some_and(|values: &BTreeSet<&str>| !values.contains(value))
        };
        tags.iter().any(is_new)
            || self.groups.as_mut().is_some_and(|groups| {
                groups.iter_mut().all(|group: &mut Group<'_>| group.differs(tags))
            })
    }

    fn take(&mut self, tags: &'a Tags) {
        self.take_group(tags);
        let known = self.common.take();
        let is_first = known.is_none();
        let mut known = known.unwrap_or_default();
        let mut common = BTreeMap::new();
        for (key, value) in tags.iter() {
            let values = known.remove(key).or_else(|| is_first.then(BTreeSet::new));
            if let Some(mut values) = values {
                values.insert(value);
                common.insert(key, values);
            }
        }
        self.common = Some(common);
    }

    fn take_group(&mut self, tags: &'a Tags) {
        if self.common.is_none() {
            self.groups = Some(Vec::new());
        }
        let Some(groups) = &mut self.groups else { return };
        if let Some(group) = groups.iter_mut().find(|group| group.has_keys_of(tags)) {
            group.take(tags);
        } else if groups.len() < GROUPS {
            groups.push(Group { lines: vec![tags], values: BTreeMap::new() });
        } else {
            self.groups = None;
        }
    }

    /// The common key with the most values.
    fn most_telling(&self) -> Option<&'a str> {
        let keys = self.common.iter().flatten();
        keys.max_by_key(|(_, values)| values.len()).map(|(key, _)| *key)
    }
}

impl<'a> Group<'a> {
    fn has_keys_of(&self, tags: &Tags) -> bool {
        self.lines.first().is_some_and(|line| line.keys().eq(tags.keys()))
    }

    fn take(&mut self, tags: &'a Tags) {
        for (keys, values) in &mut self.values {
            values.insert(values_of(tags, keys));
        }
        self.lines.push(tags);
    }

    /// True when no line has the same values as these tags under all keys that both have.
    fn differs(&mut self, tags: &'a Tags) -> bool {
        let Some(line) = self.lines.first() else { return true };
        let keys: Vec<&'a str> = tags.keys().filter(|key| line.get(key).is_some()).collect();
        let own = values_of(tags, &keys);
        let lines = &self.lines;
        let values = self
            .values
            .entry(keys)
            .or_insert_with_key(|keys| lines.iter().map(|line| values_of(line, keys)).collect());
        !values.contains(&own)
    }
}

fn values_of<'a>(tags: &'a Tags, keys: &[&str]) -> Vec<&'a str> {
    keys.iter().filter_map(|key| tags.get(key)).collect()
}
