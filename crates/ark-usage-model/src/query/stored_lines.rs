//! Answers from a store of earlier responses: the question as values, and lines in place of a body.
//!
//! A request carries a [`RequestedUsage`] in its extensions. A transport that has kept what the
//! service said answers it with [`StoredLines`] in the extensions of its response. Neither knows the
//! words of an action, so that a store answers for any.

use std::ops::Range;
use std::time::Duration;

use crate::action::{CollectorScope, PointCollector, ResponseLine};
use crate::points::Slot;
use crate::query::job::{Job, Kind};
use crate::query::store::Store;
use crate::query::{Out, Progress, UsageQuery};
use crate::report::{Gap, GapReason};
use crate::{Metric, MetricTable, Point, RequestPart, Tags, Target, UsageAction, Window};

/// The usage that a request asks for. The query machine puts it among the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestedUsage {
    /// The name of the action, such as `GetUsage`.
    pub action: &'static str,
    /// The metrics that the action declares: those that are not additive must not be added up.
    pub metrics: MetricTable,
    /// The time after its end during which a bucket may change.
    pub settle: Duration,
    /// The target, with the endpoint ids of this request only.
    pub target: Target,
    /// The buckets that the request names: those wanted or, where requests name whole days, all hours
    /// of their days. Lines of any of them are known afterwards.
    pub window: Window,
}

impl RequestedUsage {
    /// The usage that a part of a query asks for.
    pub fn new(action: &dyn UsageAction, part: &RequestPart<'_>, settle: Duration) -> Self {
        let RequestPart { target, endpoint_ids, window, .. } = *part;
        let window = window.whole_units(action.limits().alignment(window.interval()));
        // All but the ids of other requests.
        let target = Target {
            account: target.account,
            project: target.project.clone(),
            endpoint_ids: endpoint_ids.to_vec(),
            scenes: target.scenes.clone(),
            batch_job_id: target.batch_job_id.clone(),
            filters: target.filters.clone(),
        };
        Self { action: action.name(), metrics: action.metrics(), settle, target, window }
    }
}

/// The lines of an answer from a store, among the extensions of a response in place of its body.
///
/// Points are of the buckets of [`RequestedUsage::window`], by their start; others are left out. A
/// bucket without a point is one that the service has answered without a value, unless `missing` has
/// some of it.
///
/// ```
/// use ark_usage_model::{Metric, Point, StoredLine, StoredLines, Tags};
///
/// let mut line = StoredLine::new(Metric::PROMPT_TOKENS, Tags::default());
/// let fetched_at = 1_732_060_800;
/// line.points.push((1_731_945_600, Point { value: 7, fetched_at }));
/// let mut response = http::Response::new(Vec::<u8>::new());
/// response.extensions_mut().insert(StoredLines::new(vec![line], Vec::new()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredLines {
    /// Each metric with one set of tags.
    pub lines: Vec<StoredLine>,
    /// The stretches of time that no response in the store covers: they are missing, as
    /// [`GapReason::NotInHistory`].
    pub missing: Vec<StoredGap>,
}

/// A stretch of time that no response in a store covers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a stretch of time, and of whom")]
pub struct StoredGap {
    /// One of the endpoint ids asked for; all that was asked for without one.
    pub endpoint_id: Option<String>,
    /// Its start, unix seconds, and its end, which is not included.
    pub time: Range<i64>,
}

/// One line of an answer from a store: a metric with one set of tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredLine {
    /// The metric.
    pub metric: Metric,
    /// The tags the service put on it.
    pub tags: Tags,
    /// The values by the start of their bucket, unix seconds; of two for one bucket the later stays.
    pub points: Vec<(i64, Point)>,
}

impl StoredLines {
    /// Lines, and the stretches that are not in the store.
    pub fn new(lines: Vec<StoredLine>, missing: Vec<StoredGap>) -> Self {
        Self { lines, missing }
    }
}

impl StoredLine {
    /// A line without points.
    pub fn new(metric: Metric, tags: Tags) -> Self {
        Self { metric, tags, points: Vec::new() }
    }

    /// The line as a response would have it.
    fn decoded(&self, whole: Window, wanted: Window, store: &Store) -> ResponseLine {
        let mut line = ResponseLine::new(self.metric.clone(), self.tags.clone());
        line.slots.reserve_exact(self.points.len());
        for (start, point) in &self.points {
            let Some(bucket) = whole.index_of(*start).filter(|_| wanted.contains(*start)) else {
                continue;
            };
            if point.value < 0 {
                line.unreadable();
                continue;
            }
            let stamp = store.stamp(point.fetched_at);
            line.slots.push(Slot { bucket, stamp, value: point.value });
        }
        line
    }
}

impl UsageQuery {
    /// Takes in an answer from a store. It shows neither the server's clock nor its rule for
    /// `EndTime`, and its buckets are labelled by their start.
    pub(super) fn accepted_stored(&mut self, out: Out, stored: &StoredLines) -> Progress {
        let Out { job, queue: place, .. } = out;
        if let Some(queue) = self.queues.get_mut(place) {
            queue.pace.succeeded();
            queue.throttling = None;
            queue.worked(&job);
        }
        if let Kind::Probe(refused) = job.kind {
            return self.too_large(place, *refused);
        }
        let mut decoded = PointCollector::new(CollectorScope::stored(self.window, job.window));
        for line in &stored.lines {
            decoded.add(line.decoded(self.window, job.window, &self.store));
        }
        let points = self.store.take(&job, decoded.finish(), &self.targets);
        for missing in &stored.missing {
            self.note_not_in_history(&job, missing);
        }
        self.record(&job, None);
        if matches!(job.kind, Kind::Tail) {
            self.tail_failed();
        }
        Progress::Accepted { points }
    }

    /// Notes the buckets of a job that are not wholly in a store.
    fn note_not_in_history(&mut self, job: &Job, missing: &StoredGap) {
        let StoredGap { endpoint_id, time } = missing;
        let window = job.window;
        let start = window.start_of_unit(window.interval(), time.start).max(window.first());
        let end = window.next_start(time.end.saturating_sub(1)).min(window.end());
        let ids = match endpoint_id {
            None => Some(job.ids.clone()),
            Some(id) => self.place_of(job, id).map(|place| place..place + 1),
        };
        let (false, Some(ids)) = (time.is_empty() || start >= end, ids) else { return };
        self.failed.push(Gap {
            target: job.target,
            metric: None,
            ids,
            start,
            end,
            reason: GapReason::NotInHistory,
        });
    }

    /// The position of an endpoint id among those of the target, if the job asked for it.
    fn place_of(&self, job: &Job, endpoint_id: &str) -> Option<usize> {
        let ids = &self.targets.get(job.target.index())?.endpoint_ids;
        let place = ids.get(job.ids.clone())?.iter().position(|id| id == endpoint_id)?;
        Some(job.ids.start + place)
    }
}
