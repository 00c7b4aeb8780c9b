//! The program's part of a recording's first line.

use ark_usage_transport::ReplayTransport;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use volc_openapi::few_letters_of_quotes;

use crate::args::Format;

/// The command a recording is of, and the settings that counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordingHeader {
    /// The program that wrote it, with its version.
    pub(crate) program: String,
    pub(crate) command: String,
    /// The seed of delays.
    pub(crate) seed: u64,
    /// The address of Ark.
    pub(crate) base_url: String,
    /// The data was made up by the emulator.
    pub(crate) demo: bool,
    /// The settings that are not on the command line.
    pub(crate) configured: Configured,
    /// The request in words, for people: nothing is read from it.
    pub(crate) question: String,
}

/// Settings that counted without being on the command line, because they came from the configuration
/// or because a replay refuses their flags: a replay knows no configuration and no profiles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Configured {
    /// The profiles in order; empty when none was named.
    pub(crate) profiles: Vec<String>,
    /// Projects, when no flag names any.
    pub(crate) projects: Vec<String>,
    /// True where every project had to be listed, false for the default project, when no flag says so.
    /// Recordings without it were made when the default project was the default.
    #[serde(default = "only_default_project")]
    pub(crate) all_projects: Option<bool>,
    /// Endpoints, when no flag names any.
    pub(crate) endpoint_ids: Vec<String>,
    pub(crate) tz: Option<String>,
    pub(crate) format: Option<Format>,
    /// The action, when no flag names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) api: Option<String>,
    /// The site, unless it is the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<String>,
    /// The days of a site that does not document them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) site_days: Option<String>,
    /// The address of STS.
    pub(crate) sts: Option<String>,
    /// `--now` set the time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) pretends_now: bool,
}

#[expect(clippy::unnecessary_wraps, reason = "the type of the field")]
const fn only_default_project() -> Option<bool> {
    Some(false)
}

impl RecordingHeader {
    pub(super) fn new(seed: u64, subject: super::Subject) -> Self {
        Self {
            program: format!("ark-usage {}", env!("CARGO_PKG_VERSION")),
            command: subject.command.to_owned(),
            seed,
            base_url: subject.base_url,
            demo: subject.demo,
            configured: subject.configured,
            question: subject.question,
        }
    }

    /// The header of a recording, or the problem with it.
    pub(super) fn of(replay: &ReplayTransport) -> Result<Self, String> {
        let header = Self::deserialize(Value::Object(replay.metadata().clone()));
        header.map_err(|error| few_letters_of_quotes(&error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_recordings_are_of_the_default_project() {
        let older =
            r#"{"profiles":[],"projects":[],"endpoint_ids":[],"tz":null,"format":null,"sts":null}"#;
        let read: Configured = serde_json::from_str(older).unwrap();
        assert_eq!(read.all_projects, Some(false));
        let now = serde_json::to_string(&Configured::default()).unwrap();
        assert_eq!(serde_json::from_str::<Configured>(&now).unwrap().all_projects, None);
    }
}
