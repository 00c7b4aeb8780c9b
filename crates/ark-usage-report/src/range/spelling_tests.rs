//! The spellings of a range, and what is said about those that are none.

use super::{RangeInput, RangeSpec, parse_now, parse_zone, resolve};
use crate::lang::Lang;

/// 2026-11-30 18:45:37 in Shanghai, a Monday.
const NOW: &str = "2026-11-30T10:45:37Z";

fn ask_at(now: &str, input: &RangeInput) -> Result<String, String> {
    let zone = parse_zone("Asia/Shanghai").unwrap();
    let spec = RangeSpec::new(input, &zone, "Asia/Shanghai", now.parse().unwrap());
    let words = resolve(&spec).map(|range| range.words().in_lang(Lang::En).to_owned());
    words.map_err(|error| error.in_full())
}

fn days(input: &RangeInput) -> String {
    let words = ask_at(NOW, input).unwrap();
    words.split(',').next().unwrap_or_default().to_owned()
}

fn between(start: &str, end: Option<&str>) -> RangeInput {
    RangeInput::Between { start: start.into(), end: end.map(Into::into) }
}

#[test]
fn last_and_numbered_weeks_and_months() {
    let (week, month) =
        (|text: &str| RangeInput::Week(text.into()), |text: &str| RangeInput::Month(text.into()));
    let (before, october) = ("2026-11-23 … 2026-11-29", "2026-10-01 … 2026-10-31");
    let cases = [
        (RangeInput::LastWeek, before),
        (week("last"), before),
        (week("2026-W48"), before),
        (week("2026w48"), before),
        (week("this"), "2026-11-30 … 2026-11-30"),
        (week("2026-W1"), "2025-12-29 … 2026-01-04"),
        (week("2020-W53"), "2020-12-28 … 2021-01-03"),
        (RangeInput::LastMonth, october),
        (month("last"), october),
        (month("Last"), october),
        (month("2026-10"), october),
        (month("2026-1"), "2026-01-01 … 2026-01-31"),
        (month("this"), "2026-11-01 … 2026-11-30"),
    ];
    for (input, expected) in cases {
        assert_eq!(days(&input), expected, "{input:?}");
    }
    let january = "2026-01-04T12:00:00Z";
    let of_january = |input| ask_at(january, &input).unwrap();
    assert!(of_january(RangeInput::LastMonth).starts_with("2025-12-01 … 2025-12-31"));
    assert!(of_january(RangeInput::LastWeek).starts_with("2025-12-22 … 2025-12-28"));
}

#[test]
fn days_by_their_distance_from_today() {
    let cases = [
        (between("yesterday", None), "2026-11-29 … 2026-11-30"),
        (between("yesterday", Some("yesterday")), "2026-11-29 … 2026-11-29"),
        (between("today", Some("today")), "2026-11-30 … 2026-11-30"),
        (between("2026-11-27", Some("Yesterday")), "2026-11-27 … 2026-11-29"),
    ];
    for (input, expected) in cases {
        assert_eq!(days(&input), expected, "{input:?}");
    }
    let error = ask_at(NOW, &between("today", Some("yesterday"))).unwrap_err();
    assert!(error.contains("--end yesterday is before --start today"), "{error}");
    assert!(parse_now("yesterday").is_err(), "a clock shows an instant");
}

#[test]
fn lengths_in_full() {
    let last = |text: &str| ask_at(NOW, &RangeInput::Last(text.into()));
    for (short, spellings) in [
        ("7d", &["7days", "7D", "7 days", "1week", "1w", "1Weeks", " 7d "][..]),
        ("24h", &["24H", "24hours", "24hrs"]),
        ("3mo", &["3months", "3MO", "3 month"]),
    ] {
        for text in spellings {
            assert_eq!(last(text), last(short), "{text}");
        }
    }
    for text in ["3M", "3m"] {
        assert!(last(text).unwrap_err().contains("minutes or months"), "{text}");
    }
}

#[test]
fn what_is_no_range_says_what_was_meant() {
    let (start, end) =
        (|text: &str| between(text, None), |text: &str| between("2026-11-01", Some(text)));
    let (week, month) =
        (|text: &str| RangeInput::Week(text.into()), |text: &str| RangeInput::Month(text.into()));
    let last = |text: &str| RangeInput::Last(text.into());
    let cases = [
        (start("2026-11-31"), "November 2026 has 30 days", "mean --start 2026-11-30?"),
        (start("2026-02-29"), "February 2026 has 28 days", "mean --start 2026-02-28?"),
        (start("2026-13-01"), "there is no month 13", "mean --start 2026-01-13?"),
        (start("2026-13-32"), "there is no month 13", "write 2024-11-19"),
        (start("2026-11-00"), "there is no day 0", "mean --start 2026-11-01?"),
        (start("2026-11-31T08:00:00Z"), "has 30 days", "mean --start 2026-11-30T08:00:00Z?"),
        (start("2026/11/05"), "not written as a date", "mean --start 2026-11-05?"),
        (start("2026年11月5日"), "not written as a date", "mean --start 2026-11-05?"),
        (start("2026-11"), "a month, not a day", "mean --start 2026-11-01?"),
        (end("2026-11"), "a month, not a day", "mean --end 2026-11-30?"),
        (end("yesturday"), "--end yesturday: ", "mean --end yesterday?"),
        (start("7d"), "--start 7d: ", "mean --last 7d?"),
        (month("october"), "--month october: ", "mean --month 2026-10?"),
        (month("Dec"), "--month Dec: ", "mean --month 2025-12?"),
        (month("octobr 2024"), "--month octobr 2024: ", "mean --month 2024-10?"),
        (month("11"), "--month 11: ", "mean --month 2026-11?"),
        (month("202610"), "--month 202610: ", "mean --month 2026-10?"),
        (month("2026年10月"), "--month 2026年10月: ", "mean --month 2026-10?"),
        (month("2026-00"), "there is no month 0", "01 to 12"),
        (month("next"), "--month next: ", "--month last"),
        (week("48"), "--week 48: ", "mean --week 2026-W48?"),
        (week("W50"), "--week W50: ", "mean --week 2025-W50?"),
        (week("2026-48"), "--week 2026-48: ", "mean --week 2026-W48?"),
        (week("2026-11-25"), "--week 2026-11-25: ", "mean --week 2026-W48?"),
        (week("2025-W53"), "the weeks of 2025 are 01 to 52", "today is in 2026-W49"),
        (week("2026-W50"), "--week 2026-W50 is in the future", ""),
        (week("-w"), "--week -w: ", "--week last"),
        (last("7"), "--last 7: ", "mean --last 7d?"),
        (last("1y"), "--last 1y: ", "mean --last 12mo?"),
        (last("week"), "--last week: ", "mean --last-week?"),
        (last("month"), "--last month: ", "mean --last-month?"),
    ];
    for (input, what, meant) in cases {
        let error = ask_at(NOW, &input).unwrap_err();
        assert!(error.contains(what) && error.contains(meant), "{input:?}: {error}");
    }
}
