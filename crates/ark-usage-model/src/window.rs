//! A range of whole buckets.

use volc_openapi::ServiceDays;

use crate::Interval;

/// A range of whole, aligned buckets, first to last, both included. Never empty.
///
/// A value of this type is the proof that its edges are aligned and in order.
///
/// ```
/// use ark_usage_model::{Interval, Window};
///
/// let week = Window::new(Interval::Day, 1_731_945_600, 1_731_945_600 + 6 * 86_400)?;
/// assert_eq!(week.len(), 7);
/// assert_eq!(week.end(), 1_731_945_600 + 7 * 86_400);
/// assert_eq!(week.buckets().next_back(), Some(week.last()));
/// # Ok::<(), ark_usage_model::WindowError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    interval: Interval,
    first: i64,
    last: i64,
    days: ServiceDays,
}

/// The most buckets of one window: more than a century of hours. Keeps bucket numbers in 32 bits.
const MAX_BUCKETS: i64 = 1_000_000;

impl Window {
    /// A window from the start of its first bucket to the start of its last, of days in UTC+8.
    ///
    /// # Errors
    ///
    /// When an edge is not the start of a bucket, the last is before the first, or there are more
    /// than a million buckets.
    pub fn new(interval: Interval, first: i64, last: i64) -> Result<Self, WindowError> {
        Self::of_days(ServiceDays::Beijing, interval, first, last)
    }

    /// A window of a service that counts by these days, from the start of its first bucket to the start of its last.
    ///
    /// # Errors
    ///
    /// As [`Window::new`].
    pub fn of_days(
        days: ServiceDays,
        interval: Interval,
        first: i64,
        last: i64,
    ) -> Result<Self, WindowError> {
        for edge in [first, last] {
            if !interval.is_start_in(days, edge) || edge.checked_add(2 * 86_400).is_none() {
                let before = interval.start_in(days, edge);
                let after = before.saturating_add(interval.seconds());
                return Err(WindowError::Unaligned { interval, edge, before, after });
            }
        }
        if last < first {
            return Err(WindowError::Reversed { first, last });
        }
        match last.checked_sub(first) {
            Some(span) if span / interval.seconds() < MAX_BUCKETS => {
                Ok(Self { interval, first, last, days })
            }
            _ => Err(WindowError::TooLong { first, last }),
        }
    }

    /// The window of the buckets that contain two instants and all between.
    ///
    /// # Errors
    ///
    /// As [`Window::new`], but for alignment.
    pub fn covering(interval: Interval, from: i64, to: i64) -> Result<Self, WindowError> {
        Self::new(interval, interval.bucket_start(from), interval.bucket_start(to))
    }

    /// The width of its buckets.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The days that the service counts by.
    pub fn days(&self) -> ServiceDays {
        self.days
    }

    /// The start of the unit that contains an instant, such as the service's day of an hour.
    pub fn start_of_unit(&self, unit: Interval, unix: i64) -> i64 {
        unit.start_in(self.days, unix)
    }

    /// The start of the bucket after the one that contains an instant, inside the window or not.
    pub(crate) fn next_start(&self, unix: i64) -> i64 {
        self.next_unit(self.interval, unix)
    }

    /// The start of the unit after the one that contains an instant.
    pub(crate) fn next_unit(&self, unit: Interval, unix: i64) -> i64 {
        self.start_of_unit(unit, unix).saturating_add(unit.seconds())
    }

    /// The start of the first bucket, unix seconds.
    pub fn first(&self) -> i64 {
        self.first
    }

    /// The start of the last bucket.
    pub fn last(&self) -> i64 {
        self.last
    }

    /// The end of the last bucket, not included.
    pub fn end(&self) -> i64 {
        self.last + self.interval.seconds()
    }

    /// The number of buckets; at least one.
    #[expect(clippy::len_without_is_empty, reason = "a window is never empty")]
    pub fn len(&self) -> usize {
        usize::try_from((self.last - self.first) / self.interval.seconds() + 1).unwrap_or(1)
    }

    /// The starts of its buckets, in order.
    pub fn buckets(
        &self,
    ) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator + Clone + use<> {
        let (first, seconds) = (self.first, self.interval.seconds());
        (0..self.len()).map(move |index| first + seconds * i64::try_from(index).unwrap_or(0))
    }

    /// True when a bucket of this window starts at this instant.
    pub fn contains(&self, start: i64) -> bool {
        (self.first..=self.last).contains(&start) && self.interval.is_start_in(self.days, start)
    }

    /// The buckets that start at or after one instant and before another; `None` when there is none.
    pub fn part(&self, start: i64, end: i64) -> Option<Self> {
        let aligned = self.start_of_unit(self.interval, start);
        let first = if aligned == start { start } else { self.next_start(start) };
        let before = self.start_of_unit(self.interval, end.saturating_sub(1));
        let (first, last) = (self.first.max(first), self.last.min(before));
        (first <= last).then_some(Self { first, last, ..*self })
    }

    /// The window in pieces of at most so many buckets, in order.
    pub fn pieces(&self, buckets: usize) -> impl Iterator<Item = Self> + use<> {
        let (whole, length) = (*self, i64::try_from(buckets.max(1)).unwrap_or(i64::MAX));
        let seconds = length.saturating_mul(self.interval.seconds());
        let next = move |piece: &Self| whole.part(piece.end(), whole.end());
        let cut = move |rest: Self| rest.part(rest.first, rest.first.saturating_add(seconds));
        std::iter::successors(cut(whole), move |piece| next(piece).and_then(cut))
    }

    /// The number of the bucket that starts at this instant, from 0.
    pub(crate) fn index_of(&self, start: i64) -> Option<u32> {
        let index = (start.checked_sub(self.first)?) / self.interval.seconds();
        self.contains(start).then(|| u32::try_from(index).ok()).flatten()
    }

    /// The start of a bucket by its number.
    pub(crate) fn start_of(&self, index: u32) -> i64 {
        self.first + self.interval.seconds() * i64::from(index)
    }

    /// The number of units that its buckets lie in: its length, when a unit is one bucket.
    pub(crate) fn units(self, unit: Interval) -> usize {
        let first = self.start_of_unit(unit, self.first);
        let last = self.start_of_unit(unit, self.last);
        usize::try_from((last - first) / unit.seconds() + 1).unwrap_or(1)
    }

    /// The buckets of all units that it has buckets of.
    pub(crate) fn whole_units(self, unit: Interval) -> Self {
        let last = self.next_unit(unit, self.last) - self.interval.seconds();
        Self { first: self.start_of_unit(unit, self.first), last, ..self }
    }

    /// The buckets of the first `len` units and, unless that is all, the rest.
    pub(crate) fn split_at(self, unit: Interval, len: usize) -> (Self, Option<Self>) {
        let len = i64::try_from(len.max(1)).unwrap_or(i64::MAX);
        let first = self.start_of_unit(unit, self.first);
        let middle = first.saturating_add(len.saturating_mul(unit.seconds()));
        if middle > self.last {
            return (self, None);
        }
        (
            Self { last: middle - self.interval.seconds(), ..self },
            Some(Self { first: middle, ..self }),
        )
    }

    /// The buckets that start before an instant and the others; `None` when either has none.
    pub(crate) fn cut_before(self, instant: i64) -> Option<(Self, Self)> {
        let first = self.start_of_unit(self.interval, instant);
        (self.first < first && first <= self.last).then(|| {
            (Self { last: first - self.interval.seconds(), ..self }, Self { first, ..self })
        })
    }

    /// The buckets of its last unit.
    pub(crate) fn last_unit(self, unit: Interval) -> Self {
        Self { first: self.first.max(self.start_of_unit(unit, self.last)), ..self }
    }

    /// The window of the last bucket alone.
    pub(crate) fn last_bucket(self) -> Self {
        Self { first: self.last, ..self }
    }
}

/// Not a window of whole buckets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WindowError {
    /// No bucket starts there; take one of the two named.
    #[error("{edge} is not the start of a {interval}: the nearest are {before} and {after}")]
    Unaligned {
        /// The width of the buckets.
        interval: Interval,
        /// The instant.
        edge: i64,
        /// The start of the bucket that contains it.
        before: i64,
        /// The start of the next.
        after: i64,
    },
    /// The end is before the start.
    #[error("the last bucket ({last}) is before the first ({first})")]
    Reversed {
        /// Start of the first bucket.
        first: i64,
        /// Start of the last bucket.
        last: i64,
    },
    /// More than a million buckets.
    #[error("{first} to {last} is more than a million buckets")]
    TooLong {
        /// Start of the first bucket.
        first: i64,
        /// Start of the last bucket.
        last: i64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 1_731_945_600;

    #[test]
    fn edges_are_checked() {
        let error = Window::new(Interval::Day, DAY + 1, DAY).unwrap_err();
        assert!(error.to_string().contains("1731945600 and 1732032000"), "{error}");
        assert!(matches!(
            Window::new(Interval::Hour, DAY, DAY - 3_600),
            Err(WindowError::Reversed { .. })
        ));
        assert!(matches!(
            Window::covering(Interval::Hour, 0, 1 << 40),
            Err(WindowError::TooLong { .. })
        ));
        assert!(Window::covering(Interval::Day, i64::MIN, i64::MAX).is_err());
    }

    #[test]
    fn splitting() {
        let window = Window::new(Interval::Day, DAY, DAY + 4 * 86_400).unwrap();
        let (head, tail) = window.split_at(Interval::Day, 2);
        let tail = tail.unwrap();
        assert_eq!((head.len(), tail.len()), (2, 3));
        assert_eq!(head.end(), tail.first());
        assert_eq!(window.split_at(Interval::Day, 5), (window, None));
        assert_eq!(window.last_bucket().len(), 1);
        assert_eq!(window.index_of(DAY + 86_400), Some(1));
        assert_eq!(window.index_of(DAY + 1), None);
        assert_eq!(window.start_of(4), window.last());
    }

    #[test]
    fn days_of_utc_are_not_those_of_beijing() {
        let utc = ServiceDays::Utc;
        let midnight = DAY + 8 * 3_600;
        let week = Window::of_days(utc, Interval::Day, midnight, midnight + 6 * 86_400).unwrap();
        assert_eq!((week.len(), week.days()), (7, utc));
        assert!(week.contains(midnight) && !week.contains(DAY));
        assert!(Window::new(Interval::Day, midnight, midnight).is_err());
        assert!(Window::of_days(utc, Interval::Day, DAY, DAY).is_err());
        let (head, tail) = week.split_at(Interval::Day, 3);
        assert_eq!((head.days(), tail.unwrap().first()), (utc, midnight + 3 * 86_400));
        let hours = Window::of_days(utc, Interval::Hour, DAY, DAY + 10 * 3_600).unwrap();
        assert_eq!(hours.units(Interval::Day), 2, "midnight is in between");
        let (head, tail) = hours.split_at(Interval::Day, 1);
        assert_eq!((head.len(), tail.unwrap().first()), (8, midnight));
        assert_eq!(hours.last_unit(Interval::Day).first(), midnight);
    }

    #[test]
    fn hours_are_cut_between_days_where_a_request_names_days() {
        // From 05:00 on the first day to 02:00 on the third.
        let last = DAY + 50 * 3_600;
        let window = Window::new(Interval::Hour, DAY + 5 * 3_600, last).unwrap();
        assert_eq!((window.units(Interval::Day), window.units(Interval::Hour)), (3, 46));
        let (head, tail) = window.split_at(Interval::Day, 1);
        assert_eq!((head.len(), tail.map(|tail| tail.first())), (19, Some(DAY + 24 * 3_600)));
        let last_day = window.last_unit(Interval::Day);
        assert_eq!((last_day.first(), last_day.len()), (DAY + 48 * 3_600, 3));
        assert_eq!(last_day.split_at(Interval::Day, 1), (last_day, None));
        assert_eq!(window.split_at(Interval::Day, usize::MAX), (window, None));
    }
}
