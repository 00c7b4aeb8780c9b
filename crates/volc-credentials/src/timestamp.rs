//! The ways in which the services write an instant, read as Unix seconds.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// When something ends, in Unix seconds: RFC 3339 text, or a number of seconds, milliseconds,
/// microseconds or nanoseconds, told apart by size as the official SDKs do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expiry(pub(crate) i64);

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_i64().map(unix_seconds),
            Value::String(text) => from_text(text.trim()),
            _ => None,
        };
        // The text is fixed: what was read instead is nobody's business.
        seconds.map(Self).ok_or_else(|| serde::de::Error::custom("not an instant"))
    }
}

fn from_text(text: &str) -> Option<i64> {
    from_rfc3339(text).or_else(|| text.parse().ok().map(unix_seconds))
}

/// Unix seconds from a number whose unit shows in its size.
pub(crate) fn unix_seconds(number: i64) -> i64 {
    match number {
        1_000_000_000_000_000_000.. => number / 1_000_000_000,
        1_000_000_000_000_000.. => number / 1_000_000,
        1_000_000_000_000.. => number / 1_000,
        _ => number,
    }
}

/// Unix seconds of an RFC 3339 date and time (section 5.6); fractions of a second are dropped and
/// a leap second counts as the one after it.
pub(crate) fn from_rfc3339(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut date = Digits(date);
    let (year, month, day) = (date.take(4)?, date.after('-', 2)?, date.after('-', 2)?);
    date.end()?;

    let mut time = Digits(rest);
    let (hour, minute, second) = (time.take(2)?, time.after(':', 2)?, time.after(':', 2)?);
    time.fraction()?;
    let offset = time.offset()?;

    let in_range = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    in_range
        .then(|| days_from_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
        .map(|local| local - offset)
}

/// What is left to read of a date or a time.
struct Digits<'a>(&'a str);

impl Digits<'_> {
    fn take(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
    }

    fn after(&mut self, separator: char, count: usize) -> Option<i64> {
        self.0 = self.0.strip_prefix(separator)?;
        self.take(count)
    }

    fn fraction(&mut self) -> Option<()> {
        if let Some(rest) = self.0.strip_prefix('.') {
            self.0 = rest.trim_start_matches(|character: char| character.is_ascii_digit());
            // A point with no digit after it is not a fraction.
            (self.0.len() < rest.len()).then_some(())?;
        }
        Some(())
    }

    /// `Z` or `+hh:mm`, in seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.0.get(..1)? {
            "Z" | "z" => return self.0.get(1..)?.is_empty().then_some(0),
            "+" => 1,
            "-" => -1,
            _ => return None,
        };
        self.0 = self.0.get(1..)?;
        let (hours, minutes) = (self.take(2)?, self.after(':', 2)?);
        self.end()?;
        (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days since 1970-01-01 in the Gregorian calendar.
///
/// Years are counted from 1 March, so that the leap day is the last of its year and the lengths of
/// the months before a given one follow from `(153 * month + 2) / 5`.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2020-11-04T16:24:55+08:00", 1_604_478_295),
            ("2000-02-29t23:59:59.999999999z", 951_868_799),
            ("2100-02-28T23:59:59-00:30", 4_107_544_199),
            ("1969-12-31T23:59:59Z", -1),
            ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("2026-01-01 00:00:00Z", 1_767_225_600),
        ] {
            assert_eq!(from_rfc3339(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "2020",
            "2020-11-04",
            "2020-11-04T16:24:55",
            "2020-11-04T16:24Z",
            "2020-1-04T16:24:55Z",
            "2100-02-29T00:00:00Z",
            "2020-13-01T00:00:00Z",
            "2020-00-01T00:00:00Z",
            "2020-04-31T00:00:00Z",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:60:00Z",
            "2020-01-01T00:00:61Z",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00+0800",
            "2020-01-01T00:00:00Zz",
            "+020-01-01T00:00:00Z",
            "2020-01-01T00:00:00+24:00",
            "２０２０-01-01T00:00:00Z",
        ] {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_show_their_unit_by_their_size() {
        for number in
            [1_700_000_000, 1_700_000_000_000, 1_700_000_000_000_000, 1_700_000_000_000_000_000]
        {
            assert_eq!(unix_seconds(number), 1_700_000_000);
        }
        let read = |json| serde_json::from_str::<Expiry>(json).ok();
        assert_eq!(read("1700000000123"), Some(Expiry(1_700_000_000)));
        assert_eq!(read("\"1700000000\""), Some(Expiry(1_700_000_000)));
        assert_eq!(read("\"1970-01-01T00:00:01Z\""), Some(Expiry(1)));
        assert_eq!(read("\"tomorrow\""), None);
        assert_eq!(read("[1]"), None);
    }

    proptest::proptest! {
        /// Against the definition: one day more is one day more, whatever the calendar does.
        #[test]
        fn days_follow_each_other(year in 1600_i64..2400, month in 1_i64..=12) {
            let last = days_from_epoch(year, month, days_in_month(year, month));
            let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            proptest::prop_assert_eq!(last + 1, days_from_epoch(next_year, next_month, 1));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = from_rfc3339(&text);
        }
    }
}
