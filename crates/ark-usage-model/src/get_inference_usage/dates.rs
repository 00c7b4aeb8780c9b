//! Days and hours of the service as text.

use volc_openapi::ServiceDays;

use crate::CivilDate;

const HOUR: i64 = 3_600;

/// An hour as a cell spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HourOf {
    /// `7`, `07`, `07:00`: seconds from the start of the day.
    Day(i64),
    /// `2026-07-11 07:00`: the start of the hour, unix seconds.
    Date(i64),
}

/// The day that contains an instant: `2026-07-11`.
pub(crate) fn day_of(unix: i64, days: ServiceDays) -> String {
    let CivilDate { year, month, day } = CivilDate::of(unix, days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The start of a day, unix seconds; `None` for one that no calendar has.
fn start_of(year: i64, month: i64, day: i64, days: ServiceDays) -> Option<i64> {
    let date = CivilDate::new(year, month, day);
    let start = date.start(days);
    ((1..=12).contains(&month) && CivilDate::of(start, days) == date).then_some(start)
}

/// The start of the day `2026-07-11`, also with a midnight behind it; unix seconds.
pub(super) fn day(text: &str, days: ServiceDays) -> Option<i64> {
    let (start, rest) = split_day(text, days)?;
    (rest.is_empty() || clock(rest.strip_prefix([' ', 'T'])?, days)? == 0).then_some(start)
}

/// Reads an hour.
pub(super) fn hour(text: &str, days: ServiceDays) -> Option<HourOf> {
    match split_day(text, days) {
        Some((start, rest)) => {
            Some(HourOf::Date(start + clock(rest.strip_prefix([' ', 'T'])?, days)?))
        }
        None => clock(text, days).map(HourOf::Day),
    }
}

/// The start of the day that a text begins with, and what is behind it.
fn split_day(text: &str, days: ServiceDays) -> Option<(i64, &str)> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| is_number)
    };
    Some((start_of(number(4)?, number(2)?, number(2)?, days)?, rest))
}

/// Seconds from midnight to a whole hour: `7`, `07`, `07:00`, `07:00:00`, and the offset of these days behind it. Any
/// other offset shows that the days are others.
fn clock(text: &str, days: ServiceDays) -> Option<i64> {
    let offsets: &[&str] = match days {
        ServiceDays::Beijing => &["+08:00"],
        ServiceDays::Utc => &["Z", "+00:00"],
    };
    let bare = offsets.iter().find_map(|offset| text.strip_suffix(offset));
    let text = bare.unwrap_or(text);
    let (hour, rest) = text.split_once(':').unwrap_or((text, "00"));
    let is_hour = (1..=2).contains(&hour.len()) && hour.bytes().all(|byte| byte.is_ascii_digit());
    let hour: i64 = hour.parse().ok().filter(|hour| is_hour && *hour < 24)?;
    ["00", "00:00"].contains(&rest).then_some(hour * HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ServiceDays::{Beijing, Utc};

    const DAY: i64 = 86_400;

    const DAY0: i64 = 1_783_699_200;

    #[test]
    fn days_are_those_of_utc_plus_8() {
        assert_eq!(
            (day_of(DAY0, Beijing), day_of(DAY0 - 1, Beijing)),
            ("2026-07-11".into(), "2026-07-10".into())
        );
        for text in ["2026-07-11", "2026-07-11 00:00", "2026-07-11T00:00:00+08:00"] {
            assert_eq!(day(text, Beijing), Some(DAY0), "{text}");
        }
        for (start, text) in
            (0..800).map(|day| DAY0 + day * DAY).map(|start| (start, day_of(start, Beijing)))
        {
            assert_eq!(day(&text, Beijing), Some(start), "{text}");
        }
        assert_eq!(day("2028-02-29", Beijing), Some(DAY0 + 598 * DAY));
        assert_eq!(
            (day_of(0, Beijing), day("1970-01-01", Beijing)),
            ("1970-01-01".to_owned(), Some(-8 * HOUR))
        );
        for text in ["2026-00-11", "2026-13-11", "2026-04-31", "2027-02-29", "2026-07-00"] {
            assert_eq!(day(text, Beijing), None, "{text}");
        }
        for text in ["", "2026-02-30", "20260711", "2026-07-11 07:00", "11.07.2026", "2026-7-11é"]
        {
            assert_eq!(day(text, Beijing), None, "{text}");
        }
    }

    #[test]
    fn hours_in_every_spelling() {
        for text in ["7", "07", "07:00", "7:00:00"] {
            assert_eq!(hour(text, Beijing), Some(HourOf::Day(7 * HOUR)), "{text}");
        }
        for text in ["2026-07-11 07:00", "2026-07-11 7", "2026-07-11T07:00:00+08:00"] {
            assert_eq!(hour(text, Beijing), Some(HourOf::Date(DAY0 + 7 * HOUR)), "{text}");
        }
        for text in ["", "24", "-1", "7.5", "07:30", "+7", "007", "2026-07-11", "2026-07-11 24:00"]
        {
            assert_eq!(hour(text, Beijing), None, "{text}");
        }
    }

    #[test]
    fn days_of_utc_are_read_and_written() {
        let start = DAY0 + 8 * HOUR;
        assert_eq!(
            (day_of(start, Utc), day_of(start - 1, Utc)),
            ("2026-07-11".into(), "2026-07-10".into())
        );
        for text in ["2026-07-11", "2026-07-11T00:00:00Z", "2026-07-11 00:00+00:00"] {
            assert_eq!(day(text, Utc), Some(start), "{text}");
        }
        assert_eq!(hour("2026-07-11 07:00", Utc), Some(HourOf::Date(start + 7 * HOUR)));
        assert_eq!(day_of(0, Utc), "1970-01-01");
        // An offset of other days says that the days are not these.
        assert_eq!(day("2026-07-11T00:00:00+08:00", Utc), None);
        assert_eq!(hour("07:00Z", Beijing), None);
    }
}
