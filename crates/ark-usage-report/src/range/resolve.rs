//! The rules that turn a requested range into the edges of its rows.

use ark_usage_model::Interval;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use volc_openapi::ServiceDays;

use super::Range;
use super::calendar::{Calendar, HOUR, earlier_day, too_early};
use super::named_months::{month, month_before};
use super::named_weeks::{monday, monday_before, week};
use super::spans::{LastUnit, parse_last};
use super::time::TimeInput;
use crate::error::ReportError;
use crate::text;

/// A range as written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RangeInput {
    /// `--start T [--end T]`
    Between {
        /// The first day or hour.
        start: String,
        /// The last day or hour, included; now when none is given.
        end: Option<String>,
    },
    /// `--before T`: since the time before which something ends, or the last `400d`
    Before(String),
    /// `--last 7d`
    Last(String),
    /// `--today`
    Today,
    /// `--yesterday`
    Yesterday,
    /// `--this-week`, which began on Monday
    ThisWeek,
    /// `--this-month`
    ThisMonth,
    /// `--last-week`, from Monday to Sunday
    LastWeek,
    /// `--last-month`
    LastMonth,
    /// `--week 2026-W48` or `--week last`
    Week(String),
    /// `--month 2026-10` or `--month last`
    Month(String),
    /// From the earliest start of these until now.
    Since(Vec<Self>),
}

impl RangeInput {
    /// Returns the flag of the start with its value, as errors name it.
    fn named(&self) -> String {
        match self {
            Self::Between { start, .. } => format!("--start {start}"),
            Self::Before(time) => format!("--before {time}"),
            Self::Last(text) => format!("--last {text}"),
            Self::Today => "--today".to_owned(),
            Self::Yesterday => "--yesterday".to_owned(),
            Self::ThisWeek => "--this-week".to_owned(),
            Self::ThisMonth => "--this-month".to_owned(),
            Self::LastWeek => "--last-week".to_owned(),
            Self::LastMonth => "--last-month".to_owned(),
            Self::Week(text) => format!("--week {text}"),
            Self::Month(text) => format!("--month {text}"),
            Self::Since(inputs) => inputs.first().map(Self::named).unwrap_or_default(),
        }
    }
}

/// The specification of a range.
#[derive(Clone, Copy, Debug)]
pub struct RangeSpec<'a> {
    /// The range as written.
    pub input: &'a RangeInput,
    /// The interval of a row, if one is given.
    pub rows: Option<Interval>,
    /// The time zone of dates.
    pub zone: &'a TimeZone,
    /// The name of the zone as given.
    pub zone_name: &'a str,
    /// The current time.
    pub now: Timestamp,
    /// The time a bucket takes to settle, in seconds, where only settled ones are wanted.
    pub complete: Option<i64>,
    /// The previous range is needed too.
    pub compare: bool,
    /// The days that the service counts by; days of any other zone are put together from hours.
    pub days: ServiceDays,
}

impl<'a> RangeSpec<'a> {
    /// Returns the range of `input` in rows that suit it, with unsettled buckets and without the
    /// previous range, from a service whose days begin at midnight UTC+8.
    pub fn new(
        input: &'a RangeInput,
        zone: &'a TimeZone,
        zone_name: &'a str,
        now: Timestamp,
    ) -> Self {
        let (complete, compare, days) = (None, false, ServiceDays::Beijing);
        Self { input, rows: None, zone, zone_name, now, complete, compare, days }
    }

    /// Returns the range by a clock that shows `offset` seconds more, if that names other buckets.
    pub fn moved(&self, offset: i64) -> Result<Option<Range>, ReportError> {
        let now = self.now.as_second().saturating_add(offset);
        let now = Timestamp::from_second(now).unwrap_or(self.now);
        let moved = resolve(&Self { now, ..*self })?;
        let is_same = resolve(self)
            .is_ok_and(|range| (range.window, range.previous) == (moved.window, moved.previous));
        Ok((!is_same).then_some(moved))
    }
}

/// Returns the range; fails for one that the service cannot answer or would answer wrongly.
pub fn resolve(spec: &RangeSpec<'_>) -> Result<Range, ReportError> {
    let calendar = Calendar::new(spec);
    let edges = calendar.edges(spec.input, spec.rows)?;
    calendar.finish(&spec.input.named(), edges, spec.compare)
}

/// The edges of a range, in rows; unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edges {
    pub(super) rows: Interval,
    /// Start of the first row.
    pub(super) first: i64,
    /// Start of the last row.
    pub(super) last: i64,
    /// End of the last row, not included.
    pub(super) end: i64,
    /// It was given in days of the zone.
    pub(super) by_days: bool,
    /// The distance to the previous range.
    pub(super) step: Step,
}

/// The distance from one range to the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// As long as it is.
    Length,
    Days(i64),
    Months(i64),
}

impl Calendar<'_> {
    fn edges(&self, input: &RangeInput, rows: Option<Interval>) -> Result<Edges, ReportError> {
        let today = self.today();
        match input {
            RangeInput::Between { start, end } => {
                self.between("--start", start, end.as_deref(), rows)
            }
            RangeInput::Before(age) if parse_last(age).is_ok() => self.last(age, rows),
            RangeInput::Before(time) => self.between("--before", time, None, rows),
            RangeInput::Last(text) => self.last(text, rows),
            RangeInput::Today => self.days("--today", today, today, rows),
            RangeInput::Yesterday => {
                let yesterday = earlier_day(today, 1, "--yesterday")?;
                self.days("--yesterday", yesterday, yesterday, rows)
            }
            RangeInput::ThisWeek => {
                let monday = monday(today).ok_or_else(|| too_early("--this-week"))?;
                let edges = self.days("--this-week", monday, today, rows)?;
                Ok(Edges { step: Step::Days(7), ..edges })
            }
            RangeInput::ThisMonth => {
                let edges = self.days("--this-month", today.first_of_month(), today, rows)?;
                Ok(Edges { step: Step::Months(1), ..edges })
            }
            RangeInput::LastWeek => {
                let monday = monday_before(today).ok_or_else(|| too_early("--last-week"))?;
                self.whole_week("--last-week", monday, rows)
            }
            RangeInput::LastMonth => {
                let first = month_before(today).ok_or_else(|| too_early("--last-month"))?;
                self.whole_month("--last-month", first, rows)
            }
            RangeInput::Week(text) => {
                self.whole_week(&format!("--week {text}"), week(text, today)?, rows)
            }
            RangeInput::Month(text) => {
                self.whole_month(&format!("--month {text}"), month(text, today)?, rows)
            }
            RangeInput::Since(inputs) => self.since(inputs, rows.unwrap_or(Interval::Day)),
        }
    }

    fn since(&self, inputs: &[RangeInput], rows: Interval) -> Result<Edges, ReportError> {
        let (last, end) = self.last_begun(rows)?;
        let mut first = last;
        for input in inputs {
            first = first.min(self.edges(input, Some(rows))?.first);
        }
        Ok(Edges { rows, first, last, end, by_days: false, step: Step::Length })
    }

    fn between(
        &self,
        flag: &'static str,
        start: &str,
        end: Option<&str>,
        rows: Option<Interval>,
    ) -> Result<Edges, ReportError> {
        let rows = rows.unwrap_or(Interval::Day);
        let named = format!("{flag} {start}");
        let (from, first) = match TimeInput::of_range(flag, start, self.today())? {
            TimeInput::Instant(at) => (None, self.aligned(flag, rows, at, &named)?),
            TimeInput::Day(date) => (Some(date), self.day_start(date, &named)?),
        };
        let (to, (last, end_of_last)) = match end {
            None => (Some(self.today()), self.last_begun(rows)?),
            Some(end) => {
                let named = format!("--end {end}");
                match TimeInput::of_range("--end", end, self.today())? {
                    TimeInput::Instant(at) => {
                        let last = self.aligned("--end", rows, at, &named)?;
                        (None, (last, self.row_end(rows, last)?))
                    }
                    TimeInput::Day(date) => (Some(date), self.last_row(rows, date, &named)?),
                }
            }
        };
        if first > last && end.is_some() {
            let end = end.unwrap_or_default();
            return Err(ReportError::invalid(text!(
                "--end {end} is before --start {start}",
                "--end {end} 早于 --start {start}"
            ))
            .with_hint(text!(
                "both ends are included; use the same date twice for one day",
                "首尾两端都包含在内；两端写同一天就是那一天"
            )));
        }
        if first > self.now() {
            return Err(match from {
                Some(day) => self.not_begun(&named, day, first),
                None => self.in_the_future(&named),
            });
        }
        let by_days = from.is_some() || to.is_some() && end.is_some();
        let step = from.zip(to.filter(|_| end.is_some())).map_or(Step::Length, whole_months);
        Ok(Edges { rows, first, last, end: end_of_last, by_days, step })
    }

    fn last(&self, text: &str, rows: Option<Interval>) -> Result<Edges, ReportError> {
        let (count, unit) = parse_last(text)?;
        let flag = format!("--last {text}");
        if unit == LastUnit::Hours {
            if rows == Some(Interval::Day) {
                return Err(ReportError::invalid(text!(
                    "--last {text} is in hours, but --interval is day",
                    "--last {text} 按小时计，--interval day 却按天计"
                ))
                .with_hint(text!(
                    "use --last {days}d, or remove --interval",
                    "请用 --last {days}d，或去掉 --interval",
                    days = count.div_ceil(24)
                )));
            }
            let end = self.counted_until(Interval::Hour)?;
            let first = i64::from(count).checked_mul(HOUR).and_then(|back| end.checked_sub(back));
            let first = first.ok_or_else(|| too_early(&flag))?;
            let (rows, step) = (Interval::Hour, Step::Length);
            return Ok(Edges { rows, first, last: end - HOUR, end, by_days: false, step });
        }
        let last = self.last_counted_day()?;
        if unit == LastUnit::Months {
            let months = i64::from(count);
            let back = Span::new().try_months(months).and_then(|span| last.checked_sub(span));
            let first = back.and_then(Date::tomorrow).map_err(|_| too_early(&flag))?;
            return Ok(Edges {
                step: Step::Months(months),
                ..self.days(&flag, first, last, rows)?
            });
        }
        let days = if unit == LastUnit::Weeks { count.saturating_mul(7) } else { count };
        let first = earlier_day(last, days.saturating_sub(1), &flag)?;
        self.days(&flag, first, last, rows)
    }

    fn whole_week(
        &self,
        flag: &str,
        monday: Date,
        rows: Option<Interval>,
    ) -> Result<Edges, ReportError> {
        let sunday = monday.checked_add(Span::new().days(6)).map_err(|_| too_early(flag))?;
        let edges = self.days(flag, monday, sunday, rows)?;
        Ok(Edges { step: Step::Days(7), ..edges })
    }

    fn whole_month(
        &self,
        flag: &str,
        first: Date,
        rows: Option<Interval>,
    ) -> Result<Edges, ReportError> {
        let edges = self.days(flag, first, first.last_of_month(), rows)?;
        Ok(Edges { step: Step::Months(1), ..edges })
    }

    /// Whole days, until today.
    fn days(
        &self,
        flag: &str,
        first: Date,
        last: Date,
        rows: Option<Interval>,
    ) -> Result<Edges, ReportError> {
        let rows = rows.unwrap_or(Interval::Day);
        let start = self.day_start(first, flag)?;
        if start > self.now() {
            return Err(self.not_begun(flag, first, start));
        }
        let (mut last, mut end) = self.last_row(rows, last, flag)?;
        if last > self.now() {
            (last, end) = self.last_begun(rows)?;
        }
        Ok(Edges { rows, first: start, last, end, by_days: true, step: Step::Length })
    }
}

/// Two dates that are the first and the last of months lie as many months apart as they span.
fn whole_months((from, to): (Date, Date)) -> Step {
    if from.day() != 1 || to != to.last_of_month() || to < from {
        return Step::Length;
    }
    let years = i64::from(to.year()) - i64::from(from.year());
    Step::Months(years * 12 + i64::from(to.month()) - i64::from(from.month()) + 1)
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
