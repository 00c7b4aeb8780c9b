//! The rules that turn a range asked for into buckets.

use ark_usage_model::{Interval, Window};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Range;
use super::time::TimeInput;
use crate::error::CliError;
use crate::text;

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

impl RangeInput {
    /// The flag that says where the range begins, with its value, as errors name it.
    fn named(&self) -> String {
        match self {
            Self::Between { start, .. } => format!("--start {start}"),
            Self::Last(text) => format!("--last {text}"),
            Self::Today => "--today".to_owned(),
            Self::Yesterday => "--yesterday".to_owned(),
            Self::Month(text) => format!("--month {text}"),
        }
    }
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
    context.finish(&input.named(), interval, first, last)
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
        let named = format!("--start {start}");
        let first = self.first_bucket(interval, TimeInput::parse("--start", start)?, &named)?;
        let now = interval.bucket_start(self.now.as_second());
        let last = match end {
            None => now,
            Some(end) => {
                let input = TimeInput::parse("--end", end)?;
                self.last_bucket(interval, input, &format!("--end {end}"))?
            }
        };
        if first > last && end.is_some() {
            let end = end.unwrap_or_default();
            return Err(CliError::usage(text!(
                "--end {end} is before --start {start}",
                "--end {end} 早于 --start {start}"
            ))
            .with_hint(text!(
                "both ends are included; the same day twice is that one day",
                "首尾两端都包含在内；两端写同一天就是那一天"
            )));
        }
        if first > now {
            return Err(self.in_the_future(&named));
        }
        Ok((interval, first, last))
    }

    fn last(&self, text: &str, interval: Option<Interval>) -> Result<Buckets, CliError> {
        let (count, unit) = parse_last(text)?;
        if unit == LastUnit::Hours {
            if interval == Some(Interval::Day) {
                return Err(CliError::usage(text!(
                    "--last {text} counts hours, --interval day days",
                    "--last {text} 按小时计，--interval day 却按天计"
                ))
                .with_hint(text!(
                    "use --last {days}d, or leave --interval out",
                    "请用 --last {days}d，或去掉 --interval",
                    days = count.div_ceil(24)
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
            return Err(not_a_month(&flag).with_hint(text!(
                "write the year and the month, as in --month 2026-10",
                "请写年和月，例如 --month 2026-10"
            )));
        }
        let first: Date = format!("{text}-01")
            .parse()
            .map_err(|error: jiff::Error| not_a_month(&flag).with_source(error))?;
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
            return Err(self.in_the_future(flag));
        }
        Ok((interval, first, last.min(interval.bucket_start(self.now.as_second()))))
    }

    /// The first bucket of what `--start` names; `named` is the flag with its value.
    fn first_bucket(
        &self,
        interval: Interval,
        input: TimeInput,
        named: &str,
    ) -> Result<i64, CliError> {
        match input {
            TimeInput::Instant(at) => self.aligned("--start", interval, at, named),
            TimeInput::Day(date) => self.day_edge(interval, date, named),
        }
    }

    /// The last bucket of what `--end` names: an instant is the start of it, a day ends with it.
    fn last_bucket(
        &self,
        interval: Interval,
        input: TimeInput,
        named: &str,
    ) -> Result<i64, CliError> {
        match input {
            TimeInput::Instant(at) => self.aligned("--end", interval, at, named),
            TimeInput::Day(date) => {
                let next =
                    date.tomorrow().map_err(|error| out_of_reach(named).with_source(error))?;
                // In a zone with other days the next midnight is no edge of a day of the service;
                // `finish` refuses those, so here the start decides.
                match interval {
                    Interval::Day => self.day_edge(interval, date, named),
                    Interval::Hour => {
                        Ok(self.day_edge(interval, next, named)? - interval.seconds())
                    }
                }
            }
        }
    }

    /// Midnight of a day in the zone, which must be an edge between two buckets.
    fn day_edge(&self, interval: Interval, date: Date, named: &str) -> Result<i64, CliError> {
        if date < EARLIEST {
            return Err(too_early(named));
        }
        let midnight =
            self.midnight(date).map_err(|error| out_of_reach(named).with_source(error))?;
        if interval.is_aligned(midnight) {
            return Ok(midnight);
        }
        match interval {
            Interval::Day => Err(self.other_days()),
            Interval::Hour => Err(CliError::usage(text!(
                "--tz {zone}: its days do not begin on a full hour of the service, so {named} is no whole number of hours",
                "--tz {zone}：该时区的一天不从服务端的整点开始，因此 {named} 不是整数个小时",
                zone = self.zone_name
            ))
            .with_hint(text!(
                "use --tz Asia/Shanghai or UTC, or give --start and --end as instants on the hour",
                "请用 --tz Asia/Shanghai 或 UTC，或把 --start 与 --end 写成整点时刻"
            ))),
        }
    }

    fn aligned(
        &self,
        flag: &str,
        interval: Interval,
        at: i64,
        named: &str,
    ) -> Result<i64, CliError> {
        if interval.is_aligned(at) {
            return Ok(at);
        }
        let before = interval.bucket_start(at);
        let after = interval.next_start(at);
        let unaligned = match interval {
            Interval::Day => text!(
                "{named} is not the start of a day of the service",
                "{named} 不是服务端一天的起点"
            ),
            Interval::Hour => text!(
                "{named} is not the start of an hour of the service",
                "{named} 不是服务端一小时的起点"
            ),
        };
        Err(CliError::usage(unaligned).with_hint(text!(
            "the nearest are {earlier} ({before}) and {later} ({after}); a date alone, as in {flag} {date}, names its whole day",
            "最近的是 {earlier}（{before}）和 {later}（{after}）；只写日期（如 {flag} {date}）则指一整天",
            earlier = self.rfc3339(before),
            later = self.rfc3339(after),
            date = self.local_date(at),
        )))
    }

    /// The checks that every range goes through, however it was written.
    fn finish(
        &self,
        named: &str,
        interval: Interval,
        first: i64,
        last: i64,
    ) -> Result<Range, CliError> {
        let now = interval.bucket_start(self.now.as_second());
        let earliest = self.midnight(EARLIEST).unwrap_or(0);
        if first < earliest {
            return Err(too_early(named));
        }
        let window = Window::new(interval, first, last.min(now)).map_err(|error| {
            CliError::usage(text!(
                "{named}: the range cannot be asked for",
                "{named}：无法查询这个时间范围"
            ))
            .with_source(error)
        })?;
        let range = Range {
            window,
            previous: None,
            zone: self.zone.clone(),
            zone_name: self.zone_name.to_owned(),
            cut_at_now: last > now,
            rows: interval,
        };
        if interval == Interval::Day {
            self.check_days(named, window)?;
        }
        Ok(range)
    }

    /// Every bucket of a day query must be a day of the zone, or its rows would be named wrong.
    fn check_days(&self, named: &str, window: Window) -> Result<(), CliError> {
        let mut date = self.local_date(window.first());
        for edge in window.buckets().chain([window.end()]) {
            if self.midnight(date).ok() != Some(edge) {
                return Err(self.other_days());
            }
            date = date.tomorrow().map_err(|error| out_of_reach(named).with_source(error))?;
        }
        Ok(())
    }

    fn other_days(&self) -> CliError {
        CliError::usage(text!(
            "--tz {zone}: its days are not the service's days, which begin at midnight UTC+8",
            "--tz {zone}：该时区的一天与服务端的一天（UTC+8 零点开始）不一致",
            zone = self.zone_name
        ))
        .with_hint(text!(
            "ask for hours (--interval hour), which can be read in any zone with whole hours, or leave --tz out",
            "请按小时查询（--interval hour），整小时偏移的时区都可用；或去掉 --tz"
        ))
    }

    fn in_the_future(&self, named: &str) -> CliError {
        CliError::usage(text!(
            "{named} lies in the future: now is {now}",
            "{named} 晚于当前时间 {now}",
            now = self.rfc3339(self.now.as_second())
        ))
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
            return Err(CliError::usage(text!(
                "--last {text}: minutes or months? \"m\" can be either",
                "--last {text}：是分钟还是月？m 有歧义"
            ))
            .with_hint(text!(
                "the service counts by the hour and by the day: use hours (24h), days (30d), weeks (4w), or --month 2026-10",
                "服务按小时和天计量：请用小时（24h）、天（30d）、周（4w），或 --month 2026-10"
            )));
        }
        _ => return Err(bad_last(text)),
    };
    match number.parse::<u32>() {
        Ok(0) => {
            let nothing = text!("--last {text}: nothing at all", "--last {text}：范围为空");
            Err(CliError::usage(nothing).with_hint(text!(
                "the smallest ranges are --last 1h (the running hour) and --last 1d (today)",
                "最小的范围是 --last 1h（当前这一小时）和 --last 1d（今天）"
            )))
        }
        Ok(count) => Ok((count, unit)),
        Err(_) if number.is_empty() => Err(bad_last(text)),
        Err(_) => Err(too_early(&format!("--last {text}"))),
    }
}

fn bad_last(text: &str) -> CliError {
    CliError::usage(text!(
        "--last {text}: not a number with h, d or w behind it",
        "--last {text}：应为数字后跟 h、d 或 w"
    ))
    .with_hint(text!(
        "write --last 24h, --last 7d or --last 4w",
        "请写 --last 24h、--last 7d 或 --last 4w"
    ))
}

fn not_a_month(named: &str) -> CliError {
    CliError::usage(text!("{named}: not a month", "{named}：不是有效的月份"))
}

fn too_early(named: &str) -> CliError {
    CliError::usage(text!(
        "{named}: that is before there was anything to count",
        "{named}：那时还没有任何用量"
    ))
    .with_hint(text!(
        "Ark has no usage before {EARLIEST}; unix times are in seconds",
        "方舟在 {EARLIEST} 之前没有用量；unix 时间以秒为单位"
    ))
}

fn out_of_reach(named: &str) -> CliError {
    CliError::usage(text!("{named}: no calendar reaches that far", "{named}：超出日历范围"))
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
