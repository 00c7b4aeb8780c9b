//! The rules, one table of examples each.

use super::*;
use crate::lang::Lang;
use crate::range::parse_zone;

/// 2024-11-19 18:45:37 in Shanghai.
const NOW: &str = "2024-11-19T10:45:37Z";

fn ask(input: &RangeInput, interval: Option<Interval>, zone: &str) -> Result<Range, CliError> {
    let zone_value = parse_zone(zone).unwrap();
    resolve(input, interval, &zone_value, zone, NOW.parse().unwrap())
}

fn words(input: &RangeInput, interval: Option<Interval>) -> String {
    in_words(&ask(input, interval, "Asia/Shanghai").unwrap())
}

fn in_words(range: &Range) -> String {
    range.words().in_lang(Lang::En).to_owned()
}

fn between(start: &str, end: Option<&str>) -> RangeInput {
    RangeInput::Between { start: start.into(), end: end.map(Into::into) }
}

fn refusal(input: &RangeInput, interval: Option<Interval>, zone: &str) -> String {
    ask(input, interval, zone).unwrap_err().to_string()
}

#[test]
fn ranges_in_words() {
    let last = |text: &str| RangeInput::Last(text.into());
    let cases = [
        (last("7d"), None, "2024-11-13 … 2024-11-19, 7 days, both included"),
        (last("1d"), None, "2024-11-19 … 2024-11-19, 1 day, both included"),
        (last("2w"), None, "2024-11-06 … 2024-11-19, 14 days, both included"),
        (
            last("24h"),
            None,
            "2024-11-18 19:00 … 2024-11-19 18:00, 24 hours, both included (Asia/Shanghai)",
        ),
        (
            last("2d"),
            Some(Interval::Hour),
            "2024-11-18 00:00 … 2024-11-19 18:00, 43 hours, both included (Asia/Shanghai)",
        ),
        (RangeInput::Today, None, "2024-11-19 … 2024-11-19, 1 day, both included"),
        (RangeInput::Yesterday, None, "2024-11-18 … 2024-11-18, 1 day, both included"),
        (
            RangeInput::Yesterday,
            Some(Interval::Hour),
            "2024-11-18 00:00 … 2024-11-18 23:00, 24 hours, both included (Asia/Shanghai)",
        ),
        (
            RangeInput::Month("2024-10".into()),
            None,
            "2024-10-01 … 2024-10-31, 31 days, both included",
        ),
        (
            RangeInput::Month("2024-11".into()),
            None,
            "2024-11-01 … 2024-11-19, 19 days, both included",
        ),
        (
            between("1731945600", Some("1731945600")),
            None,
            "2024-11-19 … 2024-11-19, 1 day, both included",
        ),
        (between("2024-11-17", None), None, "2024-11-17 … 2024-11-19, 3 days, both included"),
        (
            between("2024-11-18", Some("2024-11-18T03:00:00+08:00")),
            Some(Interval::Hour),
            "2024-11-18 00:00 … 2024-11-18 03:00, 4 hours, both included (Asia/Shanghai)",
        ),
    ];
    for (input, interval, expected) in cases {
        assert_eq!(words(&input, interval), expected, "{input:?}");
    }
}

#[test]
fn ranges_in_chinese_words() {
    let of = |input: &RangeInput, interval, zone| {
        ask(input, interval, zone).unwrap().words().in_lang(Lang::Zh).to_owned()
    };
    let week = RangeInput::Last("7d".into());
    let shanghai = of(&week, None, "Asia/Shanghai");
    assert_eq!(shanghai, "2024-11-13 … 2024-11-19，共 7 天，含首尾");
    assert_eq!(
        of(&RangeInput::Yesterday, Some(Interval::Hour), "UTC"),
        "2024-11-18 00:00 … 2024-11-18 23:00，共 24 小时，含首尾（UTC）"
    );
}

#[test]
fn the_vendors_query_is_one_bucket() {
    let range = ask(&between("1731945600", Some("1731945600")), None, "Asia/Shanghai").unwrap();
    assert_eq!((range.window.first(), range.window.last()), (1_731_945_600, 1_731_945_600));
}

#[test]
fn an_end_in_the_future_is_cut_and_said() {
    let range = ask(&between("2024-11-18", Some("2024-11-30")), None, "Asia/Shanghai").unwrap();
    assert!(range.cut_at_now);
    assert_eq!(in_words(&range), "2024-11-18 … 2024-11-19, 2 days, both included");
}

#[test]
fn an_unaligned_instant_names_its_two_neighbours() {
    let text = refusal(&between("2024-11-19T05:30:00+08:00", None), None, "Asia/Shanghai");
    for part in [
        "--start 2024-11-19T05:30:00+08:00",
        "2024-11-19T00:00:00+08:00",
        "2024-11-20T00:00:00+08:00",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let text = refusal(&between("1731945601", None), Some(Interval::Hour), "Asia/Shanghai");
    assert!(text.contains("1731945600") && text.contains("1731949200"), "{text}");
}

#[test]
fn nonsense_is_refused_by_name() {
    let cases = [
        (
            between("2024-11-19", Some("2024-11-18")),
            "--end 2024-11-18 is before --start 2024-11-19",
        ),
        (between("2024-12-01", None), "--start 2024-12-01 lies in the future"),
        (between("2024-12-01", Some("2024-12-02")), "--start 2024-12-01 lies in the future"),
        (between("0", None), "--start 0 is not the start of a day"),
        (
            between("1970-01-01", None),
            "--start 1970-01-01: that is before there was anything to count",
        ),
        (RangeInput::Last("3m".into()), "minutes or months"),
        (RangeInput::Last("m".into()), "minutes or months"),
        (RangeInput::Last("0d".into()), "--last 0d"),
        (RangeInput::Last("d".into()), "--last d"),
        (RangeInput::Last("-3d".into()), "--last -3d"),
        (RangeInput::Last("100000d".into()), "that is before there was anything to count"),
        (RangeInput::Last("4294967295d".into()), "--last 4294967295d"),
        (RangeInput::Last("4294967295w".into()), "--last 4294967295w"),
        (RangeInput::Last("4294967295h".into()), "that is before there was anything to count"),
        (RangeInput::Last("99999999999999d".into()), "--last 99999999999999d"),
        (RangeInput::Month("2024-13".into()), "--month 2024-13"),
        (RangeInput::Month("11".into()), "--month 11"),
        (RangeInput::Month("2025-01".into()), "--month 2025-01 lies in the future"),
    ];
    for (input, expected) in cases {
        let text = refusal(&input, None, "Asia/Shanghai");
        assert!(text.contains(expected), "{input:?}: {text}");
    }
    let text = refusal(&RangeInput::Last("24h".into()), Some(Interval::Day), "Asia/Shanghai");
    assert!(text.contains("--last 24h counts hours"), "{text}");
}

#[test]
fn zones_with_other_days_are_refused_for_days_and_right_for_hours() {
    for zone in ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata"] {
        let text = refusal(&RangeInput::Last("7d".into()), None, zone);
        assert!(text.contains(zone) && text.contains("not the service's days"), "{zone}: {text}");
    }
    assert!(ask(&RangeInput::Last("7d".into()), None, "Asia/Singapore").is_ok());
    let day = ask(&RangeInput::Yesterday, Some(Interval::Hour), "UTC").unwrap();
    assert_eq!(
        in_words(&day),
        "2024-11-18 00:00 … 2024-11-18 23:00, 24 hours, both included (UTC)"
    );
    let text = refusal(&RangeInput::Yesterday, Some(Interval::Hour), "Asia/Kolkata");
    assert!(text.contains("full hour"), "{text}");
    // 3 November 2024 had 25 hours in New York.
    let long =
        ask(&between("2024-11-03", Some("2024-11-03")), Some(Interval::Hour), "America/New_York");
    assert_eq!(long.unwrap().window.len(), 25);
}
