//! Everything the program reads, damaged at random: it is refused by an error that names the input, or read
//! the same way each time.
//!
//! These are tests inside the program and no fuzz targets beside it, because nothing may depend on the
//! program. `PROPTEST_CASES=1000000 cargo test -p ark-usage-cli hostile_input` is a long run.

use ark_usage_model::Interval;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use volc_credentials::Environment;

use crate::args::{RecordArgs, RequestArgs};
use crate::budget;
use crate::config::{self, Config};
use crate::error::CliError;
use crate::lang::Lang;
use crate::prices::Prices;
use crate::range::{self, RangeInput, RangeSpec, resolve};
use crate::record::RecordMode;
use crate::request::GivenRequest;
use ark_usage_report::SourceFile;

const CONFIGURATION: &str = "[defaults]\nproject = [\"a\", \"b\"]\ntz = \"Asia/Shanghai\"\nformat = \"json\"\n\n\
     [sets.team]\nprofiles = [\"work\"]\nprojects = [\"x\"]\nendpoint_ids = ['ep-20240801120000-abcde']\n\n\
     [keys]\ncommand = \"vault read -format=json ark\"\n\n\
     [services]\nsts_url = \"https://sts.example.com\"\nmetadata_url = \"http://100.96.0.96\"\n";
const PRICES: &str = "currency = \"CNY\"\nper = 1000\n\n[[price]]\nmodel = \"doubao-pro\"\n\
     metric = \"PromptTokens\"\nprice = 0.0008\nvalid_from = 2024-05-15\n";
const BUDGETS: &str = "[[budget]]\nname = \"month\"\nmetric = \"PromptTokens\"\nperiod = \"month\"\n\
     soft = 1e9\nhard = 2_000_000_000\nproject = \"a\"\n";
const RECORDING: &str = include_str!("../fixtures/recording.ndjson");
const TIMES: [&str; 9] = [
    "2024-11-19",
    "2024-11-19T00:00:00+08:00",
    "20241119T021530Z",
    "1731945600",
    "7d",
    "24h",
    "4w",
    "2024-11",
    "-2024-11-19T23:59:60.999999999Z[Europe/Berlin]",
];
const ZONES: [&str; 4] = ["Asia/Shanghai", "America/St_Johns", "UTC", "+08:00"];
const HEADERS: [&str; 3] =
    ["X-Date: 20241119T021530Z", "Content-Type:", "Authorization: HMAC-SHA256 Credential=a/b/c"];
const URLS: [&str; 3] = [
    "https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01",
    "/a%20b?x=%FF&;#f",
    "http://[::1]:80",
];

/// One thing that happens to bytes; places count from the start, round the end.
#[derive(Clone, Debug)]
enum Damage {
    Cut { at: usize, length: usize },
    Repeat { at: usize, length: usize, times: usize },
    Set { at: usize, byte: u8 },
    Insert { at: usize, piece: &'static str },
    End { at: usize },
}

/// Characters with a meaning in TOML, JSON, times or headers.
const PIECES: [&str; 24] = [
    "\0",
    "\n",
    "\r",
    "\"",
    "'",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "=",
    ":",
    ",",
    "#",
    "-",
    "+",
    ".",
    "e9",
    "9223372036854775808",
    "\u{feff}",
    "密",
    "\u{1b}[31m",
    "T",
    "Z",
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0..4096_usize;
    prop_oneof![
        (at(), 1..200_usize).prop_map(|(at, length)| Damage::Cut { at, length }),
        (at(), 1..60_usize, 1..40_usize).prop_map(|(at, length, times)| Damage::Repeat {
            at,
            length,
            times
        }),
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set { at, byte }),
        (at(), prop::sample::select(&PIECES[..]))
            .prop_map(|(at, piece)| Damage::Insert { at, piece }),
        at().prop_map(|at| Damage::End { at }),
    ]
}

/// One of `seeds` after up to six damages.
fn damaged(seeds: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let seed = prop::sample::select(seeds);
    (seed, prop::collection::vec(damage(), 0..6)).prop_map(|(seed, damages)| {
        damages.iter().fold(seed.as_bytes().to_vec(), |bytes, damage| damage.done_to(bytes))
    })
}

/// The same as text, which is all that arguments can be.
fn damaged_text(seeds: &'static [&'static str]) -> impl Strategy<Value = String> {
    damaged(seeds).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

impl Damage {
    fn done_to(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let place = |at: usize| at % (bytes.len() + 1);
        match *self {
            Self::Cut { at, length } => {
                let from = place(at);
                bytes.drain(from..(from + length).min(bytes.len()));
            }
            Self::Repeat { at, length, times } => {
                let from = place(at);
                let piece = bytes[from..(from + length).min(bytes.len())].repeat(times);
                bytes.splice(from..from, piece);
            }
            Self::Set { at, byte } => {
                let at = place(at);
                bytes.splice(at..(at + 1).min(bytes.len()), [byte]);
            }
            Self::Insert { at, piece } => {
                let at = place(at);
                bytes.splice(at..at, piece.bytes());
            }
            Self::End { at } => bytes.truncate(place(at)),
        }
        bytes
    }
}

/// An error is reported in both languages and names the input `about`.
fn say<T>(outcome: Result<T, impl Into<CliError>>, about: &str) -> Option<T> {
    outcome
        .map_err(|error| {
            let error = error.into();
            for lang in [Lang::En, Lang::Zh] {
                let report = error.report(lang);
                assert!(report.contains(about), "{report:?} is not about {about}");
            }
        })
        .ok()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_732_075_200).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn configurations(bytes in damaged(&[CONFIGURATION])) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, bytes).unwrap();
        let environment = Environment::new().with(config::VARIABLE, path.display().to_string());
        let load = || say(Config::load(&environment), "config.toml");
        if let Some(config) = load() {
            prop_assert_eq!(format!("{config:?}"), format!("{:?}", load().unwrap()));
            let _ = say(config.set("team", &environment).map(drop), "team");
        }
    }

    #[test]
    fn prices_and_budgets(prices in damaged_text(&[PRICES]), budgets in damaged_text(&[BUDGETS])) {
        let source = |text| SourceFile { flag: "--prices", name: "given.toml", text };
        let _ = say(Prices::read(source(&prices), &TimeZone::UTC).map(drop), "--prices given.toml");
        let _ = say(budget::read_file(source(&budgets)).map(drop), "--prices given.toml");
        let _ = say(budget::read_flag(&budgets).map(drop), "--max");
    }

    #[test]
    fn recordings(bytes in damaged(&[RECORDING])) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("recording.ndjson"), bytes).unwrap();
        let args = RecordArgs { record: None, replay: Some(folder.path().to_owned()) };
        if let Some(mode) = say(RecordMode::new(Some(&args), None), "recording.ndjson") {
            let header = mode.replayed().unwrap();
            let _ = say(Config::of_recording(header), "");
        }
    }

    #[test]
    fn times_and_ranges(
        first in damaged_text(&TIMES),
        second in damaged_text(&TIMES),
        zone in damaged_text(&ZONES),
        rows in prop::sample::select(&[None, Some(Interval::Hour), Some(Interval::Day)][..]),
        complete in prop::option::of(0..100_000_000_i64),
        compare: bool,
    ) {
        if let Some(now) = say(range::parse_now(&first), "--now") {
            prop_assert_eq!(range::parse_now(&now.to_string()).unwrap(), now);
        }
        let (zone, zone_name) = match say(range::parse_zone(&zone), "--tz") {
            Some(found) => (found, zone.as_str()),
            None => (TimeZone::UTC, "UTC"),
        };
        for input in [
            RangeInput::Between { start: first.clone(), end: None },
            RangeInput::Between { start: first.clone(), end: Some(second) },
            RangeInput::Last(first.clone()),
            RangeInput::Month(first),
        ] {
            let (input, zone) = (&input, &zone);
            let wish = RangeSpec { input, rows, zone, zone_name, now: now(), complete, compare };
            if let Some(range) = say(resolve(&wish), "--") {
                let window = range.window;
                prop_assert!(window.first() <= window.last() && window.last() < window.end());
                prop_assert!(window.first() <= now().as_second(), "a range in the future");
                prop_assert!(!range.words().in_lang(Lang::Zh).is_empty());
            }
        }
    }

    #[test]
    fn requests_written_down(
        method in damaged_text(&["POST", "get"]),
        url in damaged_text(&URLS),
        headers in prop::collection::vec(damaged_text(&HEADERS), 0..4),
    ) {
        let args = RequestArgs { method, url, headers, data: None, profile: None };
        let written = args.headers.len();
        if let Some(request) = say(GivenRequest::read(&args), "") {
            prop_assert_eq!(request.pairs().len(), written, "a header is lost or made up");
            prop_assert!(crate::request::target(&request.url).starts_with(['/', '?']));
            prop_assert!(args.url.contains(&request.url), "the URL is rewritten");
        }
    }
}
