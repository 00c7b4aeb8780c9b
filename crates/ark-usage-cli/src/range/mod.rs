//! From what people ask for ("the last seven days") to the first and the last bucket wanted.
//!
//! Both ends are included everywhere. Buckets are the service's: days begin at midnight UTC+8,
//! hours on the hour. Nothing here reads a clock: `now` is an argument.

mod resolve;
mod time;
mod words;

pub(crate) use resolve::{RangeInput, resolve};
pub(crate) use time::{parse_now, parse_zone};
pub(crate) use words::cut_at_now;

use ark_usage_model::{Interval, Window};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::error::CliError;
use crate::text;

/// What a day is unless somebody says otherwise: the service's.
pub(crate) const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// The buckets wanted, and the zone they are named in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) window: Window,
    /// The buckets of the range before, where that is asked too.
    pub(crate) previous: Option<Window>,
    /// The zone dates were read in and are printed in.
    pub(crate) zone: TimeZone,
    /// The zone's name as given.
    pub(crate) zone_name: String,
    /// The range asked for ended later than now, and was cut there.
    pub(crate) cut_at_now: bool,
    /// What a row is when it is not summed further.
    pub(crate) rows: Interval,
}

impl Range {
    /// As many buckets, just before.
    pub(crate) fn before(&self) -> Result<Window, CliError> {
        let (interval, first) = (self.window.interval(), self.window.first());
        let length = self.window.end() - first;
        Window::new(interval, first - length, first - interval.seconds()).map_err(|error| {
            CliError::usage(text!(
                "--compare previous: there is no such range before this one",
                "--compare previous：此范围之前没有可比的范围"
            ))
            .with_source(error)
        })
    }

    /// An instant as civil time in the range's zone.
    pub(crate) fn local(&self, unix: i64) -> Zoned {
        Timestamp::from_second(unix).unwrap_or_default().to_zoned(self.zone.clone())
    }

    /// Whether its rows are put together from finer buckets.
    pub(crate) fn is_put_together(&self) -> bool {
        self.rows != self.window.interval()
    }

    /// An instant as RFC 3339 with the zone's offset.
    pub(crate) fn rfc3339(&self, unix: i64) -> String {
        self.local(unix).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// A bucket as the tables name it: a date, or a date and an hour.
    pub(crate) fn bucket_label(&self, start: i64) -> String {
        let local = self.local(start);
        match self.window.interval() {
            Interval::Day => local.strftime("%Y-%m-%d").to_string(),
            Interval::Hour => local.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }
}
