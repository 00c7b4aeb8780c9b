//! Everything the program reads by itself, damaged at random: it is refused by an error that names the
//! input, or read the same way each time. `ark-usage-report` tests the input of reports.
//!
//! These are tests inside the program and no fuzz targets beside it, because nothing may depend on the
//! program. `PROPTEST_CASES=1000000 cargo test -p ark-usage-cli hostile_input` is a long run.

use damaged_input::{damaged, damaged_text};
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
        // Such a header names a file.
        prop_assume!(!headers.iter().any(|header| header.starts_with('@')));
        let written = headers.len();
        let (method, given) = (Some(method), url.clone());
        let url = Some(url);
        let args =
            RequestArgs {
                method,
                url,
                headers,
                data: None,
                curl: None,
                profile: None,
                site: None,
                demo: false,
            };
        if let Some(request) = say(GivenRequest::read(&args, None), "") {
            prop_assert_eq!(request.pairs().len(), written, "a header is lost or made up");
            prop_assert!(crate::request::target(&request.url).starts_with(['/', '?']));
            prop_assert!(given.contains(&request.url), "the URL is rewritten");
        }
    }
}
