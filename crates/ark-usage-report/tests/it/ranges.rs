//! Times, zones and ranges, read again from what they print.

use ark_usage_model::Interval;
use ark_usage_report::Lang;
use ark_usage_report::range::{RangeInput, RangeSpec, parse_now, parse_zone, resolve};
use damaged_input::damaged_text;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::value_of;

const TIMES: [&str; 12] = [
    "2024-11-19",
    "2024-11-19T00:00:00+08:00",
    "20241119T021530Z",
    "1731945600",
    "7d",
    "24h",
    "4w",
    "2024-11",
    "2024-W47",
    "yesterday",
    "last",
    "-2024-11-19T23:59:60.999999999Z[Europe/Berlin]",
];
const ZONES: [&str; 4] = ["Asia/Shanghai", "America/St_Johns", "UTC", "+08:00"];

const NOW: Timestamp = Timestamp::constant(1_732_075_200, 0);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn times_and_zones_are_read_as_printed(time in damaged_text(&TIMES), zone in damaged_text(&ZONES)) {
        if let Some(now) = value_of(parse_now(&time), "--now") {
            prop_assert_eq!(parse_now(&now.to_string()).unwrap(), now);
        }
        if let Some(zone) = value_of(parse_zone(&zone), "--tz")
            && let Some(name) = zone.iana_name()
        {
            prop_assert_eq!(parse_zone(name).unwrap(), zone);
        }
    }

    #[test]
    fn ranges_are_those_between_their_first_and_last_row(
        first in damaged_text(&TIMES),
        second in damaged_text(&TIMES),
        zone_name in prop::sample::select(&ZONES[..]),
        rows in prop::sample::select(&[None, Some(Interval::Hour), Some(Interval::Day)][..]),
        complete in prop::option::of(0..100_000_000_i64),
        compare: bool,
    ) {
        let zone = &parse_zone(zone_name).unwrap_or(TimeZone::UTC);
        for input in [
            RangeInput::Between { start: first.clone(), end: None },
            RangeInput::Between { start: first.clone(), end: Some(second) },
            RangeInput::Last(first.clone()),
            RangeInput::Week(first.clone()),
            RangeInput::Month(first),
            RangeInput::LastWeek,
            RangeInput::LastMonth,
            RangeInput::Today,
            RangeInput::Yesterday,
            RangeInput::ThisWeek,
            RangeInput::ThisMonth,
        ] {
            let spec = RangeSpec { rows, complete, compare, ..RangeSpec::new(&input, zone, zone_name, NOW) };
            let Some(range) = value_of(resolve(&spec), "--") else { continue };
            let window = range.window;
            prop_assert!(window.first() <= window.last() && window.last() < window.end());
            prop_assert!(window.first() <= NOW.as_second(), "a range in the future");
            prop_assert!(!range.words().in_lang(Lang::Zh).is_empty());
            let printed = RangeInput::Between {
                start: range.rfc3339(window.first()),
                end: Some(range.rfc3339(range.last_row())),
            };
            let spec = RangeSpec { rows: Some(range.rows), ..RangeSpec::new(&printed, zone, zone_name, NOW) };
            let again = resolve(&spec);
            prop_assert_eq!(again.map(|again| again.window).ok(), Some(window), "{:?}", printed);
        }
    }
}
