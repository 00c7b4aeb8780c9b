//! Shares: the usage of a query, told apart by tags as far as its lines do.
//!
//! A target's lines may be a whole beside its parts, or beside several ways to part it. Whoever
//! wants to know the usage of each endpoint takes the lines that name endpoints; but the sum must
//! stay that of the whole. So for each bucket one level of lines is taken, and what it does not
//! explain of the whole is a share of its own, which names nobody.

use std::collections::BTreeMap;

use super::cover::Cover;
use super::rows::Label;
use super::totals::Levels;
use crate::report::{ReportIndex, RunningSum};
use crate::{BucketTotal, Metric, State, Tags, Target, TargetId, UsageReport, UsageSeries, Window};

/// The usage that lines of the same tags account for, or that no line does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribution {
    /// The target.
    pub target: TargetId,
    /// The metric.
    pub metric: Metric,
    /// The tags asked for, as far as they are known.
    pub tags: Tags,
    /// The names its tags and its target give it.
    pub label: Label,
    /// Its buckets, in order; not every bucket of the query.
    pub cells: Vec<Cell>,
}

/// One bucket of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cell {
    /// Start of the bucket, unix seconds.
    pub start: i64,
    /// Exact; `None` when it did not come. What nobody accounts for is negative where parts exceed
    /// their whole, as they may while usage still comes in.
    pub value: Option<i128>,
    /// Final, settling or missing.
    pub state: State,
    /// The time of the response, unix seconds; of several responses, the last.
    pub fetched_at: Option<i64>,
}

impl UsageReport {
    /// Every line by itself, wholes and parts alike: not for adding up.
    pub fn lines(&self, now_unix: i64) -> Vec<Attribution> {
        self.lines_within(self.window, now_unix)
    }

    /// The same [lines](Self::lines) in a part of the window.
    pub fn lines_within(&self, window: Window, now_unix: i64) -> Vec<Attribution> {
        let line = |series: &UsageSeries| {
            let starts = window.buckets();
            let cells = starts.map(|start| self.cell(series, start, now_unix)).collect();
            self.share(series.target, &series.metric, series.tags.clone(), cells)
        };
        self.series.iter().map(line).collect()
    }

    /// The usage of every target, told apart by tag keys, the first of them before the others where
    /// no line knows all. Whatever the keys, the values of all
    /// shares of a metric add up to its [total](UsageReport::totals).
    ///
    /// What a target says by itself (its only endpoint, scene or batch job) is in the label of
    /// all its shares.
    pub fn attribute(&self, keys: &[&str], now_unix: i64) -> Vec<Attribution> {
        self.attribute_within(keys, self.window, now_unix)
    }

    /// The same [shares](Self::attribute) in a part of the window. Each bucket stands for itself, so that long
    /// windows can be attributed piece by piece.
    pub fn attribute_within(
        &self,
        keys: &[&str],
        window: Window,
        now_unix: i64,
    ) -> Vec<Attribution> {
        let mut shares = Vec::new();
        let index = self.index();
        for metric in index.metrics() {
            for target in index.targets_of(metric) {
                let place = (target, metric);
                let cells = self.attribute_metric(&index, place, keys, window, now_unix);
                let share = |(tags, cells)| self.share(target, metric, tags, cells);
                shares.extend(cells.into_iter().map(share));
            }
        }
        shares
    }

    fn attribute_metric(
        &self,
        index: &ReportIndex<'_>,
        (target, metric): (TargetId, &Metric),
        keys: &[&str],
        window: Window,
        now_unix: i64,
    ) -> Vec<(Tags, Vec<Cell>)> {
        let asked = self.targets.get(target.index());
        let keys: Vec<&str> = keys.iter().copied().filter(|key| !is_fixed(asked, key)).collect();
        let levels = index.levels(target, metric);
        let mut places = Places::default();
        let choices = choices(&levels, &keys, &mut places);
        for start in window.buckets() {
            let whole = levels.whole(self, start, now_unix);
            let cover = Cover::new(choices.iter().map(Choice::placed), start).whole;
            let mut rest = whole.value;
            let mut named = false;
            for line in &cover {
                let cell = self.cell(line.series, start, now_unix);
                // Parts of a metric that must not be added up do not explain the whole.
                rest = rest.filter(|_| levels.additive).map(|rest| rest - cell.value.unwrap_or(0));
                places.add(line.about.place, cell);
                named = true;
            }
            // Lines that know more did not come for this bucket: nobody knows their share of it.
            let known = cover.first().map(|line| line.about.known);
            let absent = choices.first().filter(|finest| known.is_none_or(|it| finest.known > it));
            for (series, place) in absent.iter().flat_map(|finest| &finest.lines) {
                places.add(*place, self.cell(series, start, now_unix));
                named = true;
            }
            let failed = index.has_failed(target, start);
            if let Some(cell) = unexplained(&whole, rest, named, failed) {
                places.add(Places::UNATTRIBUTED, cell);
            }
        }
        places.sums(levels.additive)
    }

    fn cell(&self, series: &UsageSeries, start: i64, now_unix: i64) -> Cell {
        let point = series.points.get(start);
        Cell {
            start,
            value: point.map(|point| i128::from(point.value)),
            state: point
                .map_or(State::Missing, |point| self.state(start, point.fetched_at, now_unix)),
            fetched_at: point.map(|point| point.fetched_at),
        }
    }

    fn share(
        &self,
        target: TargetId,
        metric: &Metric,
        tags: Tags,
        cells: Vec<Cell>,
    ) -> Attribution {
        let label = Label::new(self.targets.get(target.index()), &tags);
        Attribution { target, metric: metric.clone(), tags, label, cells }
    }
}

/// The unattributed rest of a bucket total when its lines are subtracted, where there is any.
/// Something that `failed` may be missing, and nobody knows of whom.
fn unexplained(whole: &BucketTotal, rest: Option<i128>, named: bool, failed: bool) -> Option<Cell> {
    let value = rest.filter(|rest| *rest != 0);
    let state = if failed { State::Missing } else { whole.state };
    (value.is_some() || failed || !named).then_some(Cell {
        start: whole.start,
        value,
        state,
        fetched_at: value.and(whole.fetched_at),
    })
}

/// True when a target fixes the value of a tag.
fn is_fixed(target: Option<&Target>, key: &str) -> bool {
    target.is_some_and(|target| match key {
        Tags::ENDPOINT_ID => target.endpoint_ids.len() == 1,
        Tags::SCENE => target.scenes.len() == 1,
        Tags::BATCH_JOB_ID if target.batch_job_id.is_some() => true,
        Tags::PROJECT => target.project.is_some(),
        key => target.only_value(key).is_some(),
    })
}

/// One level of lines, and under which of the places each is counted.
struct Choice<'a> {
    /// The keys it knows, the first of them as the highest bit.
    known: u64,
    lines: Vec<(&'a UsageSeries, usize)>,
}

/// The place of a line, and the keys its level knows.
#[derive(Clone, Copy, Debug)]
struct Placed {
    place: usize,
    known: u64,
}

impl<'a> Choice<'a> {
    /// Its lines with their places.
    fn placed(&self) -> impl Iterator<Item = (&'a UsageSeries, Placed)> {
        let known = self.known;
        self.lines.iter().map(move |(series, place)| (*series, Placed { place: *place, known }))
    }
}

/// The levels, best first: those that know the first key, of them those that know the second, and so
/// on; and of those alike the coarsest.
fn choices<'a>(levels: &Levels<'a>, keys: &[&str], places: &mut Places) -> Vec<Choice<'a>> {
    let known = |level: &[&str]| {
        keys.iter().fold(0_u64, |known, key| (known << 1) | u64::from(level.contains(key)))
    };
    let mut sorted: Vec<_> = levels.iter().collect();
    // Levels come coarsest first, and the sort keeps that order between equals.
    sorted.sort_by_key(|(level, _)| std::cmp::Reverse(known(level)));
    let mut choice = |level: &[&str], lines: &[&'a UsageSeries]| Choice {
        known: known(level),
        lines: lines.iter().map(|line| (*line, places.of(&line.tags, keys))).collect(),
    };
    sorted.into_iter().map(|(level, lines)| choice(level, lines)).collect()
}

/// Cells by what their lines say under the keys.
struct Places {
    cells: Vec<(Tags, Vec<Cell>)>,
    /// The place of each.
    known: BTreeMap<Tags, usize>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            cells: vec![(Tags::default(), Vec::new())],
            known: BTreeMap::from([(Tags::default(), Self::UNATTRIBUTED)]),
        }
    }
}

impl Places {
    /// Of lines that say nothing, and of what no line accounts for.
    const UNATTRIBUTED: usize = 0;

    fn of(&mut self, tags: &Tags, keys: &[&str]) -> usize {
        let pairs = tags.iter().filter(|(key, _)| keys.contains(key));
        let tags = Tags::new(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())));
        *self.known.entry(tags).or_insert_with_key(|tags| {
            self.cells.push((tags.clone(), Vec::new()));
            self.cells.len() - 1
        })
    }

    /// Adds a cell, behind those of the same bucket.
    fn add(&mut self, place: usize, cell: Cell) {
        if let Some((_, cells)) = self.cells.get_mut(place) {
            cells.push(cell);
        }
    }

    /// One cell for each bucket that has any, summed where that makes sense.
    fn sums(self, additive: bool) -> Vec<(Tags, Vec<Cell>)> {
        let sum = |cells: &[Cell]| {
            let mut sum = RunningSum::new(additive);
            for cell in cells {
                sum.add(cell.value);
            }
            Some(Cell {
                start: cells.first()?.start,
                value: sum.value(),
                state: cells.iter().map(|cell| cell.state).max()?,
                fetched_at: cells.iter().filter_map(|cell| cell.fetched_at).max(),
            })
        };
        let of_buckets = |cells: Vec<Cell>| {
            let buckets = cells.chunk_by(|one, two| one.start == two.start);
            buckets.filter_map(sum).collect::<Vec<Cell>>()
        };
        let named = self.cells.into_iter().map(|(tags, cells)| (tags, of_buckets(cells)));
        named.filter(|(_, cells)| !cells.is_empty()).collect()
    }
}

#[cfg(test)]
#[path = "attribution_tests.rs"]
mod tests;
