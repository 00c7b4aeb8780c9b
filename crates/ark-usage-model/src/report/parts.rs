//! Parts asked for by themselves, laid beside their whole.
//!
//! The service tells parts apart by tags when it wants to. Where it does not, whoever wants to know
//! asks for the parts too: each scene, or the endpoints by id. What such a target says by itself
//! becomes a tag of its lines, and the lines become those of the whole they are parts of; so the
//! rule of all sums holds, that a whole beside its parts is the whole.

use std::collections::BTreeSet;

use crate::report::GapReason;
use crate::report::totals::exceeded_whole;
use crate::{
    Call, CallFailure, Gap, Metric, Shortfall, Tags, Target, TargetId, UsageReport, UsageSeries,
    Warning,
};

impl UsageReport {
    /// Takes in the report on parts. `whole_of` says, for each target of `parts`, of which target
    /// of this report it is a part; parts of nothing are dropped. Both are on the same window.
    ///
    /// Totals stay what they were. Parts that the service did not return say nothing; those it
    /// did not answer for are in [`Coverage::parts`](crate::Coverage::parts).
    pub fn add_parts(&mut self, parts: Self, whole_of: &[TargetId]) {
        let whole = |part: TargetId| whole_of.get(part.index()).copied();
        let added = parts.series.into_iter().filter_map(|series| {
            let target = whole(series.target)?;
            let tags = with_reported_tags(&series.tags, parts.targets.get(series.target.index()));
            Some(UsageSeries { target, tags, ..series })
        });
        self.add_lines(added);
        let calls = parts.calls.into_iter();
        self.calls
            .extend(calls.filter_map(|call| Some(Call { target: whole(call.target)?, ..call })));
        self.calls.sort_by_key(|call| (call.target, call.window.first()));
        let gaps = parts.coverage.missing.into_iter().filter(|gap| gap.reason.is_unanswered());
        let gaps = gaps.filter_map(|gap| Some(Gap { target: whole(gap.target)?, ..gap }));
        self.coverage.parts.extend(gaps);
        self.coverage.complete &= self.coverage.parts.is_empty();
        self.coverage.failed |= parts.coverage.failed;
        self.warnings.extend(parts.warnings);
        let warning = self.exceeded_parts();
        self.warnings.extend(warning);
    }

    /// Says that parts add up to more than their whole, so that what no part accounts for is
    /// negative.
    fn exceeded_parts(&self) -> Option<Warning> {
        let additive = |line: &UsageSeries| self.metrics.is_additive(&line.metric);
        let (line, start, times) = exceeded_whole(&self.series, self.window, additive)?;
        let times = if times > 1 { format!(" ({times} times in all)") } else { String::new() };
        let message = format!(
            "parts add up to more than their whole: {} of target {} at {start}; the difference is \
             negative and unattributed{times}",
            line.metric, line.target.0
        );
        Some(Warning { code: "parts_exceed_whole", message })
    }

    /// Takes over what another report says of calls and of what did not come, where that is told
    /// in one place; its numbers stay its own.
    pub fn take_log(&mut self, other: &mut Self) {
        self.calls.append(&mut other.calls);
        let gaps = other.coverage.missing.iter().filter(|gap| gap.reason.is_unanswered());
        let gaps = gaps.cloned();
        self.coverage.parts.extend(gaps);
        self.coverage.parts.append(&mut other.coverage.parts);
        self.coverage.complete &= other.coverage.complete;
        self.coverage.failed |= other.coverage.failed;
    }

    /// Takes out targets that do not have what was asked about, such as a batch job of another
    /// target: each call about them failed with an error that `is_absent` knows. Nothing is taken out
    /// unless another target was answered.
    pub fn forget_absent(&mut self, is_absent: impl Fn(&CallFailure) -> bool) {
        let absent = |call: &Call| call.error.as_ref().is_some_and(|error| is_absent(error.root()));
        let present: BTreeSet<TargetId> =
            self.calls.iter().filter(|call| !absent(call)).map(|call| call.target).collect();
        if !self.calls.iter().any(|call| call.error.is_none()) {
            return;
        }
        self.calls.retain(|call| present.contains(&call.target));
        self.series.retain(|series| present.contains(&series.target));
        self.coverage.missing.retain(|gap| present.contains(&gap.target));
        let failed = |gap: &Gap| matches!(gap.reason, GapReason::CallFailed(_));
        self.coverage.failed = self.coverage.missing.iter().any(failed);
        self.coverage.complete = self.coverage.missing.is_empty();
    }

    /// Marks a list as incomplete that one of the targets was made from or, without a target, the
    /// targets themselves: usage of what it leaves out is missing.
    pub fn add_unlisted(&mut self, target: Option<TargetId>, shortfall: Shortfall) {
        // Nothing else has this id: it stands for targets that were not listed.
        let unknown = || TargetId(u32::try_from(self.targets.len()).unwrap_or(u32::MAX));
        let gap = self.unlisted(target.unwrap_or_else(unknown), shortfall);
        self.coverage.missing.push(gap);
        self.coverage.complete = false;
    }

    /// Marks the list of a target's parts as incomplete: no sum lacks them, but how much each
    /// accounts for is not known.
    pub fn add_unlisted_parts(&mut self, target: TargetId, shortfall: Shortfall) {
        let gap = self.unlisted(target, shortfall);
        self.coverage.parts.push(gap);
        self.coverage.complete = false;
    }

    fn unlisted(&self, target: TargetId, shortfall: Shortfall) -> Gap {
        Gap {
            target,
            metric: None,
            ids: 0..0,
            start: self.window.first(),
            end: self.window.end(),
            reason: GapReason::ListIncomplete(shortfall),
        }
    }

    /// Adds lines. Of one that is there already, only what is missing is taken.
    fn add_lines(&mut self, added: impl Iterator<Item = UsageSeries>) {
        self.series.extend(added);
        // Stable: what was there first stays in front of what is added to it.
        self.series.sort_by(|one, two| key(one).cmp(&key(two)));
        self.series.dedup_by(|later, known| {
            let same = key(later) == key(known);
            if same {
                known.points.fill(&later.points);
            }
            same
        });
    }
}

/// The order of lines in a report.
fn key(line: &UsageSeries) -> (TargetId, &Metric, &Tags) {
    (line.target, &line.metric, &line.tags)
}

/// The tags, and what the target says by itself.
fn with_reported_tags(tags: &Tags, target: Option<&Target>) -> Tags {
    let mut reported = Vec::new();
    if let Some(target) = target {
        if let [id] = target.endpoint_ids.as_slice() {
            reported.push((Tags::ENDPOINT_ID, id.as_str()));
        }
        if let [scene] = target.scenes.as_slice() {
            reported.push((Tags::SCENE, scene.as_str()));
        }
    }
    // The service's own word counts more.
    let all = reported.into_iter().chain(tags.iter());
    Tags::new(all.map(|(key, value)| (key.to_owned(), value.to_owned())))
}
