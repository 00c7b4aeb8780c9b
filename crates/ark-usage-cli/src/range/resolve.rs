//! The rules that turn a range asked for into buckets.

use ark_usage_model::{Interval, Window};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Range;
use super::time::TimeInput;
use crate::error::CliError;

/// A range as asked for on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RangeInput {
    /// `--start T [--end T]`
    Between { start: String, end: Option<String> },
    /// `--last 7d`
    Last(String),
    /// `--today`
    Today,
    /// `--yesterday`
    Yesterday,
    /// `--month 2026-10`
    Month(String),
}

/// Ark opened in 2023; nothing can have been used before this day.
const EARLIEST: Date = jiff::civil::date(2020, 1, 1);

/// Finds the buckets; refuses what the service could not answer or what would be answered wrong.
pub(crate) fn resolve(
    input: &RangeInput,
    interval: Option<Interval>,
    zone: &TimeZone,
    zone_name: &str,
    now: Timestamp,
) -> Result<Range, CliError> {
    let context = Context { zone, zone_name, now };
    let (interval, first, last) = match input {
        RangeInput::Between { start, end } => context.between(start, end.as_deref(), interval)?,
        RangeInput::Last(text) => context.last(text, interval)?,
        RangeInput::Today => {
            let today = context.today();
            context.days("--today", today, today, interval)?
        }
        RangeInput::Yesterday => {
            let yesterday = context.earlier_day(1, "--yesterday")?;
            context.days("--yesterday", yesterday, yesterday, interval)?
        }
        RangeInput::Month(text) => context.month(text, interval)?,
    };
    context.finish(interval, first, last)
}

struct Context<'a> {
    zone: &'a TimeZone,
    zone_name: &'a str,
    now: Timestamp,
}

/// Interval, first bucket, last bucket.
type Buckets = (Interval, i64, i64);

impl Context<'_> {
    fn between(
        &self,
        start: &str,
        end: Option<&str>,
        interval: Option<Interval>,
    ) -> Result<Buckets, CliError> {
        let interval = interval.unwrap_or(Interval::Day);
        let first = self.first_bucket(interval, TimeInput::parse("--start", start)?, start)?;
        let last = match end {
            None => interval.bucket_start(self.now.as_second()),
            Some(end) => self.last_bucket(interval, TimeInput::parse("--end", end)?, end)?,
        };
        if end.is_none() && first > last {
            return Err(CliError::usage(format!(
                "--start {start} lies in the future: now is {}",
                self.rfc3339(self.now.as_second())
            )));
        }
        if first > last {
            let end = end.unwrap_or_default();
            return Err(CliError::usage(format!("--end {end} is before --start {start}"))
                .with_hint("both ends are included; the same day twice is that one day"));
        }
        Ok((interval, first, last))
    }

    fn last(&self, text: &str, interval: Option<Interval>) -> Result<Buckets, CliError> {
        let (count, unit) = parse_last(text)?;
        if unit == LastUnit::Hours {
            if interval == Some(Interval::Day) {
                return Err(CliError::usage(format!(
                    "--last {text} counts hours, --interval day days"
                ))
                .with_hint(format!(
                    "use --last {}d, or leave --interval out",
                    count.div_ceil(24)
                )));
            }
            let last = Interval::Hour.bucket_start(self.now.as_second());
            let first = i64::from(count)
                .checked_sub(1)
                .and_then(|back| last.checked_sub(back * 3_600))
                .ok_or_else(|| too_early(&format!("--last {text}")))?;
            return Ok((Interval::Hour, first, last));
        }
        let days = if unit == LastUnit::Weeks { count.saturating_mul(7) } else { count };
        let first = self.earlier_day(days.saturating_sub(1), &format!("--last {text}"))?;
        self.days(&format!("--last {text}"), first, self.today(), interval)
    }

    fn month(&self, text: &str, interval: Option<Interval>) -> Result<Buckets, CliError> {
        let flag = format!("--month {text}");
        let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
        if !shape.eq(b"0000-00".iter().copied()) {
            return Err(CliError::usage(format!("{flag}: not a month"))
                .with_hint("write the year and the month, as in --month 2026-10"));
        }
        let first: Date = format!("{text}-01").parse().map_err(|error: jiff::Error| {
            CliError::usage(format!("{flag}: not a month")).with_source(error)
        })?;
        self.days(&flag, first, first.last_of_month(), interval)
    }

    /// Whole days, cut at now.
    fn days(
        &self,
        flag: &str,
        first: Date,
        last: Date,
        interval: Option<Interval>,
    ) -> Result<Buckets, CliError> {
        let interval = interval.unwrap_or(Interval::Day);
        let first = self.first_bucket(interval, TimeInput::Day(first), flag)?;
        let last = self.last_bucket(interval, TimeInput::Day(last), flag)?;
        if first > self.now.as_second() {
            return Err(CliError::usage(format!(
                "{flag} lies in the future: now is {}",
                self.rfc3339(self.now.as_second())
            )));
        }
        Ok((interval, first, last.min(interval.bucket_start(self.now.as_second()))))
    }

    /// The first bucket of what `--start` names.
    fn first_bucket(
        &self,
        interval: Interval,
        input: TimeInput,
        text: &str,
    ) -> Result<i64, CliError> {
        match input {
            TimeInput::Instant(at) => self.aligned("--start", interval, at, text),
            TimeInput::Day(date) => self.day_edge(interval, date, text),
        }
    }

    /// The last bucket of what `--end` names: an instant is the start of it, a day ends with it.
    fn last_bucket(
        &self,
        interval: Interval,
        input: TimeInput,
        text: &str,
    ) -> Result<i64, CliError> {
        match input {
            TimeInput::Instant(at) => self.aligned("--end", interval, at, text),
            TimeInput::Day(date) => {
                let next =
                    date.tomorrow().map_err(|error| out_of_reach(text).with_source(error))?;
                // In a zone with other days the next midnight is no edge of a day of the service;
                // `finish` refuses those, so here the start decides.
                match interval {
                    Interval::Day => self.day_edge(interval, date, text),
                    Interval::Hour => Ok(self.day_edge(interval, next, text)? - interval.seconds()),
                }
            }
        }
    }

    /// Midnight of a day in the zone, which must be an edge between two buckets.
    fn day_edge(&self, interval: Interval, date: Date, text: &str) -> Result<i64, CliError> {
        if date < EARLIEST {
            return Err(too_early(text));
        }
        let midnight =
            self.midnight(date).map_err(|error| out_of_reach(text).with_source(error))?;
        if interval.is_aligned(midnight) {
            return Ok(midnight);
        }
        match interval {
            Interval::Day => Err(self.other_days()),
            Interval::Hour => Err(CliError::usage(format!(
                "--tz {}: its days do not begin on a full hour of the service, so {text} is no whole number of hours",
                self.zone_name
            ))
            .with_hint("use --tz Asia/Shanghai or UTC, or give --start and --end as instants on the hour")),
        }
    }

    fn aligned(
        &self,
        flag: &str,
        interval: Interval,
        at: i64,
        text: &str,
    ) -> Result<i64, CliError> {
        if interval.is_aligned(at) {
            return Ok(at);
        }
        let before = interval.bucket_start(at);
        let after = interval.next_start(at);
        let unit = if interval == Interval::Day { "day" } else { "hour" };
        Err(CliError::usage(format!("{flag} {text} is not the start of {unit} of the service", unit = article(unit)))
            .with_hint(format!(
                "the nearest are {} ({before}) and {} ({after}); a date alone, as in {flag} {}, names its whole day",
                self.rfc3339(before),
                self.rfc3339(after),
                self.local_date(at),
            )))
    }

    /// The checks that every range goes through, however it was written.
    fn finish(&self, interval: Interval, first: i64, last: i64) -> Result<Range, CliError> {
        let now = interval.bucket_start(self.now.as_second());
        if first > now {
            return Err(CliError::usage(format!(
                "the range begins in the future, at {}: now is {}",
                self.rfc3339(first),
                self.rfc3339(self.now.as_second())
            )));
        }
        let earliest = self.midnight(EARLIEST).unwrap_or(0);
        if first < earliest {
            return Err(too_early(&self.rfc3339(first)));
        }
        let window = Window::new(interval, first, last.min(now))
            .map_err(|error| CliError::usage("the range cannot be asked for").with_source(error))?;
        let range = Range {
            window,
            zone: self.zone.clone(),
            zone_name: self.zone_name.to_owned(),
            cut_at_now: last > now,
        };
        if interval == Interval::Day {
            self.check_days(window)?;
        }
        Ok(range)
    }

    /// Every bucket of a day query must be a day of the zone, or its rows would be named wrong.
    fn check_days(&self, window: Window) -> Result<(), CliError> {
        let mut date = self.local_date(window.first());
        for edge in window.buckets().chain([window.end()]) {
            if self.midnight(date).ok() != Some(edge) {
                return Err(self.other_days());
            }
            date = date.tomorrow().map_err(|error| out_of_reach("the range").with_source(error))?;
        }
        Ok(())
    }

    fn other_days(&self) -> CliError {
        CliError::usage(format!(
            "--tz {}: its days are not the service's days, which begin at midnight UTC+8",
            self.zone_name
        ))
        .with_hint("ask for hours (--interval hour), which can be read in any zone with whole hours, or leave --tz out")
    }

    fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    fn earlier_day(&self, days: u32, flag: &str) -> Result<Date, CliError> {
        let span = Span::new().try_days(i64::from(days));
        span.and_then(|span| self.today().checked_sub(span)).map_err(|_| too_early(flag))
    }

    fn local_date(&self, unix: i64) -> Date {
        Timestamp::from_second(unix).unwrap_or_default().to_zoned(self.zone.clone()).date()
    }

    fn midnight(&self, date: Date) -> Result<i64, jiff::Error> {
        Ok(date.to_zoned(self.zone.clone())?.timestamp().as_second())
    }

    fn rfc3339(&self, unix: i64) -> String {
        let at = Timestamp::from_second(unix).unwrap_or_default().to_zoned(self.zone.clone());
        at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LastUnit {
    Hours,
    Days,
    Weeks,
}

fn parse_last(text: &str) -> Result<(u32, LastUnit), CliError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "h" => LastUnit::Hours,
        "d" => LastUnit::Days,
        "w" => LastUnit::Weeks,
        "m" => {
            return Err(CliError::usage(format!("--last {text}: minutes or months? \"m\" can be either"))
                .with_hint("the service counts by the hour and by the day: use hours (24h), days (30d), weeks (4w), or --month 2026-10"));
        }
        _ => return Err(bad_last(text)),
    };
    match number.parse::<u32>() {
        Ok(0) => Err(CliError::usage(format!("--last {text}: nothing at all")).with_hint(
            "the smallest ranges are --last 1h (the running hour) and --last 1d (today)",
        )),
        Ok(count) => Ok((count, unit)),
        Err(_) if number.is_empty() => Err(bad_last(text)),
        Err(_) => Err(too_early(&format!("--last {text}"))),
    }
}

fn bad_last(text: &str) -> CliError {
    CliError::usage(format!("--last {text}: not a number with h, d or w behind it"))
        .with_hint("write --last 24h, --last 7d or --last 4w")
}

fn too_early(what: &str) -> CliError {
    CliError::usage(format!("{what}: that is before there was anything to count"))
        .with_hint(format!("Ark has no usage before {EARLIEST}; unix times are in seconds"))
}

fn out_of_reach(text: &str) -> CliError {
    CliError::usage(format!("{text}: no calendar reaches that far"))
}

fn article(unit: &str) -> &'static str {
    if unit == "day" { "a day" } else { "an hour" }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
