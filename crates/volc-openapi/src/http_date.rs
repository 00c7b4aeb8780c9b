//! Dates in HTTP headers (RFC 9110 section 5.6.7, the one form servers may send today).

/// Unix seconds of an IMF-fixdate such as `Tue, 19 Nov 2024 10:45:37 GMT`; `None` for anything else
/// and for instants before 1970. The weekday is not checked.
///
/// ```
/// use volc_openapi::parse_http_date;
///
/// assert_eq!(parse_http_date("Tue, 19 Nov 2024 10:45:37 GMT"), Some(1_732_013_137));
/// assert_eq!(parse_http_date("yesterday"), None);
/// ```
pub fn parse_http_date(text: &str) -> Option<i64> {
    let (_, rest) = text.trim().split_once(", ")?;
    let mut words = rest.split(' ');
    let day = digits(words.next()?, 2)?;
    let month_name = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month_name)?;
    let year = digits(words.next()?, 4)?;
    let mut clock = words.next()?.split(':');
    let hour = digits(clock.next()?, 2)?;
    let minute = digits(clock.next()?, 2)?;
    let second = digits(clock.next()?, 2)?;
    let ended = clock.next().is_none() && words.next()? == "GMT" && words.next().is_none();
    let month = i64::try_from(month).ok()? + 1;
    let in_range = ended
        && year >= 1970
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    in_range
        .then(|| days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// The IMF-fixdate of an instant, for servers and tests.
///
/// ```
/// assert_eq!(volc_openapi::format_http_date(1_732_013_137), "Tue, 19 Nov 2024 10:45:37 GMT");
/// ```
pub fn format_http_date(unix: i64) -> String {
    let days = unix.div_euclid(86_400);
    let second = unix.rem_euclid(86_400);
    let (year, month, day) = civil_from_days(days);
    let weekday = pick(&WEEKDAYS, days.rem_euclid(7));
    let month = pick(&MONTHS, month - 1);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// From the weekday of 1970-01-01 on.
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

fn pick(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("???")
}

fn digits(text: &str, len: usize) -> Option<i64> {
    let ok = text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    ok.then(|| text.parse().ok()).flatten()
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01. Years begin in March here, so that leap days come last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let from_march = days + 719_468;
    let era = from_march.div_euclid(146_097);
    let day_of_era = from_march.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        for (unix, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] {
            assert_eq!(parse_http_date(text), Some(unix));
            assert_eq!(format_http_date(unix), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1969 00:00:00 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37:01 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT x",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    #[test]
    fn days_hours_and_minutes_end_where_they_end() {
        let is_read = |date: &str, clock: &str| {
            parse_http_date(&format!("Sun, {date} {clock} GMT")).is_some()
        };
        for date in ["29 Feb 2024", "30 Apr 2024", "30 Jun 2024", "30 Sep 2024", "31 Dec 2024"] {
            assert!(is_read(date, "23:59:59"), "{date}");
        }
        for date in ["29 Feb 2023", "29 Feb 2100", "30 Feb 2024", "31 Apr 2024", "00 Jan 2024"] {
            assert!(!is_read(date, "00:00:00"), "{date}");
        }
        // A leap second is a second.
        assert!(is_read("31 Dec 2016", "23:59:60") && !is_read("31 Dec 2016", "23:59:61"));
        assert!(!is_read("31 Dec 2016", "23:60:00") && !is_read("31 Dec 2016", "24:00:00"));
    }

    proptest::proptest! {
        #[test]
        fn round_trip(unix in 0i64..253_402_300_800) {
            proptest::prop_assert_eq!(parse_http_date(&format_http_date(unix)), Some(unix));
        }
    }
}
