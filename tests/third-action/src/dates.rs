//! Days of UTC+8 as text, `2024-11-19`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

const BEIJING: Offset = Offset::constant(8);

/// The day that contains an instant, unix seconds.
pub(crate) fn day_of(unix: i64) -> String {
    let instant = Timestamp::from_second(unix).unwrap_or(Timestamp::UNIX_EPOCH);
    BEIJING.to_datetime(instant).date().to_string()
}

/// The start of a day, unix seconds.
pub(crate) fn start_of(day: &str) -> Option<i64> {
    let day: Date = day.parse().ok()?;
    let start = BEIJING.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(start.as_second())
}

/// The start of an hour of a day, unix seconds.
pub(crate) fn hour_of(day: &str, hour: &str) -> Option<i64> {
    let hour: i64 = hour.parse().ok().filter(|hour| (0..24).contains(hour))?;
    Some(start_of(day)? + hour * 3_600)
}

/// The number of days from one to another, both included.
pub(crate) fn days_between(first: i64, last: i64) -> i64 {
    last.saturating_sub(first) / 86_400 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_utc_plus_8() {
        assert_eq!(day_of(1_731_945_600), "2024-11-19");
        assert_eq!(day_of(1_731_945_599), "2024-11-18");
        assert_eq!(start_of("2024-11-19"), Some(1_731_945_600));
        assert_eq!(hour_of("2024-11-19", "7"), Some(1_731_945_600 + 7 * 3_600));
        assert_eq!((start_of("2024-11-31"), hour_of("2024-11-19", "24")), (None, None));
    }
}
