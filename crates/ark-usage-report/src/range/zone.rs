//! Time zones by name, and what was meant by a text that is none.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::DEFAULT_ZONE;
use crate::error::ReportError;
use crate::{Text, suggest, text};

/// The zone of `--tz`: of the system's database, or of the one inside where the system has none or lacks it.
pub fn parse_zone(name: &str) -> Result<TimeZone, ReportError> {
    let bundled = || TimeZoneDatabase::bundled().get(name).ok();
    // This zone has not changed since 1991, so that the table inside is as good as the system's, of
    // which every folder is read before one zone is found: a third of what a whole run takes.
    let inside = (name == DEFAULT_ZONE).then(bundled).flatten();
    let zone = inside.or_else(|| TimeZone::get(name).ok()).or_else(bundled);
    zone.ok_or_else(|| {
        ReportError::invalid(text!("--tz {name}: unknown time zone", "--tz {name}：未知的时区"))
            .with_hint(hint(name))
    })
}

/// Returns what to write instead.
fn hint(name: &str) -> Text {
    let database = TimeZoneDatabase::bundled();
    let known: Vec<_> = database.available().collect();
    let known: Vec<&str> = known.iter().map(jiff::tz::TimeZoneName::as_str).collect();
    let written = name.to_lowercase();
    let of_table = |table: &[(&str, &'static str)]| {
        table.iter().find(|(other, _)| *other == written).map(|(_, zone)| *zone)
    };
    if let Some(zone) = of_table(&NAMES) {
        return suggest::hint_of("--tz ", Some(zone), names());
    }
    if let Some(minutes) = offset(&written) {
        return of_offset(minutes);
    }
    suggest::hint_of("--tz ", zone_meant(name, &known), names())
}

fn names() -> Text {
    text!(
        "use an IANA name such as Asia/Shanghai, UTC or Europe/Berlin",
        "请用 IANA 时区名，例如 Asia/Shanghai、UTC 或 Europe/Berlin"
    )
}

/// Returns the zones with an offset from UTC, which is not the name of a zone.
fn of_offset(minutes: i32) -> Text {
    let zone = match (minutes, minutes % 60, minutes / 60) {
        (0, ..) => Some("UTC".to_owned()),
        (480, ..) => Some(DEFAULT_ZONE.to_owned()),
        // Names of offsets count the other way round.
        (_, 0, hours @ -12..=14) => Some(format!("Etc/GMT{:+}", -hours)),
        _ => {
            OFFSETS.iter().find(|(other, _)| *other == minutes).map(|(_, zone)| (*zone).to_owned())
        }
    };
    let city = match minutes / 60 {
        -5 => "America/New_York",
        -8 => "America/Los_Angeles",
        0 | 1 => "Europe/London",
        8 => "Asia/Singapore",
        9 => "Asia/Tokyo",
        _ => "Europe/Berlin",
    };
    let Some(zone) = zone else { return names() };
    let reversed = if zone.starts_with("Etc/") {
        text!(" (the sign in its name is reversed)", "（名称中的正负号相反）")
    } else {
        Text::same("")
    };
    suggest::hint_of(
        "--tz ",
        Some(&zone),
        text!(
            "an offset is not a time zone{reversed}; where clocks change, name a city, such as {city}",
            "偏移量不是时区名{reversed}；有夏令时的地方请写城市，例如 {city}";
            reversed = reversed
        ),
    )
}

/// Returns the minutes of an offset such as `-05:00`, `+8`, `utc-5` or `gmt+0530`.
fn offset(written: &str) -> Option<i32> {
    let digits = written.strip_prefix("utc").or_else(|| written.strip_prefix("gmt"));
    let digits = digits.unwrap_or(written).trim().replace('−', "-");
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, digits.strip_prefix('+')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let number = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
        is_number.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Returns the zone that was meant by a name almost right, or by the city alone.
fn zone_meant<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let is_offset = |text: &str| text.contains(|letter: char| "+0123456789".contains(letter));
    if is_offset(name) || name.len() < 4 {
        return None;
    }
    let places = || known.iter().copied().filter(|zone| zone.contains('/') && !is_offset(zone));
    let city = |zone: &'a str| zone.rsplit_once('/').map(|(_, city)| city);
    suggest::nearest(name, places()).or_else(|| {
        let meant = suggest::nearest(&name.replace(' ', "_"), places().filter_map(city))?;
        places().find(|zone| city(zone) == Some(meant))
    })
}

/// Other names of zones, in lower case: abbreviations that the database lacks, and cities.
const NAMES: [(&str, &str); 35] = [
    ("cst", DEFAULT_ZONE),
    ("beijing", DEFAULT_ZONE),
    ("china", DEFAULT_ZONE),
    ("北京", DEFAULT_ZONE),
    ("上海", DEFAULT_ZONE),
    ("中国", DEFAULT_ZONE),
    ("et", "America/New_York"),
    ("edt", "America/New_York"),
    ("nyc", "America/New_York"),
    ("new york", "America/New_York"),
    ("纽约", "America/New_York"),
    ("ct", "America/Chicago"),
    ("cdt", "America/Chicago"),
    ("mt", "America/Denver"),
    ("mdt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("la", "America/Los_Angeles"),
    ("sf", "America/Los_Angeles"),
    ("san francisco", "America/Los_Angeles"),
    ("bst", "Europe/London"),
    ("cest", "Europe/Berlin"),
    ("eest", "Europe/Athens"),
    ("msk", "Europe/Moscow"),
    ("ist", "Asia/Kolkata"),
    ("sgt", "Asia/Singapore"),
    ("hkt", "Asia/Hong_Kong"),
    ("jst", "Asia/Tokyo"),
    ("东京", "Asia/Tokyo"),
    ("kst", "Asia/Seoul"),
    ("aest", "Australia/Sydney"),
    ("aedt", "Australia/Sydney"),
    ("z", "UTC"),
    ("utc0", "UTC"),
];

/// Zones with offsets that are no whole hours, in minutes.
const OFFSETS: [(i32, &str); 9] = [
    (-570, "Pacific/Marquesas"),
    (-210, "America/St_Johns"),
    (210, "Asia/Tehran"),
    (270, "Asia/Kabul"),
    (330, "Asia/Kolkata"),
    (345, "Asia/Kathmandu"),
    (390, "Asia/Yangon"),
    (570, "Australia/Darwin"),
    (630, "Australia/Lord_Howe"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str) -> String {
        parse_zone(name).unwrap_err().in_full()
    }

    #[test]
    fn a_zone_that_is_meant_is_suggested() {
        for (name, zone) in [
            ("EDT", "America/New_York"),
            ("NYC", "America/New_York"),
            ("UTC-5", "Etc/GMT+5"),
            ("-05:00", "Etc/GMT+5"),
            ("gmt+0900", "Etc/GMT-9"),
            ("+5:30", "Asia/Kolkata"),
            ("−03:30", "America/St_Johns"),
            ("+8", "Asia/Shanghai"),
            ("UTC+08:00", "Asia/Shanghai"),
            ("+00:00", "UTC"),
            ("北京", "Asia/Shanghai"),
            ("asia/shangai", "Asia/Shanghai"),
            ("berlin", "Europe/Berlin"),
        ] {
            let told = refusal(name);
            assert!(told.contains(&format!("did you mean --tz {zone}?")), "{name}: {told}");
            assert!(!told.contains("database"), "{told}");
            assert!(parse_zone(zone).is_ok(), "{zone}");
        }
        for name in ["+25:00", "utc-5x", "x", "", "--demo", "+08:00:00"] {
            assert!(!refusal(name).contains("did you mean"), "{name}");
        }
    }

    #[test]
    fn names_of_every_table_are_zones() {
        for (_, zone) in NAMES {
            assert!(parse_zone(zone).is_ok(), "{zone}");
        }
        for (minutes, zone) in OFFSETS {
            assert!(parse_zone(zone).is_ok(), "{zone}");
            assert!(of_offset(minutes).in_lang(crate::Lang::En).contains(zone), "{zone}");
        }
    }

    #[test]
    fn older_names_are_known_wherever_the_program_runs() {
        for name in ["US/Pacific", "PRC", "Asia/Calcutta", "America/Ciudad_Juarez"] {
            assert!(parse_zone(name).is_ok(), "{name}");
        }
    }
}
