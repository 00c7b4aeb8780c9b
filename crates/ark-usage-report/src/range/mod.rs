//! From a range in words ("the last seven days") to its first and last bucket.
//!
//! Both ends are included everywhere. Buckets are the service's: days begin at midnight UTC+8 or UTC,
//! hours on the hour; days of other zones are put together from hours. Nothing here reads a clock:
//! `now` is an argument.

mod calendar;
mod named_months;
mod named_weeks;
mod not_a_time;
mod numbers;
mod resolve;
mod spans;
mod time;
mod words;
mod zone;

pub use resolve::{RangeInput, RangeSpec, resolve};
pub use time::{check_full_hour, parse_now};
pub use words::cut_at_now;
pub use zone::parse_zone;

use ark_usage_model::{Interval, Window};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The default time zone: the service's, where its days begin at midnight UTC+8.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// The buckets of a range, and the zone they are named in.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The buckets of the range.
    pub window: Window,
    /// The buckets of the previous range, where one is requested.
    pub previous: Option<Window>,
    /// The zone dates were read in and are printed in.
    pub zone: TimeZone,
    /// The zone's name as given.
    pub zone_name: String,
    /// The requested range ended later than now, and was cut there.
    pub cut_at_now: bool,
    /// The interval of a row that is not summed further.
    pub rows: Interval,
    /// Its edges or its rows are days of the zone.
    pub by_days: bool,
}

impl Range {
    /// The previous range with the rest of its last day, as far as this range does not have it: rows of days
    /// need whole days.
    pub fn whole_previous(&self) -> Option<Window> {
        let previous = self.previous?;
        let end = previous.end().saturating_add(Interval::Day.seconds());
        let end = end.min(self.window.first()).max(previous.end());
        let last = end - previous.interval().seconds();
        let whole = Window::of_days(previous.days(), previous.interval(), previous.first(), last);
        Some(whole.unwrap_or(previous))
    }

    /// Start of the last row.
    pub fn last_row(&self) -> i64 {
        if !self.is_put_together() {
            return self.window.last();
        }
        let date = |start: i64| self.local(start).date();
        let last = date(self.window.last());
        let hours = self.window.buckets().rev().take_while(|start| date(*start) == last);
        hours.last().unwrap_or_else(|| self.window.last())
    }

    /// Returns whether a day of the zone begins within an hour of the service, somewhere in the range: such
    /// an hour cannot be taken apart.
    pub fn has_split_hours(&self) -> bool {
        let hours = self.window.interval() == Interval::Hour;
        let windows = [Some(self.window), self.previous].into_iter().flatten();
        let mut days =
            windows.flat_map(|window| window.buckets().step_by(24).chain([window.last()]));
        let offset = |unix: i64| self.local(unix).offset().seconds();
        hours && days.any(|unix| offset(unix) % 3_600 != 0)
    }

    /// An instant as civil time in the range's zone.
    pub fn local(&self, unix: i64) -> Zoned {
        Timestamp::from_second(unix).unwrap_or_default().to_zoned(self.zone.clone())
    }

    /// Returns whether its rows are put together from finer buckets.
    pub fn is_put_together(&self) -> bool {
        self.rows != self.window.interval()
    }

    /// An instant as RFC 3339 with the zone's offset.
    pub fn rfc3339(&self, unix: i64) -> String {
        self.local(unix).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// A bucket as the tables name it: a date, or a date and an hour.
    pub fn bucket_label(&self, start: i64) -> String {
        match self.rows {
            Interval::Day => self.local(start).strftime("%Y-%m-%d").to_string(),
            Interval::Hour => self.hour_label(start),
        }
    }

    /// An hour; one that the clock shows twice on a day, with its offset.
    pub fn hour_label(&self, start: i64) -> String {
        let local = self.local(start);
        let twice = self.zone.to_ambiguous_zoned(local.datetime()).is_ambiguous();
        let format = if twice { "%Y-%m-%d %H:%M%:z" } else { "%Y-%m-%d %H:%M" };
        local.strftime(format).to_string()
    }
}

#[cfg(test)]
#[path = "spelling_tests.rs"]
mod spelling_tests;
