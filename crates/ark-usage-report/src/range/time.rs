//! One point in time as people write it: a date, RFC 3339, or unix seconds.

use ark_usage_model::Interval;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::calendar::earlier_day;
use super::not_a_time::{eight_digits, not_a_time};
use crate::error::ReportError;
use crate::text;

/// One end of a range, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(super) enum TimeInput {
    /// A whole day, in the zone of `--tz`.
    Day(Date),
    /// An exact second.
    Instant(i64),
}

impl TimeInput {
    /// Reads the value of `flag`, which may be a day by its distance from today.
    pub(super) fn of_range(flag: &str, text: &str, today: Date) -> Result<Self, ReportError> {
        match text.to_ascii_lowercase().as_str() {
            "today" => Ok(Self::Day(today)),
            "yesterday" => Ok(Self::Day(earlier_day(today, 1, flag)?)),
            _ => Self::parse(flag, text),
        }
    }

    /// Reads the value of `flag`.
    pub(super) fn parse(flag: &str, text: &str) -> Result<Self, ReportError> {
        if let Some(digits) = unsigned_digits(text) {
            return unix_seconds(flag, digits).map(Self::Instant);
        }
        if let Some(date) = plain_date(text) {
            return date.map(Self::Day).map_err(|_| not_a_time(flag, text));
        }
        let at = instant(text).ok_or_else(|| not_a_time(flag, text))?;
        if at.subsec_nanosecond() != 0 {
            let what = text!("{flag} {text}: not a whole second", "{flag} {text}：不是整秒");
            return Err(ReportError::invalid(what)
                .with_hint(text!("remove the fraction of the second", "请去掉秒的小数部分")));
        }
        Ok(Self::Instant(at.as_second()))
    }
}

/// Reads `--now`: an instant, also in the `X-Date` form of signed requests.
pub fn parse_now(text: &str) -> Result<Timestamp, ReportError> {
    if let Some(time) = x_date(text) {
        return Ok(time);
    }
    // Clocks show fractions, which count for nothing here.
    if let Some(time) = instant(text) {
        return whole_second("--now", text, time.as_second());
    }
    match TimeInput::parse("--now", text)? {
        TimeInput::Instant(seconds) => whole_second("--now", text, seconds),
        TimeInput::Day(date) => {
            let day = text!(
                "--now {date} is a day, not an instant",
                "--now {date} 是一整天，不是一个时刻"
            );
            Err(ReportError::invalid(day).with_hint(text!(
                "add the time, for example --now {date}T10:45:37Z",
                "请把时间也写上，例如 --now {date}T10:45:37Z"
            )))
        }
    }
}

fn whole_second(
    flag: &str,
    text: &str,
    seconds: impl TryInto<i64>,
) -> Result<Timestamp, ReportError> {
    seconds
        .try_into()
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or_else(|| not_a_time(flag, text))
}

/// Reads the form of `X-Date`: `20241119T021530Z`.
fn x_date(text: &str) -> Option<Timestamp> {
    let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    let shaped = shape.eq(b"00000000T000000Z".iter().copied());
    let time = shaped.then(|| DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()).flatten()?;
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn unsigned_digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// Digits are unix seconds; milliseconds and `YYYYMMDD` are reported as such, not guessed.
fn unix_seconds(flag: &str, digits: &str) -> Result<i64, ReportError> {
    if digits.len() == 8 {
        return Err(eight_digits(flag, digits));
    }
    if digits.len() >= 12 {
        return Err(ReportError::invalid(text!(
            "{flag} {digits}: too large for unix seconds",
            "{flag} {digits}：作为 unix 秒数过大"
        ))
        .with_hint(text!(
            "use seconds instead of milliseconds, for example 1731945600",
            "请用秒而不是毫秒，例如 1731945600"
        )));
    }
    digits.parse().map_err(|_: std::num::ParseIntError| not_a_time(flag, digits))
}

fn plain_date(text: &str) -> Option<Result<Date, jiff::Error>> {
    let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(b"0000-00-00".iter().copied()).then(|| text.parse())
}

/// RFC 3339: date, time and an offset; without an offset the instant is unknown.
fn instant(text: &str) -> Option<Timestamp> {
    let dated = text.get(..10).and_then(plain_date).is_some_and(|date| date.is_ok());
    if dated { text.parse().ok() } else { None }
}

/// Fails for a zone in which a day begins at `start`, unix seconds, within an hour of the service.
pub fn check_full_hour(start: i64, zone: &str) -> Result<(), ReportError> {
    if Interval::Hour.is_aligned(start) {
        return Ok(());
    }
    Err(ReportError::invalid(text!(
        "--tz {zone}: its days do not start on a full hour of the service",
        "--tz {zone}：该时区的一天不是从服务的整点开始"
    ))
    .with_hint(text!("use --tz Asia/Shanghai or UTC", "请使用 --tz Asia/Shanghai 或 UTC")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_write_a_time() {
        let day = TimeInput::parse("--start", "2024-11-19").unwrap();
        assert_eq!(day, TimeInput::Day(jiff::civil::date(2024, 11, 19)));
        for text in ["1731945600", "2024-11-19T00:00:00+08:00", "2024-11-18T16:00:00Z"] {
            let instant = TimeInput::parse("--start", text).unwrap();
            assert_eq!(instant, TimeInput::Instant(1_731_945_600), "{text}");
        }
    }

    #[test]
    fn ambiguous_times_are_refused_with_flag_and_value() {
        for text in [
            "",
            "yesterday",
            "20241119",
            "1731945600000",
            "-1",
            "2024-13-01",
            "2024-02-30",
            "2024-11-19T08:00",
            "2024-11-19T08:00:00",
            "99999999999999999999",
            "2024-11-19T25:00:00Z",
        ] {
            let error = TimeInput::parse("--start", text).unwrap_err().in_full();
            assert!(error.contains("--start") && error.contains(text), "{text}: {error}");
        }
    }

    #[test]
    fn now_is_an_instant_in_either_form() {
        let expected = Timestamp::from_second(1_731_982_530).unwrap();
        for text in ["20241119T021530Z", "2024-11-19T02:15:30Z", "1731982530"] {
            assert_eq!(parse_now(text).unwrap(), expected, "{text}");
        }
        assert!(parse_now("2024-11-19").unwrap_err().in_full().contains("a day, not an instant"));
    }

    #[test]
    fn zones_are_known_by_name_without_help_from_the_machine() {
        assert!(crate::range::parse_zone("Asia/Shanghai").is_ok());
        assert!(
            crate::range::parse_zone("Mars/Olympus")
                .unwrap_err()
                .in_full()
                .contains("Mars/Olympus")
        );
    }

    #[test]
    fn a_fraction_of_a_second_is_no_start_of_anything() {
        for text in ["2024-11-19T00:00:00.999999999+08:00", "2024-11-19T00:00:00.1Z"] {
            let error = TimeInput::parse("--start", text).unwrap_err().to_string();
            assert!(error.contains(text) && error.contains("not a whole second"), "{error}");
            assert_eq!(parse_now(text).unwrap().subsec_nanosecond(), 0);
        }
        assert!(TimeInput::parse("--start", "2024-11-19T00:00:00.000+08:00").is_ok());
    }
}
