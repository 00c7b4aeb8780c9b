//! Points, their former values, and the rule by which a new answer changes them.

use std::ops::AddAssign;

use ark_usage_model::{Interval, Metric, Tags};

use crate::Subject;

/// The tags and the metric of one series of a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// The tags the service put on it.
    pub tags: Tags,
    /// The metric.
    pub metric: Metric,
}

/// A point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoredPoint {
    /// Start of its bucket, unix seconds.
    pub start: i64,
    /// The value the service gave last.
    pub value: i64,
    /// The time of the last answer with this value, by the server's clock.
    pub fetched_at: i64,
    /// It had settled by then.
    pub is_final: bool,
}

/// A value that the service gave earlier, and then another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormerValue {
    /// The value.
    pub value: i64,
    /// The time of the last answer with it.
    pub fetched_at: i64,
    /// It was called final.
    pub is_final: bool,
}

/// A point with its former values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The subject it belongs to.
    pub subject: Subject,
    /// The width of its bucket.
    pub interval: Interval,
    /// Its series.
    pub line: Line,
    /// The point as it is now.
    pub point: StoredPoint,
    /// The values before, by the time they were fetched.
    pub previous: Vec<FormerValue>,
}

/// The number of points that an intake found new, changed and as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Points of buckets that had none.
    pub new: u64,
    /// Points of which another value was known, or became known as a former one.
    pub revised: u64,
    /// Points with the value that was known.
    pub unchanged: u64,
    /// Those of `revised` whose former value was called final.
    pub revised_after_final: u64,
    /// Points of buckets that were fetched again and had none of their series this time. They are kept as
    /// they are.
    pub no_longer_returned: u64,
}

impl AddAssign for Intake {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.revised += other.revised;
        self.unchanged += other.unchanged;
        self.revised_after_final += other.revised_after_final;
        self.no_longer_returned += other.no_longer_returned;
    }
}

/// The changes that one fetched point makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PointChange {
    /// The point to keep from now on, where it differs from the one that was kept.
    pub(crate) point: Option<StoredPoint>,
    /// A former value to keep, unless it is kept already.
    pub(crate) former: Option<FormerValue>,
}

/// The rule for which of two answers counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precedence {
    /// The later one, by its time; of the same second, the one that was taken in first.
    ByTime,
    /// The new one, whatever its time: it has just come, and a clock may have been wrong before.
    Latest,
}

impl PointChange {
    /// Compares a fetched point with the one that is known.
    pub(crate) fn new(
        known: Option<StoredPoint>,
        fetched: StoredPoint,
        precedence: Precedence,
    ) -> Self {
        let Some(known) = known else { return Self { point: Some(fetched), former: None } };
        let is_latest = precedence == Precedence::Latest;
        if known.value == fetched.value {
            let is_ahead = is_latest && known.fetched_at > fetched.fetched_at;
            let point = if is_ahead {
                fetched
            } else {
                let fetched_at = known.fetched_at.max(fetched.fetched_at);
                StoredPoint { fetched_at, is_final: known.is_final || fetched.is_final, ..known }
            };
            return Self { point: (point != known).then_some(point), former: None };
        }
        if is_latest || fetched.fetched_at > known.fetched_at {
            Self { point: Some(fetched), former: Some(FormerValue::of(known)) }
        } else {
            let is_earlier = fetched.fetched_at < known.fetched_at;
            Self { point: None, former: is_earlier.then(|| FormerValue::of(fetched)) }
        }
    }
}

impl FormerValue {
    fn of(point: StoredPoint) -> Self {
        let StoredPoint { value, fetched_at, is_final, .. } = point;
        Self { value, fetched_at, is_final }
    }
}

impl Intake {
    /// Counts the points of a window that an answer did not have, of all that are kept of it.
    pub(crate) fn count_absent(&mut self, kept: usize, returned: usize) {
        let absent = kept.saturating_sub(returned);
        self.no_longer_returned += u64::try_from(absent).unwrap_or(u64::MAX);
    }

    /// Counts a change of a point; `kept_former` when its former value was not known before.
    pub(crate) fn count(&mut self, known: Option<StoredPoint>, former: Option<FormerValue>) {
        match (known, former) {
            (None, _) => self.new += 1,
            (Some(_), None) => self.unchanged += 1,
            (Some(_), Some(former)) => {
                self.revised += 1;
                self.revised_after_final += u64::from(former.is_final);
            }
        }
    }
}
