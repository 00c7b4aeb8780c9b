//! Which buckets of a part of the window did not come, although nothing more is expected.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{Gap, GapReason, UsageSeries};
use crate::{Metric, Tags, Target, TargetId, Window};

/// A scan of a part of the window for missing buckets, when no more responses are expected.
pub(super) struct CoverageScan<'a> {
    pub(super) window: Window,
    /// Buckets that start later have not begun.
    pub(super) server_now: i64,
    pub(super) targets: &'a [Target],
    /// The failed calls: what they asked for is not reported a second time.
    pub(super) failures: Failures<'a>,
}

impl CoverageScan<'_> {
    /// The buckets that were answered for, but did not come: by target and metric, joined to runs.
    /// A target of which nothing at all came has no metric.
    pub(super) fn unreturned(
        &self,
        series: &[UsageSeries],
        partial: &[(TargetId, Metric, i64)],
    ) -> Vec<Gap> {
        let places: Vec<EndpointPlaces<'_>> =
            self.targets.iter().map(EndpointPlaces::new).collect();
        let mut absent: BTreeMap<(TargetId, Option<&Metric>), Vec<bool>> = BTreeMap::new();
        for one in series {
            let known = (one.target, Some(&one.metric));
            let absent = absent.entry(known).or_insert_with(|| vec![false; self.window.len()]);
            self.mark(one, places.get(one.target.index()), absent);
        }
        let known: BTreeSet<TargetId> = series.iter().map(|one| one.target).collect();
        for (target, metric, start) in partial.iter().filter(|(id, ..)| known.contains(id)) {
            let Some(index) = self.window.index_of(*start) else { continue };
            let none = || vec![false; self.window.len()];
            let absent = absent.entry((*target, Some(metric))).or_insert_with(none);
            if let Some(flag) = usize::try_from(index).ok().and_then(|i| absent.get_mut(i)) {
                *flag = true;
            }
        }
        for (_, id) in self.targets.iter().zip((0_u32..).map(TargetId)) {
            if !known.contains(&id) {
                let buckets = self.window.buckets();
                let flags = buckets.map(|start| !self.failures.cover(id, start, None));
                absent.insert((id, None), flags.collect());
            }
        }
        let runs = absent
            .into_iter()
            .flat_map(|((target, metric), absent)| self.runs(target, metric, &absent));
        runs.chain(self.unheard(series)).collect()
    }

    /// The endpoint ids asked for of which no line came, where lines are told by endpoint: nobody
    /// can know whether they have usage.
    fn unheard(&self, series: &[UsageSeries]) -> Vec<Gap> {
        let mut by_target: BTreeMap<TargetId, Vec<&UsageSeries>> = BTreeMap::new();
        for line in series {
            by_target.entry(line.target).or_default().push(line);
        }
        let mut gaps = Vec::new();
        for (id, lines) in &by_target {
            let heard: BTreeSet<&str> =
                lines.iter().filter_map(|line| line.tags.get(Tags::ENDPOINT_ID)).collect();
            let Some(target) = self.targets.get(id.index()).filter(|_| !heard.is_empty()) else {
                continue;
            };
            let sums: Vec<&&UsageSeries> =
                lines.iter().filter(|line| line.tags.get(Tags::ENDPOINT_ID).is_none()).collect();
            let in_a_sum: Vec<bool> = self
                .window
                .buckets()
                .map(|start| sums.iter().any(|line| line.points.get(start).is_some()))
                .collect();
            for (place, endpoint) in target.endpoint_ids.iter().enumerate() {
                if heard.contains(endpoint.as_str()) {
                    continue;
                }
                let buckets = self.window.buckets().zip(&in_a_sum);
                let unknown: Vec<bool> = buckets
                    .map(|(start, summed)| !summed && !self.failures.cover(*id, start, Some(place)))
                    .collect();
                let runs = self.runs(*id, None, &unknown);
                gaps.extend(runs.into_iter().map(|gap| Gap { ids: place..place + 1, ..gap }));
            }
        }
        gaps
    }

    /// Marks the buckets of a series that did not come, but for those a failed call asked for.
    fn mark(&self, series: &UsageSeries, places: Option<&EndpointPlaces<'_>>, absent: &mut [bool]) {
        let endpoint = series.tags.get(Tags::ENDPOINT_ID);
        let place = endpoint.zip(places).and_then(|(id, places)| places.0.get(id).copied());
        let mut came = series.points.iter().map(|(start, _)| start).peekable();
        for (start, absent) in self.window.buckets().zip(absent) {
            if came.next_if_eq(&start).is_none() {
                *absent |= !self.failures.cover(series.target, start, place);
            }
        }
    }

    fn runs(&self, target: TargetId, metric: Option<&Metric>, absent: &[bool]) -> Vec<Gap> {
        let ids = 0..self.targets.get(target.index()).map_or(0, |target| target.endpoint_ids.len());
        let seconds = self.window.interval().seconds();
        let mut runs: Vec<Gap> = Vec::new();
        for (start, _) in self.window.buckets().zip(absent).filter(|(_, absent)| **absent) {
            let reason =
                if start > self.server_now { GapReason::NotBegun } else { GapReason::NotReturned };
            match runs.last_mut() {
                Some(run) if run.end == start && run.reason == reason => run.end += seconds,
                _ => runs.push(Gap {
                    target,
                    metric: metric.cloned(),
                    ids: ids.clone(),
                    start,
                    end: start + seconds,
                    reason,
                }),
            }
        }
        runs
    }
}

/// The places of a target's endpoint ids: searching the list for each line would cost the square of
/// its length.
struct EndpointPlaces<'a>(BTreeMap<&'a str, usize>);

impl<'a> EndpointPlaces<'a> {
    fn new(target: &'a Target) -> Self {
        Self(target.endpoint_ids.iter().map(String::as_str).zip(0..).collect())
    }
}

/// The failed calls of a part of the window, prepared for being asked about every bucket.
pub(super) struct Failures<'a> {
    window: Window,
    by_target: BTreeMap<TargetId, TargetFailures<'a>>,
}

/// The failed calls of one target.
struct TargetFailures<'a> {
    /// By bucket: some call asked for it.
    any: Vec<bool>,
    /// Calls about all of the target.
    whole: Vec<&'a Gap>,
    /// The others by stretches of endpoint ids that are in the same calls, by their first id.
    by_ids: BTreeMap<usize, Vec<&'a Gap>>,
}

impl<'a> Failures<'a> {
    pub(super) fn new(failed: &'a [Gap], window: Window) -> Self {
        let mut gaps: BTreeMap<TargetId, Vec<&Gap>> = BTreeMap::new();
        for gap in failed {
            gaps.entry(gap.target).or_default().push(gap);
        }
        let prepared =
            gaps.into_iter().map(|(target, gaps)| (target, TargetFailures::new(&gaps, window)));
        Self { window, by_target: prepared.collect() }
    }

    /// True when a failed call asked for this bucket (of this endpoint id, when given).
    pub(super) fn cover(&self, target: TargetId, start: i64, id: Option<usize>) -> bool {
        let Some(failures) = self.by_target.get(&target) else { return false };
        let bucket = self.window.index_of(start).and_then(|bucket| usize::try_from(bucket).ok());
        if !bucket.and_then(|bucket| failures.any.get(bucket)).copied().unwrap_or(false) {
            return false;
        }
        let Some(id) = id else { return true };
        let of_id = failures.by_ids.range(..=id).next_back().map(|(_, gaps)| gaps);
        failures.whole.iter().chain(of_id.into_iter().flatten()).any(|gap| gap.covers(start))
    }
}

impl<'a> TargetFailures<'a> {
    fn new(gaps: &[&'a Gap], window: Window) -> Self {
        let seconds = window.interval().seconds();
        let mut any = vec![false; window.len()];
        for gap in gaps {
            // Gaps may reach beyond the window at both ends.
            let before = (gap.start - window.first()).max(0) / seconds;
            let first = usize::try_from(before).unwrap_or(usize::MAX);
            let buckets = window.buckets().zip(&mut any).skip(first);
            buckets.take_while(|(start, _)| *start < gap.end).for_each(|(start, flag)| {
                *flag |= gap.covers(start);
            });
        }
        let (whole, some): (Vec<&Gap>, Vec<&Gap>) = gaps.iter().partition(|gap| gap.ids.is_empty());
        let edges = some.iter().flat_map(|gap| [gap.ids.start, gap.ids.end]);
        let mut by_ids: BTreeMap<usize, Vec<&Gap>> = edges.map(|edge| (edge, Vec::new())).collect();
        for gap in some {
            for (_, gaps) in by_ids.range_mut(gap.ids.clone()) {
                gaps.push(gap);
            }
        }
        Self { any, whole, by_ids }
    }
}
