//! Days of a zone over hours and days of the service, and the checks that every range goes through.
//!
//! The service's days begin at midnight UTC+8, or UTC. Those of another zone are put together from hours.
//! An hour belongs to the day in which it begins, also where midnight is not on the hour.

use ark_usage_model::{Interval, Window};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use volc_openapi::ServiceDays;

use super::Range;
use super::resolve::{Edges, RangeSpec, Step};
use crate::error::ReportError;
use crate::text;

/// Ark opened in 2023; nothing can have been used before this day.
const EARLIEST: Date = jiff::civil::date(2020, 1, 1);

/// Seconds of an hour.
pub(super) const HOUR: i64 = 3_600;

/// A zone and the current time.
#[derive(Debug)]
pub(super) struct Calendar<'a> {
    zone: &'a TimeZone,
    zone_name: &'a str,
    now: Timestamp,
    /// The time a bucket takes to settle, where only settled ones are wanted.
    complete: Option<i64>,
    /// The days that the service counts by.
    days: ServiceDays,
}

impl<'a> Calendar<'a> {
    pub(super) fn new(spec: &RangeSpec<'a>) -> Self {
        let RangeSpec { zone, zone_name, now, complete, days, .. } = *spec;
        Self { zone, zone_name, now, complete, days }
    }

    /// Unix seconds.
    pub(super) fn now(&self) -> i64 {
        self.now.as_second()
    }

    pub(super) fn today(&self) -> Date {
        self.local_date(self.now())
    }

    /// The last day that counts: today, or the last that has settled.
    pub(super) fn last_counted_day(&self) -> Result<Date, ReportError> {
        let Some(settle) = self.complete else { return Ok(self.today()) };
        let date = self.local_date(self.now().saturating_sub(settle));
        date.yesterday().map_err(|error| out_of_reach("--complete").with_source(error))
    }

    /// The end of the last row that counts: the running one, or the last that has settled.
    pub(super) fn counted_until(&self, rows: Interval) -> Result<i64, ReportError> {
        match (self.complete, rows) {
            (None, _) => Ok(self.last_begun(rows)?.1),
            (Some(settle), Interval::Hour) => {
                Ok(Interval::Hour.bucket_start(self.now().saturating_sub(settle)))
            }
            (Some(settle), Interval::Day) => {
                let date = self.local_date(self.now().saturating_sub(settle));
                self.day_start(date, "--complete")
            }
        }
    }

    /// The row that is running: its start and its end.
    pub(super) fn last_begun(&self, rows: Interval) -> Result<(i64, i64), ReportError> {
        match rows {
            Interval::Hour => {
                let start = Interval::Hour.bucket_start(self.now());
                Ok((start, start + HOUR))
            }
            Interval::Day => self.last_row(rows, self.today(), "--tz"),
        }
    }

    /// The last row of a day: its start and its end.
    pub(super) fn last_row(
        &self,
        rows: Interval,
        date: Date,
        named: &str,
    ) -> Result<(i64, i64), ReportError> {
        let next = date.tomorrow().map_err(|error| out_of_reach(named).with_source(error))?;
        let end = self.day_start(next, named)?;
        Ok(match rows {
            Interval::Day => (self.day_start(date, named)?, end),
            Interval::Hour => (end - HOUR, end),
        })
    }

    /// The end of the row that begins at an instant.
    pub(super) fn row_end(&self, rows: Interval, start: i64) -> Result<i64, ReportError> {
        match rows {
            Interval::Hour => Ok(start.saturating_add(HOUR)),
            Interval::Day => Ok(self.last_row(rows, self.local_date(start), "--end")?.1),
        }
    }

    /// The first hour that begins in a day of the zone.
    pub(super) fn day_start(&self, date: Date, named: &str) -> Result<i64, ReportError> {
        if date < EARLIEST {
            return Err(too_early(named));
        }
        self.first_hour(date).map_err(|error| out_of_reach(named).with_source(error))
    }

    fn first_hour(&self, date: Date) -> Result<i64, jiff::Error> {
        self.midnight(date).map(|midnight| Interval::Hour.bucket_start(midnight + HOUR - 1))
    }

    /// An instant given for the start of a row, which it must be.
    pub(super) fn aligned(
        &self,
        flag: &str,
        rows: Interval,
        at: i64,
        named: &str,
    ) -> Result<i64, ReportError> {
        let date = self.local_date(at);
        let (before, after) = match rows {
            Interval::Hour => (Interval::Hour.bucket_start(at), Interval::Hour.next_start(at)),
            Interval::Day => {
                // Days long before there was anything are named all the same.
                let start = |date: Date| self.first_hour(date).unwrap_or(at);
                (start(date), date.tomorrow().map_or(at, start))
            }
        };
        let midnight = rows == Interval::Day && self.midnight(date).ok() == Some(at);
        if at == before || midnight {
            return if date < EARLIEST { Err(too_early(named)) } else { Ok(before) };
        }
        let zone = self.zone_name;
        let unaligned = match rows {
            Interval::Day => text!(
                "{named} is not the start of a day in {zone}",
                "{named} 不是 {zone} 一天的起点"
            ),
            Interval::Hour => text!(
                "{named} is not the start of an hour of the service",
                "{named} 不是服务端一小时的起点"
            ),
        };
        Err(ReportError::invalid(unaligned).with_hint(text!(
            "use {earlier} ({before}) or {later} ({after}); a date alone, for example {flag} {date}, is the whole day",
            "请用 {earlier}（{before}）或 {later}（{after}）；只写日期（如 {flag} {date}）则指一整天",
            earlier = self.rfc3339(before),
            later = self.rfc3339(after),
        )))
    }

    /// From edges to buckets: what has begun, or what has settled, of hours or of days.
    pub(super) fn finish(
        &self,
        named: &str,
        edges: Edges,
        compare: bool,
    ) -> Result<Range, ReportError> {
        let Edges { rows, first, last, .. } = edges;
        if first < self.midnight(EARLIEST).unwrap_or(0) {
            return Err(too_early(named));
        }
        let end = edges.end.min(self.counted_until(rows)?);
        if end <= first {
            return Err(self.nothing_settled(named));
        }
        let before = compare.then(|| self.before(edges, first, end)).transpose()?;
        let days = rows == Interval::Day
            && self.are_days_of_the_service(first, end)
            && before.is_none_or(|(first, end)| self.are_days_of_the_service(first, end));
        let window = |(first, end): (i64, i64)| {
            let interval = if days { Interval::Day } else { Interval::Hour };
            let last = interval.start_in(self.days, end.min(self.now().saturating_add(1)) - 1);
            Window::of_days(self.days, interval, first, last).map_err(|error| {
                ReportError::invalid(text!(
                    "{named}: this range cannot be queried",
                    "{named}：无法查询这个时间范围"
                ))
                .with_source(error)
            })
        };
        Ok(Range {
            window: window((first, end))?,
            previous: before.map(window).transpose()?,
            zone: self.zone.clone(),
            zone_name: self.zone_name.to_owned(),
            cut_at_now: self.complete.is_none() && last > self.now(),
            rows,
            by_days: edges.by_days || rows == Interval::Day,
        })
    }

    /// Returns the previous range of one that was cut at `end`: of the same length, or the same days of
    /// earlier weeks or months.
    fn before(&self, edges: Edges, first: i64, end: i64) -> Result<(i64, i64), ReportError> {
        let named = "--compare previous";
        // An hour that goes on past midnight still belongs to the day in which it begins.
        let (from, last) = (self.local_date(first), self.local_date(end - HOUR));
        if !edges.by_days || self.day_start(from, named)? != first {
            return Ok((first - (end - first), first));
        }
        let reach = |error: jiff::Error| out_of_reach(named).with_source(error);
        let until = last.tomorrow().map_err(reach)?;
        let step = match edges.step {
            Step::Months(months) => Span::new().try_months(months),
            Step::Days(days) => Span::new().try_days(days),
            Step::Length => from.until(until),
        };
        let step = step.map_err(reach)?;
        let earlier = |date: Date| {
            let date = date.checked_sub(step).map_err(reach)?;
            self.day_start(date, named)
        };
        let (start, whole) = (earlier(from)?, earlier(until)?.min(first));
        // Of a day that is running by the hour, up to the same hour.
        let running = end < self.day_start(until, named)? && edges.rows == Interval::Hour;
        let end = if running { whole.min(self.same_hour(first, end, start)?) } else { whole };
        Ok((start, end))
    }

    /// The end of what lasts from `start` until the clock shows what it shows at `end` of what
    /// begins at `first`.
    fn same_hour(&self, first: i64, end: i64, start: i64) -> Result<i64, ReportError> {
        let reach = |error: jiff::Error| out_of_reach("--compare previous").with_source(error);
        let clock = |unix: i64| self.local(unix).datetime();
        let lasts = clock(end - HOUR).duration_since(clock(first));
        let last = clock(start).checked_add(lasts).map_err(reach)?;
        let last = last.to_zoned(self.zone.clone()).map_err(reach)?;
        Ok(Interval::Hour.bucket_start(last.timestamp().as_second()) + HOUR)
    }

    /// Returns whether each day of the zone between two edges is one of the service.
    fn are_days_of_the_service(&self, first: i64, end: i64) -> bool {
        let mut edge = first;
        let mut date = self.local_date(first);
        while edge < end {
            if !Interval::Day.is_start_in(self.days, edge) || self.midnight(date).ok() != Some(edge)
            {
                return false;
            }
            let Ok(next) = date.tomorrow() else { return false };
            (date, edge) = (next, edge + Interval::Day.seconds());
        }
        self.midnight(date).ok() == Some(edge)
    }

    fn nothing_settled(&self, named: &str) -> ReportError {
        if self.complete.is_none() {
            return self.in_the_future(named);
        }
        ReportError::invalid(text!(
            "--complete: {named} has no settled data yet",
            "--complete：{named} 中还没有任何已定的数据"
        ))
        .with_hint(text!(
            "remove --complete, start earlier, or lower --settle",
            "去掉 --complete，把范围往前移，或调低 --settle"
        ))
    }

    pub(super) fn in_the_future(&self, named: &str) -> ReportError {
        ReportError::invalid(text!(
            "{named} is in the future (now: {now})",
            "{named} 晚于当前时间 {now}",
            now = self.rfc3339(self.now())
        ))
    }

    /// A day whose first bucket, at `start`, is still to come. The day itself may have begun: the
    /// first hour of a zone that is half an hour off begins after midnight.
    pub(super) fn not_begun(&self, flag: &str, day: Date, start: i64) -> ReportError {
        if self.midnight(day).map_or(true, |midnight| midnight > self.now()) {
            return self.in_the_future(flag);
        }
        ReportError::invalid(text!(
            "{flag}: no hour of {day} has started yet (now: {now})",
            "{flag}：计入 {day} 的第一个小时尚未开始：当前时间是 {now}",
            now = self.rfc3339(self.now())
        ))
        .with_hint(text!(
            "use --yesterday; an hour belongs to the day it starts in, and this day starts at {first}",
            "每个小时计入它开始的那一天，这一天从 {first} 起；现在可查 --yesterday",
            first = self.rfc3339(start)
        ))
    }

    fn local(&self, unix: i64) -> Zoned {
        Timestamp::from_second(unix).unwrap_or_default().to_zoned(self.zone.clone())
    }

    fn local_date(&self, unix: i64) -> Date {
        self.local(unix).date()
    }

    fn midnight(&self, date: Date) -> Result<i64, jiff::Error> {
        Ok(date.to_zoned(self.zone.clone())?.timestamp().as_second())
    }

    fn rfc3339(&self, unix: i64) -> String {
        self.local(unix).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

/// Returns the date so many days earlier.
pub(super) fn earlier_day(date: Date, days: u32, flag: &str) -> Result<Date, ReportError> {
    let span = Span::new().try_days(i64::from(days));
    span.and_then(|span| date.checked_sub(span)).map_err(|_| too_early(flag))
}

/// Fails for a time before the service existed.
pub(super) fn too_early(named: &str) -> ReportError {
    ReportError::invalid(text!("{named}: before the service existed", "{named}：早于服务上线"))
        .with_hint(text!(
            "Ark has no usage before {EARLIEST}; unix times are in seconds",
            "方舟在 {EARLIEST} 之前没有用量；unix 时间以秒为单位"
        ))
}

fn out_of_reach(named: &str) -> ReportError {
    ReportError::invalid(text!("{named}: date out of range", "{named}：日期超出范围"))
}
