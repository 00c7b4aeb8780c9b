//! Buckets: days and hours as the service counts them, in UTC+8 unless other days are named.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use volc_openapi::ServiceDays;

/// The width of a bucket.
///
/// ```
/// use ark_usage_model::Interval;
///
/// assert_eq!("day".parse(), Ok(Interval::Day));
/// assert_eq!("3600".parse(), Ok(Interval::Hour));
/// // 2024-11-19T10:45:37Z is in the day that begins at 2024-11-19T00:00:00+08:00.
/// assert_eq!(Interval::Day.bucket_start(1_732_013_137), 1_731_945_600);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the two the service knows; code matches on both")]
pub enum Interval {
    /// 86400 seconds, from midnight to midnight in UTC+8 or in the zone of the [`ServiceDays`] in question.
    Day,
    /// 3600 seconds.
    Hour,
}

impl Interval {
    /// The width in seconds: 86400 or 3600, as on the wire.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Day => 86_400,
            Self::Hour => 3_600,
        }
    }

    /// `day` or `hour`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Hour => "hour",
        }
    }

    /// The interval of a width in seconds.
    pub const fn from_seconds(seconds: i64) -> Option<Self> {
        match seconds {
            86_400 => Some(Self::Day),
            3_600 => Some(Self::Hour),
            _ => None,
        }
    }

    /// The start of the bucket that contains an instant (unix seconds), of days in UTC+8.
    pub const fn bucket_start(self, unix: i64) -> i64 {
        self.start_in(ServiceDays::Beijing, unix)
    }

    /// The start of the bucket that contains an instant (unix seconds), of these days.
    pub const fn start_in(self, days: ServiceDays, unix: i64) -> i64 {
        unix.saturating_sub(unix.saturating_add(days.offset()).rem_euclid(self.seconds()))
    }

    /// The start of the bucket after the one that contains an instant.
    pub const fn next_start(self, unix: i64) -> i64 {
        self.bucket_start(unix).saturating_add(self.seconds())
    }

    /// True when a bucket begins at this instant, of days in UTC+8.
    pub const fn is_aligned(self, unix: i64) -> bool {
        self.is_start_in(ServiceDays::Beijing, unix)
    }

    /// True when a bucket of these days begins at this instant.
    pub const fn is_start_in(self, days: ServiceDays, unix: i64) -> bool {
        self.start_in(days, unix) == unix
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        match text {
            "day" | "86400" => Ok(Self::Day),
            "hour" | "3600" => Ok(Self::Hour),
            _ => Err(IntervalError { text: text.to_owned() }),
        }
    }
}

/// Not an interval; write `day` (86400) or `hour` (3600).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown interval {text:?}: day (86400) or hour (3600)")]
pub struct IntervalError {
    text: String,
}

/// As seconds.
impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_i64(self.seconds())
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(input)?;
        Self::from_seconds(seconds)
            .ok_or_else(|| serde::de::Error::custom(format!("unknown interval {seconds}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_utc_plus_8() {
        assert!(Interval::Day.is_aligned(1_731_945_600));
        assert!(!Interval::Day.is_aligned(1_731_945_600 + 3_600));
        assert!(Interval::Hour.is_aligned(1_731_945_600 + 3_600));
        assert_eq!(Interval::Day.bucket_start(1_731_945_599), 1_731_945_600 - 86_400);
        assert_eq!(Interval::Day.next_start(1_731_945_600), 1_732_032_000);
        // Before 1970 and at the ends of the number line too.
        assert_eq!(Interval::Day.bucket_start(0), -28_800);
        let _ = (Interval::Day.next_start(i64::MAX), Interval::Day.bucket_start(i64::MIN));
    }

    #[test]
    fn days_of_utc_begin_eight_hours_later_and_hours_are_the_same() {
        let utc = ServiceDays::Utc;
        assert_eq!(Interval::Day.start_in(utc, 86_400 + 5), 86_400);
        assert!(Interval::Day.is_start_in(utc, 0) && !Interval::Day.is_aligned(0));
        assert_eq!(Interval::Hour.start_in(utc, 7_201), Interval::Hour.bucket_start(7_201));
    }

    #[test]
    fn names_and_widths_are_both_read() {
        for (interval, name, width) in
            [(Interval::Day, "day", "86400"), (Interval::Hour, "hour", "3600")]
        {
            assert_eq!((interval.name(), interval.to_string().as_str()), (name, name));
            assert_eq!((name.parse(), width.parse()), (Ok(interval), Ok(interval)));
        }
    }

    #[test]
    fn wire_form() {
        assert_eq!(serde_json::to_string(&Interval::Hour).unwrap(), "3600");
        assert_eq!(serde_json::from_str::<Interval>("86400").unwrap(), Interval::Day);
        assert!(serde_json::from_str::<Interval>("60").is_err());
        assert!("m".parse::<Interval>().unwrap_err().to_string().contains("\"m\""));
    }
}
