//! Instants as the service writes them. The calendar itself is `volc_sign::SigningTime`'s.

use volc_openapi::ServiceDays;
use volc_sign::SigningTime;

/// The load of made-up usage follows this clock.
pub(crate) const BEIJING_OFFSET: i64 = 8 * HOUR;
pub(crate) const HOUR: i64 = 3600;
pub(crate) const DAY: i64 = 86_400;

/// The 14 digits of Beijing time that ids begin with: `20241119184537`.
pub(crate) fn digits(unix: i64) -> String {
    basic(unix.saturating_add(BEIJING_OFFSET)).chars().filter(char::is_ascii_digit).collect()
}

/// RFC 3339 in UTC, for `CreateTime`: `2024-11-19T10:45:37Z`.
pub(crate) fn rfc3339(unix: i64) -> String {
    let text = basic(unix);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(9, 11),
        part(11, 13),
        part(13, 15)
    )
}

/// RFC 3339 in Beijing time, as STS writes the end of keys: `2024-11-19T18:45:37+08:00`.
pub(crate) fn rfc3339_beijing(unix: i64) -> String {
    let local = rfc3339(unix.saturating_add(BEIJING_OFFSET));
    format!("{}+08:00", local.trim_end_matches('Z'))
}

/// The Beijing day of an instant, `2024-11-19`.
pub(crate) fn day_text(unix: i64) -> String {
    day_text_in(ServiceDays::Beijing, unix)
}

/// The day of an instant, `2024-11-19`.
pub(crate) fn day_text_in(days: ServiceDays, unix: i64) -> String {
    let local = rfc3339(unix.saturating_add(days.offset()));
    local.get(..10).unwrap_or_default().to_owned()
}

/// The day of the month by Beijing's clock, but the 28th at most: every month has that day.
pub(crate) fn day_of_month(unix: i64) -> u8 {
    let day = day_text(unix).get(8..).and_then(|day| day.parse::<u8>().ok());
    day.unwrap_or(1).clamp(1, 28)
}

/// The hour of an instant by the clock of these days, from 0.
pub(crate) fn hour_of_day(unix: i64, days: ServiceDays) -> i64 {
    unix.saturating_add(days.offset()).rem_euclid(DAY) / HOUR
}

/// The first second of a Beijing day written `2024-11-19`; `None` for all else.
pub(crate) fn day_start(text: &str) -> Option<i64> {
    day_start_in(ServiceDays::Beijing, text)
}

/// The first second of a day written `2024-11-19`; `None` for all else.
pub(crate) fn day_start_in(days: ServiceDays, text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let mut digits = |count: usize| {
        let part = parts.next()?;
        (part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(part)
    };
    let (year, month, day) = (digits(4)?, digits(2)?, digits(2)?);
    let midnight: SigningTime = format!("{year}{month}{day}T000000Z").parse().ok()?;
    let unix = i64::try_from(midnight.unix_seconds()).ok()?;
    parts.next().is_none().then(|| unix - days.offset())
}

/// `YYYYMMDDTHHMMSSZ`; the epoch for instants that this form cannot hold.
fn basic(unix: i64) -> String {
    u64::try_from(unix)
        .ok()
        .and_then(|unix| SigningTime::from_unix(unix).ok())
        .map_or_else(|| "19700101T000000Z".to_owned(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_name_one_instant() {
        assert_eq!(digits(1_732_013_137), "20241119184537");
        assert_eq!(rfc3339(1_732_013_137), "2024-11-19T10:45:37Z");
        assert_eq!(rfc3339_beijing(1_732_013_137), "2024-11-19T18:45:37+08:00");
    }

    #[test]
    fn days_are_those_of_beijing() {
        assert_eq!(day_start("2024-11-19"), Some(1_731_945_600));
        assert_eq!(day_start_in(ServiceDays::Utc, "2024-11-19"), Some(1_731_974_400));
        assert_eq!(day_text_in(ServiceDays::Utc, 1_731_974_399), "2024-11-18");
        for unix in [1_731_945_600, 1_732_013_137, 1_731_945_600 + DAY - 1] {
            assert_eq!(day_text(unix), "2024-11-19");
        }
        for text in ["2024-02-30", "2024-1-01", "20241119", "2024-11-19-1", "", "+024-11-19"] {
            assert_eq!(day_start(text), None, "{text}");
        }
    }

    #[test]
    fn instants_out_of_range_do_not_panic() {
        assert_eq!(digits(i64::MIN), "19700101000000");
        assert_eq!(digits(i64::MAX), "19700101000000");
    }
}
