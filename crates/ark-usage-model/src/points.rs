//! The points of one series, kept compactly.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::Window;

/// One bucket's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The value, exact.
    pub value: i64,
    /// The time of the response that holds it, unix seconds.
    pub fetched_at: i64,
}

/// The points of one series, by the start of their bucket. Sixteen bytes a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    window: Window,
    /// The instant stamps count from, unix seconds.
    epoch: i64,
    /// Sorted by bucket, each bucket once.
    slots: Vec<Slot>,
}

/// A point as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// The bucket's number in the query's window.
    pub(crate) bucket: u32,
    /// Seconds from the epoch to the answer.
    pub(crate) stamp: i32,
    pub(crate) value: i64,
}

/// A sum over parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) bucket: u32,
    /// Of the oldest part.
    stamp: i32,
    value: i128,
    /// The number of endpoint ids it stands for.
    pub(crate) ids: usize,
}

impl Sum {
    /// As a point; `None` when it exceeds 64 bits.
    pub(crate) fn slot(self) -> Option<Slot> {
        let value = i64::try_from(self.value).ok()?;
        Some(Slot { bucket: self.bucket, stamp: self.stamp, value })
    }
}

impl Points {
    /// No points in a window. `epoch` is any instant near those of the answers.
    pub(crate) fn new(window: Window, epoch: i64) -> Self {
        Self { window, epoch, slots: Vec::new() }
    }

    /// The point of the bucket that starts at this instant.
    pub fn get(&self, start: i64) -> Option<Point> {
        let bucket = self.window.index_of(start)?;
        let at = self.slots.binary_search_by_key(&bucket, |slot| slot.bucket).ok()?;
        self.slots.get(at).map(|slot| self.point(*slot))
    }

    /// All points with the starts of their buckets, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (i64, Point)> + '_ {
        self.slots.iter().map(|slot| (self.window.start_of(slot.bucket), self.point(*slot)))
    }

    /// The number of buckets with a point.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// True when no bucket has a point.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Takes in points sorted by bucket. A bucket that is already there takes the new value;
    /// returns the first start at which that changed anything, and how often it did.
    pub(crate) fn merge(&mut self, mut new: Vec<Slot>) -> Option<(i64, usize)> {
        let joins_end = match (self.slots.last(), new.first()) {
            (None, _) | (_, None) => {
                if self.slots.is_empty() {
                    new.shrink_to_fit();
                    self.slots = new;
                }
                return None;
            }
            (Some(last), Some(first)) => last.bucket < first.bucket,
        };
        if joins_end {
            self.slots.reserve_exact(new.len());
            self.slots.append(&mut new);
            return None;
        }
        let (slots, changed) = merged(&self.slots, &new);
        self.slots = slots;
        changed.map(|(bucket, times)| (self.window.start_of(bucket), times))
    }

    /// Takes in the points of buckets that have none yet. Both are of the same window.
    pub(crate) fn fill(&mut self, other: &Self) {
        debug_assert_eq!((other.window, other.epoch), (self.window, self.epoch), "of one range");
        (self.slots, _) = merged(&other.slots, &self.slots);
    }

    /// Takes out the points of all buckets that start before an instant.
    pub(crate) fn take_before(&mut self, start: i64) -> Self {
        let before = |slot: &Slot| self.window.start_of(slot.bucket) < start;
        let rest = self.slots.split_off(self.slots.partition_point(before));
        let slots = std::mem::replace(&mut self.slots, rest);
        Self { window: self.window, epoch: self.epoch, slots }
    }

    /// The sums, bucket by bucket, of parts that stand for some endpoint ids each.
    pub(crate) fn sum(window: Window, epoch: i64, parts: &[(Range<usize>, Self)]) -> Vec<Sum> {
        let mut sums: BTreeMap<u32, Sum> = BTreeMap::new();
        for (ids, points) in parts {
            debug_assert_eq!((points.window, points.epoch), (window, epoch), "of one query");
            for slot in &points.slots {
                let sum = sums.entry(slot.bucket).or_insert(Sum {
                    bucket: slot.bucket,
                    stamp: slot.stamp,
                    value: 0,
                    ids: 0,
                });
                sum.value += i128::from(slot.value);
                sum.stamp = sum.stamp.min(slot.stamp);
                sum.ids += ids.len();
            }
        }
        sums.into_values().collect()
    }

    /// The stamp of an instant.
    pub(crate) fn stamp(epoch: i64, unix: i64) -> i32 {
        let seconds = unix.saturating_sub(epoch);
        let nearest = if seconds.is_negative() { i32::MIN } else { i32::MAX };
        i32::try_from(seconds).unwrap_or(nearest)
    }

    fn point(&self, slot: Slot) -> Point {
        Point { value: slot.value, fetched_at: self.epoch.saturating_add(i64::from(slot.stamp)) }
    }
}

/// Both lists in one, the new ones winning; the first bucket where they differ and how often.
fn merged(old: &[Slot], new: &[Slot]) -> (Vec<Slot>, Option<(u32, usize)>) {
    let mut out = Vec::with_capacity(old.len() + new.len());
    let mut changed: Option<(u32, usize)> = None;
    let mut old = old.iter().copied().peekable();
    for &slot in new {
        while let Some(earlier) = old.next_if(|other| other.bucket < slot.bucket) {
            out.push(earlier);
        }
        if let Some(same) = old.next_if(|other| other.bucket == slot.bucket)
            && same.value != slot.value
        {
            changed.get_or_insert((slot.bucket, 0)).1 += 1;
        }
        out.push(slot);
    }
    out.extend(old);
    out.shrink_to_fit();
    (out, changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;

    fn slot(bucket: u32, value: i64) -> Slot {
        Slot { bucket, stamp: 0, value }
    }

    #[test]
    fn merging() {
        let day = 1_731_945_600;
        let window = Window::new(Interval::Day, day, day + 9 * 86_400).unwrap();
        let mut points = Points::new(window, 100);
        assert_eq!(points.merge(vec![slot(2, 20), slot(4, 40)]), None);
        assert_eq!(points.merge(vec![slot(5, 50)]), None);
        assert_eq!(points.merge(vec![slot(0, 1), slot(2, 20), slot(3, 30)]), None);
        assert_eq!(points.merge(vec![slot(4, 41), slot(5, 51)]), Some((day + 4 * 86_400, 2)));
        assert_eq!(points.merge(Vec::new()), None);
        let all: Vec<_> =
            points.iter().map(|(start, p)| ((start - day) / 86_400, p.value)).collect();
        assert_eq!(all, [(0, 1), (2, 20), (3, 30), (4, 41), (5, 51)]);
        assert_eq!(points.get(day), Some(Point { value: 1, fetched_at: 100 }));
        assert_eq!(points.get(day + 86_400), None);
        assert_eq!((points.len(), points.is_empty()), (5, false));
    }

    #[test]
    fn filling_leaves_what_is_there() {
        let day = 1_731_945_600;
        let window = Window::new(Interval::Day, day, day + 9 * 86_400).unwrap();
        let points = |slots: &[Slot]| {
            let mut points = Points::new(window, 100);
            points.merge(slots.to_vec());
            points
        };
        let mut one = points(&[slot(1, 10), slot(3, 30)]);
        one.fill(&points(&[slot(0, 1), slot(1, 11), slot(2, 21), slot(3, 31), slot(4, 41)]));
        let all = [slot(0, 1), slot(1, 10), slot(2, 21), slot(3, 30), slot(4, 41)];
        assert_eq!(one, points(&all));
    }

    #[test]
    fn stamps_saturate() {
        assert_eq!(Points::stamp(0, i64::MAX), i32::MAX);
        assert_eq!(Points::stamp(i64::MAX, i64::MIN), i32::MIN);
        assert_eq!(Points::stamp(100, 90), -10);
    }
}
