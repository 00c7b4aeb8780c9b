//! Dates in HTTP headers (RFC 9110, section 5.6.7), as Unix seconds.

use std::time::{Duration, UNIX_EPOCH};

/// 9999-12-31 23:59:59, the last instant the format can hold.
const LAST: i64 = 253_402_300_799;

/// Parses a date such as `Tue, 19 Nov 2024 10:45:37 GMT` to Unix seconds; `None` for anything that
/// is not a date of HTTP.
///
/// ```
/// use volc_openapi::parse_http_date;
///
/// assert_eq!(parse_http_date("Tue, 19 Nov 2024 10:45:37 GMT"), Some(1_732_013_137));
/// assert_eq!(parse_http_date("yesterday"), None);
/// ```
pub fn parse_http_date(text: &str) -> Option<i64> {
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// Formats Unix seconds as a date of HTTP, for servers and tests. Instants outside the years 1970 to
/// 9999 become the nearest one inside.
///
/// ```
/// assert_eq!(volc_openapi::format_http_date(1_732_013_137), "Tue, 19 Nov 2024 10:45:37 GMT");
/// ```
pub fn format_http_date(unix: i64) -> String {
    let seconds = u64::try_from(unix.clamp(0, LAST)).unwrap_or_default();
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        for (unix, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (LAST, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(parse_http_date(text), Some(unix));
            assert_eq!(format_http_date(unix), text);
        }
        // The two obsolete forms, which RFC 9110 has recipients accept.
        assert_eq!(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(parse_http_date("Sun Nov  6 08:49:37 1994"), Some(784_111_777));
    }

    #[test]
    fn invalid_dates_are_refused() {
        for text in [
            "",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1969 00:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT x",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_instant_is_formatted_without_a_panic(unix: i64) {
            let again = parse_http_date(&format_http_date(unix));
            proptest::prop_assert_eq!(again, Some(unix.clamp(0, LAST)));
        }

        #[test]
        fn any_text_is_refused_or_names_an_instant(
            text in "(Mon|Sun), [0-3][0-9] (Jan|Feb|Nov) (19|20)[0-9]{2} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] GMT|.{0,40}",
        ) {
            if let Some(unix) = parse_http_date(&text) {
                let printed = format_http_date(unix);
                proptest::prop_assert_eq!(parse_http_date(&printed), Some(unix), "{}", text);
                // The time of day is there as it was written.
                let clock = printed.split(' ').nth(4).unwrap_or_default();
                proptest::prop_assert!(text.contains(clock), "{} is not {}", text, printed);
            }
        }
    }
}
