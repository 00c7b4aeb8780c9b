//! Days, weeks and months of a zone, as spans of time.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::suggest;

/// The period of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Period {
    /// A day.
    Day,
    /// From Monday on (ISO 8601).
    Week,
    /// A calendar month.
    Month,
}

/// From one instant to another, which is not included; unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodSpan {
    /// Its start, unix seconds.
    pub start: i64,
    /// Its end, not included.
    pub end: i64,
}

/// Other words for periods.
const WORDS: [(Period, [&str; 5]); 3] = [
    (Period::Day, ["daily", "d", "today", "日", "天"]),
    (Period::Week, ["weekly", "w", "wk", "周", "星期"]),
    (Period::Month, ["monthly", "mo", "mon", "月", "个月"]),
];

impl Period {
    /// Every period.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// Returns the name it is written with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.name() == name)
    }

    /// Returns the period that a word probably means.
    pub(super) fn meant(word: &str) -> Option<Self> {
        let lower = word.to_lowercase();
        let other = |(_, words): &&(Self, [&str; 5])| words.contains(&lower.as_str());
        let known = WORDS.iter().find(other).map(|(period, _)| *period);
        let nearest = || suggest::nearest(&lower, Self::ALL.map(Self::name)).and_then(Self::named);
        known.or_else(nearest)
    }

    /// Returns the period that contains `now`, in `zone`.
    pub fn around(self, now: Timestamp, zone: &TimeZone) -> Result<PeriodSpan, jiff::Error> {
        let today = now.to_zoned(zone.clone()).date();
        let (first, next) = match self {
            Self::Day => (today, today.tomorrow()?),
            Self::Week => {
                let back = i64::from(today.weekday().to_monday_zero_offset());
                let monday = today.checked_sub(back.days())?;
                (monday, monday.checked_add(1.week())?)
            }
            Self::Month => (today.first_of_month(), today.last_of_month().tomorrow()?),
        };
        let midnight =
            |date: Date| Ok::<_, jiff::Error>(date.to_zoned(zone.clone())?.timestamp().as_second());
        Ok(PeriodSpan { start: midnight(first)?, end: midnight(next)? })
    }
}

impl PeriodSpan {
    /// Its length in seconds.
    pub fn seconds(self) -> i64 {
        self.end - self.start
    }

    /// Returns true if it contains an instant.
    pub fn holds(self, unix: i64) -> bool {
        (self.start..self.end).contains(&unix)
    }
}
