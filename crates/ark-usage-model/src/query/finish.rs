//! From what came to the report: which buckets did not come, and why.

use std::collections::BTreeMap;

use crate::query::UsageQuery;
use crate::query::account_queue::AccountQueue;
use crate::query::store::{CollectedSeries, describe};
use crate::report::{
    Call, CallFailure, Coverage, Gap, GapReason, UsageReport, UsageSeries, Warning, unclear_whole,
};
use crate::{Metric, MetricTable, Tags, Target, TargetId, Window};

impl UsageQuery {
    /// Everything that was found out and not taken yet. What is still queued or out counts as
    /// interrupted.
    pub fn into_report(mut self) -> UsageReport {
        self.give_up(&CallFailure::Interrupted);
        self.report(self.rest)
    }

    /// Takes out the report on the buckets from the first on about which nothing more will come,
    /// if there are any: for people who want rows as they come, and for ranges too large to keep.
    /// The last bucket is left for [`into_report`](Self::into_report), which then reports on what
    /// was not taken. A series that is not known yet when a part is taken has no rows in it.
    pub fn take_finished(&mut self) -> Option<UsageReport> {
        let waiting = self.queues.iter().filter_map(AccountQueue::first_waiting);
        let out = self.out.values().map(|out| out.job.first());
        let frontier = waiting.chain(out).chain(self.end_time.first_held()).min();
        let frontier = frontier.unwrap_or(i64::MAX).min(self.rest.last());
        let (part, rest) = self.rest.cut_before(frontier)?;
        self.rest = rest;
        Some(self.report(part))
    }

    /// The report on a part of the window; takes out what it tells.
    fn report(&mut self, part: Window) -> UsageReport {
        let metrics = self.action.metrics();
        let server_now = self.server_now();
        let failed = self.take_failed(part.end(), server_now);
        let hit =
            |target, start| failed.iter().any(|gap| gap.target == target && gap.covers(start));
        let CollectedSeries { series, partial, mut warnings } =
            self.store.take_before(part.end(), &self.targets, &metrics, hit);
        warnings.extend(unclear_tags(&series, part, &metrics, &self.targets));
        let scan =
            CoverageScan { window: part, server_now, targets: &self.targets, failed: &failed };
        let unreturned = scan.unreturned(&series, &partial);
        let any_failed = !failed.is_empty();
        let mut missing = failed;
        missing.extend(unreturned);
        missing.sort_by(|one, two| place(one).cmp(&place(two)));
        UsageReport {
            window: part,
            metrics,
            targets: self.targets.clone(),
            series,
            coverage: Coverage {
                complete: missing.is_empty(),
                failed: any_failed,
                missing,
                parts: Vec::new(),
            },
            calls: self.take_calls(part.end()),
            warnings,
            settle: self.options.settle,
            clock_offset: self.server_clock.offset(),
        }
    }

    /// Takes the gaps of failed calls before `end`; later ones stay. What has not begun by the
    /// server's clock is no failure: this machine's clock was ahead when it was asked for.
    fn take_failed(&mut self, end: i64, server_now: i64) -> Vec<Gap> {
        let not_begun = self.window.interval().next_start(server_now);
        let mut taken = Vec::new();
        self.failed.retain_mut(|gap| {
            if gap.start < end {
                let part = Gap { end: gap.end.min(end).min(not_begun), ..gap.clone() };
                taken.extend((part.start < part.end).then_some(part));
                gap.start = end;
            }
            gap.start < gap.end
        });
        taken
    }

    /// The calls that asked for nothing from `end` on.
    fn take_calls(&mut self, end: i64) -> Vec<Call> {
        let (mut taken, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.calls).into_iter().partition(|call| call.window.last() < end);
        self.calls = kept;
        taken.sort_by_key(|call| (call.target, call.window.first(), call.ids.start));
        taken
    }
}

/// Says that totals may leave something out, because lines with different tags do not fit together.
fn unclear_tags(
    series: &[UsageSeries],
    part: Window,
    metrics: &MetricTable,
    targets: &[Target],
) -> Option<Warning> {
    let additive = |one: &UsageSeries| metrics.is_additive(&one.metric);
    let (one, start, times) = unclear_whole(series, part, additive)?;
    let times = if times > 1 { format!(" ({times} times in all)") } else { String::new() };
    let message = format!(
        "series with more tags do not add up to those with fewer: {} of {} at {start}; \
         those with the fewest were used as the total{times}",
        one.metric,
        describe(targets, one.target)
    );
    Some(Warning { code: "unclear_tags", message })
}

/// The sort key of a gap.
fn place(gap: &Gap) -> (TargetId, &Option<Metric>, i64, usize) {
    (gap.target, &gap.metric, gap.start, gap.ids.start)
}

/// A scan of a part of the window for missing buckets, when no more responses are expected.
struct CoverageScan<'a> {
    window: Window,
    /// Buckets that start later have not begun.
    server_now: i64,
    targets: &'a [Target],
    /// The gaps of failed calls: not reported a second time.
    failed: &'a [Gap],
}

impl CoverageScan<'_> {
    /// The buckets that were answered for, but did not come: by target and metric, joined to runs.
    /// A target of which nothing at all came has no metric.
    fn unreturned(&self, series: &[UsageSeries], partial: &[(TargetId, Metric, i64)]) -> Vec<Gap> {
        let mut absent: BTreeMap<(TargetId, Option<Metric>), Vec<bool>> = BTreeMap::new();
        for one in series {
            let known = (one.target, Some(one.metric.clone()));
            let absent = absent.entry(known).or_insert_with(|| vec![false; self.window.len()]);
            self.mark(one, absent);
        }
        for (target, metric, start) in partial {
            let known = (*target, Some(metric.clone()));
            if let (Some(absent), Some(index)) =
                (absent.get_mut(&known), self.window.index_of(*start))
                && let Some(flag) = usize::try_from(index).ok().and_then(|i| absent.get_mut(i))
            {
                *flag = true;
            }
        }
        for (_, id) in self.targets.iter().zip((0_u32..).map(TargetId)) {
            if !series.iter().any(|one| one.target == id) {
                let flags = self.window.buckets().map(|start| !self.has_failed(id, start, None));
                absent.insert((id, None), flags.collect());
            }
        }
        let runs = absent
            .into_iter()
            .flat_map(|((target, metric), absent)| self.runs(target, metric.as_ref(), &absent));
        runs.chain(self.unheard(series)).collect()
    }

    /// The endpoint ids asked for of which no line came, where lines are told by endpoint: nobody
    /// can know whether they have usage.
    fn unheard(&self, series: &[UsageSeries]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for (target, id) in self.targets.iter().zip((0_u32..).map(TargetId)) {
            let lines: Vec<&UsageSeries> = series.iter().filter(|one| one.target == id).collect();
            let by_endpoint = |line: &UsageSeries| line.tags.get(Tags::ENDPOINT_ID).is_some();
            if !lines.iter().any(|line| by_endpoint(line)) {
                continue;
            }
            for (place, endpoint) in target.endpoint_ids.iter().enumerate() {
                let is_its =
                    |line: &&UsageSeries| line.tags.get(Tags::ENDPOINT_ID) == Some(endpoint);
                if lines.iter().any(is_its) {
                    continue;
                }
                let unknown = self.window.buckets().map(|start| {
                    let in_a_sum = |line: &&UsageSeries| {
                        !by_endpoint(line) && line.points.get(start).is_some()
                    };
                    !lines.iter().any(in_a_sum) && !self.has_failed(id, start, Some(place))
                });
                let unknown: Vec<bool> = unknown.collect();
                let runs = self.runs(id, None, &unknown);
                gaps.extend(runs.into_iter().map(|gap| Gap { ids: place..place + 1, ..gap }));
            }
        }
        gaps
    }

    /// Marks the buckets of a series that did not come, but for those a failed call asked for.
    fn mark(&self, series: &UsageSeries, absent: &mut [bool]) {
        let ids = self.targets.get(series.target.index()).map(|target| &target.endpoint_ids);
        let endpoint = series.tags.get(Tags::ENDPOINT_ID);
        let place = endpoint.zip(ids).and_then(|(id, ids)| ids.iter().position(|one| one == id));
        let mut came = series.points.iter().map(|(start, _)| start).peekable();
        for (start, absent) in self.window.buckets().zip(absent) {
            if came.next_if_eq(&start).is_none() {
                *absent |= !self.has_failed(series.target, start, place);
            }
        }
    }

    /// True when a failed call asked for this bucket (of this endpoint id, when given).
    fn has_failed(&self, target: TargetId, start: i64, id: Option<usize>) -> bool {
        self.failed.iter().any(|gap| {
            gap.target == target
                && gap.covers(start)
                && id.is_none_or(|id| gap.ids.is_empty() || gap.ids.contains(&id))
        })
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
