//! Stretches of time that buckets are summed by: hours, days, weeks and months of a zone.

use std::collections::BTreeMap;

use ark_usage_model::{Interval, Window};
use jiff::civil::Date;

use super::Dimension;
use crate::range::Range;

/// A stretch of time; unix seconds, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    /// Its start, unix seconds.
    pub start: i64,
    /// Its end, not included.
    pub end: i64,
}

/// The stretches of a window, in order.
#[derive(Debug)]
pub(super) struct Times {
    window: Window,
    pub(super) spans: Vec<TimeSpan>,
    /// The stretch of each bucket.
    places: Vec<usize>,
    /// The number of rows of the range in each stretch, and whether it is all of its units.
    sizes: Vec<(i64, bool)>,
    /// By what stretches of two ranges are paired.
    pairing: Pairing,
}

/// The rule that makes two stretches of different ranges partners.
#[derive(Debug)]
enum Pairing {
    /// Their place: the third day with the third.
    Place,
    /// By the clock: hours of days, of which there are 23 or 25 when clocks are changed.
    Clock {
        /// Hours from the first midnight on, as clocks count them; none where they show one for the
        /// second time.
        shown: Vec<Option<i64>>,
        places: BTreeMap<i64, usize>,
    },
}

impl Pairing {
    fn new(range: &Range, spans: &[TimeSpan], by: &[Dimension]) -> Self {
        let hours = range.by_days && by.contains(&Dimension::Hour);
        let Some(first) = spans.first().filter(|first| hours && begins_a_day(range, first.start))
        else {
            return Self::Place;
        };
        let midnight = range.local(first.start).date().at(0, 0, 0, 0);
        let mut places = BTreeMap::new();
        let mut shown = Vec::with_capacity(spans.len());
        for (place, span) in spans.iter().enumerate() {
            let clock = range.local(span.start).datetime().duration_since(midnight).as_hours();
            let again = places.contains_key(&clock);
            shown.push((!again).then_some(clock));
            places.entry(clock).or_insert(place);
        }
        Self::Clock { shown, places }
    }
}

/// Returns whether the hour before belongs to the day before.
fn begins_a_day(range: &Range, start: i64) -> bool {
    range.local(start).date() != range.local(start - Interval::Hour.seconds()).date()
}

impl Times {
    /// Cuts a window wherever one of the dimensions changes; without any it is one stretch.
    pub(super) fn new(range: &Range, window: Window, by: &[Dimension]) -> Self {
        let mut spans: Vec<TimeSpan> = Vec::new();
        let mut places = Vec::with_capacity(window.len());
        let mut last = None;
        for start in window.buckets() {
            let names: Vec<_> = by.iter().filter_map(|one| name(one, range, start)).collect();
            let end = start + window.interval().seconds();
            match spans.last_mut().filter(|_| last.as_ref() == Some(&names)) {
                Some(span) => span.end = end,
                None => spans.push(TimeSpan { start, end }),
            }
            places.push(spans.len() - 1);
            last = Some(names);
        }
        let whole = |span: TimeSpan| {
            by.iter().filter(|one| one.is_time()).all(|one| !is_cut(one, range, span))
        };
        let sizes = spans.iter().map(|span| (rows(range, *span), whole(*span))).collect();
        let pairing = Pairing::new(range, &spans, by);
        Self { window, spans, places, sizes, pairing }
    }

    /// The partner among other ones, with its place, where the two can be compared: they are as
    /// long, or a whole unit each, as two months are.
    pub(super) fn partner(&self, place: usize, other: &Self) -> Option<(usize, TimeSpan)> {
        let there = match (&self.pairing, &other.pairing) {
            (Pairing::Clock { shown, .. }, Pairing::Clock { places, .. }) => {
                let clock = shown.get(place).copied().flatten()?;
                *places.get(&clock)?
            }
            _ => place,
        };
        let ((rows, whole), (others, other_whole)) =
            (self.sizes.get(place)?, other.sizes.get(there)?);
        let alike = rows == others || *whole && *other_whole;
        let span = other.spans.get(there).copied().filter(|_| alike)?;
        Some((there, span))
    }

    /// Returns whether they are hours that are paired by their place, whatever the clock shows.
    pub(super) fn has_hours_metric_order(&self) -> bool {
        let hour = Interval::Hour.seconds();
        matches!(self.pairing, Pairing::Place)
            && self.spans.iter().all(|span| span.end - span.start == hour)
    }

    /// The stretches that have no partner among other ones.
    pub(super) fn alone(&self, other: &Self) -> Vec<TimeSpan> {
        let places = self.spans.iter().enumerate();
        let alone = places.filter(|(place, _)| self.partner(*place, other).is_none());
        alone.map(|(_, span)| *span).collect()
    }

    /// The stretch of the bucket that starts at an instant, with its place.
    pub(super) fn of(&self, start: i64) -> Option<(usize, TimeSpan)> {
        let bucket = start.checked_sub(self.window.first())? / self.window.interval().seconds();
        let place = *self.places.get(usize::try_from(bucket).ok()?)?;
        self.spans.get(place).map(|span| (place, *span))
    }
}

/// Returns the number of rows of a range in a stretch of it.
fn rows(range: &Range, span: TimeSpan) -> i64 {
    let bucket = range.window.interval().seconds();
    match range.rows {
        Interval::Hour => (span.end - span.start) / bucket,
        Interval::Day => {
            let date = |start: i64| range.local(start).date();
            i64::from((date(span.end - bucket) - date(span.start)).get_days()) + 1
        }
    }
}

/// Returns the name of a bucket by a dimension: two of the same name are in one stretch.
fn name(by: &Dimension, range: &Range, start: i64) -> Option<(Date, i64)> {
    let date = range.local(start).date();
    Some(match by {
        Dimension::Hour => (date, start),
        Dimension::Day => (date, 0),
        Dimension::Week => (monday(date), 0),
        Dimension::Month => (date.first_of_month(), 0),
        _ => return None,
    })
}

/// The Monday of a date's ISO week.
fn monday(date: Date) -> Date {
    let days = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(jiff::Span::new().days(days)).unwrap_or(date)
}

/// Returns whether a unit of time began before a stretch of the range or goes on after it.
pub(super) fn is_cut(by: &Dimension, range: &Range, span: TimeSpan) -> bool {
    let bucket = range.window.interval().seconds();
    let goes_on = |start: i64| name(by, range, start) == name(by, range, start - bucket);
    goes_on(span.start) || goes_on(span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range::parse_zone;

    fn range(zone: &str, interval: Interval, first: &str, last: &str) -> Range {
        let start = |text: &str| {
            let instant: jiff::Timestamp = text.parse().unwrap();
            instant.as_second()
        };
        Range {
            window: Window::new(interval, start(first), start(last)).unwrap(),
            previous: None,
            zone: parse_zone(zone).unwrap(),
            zone_name: zone.to_owned(),
            cut_at_now: false,
            rows: interval,
            by_days: true,
        }
    }

    /// Returns the number of buckets of each stretch.
    fn lengths(range: &Range, by: &[Dimension]) -> Vec<i64> {
        let times = Times::new(range, range.window, by);
        let seconds = range.window.interval().seconds();
        times.spans.iter().map(|span| (span.end - span.start) / seconds).collect()
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        // Thursday 14 November to Tuesday 3 December 2024.
        let from = "2024-11-14T00:00:00+08:00";
        let range = range("Asia/Shanghai", Interval::Day, from, "2024-12-03T00:00:00+08:00");
        assert_eq!(lengths(&range, &[Dimension::Week]), [4, 7, 7, 2]);
        assert_eq!(lengths(&range, &[Dimension::Month]), [17, 3]);
        assert_eq!(lengths(&range, &[Dimension::Month, Dimension::Week]), [4, 7, 6, 1, 2]);
        assert_eq!(lengths(&range, &[]), [20]);
        let times = Times::new(&range, range.window, &[Dimension::Week]);
        let cut = |place: usize| is_cut(&Dimension::Week, &range, times.spans[place]);
        assert_eq!([cut(0), cut(1), cut(2), cut(3)], [true, false, false, true]);
    }

    #[test]
    fn days_of_a_zone_have_as_many_hours_as_the_clock_shows() {
        // In New York 3 November 2024 had 25 hours, and 10 March 23.
        let autumn = range(
            "America/New_York",
            Interval::Hour,
            "2024-11-02T04:00:00Z",
            "2024-11-05T04:00:00Z",
        );
        assert_eq!(lengths(&autumn, &[Dimension::Day]), [24, 25, 24]);
        let spring = range(
            "America/New_York",
            Interval::Hour,
            "2024-03-10T05:00:00Z",
            "2024-03-11T03:00:00Z",
        );
        assert_eq!(lengths(&spring, &[Dimension::Day]), [23]);
    }
}
