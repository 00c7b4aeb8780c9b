//! The ways in which the services write an instant, read as Unix seconds.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An expiry in Unix seconds: RFC 3339 text, or a number of seconds, milliseconds, microseconds or
/// nanoseconds, distinguished by size as in the official SDKs.
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

/// Unix seconds of an RFC 3339 date and time; fractions of a second are dropped.
///
/// An offset may also be written without its colon, as `strftime` writes it: `+0000`.
pub(crate) fn from_rfc3339(text: &str) -> Option<i64> {
    let read = |text: &str| text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
    read(text).or_else(|| read(&with_colon(text)?))
}

/// Writes an offset of four digits with a colon, and ` UTC` as the letter.
fn with_colon(text: &str) -> Option<String> {
    if let Some(local) = text.strip_suffix(" UTC") {
        return Some(format!("{local}Z"));
    }
    let (local, offset) = text.split_at_checked(text.len().checked_sub(5)?)?;
    let digits = offset.strip_prefix(['+', '-'])?;
    let is_offset = digits.bytes().all(|byte| byte.is_ascii_digit()) && local.contains(':');
    let (hours, minutes) = offset.split_at_checked(3)?;
    is_offset.then(|| format!("{local}{hours}:{minutes}"))
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
            ("2026-01-01 00:00:00Z", 1_767_225_600),
            ("2026-01-01T00:00:00+0000", 1_767_225_600),
            ("2026-01-01T08:00:00.5+0800", 1_767_225_600),
            ("2025-12-31 23:30:00-0030", 1_767_225_600),
            ("2026-01-01 00:00:00 UTC", 1_767_225_600),
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
            "2020-1-04T16:24:55Z",
            "2100-02-29T00:00:00Z",
            "2020-13-01T00:00:00Z",
            "2020-00-01T00:00:00Z",
            "2020-04-31T00:00:00Z",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:60:00Z",
            "2020-01-01T00:00:61Z",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00Zz",
            "+020-01-01T00:00:00Z",
            "2020-01-01T00:00:00+26:00",
            "2020-01-01T00:00:00+2600",
            "2020-01-01T00:00:00+000",
            "2020-01-01 UTC",
            "2020-01-0100:00",
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
        #[test]
        fn a_printed_instant_is_read_back(seconds in -62_000_000_000_i64..253_000_000_000) {
            let printed = jiff::Timestamp::from_second(seconds).unwrap().to_string();
            proptest::prop_assert_eq!(from_rfc3339(&printed), Some(seconds));
        }

        #[test]
        fn any_text_is_refused_or_names_an_instant(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-5][0-9])|.{0,40}",
        ) {
            if let Some(seconds) = from_rfc3339(&text) {
                let printed = jiff::Timestamp::from_second(seconds).unwrap().to_string();
                proptest::prop_assert_eq!(from_rfc3339(&printed), Some(seconds), "{}", text);
                proptest::prop_assert!(text.is_ascii() && text.contains(':'), "{}", text);
            }
        }
    }
}
