//! Everything the program reads by itself, damaged at random: it is refused by an error that names the
//! input, or read the same way each time. `ark-usage-report` tests the input of reports.
//!
//! These are tests inside the program and no fuzz targets beside it, because nothing may depend on the
//! program. `PROPTEST_CASES=1000000 cargo test -p ark-usage-cli hostile_input` is a long run.

use proptest::prelude::*;
use volc_credentials::Environment;

use crate::args::{RecordArgs, RequestArgs};
use crate::config::{self, Config};
use crate::error::CliError;
use crate::lang::Lang;
use crate::record::RecordMode;
use crate::request::GivenRequest;

const CONFIGURATION: &str = "[defaults]\nproject = [\"a\", \"b\"]\ntz = \"Asia/Shanghai\"\nformat = \"json\"\n\n\
     [sets.team]\nprofiles = [\"work\"]\nprojects = [\"x\"]\nendpoint_ids = ['ep-20240801120000-abcde']\n\n\
     [keys]\ncommand = \"vault read -format=json ark\"\n\n\
     [services]\nsts_url = \"https://sts.example.com\"\nmetadata_url = \"http://100.96.0.96\"\n";
const RECORDING: &str = include_str!("../fixtures/recording.ndjson");
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

/// Characters with a meaning in TOML, JSON or headers.
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
