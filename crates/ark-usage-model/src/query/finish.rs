//! From what came to the report: which buckets did not come, and why.

use crate::query::UsageQuery;
use crate::query::account_queue::AccountQueue;
use crate::query::coverage_scan::{CoverageScan, Failures};
use crate::query::store::{CollectedSeries, describe};
use crate::report::{
    Call, CallFailure, Coverage, Gap, GapReason, UsageReport, UsageSeries, Warning, unclear_whole,
};
use crate::{Metric, MetricTable, Target, TargetId, Window};

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
        let failures = Failures::new(&failed, part);
        let hit = |target, start| failures.cover(target, start, None);
        let CollectedSeries { series, partial, mut warnings } =
            self.store.take_before(part.end(), &self.targets, &metrics, hit);
        warnings.extend(unclear_tags(&series, part, &metrics, &self.targets));
        let scan = CoverageScan { window: part, server_now, targets: &self.targets, failures };
        let unreturned = scan.unreturned(&series, &partial);
        let any_failed = failed.iter().any(|gap| matches!(gap.reason, GapReason::CallFailed(_)));
        let mut missing = failed;
        missing.extend(unreturned);
        missing.sort_by(|one, two| place(one).cmp(&place(two)));
        UsageReport {
            window: part,
            metrics,
            action: self.action.name(),
            dimensions: self.action.dimensions(),
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

    /// Takes the gaps that were not answered for before `end`; later ones stay. What has not begun by the
    /// server's clock is no failure: this machine's clock was ahead when it was asked for.
    fn take_failed(&mut self, end: i64, server_now: i64) -> Vec<Gap> {
        let not_begun = self.window.next_start(server_now);
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
