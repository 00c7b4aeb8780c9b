//! The answer of the service about one subject in one window.

use std::time::Duration;

use ark_usage_model::{Metric, Window};

use crate::{Line, StoredPoint, Subject};

/// The answer of the service about one subject in one window, taken in as one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowAnswer {
    /// The subject.
    pub subject: Subject,
    /// The buckets that were answered: one without a point was answered too.
    pub window: Window,
    /// The time of the answer by the server's clock, unix seconds. Of several answers, the earliest.
    pub fetched_at: i64,
    /// The time after its end during which a bucket may change.
    pub settle: Duration,
    /// The metrics whose values must not be added up, such as peaks.
    pub levels: Vec<Metric>,
    /// The lines with start and value of their points. A line comes once, its points in order.
    pub lines: Vec<(Line, Vec<(i64, i64)>)>,
}

impl WindowAnswer {
    /// The point of a bucket as it is stored.
    pub(crate) fn point(&self, (start, value): (i64, i64)) -> StoredPoint {
        let end = start.saturating_add(self.window.interval().seconds());
        let is_final = !settles_after(end, self.settle, self.fetched_at);
        StoredPoint { start, value, fetched_at: self.fetched_at, is_final }
    }

    /// The lines, with the points that belong to the window.
    pub(crate) fn points(
        &self,
    ) -> impl Iterator<Item = (&Line, impl Iterator<Item = StoredPoint>)> {
        self.lines.iter().map(|(line, points)| {
            let inside = points.iter().filter(|(start, _)| self.window.contains(*start));
            (line, inside.map(|point| self.point(*point)))
        })
    }
}

/// True when a bucket that ended at `end` may still have changed at an instant.
pub(crate) fn settles_after(end: i64, settle: Duration, instant: i64) -> bool {
    let settle = i64::try_from(settle.as_secs()).unwrap_or(i64::MAX);
    end.saturating_add(settle) > instant
}
