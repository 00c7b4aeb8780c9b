//! From the report of a query to the answers that it holds.

use ark_usage_model::{
    AccountId, Gap, GapReason, Tags, Target, TargetId, UsageReport, UsageSeries, Window,
};

use crate::{Line, Place, Subject, WindowAnswer};

/// The answers that the report of a query holds, or of a part of it: one for each subject and run of
/// answered buckets. Buckets of failed calls, and those that had not begun, are not answered.
///
/// Take the report as the query gives it, before parts are added to it. `account_id` gives the
/// number of an account; targets without one are left out. `fetched_at` is the server's time for
/// runs without a point: the time at which the query began, if in doubt.
///
/// Lines of a target with several endpoint ids are taken where they name their endpoint; a sum over
/// several ids says nothing about any.
pub fn windows_of_report(
    report: &UsageReport,
    action: &str,
    account_id: &dyn Fn(AccountId) -> Option<String>,
    fetched_at: i64,
) -> Vec<WindowAnswer> {
    let mut answers = Vec::new();
    for (target, id) in report.targets.iter().zip((0_u32..).map(TargetId)) {
        let Some(number) = account_id(target.account) else { continue };
        let of_target = TargetReport {
            report,
            target,
            gaps: report.coverage.missing.iter().filter(|gap| gap.target == id).collect(),
            series: report.series.iter().filter(|series| series.target == id).collect(),
        };
        for (subject, position) in Subject::of(&number, action, target).into_iter().zip(0..) {
            of_target.answers(&subject, position, fetched_at, &mut answers);
        }
    }
    answers
}

/// The report on one target.
struct TargetReport<'a> {
    report: &'a UsageReport,
    target: &'a Target,
    gaps: Vec<&'a Gap>,
    series: Vec<&'a UsageSeries>,
}

impl TargetReport<'_> {
    fn answers(
        &self,
        subject: &Subject,
        position: usize,
        fetched_at: i64,
        answers: &mut Vec<WindowAnswer>,
    ) {
        let several = self.target.endpoint_ids.len() > 1;
        let is_own = |series: &&&UsageSeries| {
            !several || series.tags.get(Tags::ENDPOINT_ID) == subject.place.endpoint_id()
        };
        let series: Vec<&UsageSeries> = self.series.iter().filter(is_own).copied().collect();
        // Of several ids, one without a line has no usage only where every line names its endpoint.
        if several && series.is_empty() && !subject.slice.groups(Tags::ENDPOINT_ID) {
            return;
        }
        for window in self.answered(&subject.place, position, &series) {
            answers.push(self.answer(subject, window, &series, fetched_at));
        }
    }

    /// The runs of answered buckets.
    fn answered(&self, place: &Place, position: usize, series: &[&UsageSeries]) -> Vec<Window> {
        // The service did answer, or its answer is about something else.
        let is_answered =
            |gap: &Gap| matches!(gap.reason, GapReason::NotReturned | GapReason::ListIncomplete(_));
        let of_place = |gap: &&&Gap| {
            let about = *place == Place::Whole || gap.ids.is_empty() || gap.ids.contains(&position);
            about && !is_answered(gap)
        };
        let gaps: Vec<&Gap> = self.gaps.iter().filter(of_place).copied().collect();
        // A bucket with a point has begun, whatever a clock says that was set back meanwhile.
        let starts = series.iter().filter_map(|series| series.points.iter().last());
        let last = starts.map(|(start, _)| start).max().unwrap_or(i64::MIN);
        let is_open = |start: i64| {
            gaps.iter().any(|gap| match gap.reason {
                GapReason::NotBegun => start >= gap.start && start > last,
                _ => gap.covers(start),
            })
        };
        let interval = self.report.window.interval();
        let mut runs: Vec<(i64, i64)> = Vec::new();
        for start in self.report.window.buckets().filter(|start| !is_open(*start)) {
            match runs.last_mut() {
                Some((_, last)) if *last + interval.seconds() == start => *last = start,
                _ => runs.push((start, start)),
            }
        }
        let days = self.report.window.days();
        runs.into_iter()
            .filter_map(|(first, last)| Window::of_days(days, interval, first, last).ok())
            .collect()
    }

    fn answer(
        &self,
        subject: &Subject,
        window: Window,
        series: &[&UsageSeries],
        fetched_at: i64,
    ) -> WindowAnswer {
        let mut earliest = None;
        let mut lines = Vec::new();
        for series in series {
            let inside = series.points.iter().filter(|(start, _)| window.contains(*start));
            let points: Vec<(i64, i64)> = inside
                .map(|(start, point)| {
                    let before = earliest.unwrap_or(point.fetched_at);
                    earliest = Some(point.fetched_at.min(before));
                    (start, point.value)
                })
                .collect();
            if !points.is_empty() {
                let line = Line { tags: series.tags.clone(), metric: series.metric.clone() };
                lines.push((line, points));
            }
        }
        WindowAnswer {
            subject: subject.clone(),
            window,
            fetched_at: earliest.unwrap_or(fetched_at),
            settle: self.report.settle,
            levels: self
                .report
                .metrics
                .iter()
                .filter(|info| !info.additive)
                .map(|info| info.name.clone())
                .collect(),
            lines,
        }
    }
}
