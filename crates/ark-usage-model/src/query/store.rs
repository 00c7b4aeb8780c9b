//! The points that came, by series; and what to warn about.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::action::{DecodeWarnings, DecodedResponse, Oddity, ResponseLine};
use crate::query::job::Job;
use crate::{Metric, MetricTable, Points, Tags, Target, TargetId, UsageSeries, Warning, Window};

/// The points that came.
#[derive(Clone, Debug)]
pub(super) struct Store {
    window: Window,
    /// The instant stamps count from.
    epoch: i64,
    series: BTreeMap<SeriesKey, Points>,
    /// Metrics that the answer to a question could not tell of, with its window.
    untold: BTreeMap<Question, (Window, Vec<Metric>)>,
    warnings: BTreeMap<&'static str, (usize, String)>,
}

/// The question of an answer: target, batch, first and last bucket.
type Question = (TargetId, Batch, i64, i64);

/// The collected series.
#[derive(Debug, Default)]
pub(super) struct CollectedSeries {
    pub(super) series: Vec<UsageSeries>,
    /// Buckets to which not all batches of endpoint ids added, or of which not every answer could tell.
    pub(super) partial: Vec<(TargetId, Metric, i64)>,
    pub(super) warnings: Vec<Warning>,
}

/// A series as it is kept: one that has no endpoint tag is kept apart for each batch of endpoint
/// ids, because the whole is then the sum of the batches.
type SeriesKey = (TargetId, Metric, Tags, Batch);
/// First and last endpoint id, by position; the end is not included.
type Batch = (usize, usize);

impl Store {
    pub(super) fn new(window: Window, epoch: i64) -> Self {
        Self {
            window,
            epoch,
            series: BTreeMap::new(),
            untold: BTreeMap::new(),
            warnings: BTreeMap::new(),
        }
    }

    /// The stamp of an answer that comes now.
    pub(super) fn stamp(&self, unix: i64) -> i32 {
        Points::stamp(self.epoch, unix)
    }

    /// Takes an answer's points in; returns how many.
    pub(super) fn take(
        &mut self,
        job: &Job,
        decoded: DecodedResponse,
        targets: &[Target],
    ) -> usize {
        self.note_decode_warnings(&describe(targets, job.target), decoded.warnings);
        self.note_untold(job, decoded.untold);
        let points = decoded.lines.iter().map(|line| line.slots.len()).sum();
        let (window, epoch) = (self.window, self.epoch);
        let lines =
            decoded.lines.into_iter().map(|ResponseLine { metric, tags, slots, .. }| {
                let batch = match tags.get(Tags::ENDPOINT_ID) {
                    Some(_) => (0, 0),
                    None => (job.ids.start, job.ids.end),
                };
                ((job.target, metric, tags, batch), slots)
            });
        if self.series.is_empty() {
            // They are sorted: none has to be searched for.
            let new = |slots| {
                let mut points = Points::new(window, epoch);
                points.merge(slots);
                points
            };
            self.series = lines.map(|(key, slots)| (key, new(slots))).collect();
            return points;
        }
        for (key, slots) in lines {
            let metric = key.1.clone();
            let series = self.series.entry(key).or_insert_with(|| Points::new(window, epoch));
            let changed = series.merge(slots);
            if let Some((start, times)) = changed {
                self.warn("revised", times, || {
                    let target = describe(targets, job.target);
                    format!(
                        "two responses differ, the later one was used: {metric} of {target} at {start}"
                    )
                });
            }
        }
        points
    }

    /// Remembers what an answer could not tell; of two answers to one question the later counts.
    fn note_untold(&mut self, job: &Job, metrics: Vec<Metric>) {
        let Job { target, window, ref ids, .. } = *job;
        let question = (target, (ids.start, ids.end), window.first(), window.last());
        if metrics.is_empty() {
            self.untold.remove(&question);
        } else {
            self.untold.insert(question, (window, metrics));
        }
    }

    /// Takes out the buckets before `end` of metrics that are known, and of which an answer could not tell.
    fn take_untold(&mut self, end: i64) -> Vec<(TargetId, Metric, i64)> {
        let known: BTreeSet<&Metric> = self.series.keys().map(|(_, metric, ..)| metric).collect();
        let mut untold = Vec::new();
        for ((target, ..), (window, metrics)) in &self.untold {
            for metric in metrics.iter().filter(|metric| known.contains(metric)) {
                let buckets = window.buckets().take_while(|start| *start < end);
                untold.extend(buckets.map(|start| (*target, metric.clone(), start)));
            }
        }
        self.untold.retain(|_, (window, _)| window.end() > end);
        untold
    }

    /// Counts a warning; the first of each code tells its story.
    pub(super) fn warn(
        &mut self,
        code: &'static str,
        times: usize,
        message: impl FnOnce() -> String,
    ) {
        self.warnings.entry(code).or_insert_with(|| (0, message())).0 += times;
    }

    /// Takes out all that starts before `end`, with the batches of each series added up. A bucket
    /// of such a sum that a failed call might have added to is left out. Series stay known.
    pub(super) fn take_before(
        &mut self,
        end: i64,
        targets: &[Target],
        metrics: &MetricTable,
        failed: impl Fn(TargetId, i64) -> bool,
    ) -> CollectedSeries {
        let mut untold = self.take_untold(end);
        untold.retain(|(target, _, start)| !failed(*target, *start));
        let taken: Vec<_> = self
            .series
            .iter_mut()
            .map(|(key, points)| (key.clone(), points.take_before(end)))
            .collect();
        let mut all = taken.into_iter().peekable();
        let mut finished = CollectedSeries { partial: untold, ..CollectedSeries::default() };
        while let Some(((target, metric, tags, batch), points)) = all.next() {
            let mut parts = vec![(batch.0..batch.1, points)];
            while let Some((key, points)) =
                all.next_if(|((t, m, g, _), _)| (t, m, g) == (&target, &metric, &tags))
            {
                parts.push((key.3.0..key.3.1, points));
            }
            let wanted = targets.get(target.index()).map_or(0, |target| target.endpoint_ids.len());
            let whole = tags.get(Tags::ENDPOINT_ID).is_some()
                || parts.iter().all(|(ids, _)| ids.len() == wanted);
            let points = match parts.pop() {
                Some((_, only)) if whole && parts.is_empty() => only,
                Some(_) if !metrics.is_additive(&metric) => {
                    self.warn("not_additive", 1, || {
                        format!(
                            "{metric} of {} was reported separately for batches of endpoint \
                             ids, and its values must not be added up",
                            describe(targets, target)
                        )
                    });
                    Points::new(self.window, self.epoch)
                }
                Some(last) => {
                    parts.push(last);
                    let known = |start| !failed(target, start);
                    let of = Summed { target, metric: &metric, targets, wanted };
                    self.sum(&parts, of, known, &mut finished.partial)
                }
                None => continue,
            };
            finished.series.push(UsageSeries { target, metric, tags, points });
        }
        let warnings =
            std::mem::take(&mut self.warnings).into_iter().map(|(code, (times, message))| {
                let message =
                    if times > 1 { format!("{message} ({times} times in all)") } else { message };
                Warning { code, message }
            });
        finished.warnings = warnings.collect();
        finished
    }

    fn sum(
        &mut self,
        parts: &[(Range<usize>, Points)],
        of: Summed<'_>,
        known: impl Fn(i64) -> bool,
        partial: &mut Vec<(TargetId, Metric, i64)>,
    ) -> Points {
        let Summed { target, metric, targets, wanted } = of;
        let sums = Points::sum(self.window, self.epoch, parts);
        let mut points = Points::new(self.window, self.epoch);
        let mut kept = Vec::with_capacity(sums.len());
        for sum in sums {
            let start = self.window.start_of(sum.bucket);
            if !known(start) {
                continue;
            }
            if sum.ids < wanted {
                partial.push((target, metric.clone(), start));
                self.warn("partial_sum", 1, || {
                    format!(
                        "{metric} of {} at {start} is the sum of {} of {wanted} endpoint \
                         ids: the responses for the others do not have it",
                        describe(targets, target),
                        sum.ids
                    )
                });
            }
            match sum.slot() {
                Some(slot) => kept.push(slot),
                None => self.warn("overflow", 1, || {
                    let target = describe(targets, target);
                    format!("{metric} of {target} at {start} exceeds 64 bits")
                }),
            }
        }
        points.merge(kept);
        points
    }

    fn note_decode_warnings(&mut self, target: &str, warnings: DecodeWarnings) {
        let DecodeWarnings { contradictions, repeated, unaligned, outside, unreadable, other } =
            warnings;
        for Warning { code, message } in other {
            self.warn(code, 1, || message);
        }
        let line = |oddity: &Oddity| match &oddity.first {
            Some((line, _)) => format!("a response for {target} has {line} with"),
            None => format!("a response for {target} has"),
        };
        let label = |oddity: &Oddity| oddity.first.as_ref().map_or(0, |(_, label)| *label);
        if contradictions.times > 0 {
            self.warn("contradiction", contradictions.times, || {
                format!(
                    "{} one bucket twice with different values; the later value was used",
                    line(&contradictions)
                )
            });
        }
        if repeated.times > 0 {
            self.warn("repeated_row", repeated.times, || {
                format!("{} one bucket twice; it was counted once", line(&repeated))
            });
        }
        if unaligned.times > 0 {
            self.warn("unaligned_bucket", unaligned.times, || {
                format!(
                    "{} the timestamp {}, which is not the start of a bucket; it was ignored",
                    line(&unaligned),
                    label(&unaligned)
                )
            });
        }
        if outside.times > 0 {
            self.warn("outside_range", outside.times, || {
                let label = label(&outside);
                let is_too_large = label.unsigned_abs() >= MILLISECONDS;
                let unit = if is_too_large { ", as milliseconds are" } else { "" };
                format!(
                    "{} the timestamp {label}, which is outside the requested range{unit}; it was \
                     ignored",
                    line(&outside)
                )
            });
        }
        if unreadable.times > 0 {
            self.warn("unreadable_value", unreadable.times, || {
                format!(
                    "{} a value that is not a whole number from 0 to 2^63-1, or two values in one; it was \
                     ignored",
                    line(&unreadable)
                )
            });
        }
    }
}

/// Labels from here on, in the year 5138 as seconds, are milliseconds of 1973 or later.
const MILLISECONDS: u64 = 100_000_000_000;

/// The sum of several parts.
#[derive(Clone, Copy)]
struct Summed<'a> {
    target: TargetId,
    metric: &'a Metric,
    targets: &'a [Target],
    /// The endpoint ids it has to stand for.
    wanted: usize,
}

/// Returns the words for a target.
pub(super) fn describe(targets: &[Target], id: TargetId) -> String {
    targets.get(id.index()).map_or_else(|| format!("target {}", id.0), Target::describe)
}
