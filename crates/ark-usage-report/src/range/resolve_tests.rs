//! The rules, one table of examples each.

use super::*;
use crate::lang::Lang;
use crate::range::parse_zone;

/// 2024-11-19 18:45:37 in Shanghai.
const NOW: &str = "2024-11-19T10:45:37Z";

fn ask(input: &RangeInput, interval: Option<Interval>, zone: &str) -> Result<Range, ReportError> {
    asked(input, interval, zone, None)
}

fn asked(
    input: &RangeInput,
    rows: Option<Interval>,
    zone_name: &str,
    complete: Option<i64>,
) -> Result<Range, ReportError> {
    let (zone, now) = (parse_zone(zone_name).unwrap(), NOW.parse().unwrap());
    let days = ServiceDays::Beijing;
    resolve(&RangeSpec { input, rows, zone: &zone, zone_name, now, complete, compare: true, days })
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
    ask(input, interval, zone).unwrap_err().in_full()
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
        (between("2024-12-01", None), "--start 2024-12-01 is in the future"),
        (between("2024-12-01", Some("2024-12-02")), "--start 2024-12-01 is in the future"),
        (between("0", None), "--start 0 is not the start of a day"),
        (between("1970-01-01", None), "--start 1970-01-01: before the service existed"),
        (RangeInput::Last("3m".into()), "minutes or months"),
        (RangeInput::Last("m".into()), "minutes or months"),
        (RangeInput::Last("0d".into()), "--last 0d"),
        (RangeInput::Last("d".into()), "--last d"),
        (RangeInput::Last("-3d".into()), "--last -3d"),
        (RangeInput::Last("100000d".into()), "before the service existed"),
        (RangeInput::Last("4294967295d".into()), "--last 4294967295d"),
        (RangeInput::Last("4294967295w".into()), "--last 4294967295w"),
        (RangeInput::Last("4294967295h".into()), "before the service existed"),
        (RangeInput::Last("99999999999999d".into()), "--last 99999999999999d"),
        (RangeInput::Month("2024-13".into()), "--month 2024-13: there is no month 13"),
        (RangeInput::Month("11".into()), "--month 11"),
        (RangeInput::Month("2025-01".into()), "--month 2025-01 is in the future"),
    ];
    for (input, expected) in cases {
        let text = refusal(&input, None, "Asia/Shanghai");
        assert!(text.contains(expected), "{input:?}: {text}");
    }
    let text = refusal(&RangeInput::Last("24h".into()), Some(Interval::Day), "Asia/Shanghai");
    assert!(text.contains("--last 24h is in hours"), "{text}");
}

#[test]
fn days_of_other_zones_are_put_together_from_hours() {
    let week = RangeInput::Last("7d".into());
    for zone in ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata"] {
        let range = ask(&week, None, zone).unwrap();
        assert!(range.is_put_together(), "{zone}");
        let expected = format!("2024-11-13 … 2024-11-19, 7 days, both included ({zone})");
        assert_eq!(in_words(&range), expected);
        assert_eq!(range.has_split_hours(), zone == "Asia/Kolkata", "{zone}");
    }
    assert!(!ask(&week, None, "Asia/Singapore").unwrap().is_put_together());
    let day = ask(&RangeInput::Yesterday, Some(Interval::Hour), "UTC").unwrap();
    assert_eq!(
        in_words(&day),
        "2024-11-18 00:00 … 2024-11-18 23:00, 24 hours, both included (UTC)"
    );
    // Midnight in Kolkata is 18:30 UTC: its day begins with the next hour.
    let day = ask(&RangeInput::Yesterday, None, "Asia/Kolkata").unwrap();
    assert_eq!((day.window.len(), day.bucket_label(day.window.first())), (24, "2024-11-18".into()));
    assert_eq!(day.rfc3339(day.window.first()), "2024-11-18T00:30:00+05:30");
}

#[test]
fn days_when_the_clock_changes_have_23_or_25_hours() {
    for (date, hours) in [("2024-03-10", 23), ("2024-11-03", 25), ("2024-11-04", 24)] {
        for rows in [Interval::Day, Interval::Hour] {
            let range = ask(&between(date, Some(date)), Some(rows), "America/New_York").unwrap();
            assert_eq!(range.window.len(), hours, "{date}");
        }
    }
    let long =
        ask(&between("2024-11-03", Some("2024-11-03")), Some(Interval::Hour), "America/New_York");
    let long = long.unwrap();
    let labels: Vec<String> = long.window.buckets().map(|at| long.bucket_label(at)).collect();
    assert_eq!(
        labels[..4],
        [
            "2024-11-03 00:00",
            "2024-11-03 01:00-04:00",
            "2024-11-03 01:00-05:00",
            "2024-11-03 02:00"
        ]
    );
}

#[test]
fn an_instant_must_be_the_start_of_a_day_of_the_zone() {
    let at = between("2024-11-18T23:00:00Z", Some("2024-11-18T23:00:00Z"));
    let range = ask(&at, None, "Europe/Berlin").unwrap();
    assert_eq!(range.window.len(), 12, "until now");
    let text = refusal(&between("2024-11-18T16:00:00Z", None), None, "Europe/Berlin");
    assert!(text.contains("not the start of a day in Europe/Berlin"), "{text}");
    assert!(text.contains("2024-11-19T00:00:00+01:00"), "{text}");
}

#[test]
fn weeks_months_and_what_has_settled() {
    let week = "2024-11-18 … 2024-11-19, 2 days, both included";
    assert_eq!(words(&RangeInput::ThisWeek, None), week);
    let month = "2024-11-01 … 2024-11-19, 19 days, both included";
    assert_eq!(words(&RangeInput::ThisMonth, None), month);
    let months = "2024-08-20 … 2024-11-19, 92 days, both included";
    assert_eq!(words(&RangeInput::Last("3mo".into()), None), months);

    let complete = |input: &RangeInput, rows, settle| {
        asked(input, rows, "Asia/Shanghai", Some(settle)).map(|range| in_words(&range))
    };
    let last = |text: &str| RangeInput::Last(text.into());
    let hour = Some(Interval::Hour);
    let cases = [
        (last("7d"), None, 3_600, "2024-11-12 … 2024-11-18, 7 days"),
        // Nineteen hours after midnight the day before has not settled for a day.
        (last("2d"), None, 86_400, "2024-11-16 … 2024-11-17, 2 days"),
        (RangeInput::ThisMonth, None, 3_600, "2024-11-01 … 2024-11-18, 18 days"),
        (last("2h"), None, 3_600, "2024-11-19 15:00 … 2024-11-19 16:00, 2 hours"),
        (RangeInput::Today, hour, 0, "2024-11-19 00:00 … 2024-11-19 17:00, 18 hours"),
    ];
    for (input, rows, settle, expected) in cases {
        let words = complete(&input, rows, settle).unwrap();
        assert!(words.starts_with(expected), "{input:?}: {words}");
    }
    let error = complete(&RangeInput::Today, None, 3_600).unwrap_err().in_full();
    assert!(error.contains("--today has no settled data"), "{error}");
}

#[test]
fn the_range_before_is_as_long_or_the_months_before() {
    let before = |input: &RangeInput, rows, zone| {
        let range = ask(input, rows, zone).unwrap();
        let previous = range.previous.unwrap();
        let label = |at: i64| range.bucket_label(at);
        format!("{} … {}", label(previous.first()), label(previous.last()))
    };
    let shanghai = "Asia/Shanghai";
    let cases = [
        (RangeInput::Last("7d".into()), None, "2024-11-06 … 2024-11-12"),
        (RangeInput::Yesterday, None, "2024-11-17 … 2024-11-17"),
        (RangeInput::Month("2024-10".into()), None, "2024-09-01 … 2024-09-30"),
        (RangeInput::Month("2024-03".into()), None, "2024-02-01 … 2024-02-29"),
        (RangeInput::ThisMonth, None, "2024-10-01 … 2024-10-19"),
        (RangeInput::ThisWeek, None, "2024-11-11 … 2024-11-12"),
        (RangeInput::Last("3mo".into()), None, "2024-05-20 … 2024-08-19"),
        (between("2024-08-01", Some("2024-09-30")), None, "2024-06-01 … 2024-07-31"),
        (between("2024-08-02", Some("2024-08-03")), None, "2024-07-31 … 2024-08-01"),
        (RangeInput::Last("2h".into()), None, "2024-11-19 15:00 … 2024-11-19 16:00"),
        (RangeInput::Today, Some(Interval::Hour), "2024-11-18 00:00 … 2024-11-18 18:00"),
    ];
    for (input, rows, expected) in cases {
        assert_eq!(before(&input, rows, shanghai), expected, "{input:?}");
    }
    // The day before the long one.
    let long = between("2024-11-03", Some("2024-11-03"));
    let range = ask(&long, None, "America/New_York").unwrap();
    assert_eq!((range.window.len(), range.previous.unwrap().len()), (25, 24));
}

#[test]
fn a_service_of_utc_has_days_in_utc() {
    let (utc, shanghai) = (parse_zone("UTC").unwrap(), parse_zone("Asia/Shanghai").unwrap());
    let ask = |zone, zone_name| {
        let input = RangeInput::Last("3d".into());
        let spec = RangeSpec::new(&input, zone, zone_name, NOW.parse().unwrap());
        resolve(&RangeSpec { days: ServiceDays::Utc, compare: true, ..spec }).unwrap()
    };
    let days = ask(&utc, "UTC");
    assert_eq!(days.window.interval(), Interval::Day);
    assert_eq!(days.window.days(), ServiceDays::Utc);
    assert_eq!(days.window.first().rem_euclid(86_400), 0);
    assert_eq!(days.previous.map(|before| before.len()), Some(3));
    let words = "2024-11-17 … 2024-11-19, 3 days, both included (UTC)";
    assert_eq!(days.words().in_lang(Lang::En), words);
    let hours = ask(&shanghai, "Asia/Shanghai");
    assert_eq!(hours.window.interval(), Interval::Hour);
    assert!(hours.is_put_together());
}

#[test]
fn a_range_since_several_starts_begins_with_the_earliest() {
    let since = |inputs: &[RangeInput], rows| words(&RangeInput::Since(inputs.to_vec()), rows);
    let day = Some(Interval::Day);
    let week = since(&[RangeInput::Today, RangeInput::ThisWeek], day);
    assert_eq!(week, "2024-11-18 … 2024-11-19, 2 days, both included");
    let month = since(&[RangeInput::ThisMonth, RangeInput::Yesterday], day);
    assert_eq!(month, "2024-11-01 … 2024-11-19, 19 days, both included");
    let today = since(&[RangeInput::Today], Some(Interval::Hour));
    assert_eq!(today, words(&RangeInput::Today, Some(Interval::Hour)));
}

#[test]
fn another_clock_moves_what_depends_on_now() {
    let zone = parse_zone("Asia/Shanghai").unwrap();
    let now = NOW.parse().unwrap();
    let moved = |input: &RangeInput, offset| {
        let spec = RangeSpec::new(input, &zone, "Asia/Shanghai", now);
        let range = spec.moved(offset).unwrap();
        range.map(|range| range.words().in_lang(Lang::En).to_owned())
    };
    let today = RangeInput::Today;
    assert_eq!(moved(&today, 3_600), None);
    let before = Some("2024-11-18 … 2024-11-18, 1 day, both included".to_owned());
    assert_eq!(moved(&today, -90_000), before);
    let last = RangeInput::Last("2h".into());
    let next = Some(
        "2024-11-19 18:00 … 2024-11-19 19:00, 2 hours, both included (Asia/Shanghai)".to_owned(),
    );
    assert_eq!(moved(&last, 900), next);
    assert_eq!(moved(&between("2024-11-10", Some("2024-11-12")), -90_000), None);
    let begun = between("2024-11-19", Some("2024-11-19"));
    let spec = RangeSpec::new(&begun, &zone, "Asia/Shanghai", now);
    assert!(spec.moved(-90_000).is_err(), "not begun by that clock");
}
