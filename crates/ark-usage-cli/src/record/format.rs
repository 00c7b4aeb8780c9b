//! The file of a recording: one line of JSON for itself, then one for each thing that happened.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::redact::Secrets;
use crate::args::Format;
use crate::error::CliError;
use crate::lang::Text;
use crate::text;

/// The file's name in the folder of a recording.
pub(super) const FILE: &str = "recording.ndjson";
const FORMAT: &str = "ark-usage/recording";
/// Changes when a key changes its meaning or goes, not when one comes.
const VERSION: u32 = 1;

/// The first line: what the recording is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    format: String,
    version: u32,
    /// The program that wrote it, with its version.
    pub(crate) program: String,
    pub(crate) command: String,
    /// The clock when the program started, RFC 3339.
    pub(crate) now: String,
    /// What delays were drawn from.
    pub(crate) seed: u64,
    /// Where Ark was asked.
    pub(crate) base_url: String,
    /// The data was made up by the emulator.
    pub(crate) demo: bool,
    /// What the command line left open.
    pub(crate) configured: Configured,
    /// What was asked, for people: nothing is read from it.
    pub(crate) question: String,
}

impl Header {
    pub(super) fn new(now: String, seed: u64, subject: super::Subject) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            program: format!("ark-usage {}", env!("CARGO_PKG_VERSION")),
            command: subject.command.to_owned(),
            now,
            seed,
            base_url: subject.base_url,
            demo: subject.demo,
            configured: subject.configured,
            question: subject.question,
        }
    }
}

/// What counted and did not stand on the command line, because it came from the configuration or
/// because a replay cannot be told: a replay knows no configuration and no profiles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Configured {
    /// The profiles that were asked as, in order; empty when none was named.
    pub(crate) profiles: Vec<String>,
    /// Projects asked about when no flag names any.
    pub(crate) projects: Vec<String>,
    /// Endpoints asked about when no flag names any.
    pub(crate) endpoint_ids: Vec<String>,
    pub(crate) tz: Option<String>,
    pub(crate) format: Option<Format>,
    /// Where STS was asked.
    pub(crate) sts: Option<String>,
}

/// Any further line. Instants (`…_us`) are microseconds since the recording began, and `now` is the
/// wall clock at that instant, RFC 3339.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event {
    /// A request and what came of it, written when it ended.
    Exchange(Box<Exchange>),
    /// A delay was over.
    Woke { at_us: u64, now: String },
    /// Ctrl-C.
    Interrupted { at_us: u64, now: String },
}

/// A request and what came of it: a response, a failure, or neither when it was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Exchange {
    /// Counts requests as they were sent, from 1.
    pub(super) number: u64,
    /// Whose keys: the position among the profiles, 0 when none was named.
    pub(super) account: u32,
    pub(super) sent_us: u64,
    pub(super) ended_us: u64,
    pub(super) now: String,
    pub(super) request: Request,
    pub(super) response: Option<Response>,
    pub(super) failure: Option<Failure>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    /// Without those that hold a key, a token or a signature.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Body,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Body,
}

impl Response {
    /// What is kept of a response.
    pub(super) fn new(response: http::Response<Vec<u8>>, secrets: &Secrets) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status.as_u16(),
            headers: secrets.headers(&parts.headers),
            body: secrets.body(body).into(),
        }
    }

    /// The response that was kept; `None` when it is none.
    pub(super) fn to_http(&self) -> Option<http::Response<Vec<u8>>> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        response.body(self.body.clone().into_bytes()?).ok()
    }
}

/// Why no answer came: the kind's stable name, and every cause in words, nearest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Failure {
    pub(super) kind: String,
    pub(super) causes: Vec<String>,
}

/// Text as it is; other bytes in hexadecimal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Body {
    Text(String),
    Bytes { hex: String },
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => {
                let digits = error.as_bytes().iter().map(|byte| format!("{byte:02x}"));
                Self::Bytes { hex: digits.collect() }
            }
        }
    }
}

impl Body {
    /// The bytes; `None` when the digits are none.
    pub(super) fn into_bytes(self) -> Option<Vec<u8>> {
        let hex = match self {
            Self::Text(text) => return Some(text.into_bytes()),
            Self::Bytes { hex } => hex,
        };
        let digits = hex.as_bytes().chunks(2);
        let byte = |pair: &[u8]| {
            let digits = pair.iter().all(u8::is_ascii_hexdigit) && pair.len() == 2;
            u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|_| digits)?, 16).ok()
        };
        digits.map(byte).collect()
    }
}

/// A recording that was read, and where each line came from.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) path: PathBuf,
    pub(super) header: Header,
    /// With the number of its line.
    pub(super) events: Vec<(usize, Event)>,
}

/// Reads the recording in a folder; what is wrong with it is named with file and line.
pub(super) fn read(folder: &Path) -> Result<Read, CliError> {
    let path = folder.join(FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        CliError::usage(text!(
            "--replay {folder}: no recording to read there",
            "--replay {folder}：其中没有可读的录制",
            folder = folder.display()
        ))
        .with_source(error)
        .with_hint(text!(
            "--record DIR makes one; the file is called {FILE}",
            "用 --record DIR 录制；文件名为 {FILE}"
        ))
    })?;
    let mut lines = (1..).zip(text.lines());
    let (_, first) = lines.next().unwrap_or((1, ""));
    let header = header(&path, first)?;
    let event = |(number, line): (usize, &str)| match serde_json::from_str(line) {
        Ok(event) => Ok((number, event)),
        Err(error) => Err(damaged(&path, number, &without_place(&error))),
    };
    let events = lines.map(event).collect::<Result<_, _>>()?;
    Ok(Read { path, header, events })
}

/// What is wrong at a line of the file.
pub(super) fn damaged(path: &Path, line: usize, what: &str) -> CliError {
    CliError::usage(text!(
        "{path}:{line}: the recording is damaged: {what}",
        "{path}:{line}：录制已损坏：{what}",
        path = path.display()
    ))
    .with_hint(text!(
        "replay it as it was written, every line whole",
        "请回放原样的录制文件，每一行都要完整"
    ))
}

fn header(path: &Path, line: &str) -> Result<Header, CliError> {
    let value: Value =
        serde_json::from_str(line).map_err(|error| damaged(path, 1, &without_place(&error)))?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(CliError::usage(text!(
            "{path}:1: this is not a recording",
            "{path}:1：这不是录制文件",
            path = path.display()
        ))
        .with_hint(text!(
            "its first line would say \"format\":\"{FORMAT}\"",
            "录制文件的第一行应有 \"format\":\"{FORMAT}\""
        )));
    }
    let version = value.get("version").and_then(Value::as_u64);
    if version != Some(u64::from(VERSION)) {
        let version = version.map(|version| Text::same(version.to_string()));
        return Err(CliError::usage(text!(
            "{path}:1: a recording of version {version}; this program reads version {VERSION}",
            "{path}:1：录制的版本是 {version}；本程序读取版本 {VERSION}",
            path = path.display();
            version = version.unwrap_or_else(|| text!("unknown", "未知"))
        ))
        .with_hint(text!("a newer ark-usage reads it", "更新的 ark-usage 可以读取")));
    }
    serde_json::from_value(value).map_err(|error| damaged(path, 1, &without_place(&error)))
}

/// A line is one document, so that the error's own line is always the first.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    if error.column() == 0 {
        what.to_owned()
    } else {
        format!("{what} at column {}", error.column())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back_byte_by_byte() {
        for bytes in [b"".to_vec(), "密".into(), vec![0, 159, 146, 150, 255]] {
            assert_eq!(Body::from(bytes.clone()).into_bytes(), Some(bytes));
        }
        for hex in ["0", "zz", "+1", "é"] {
            assert_eq!(Body::Bytes { hex: hex.to_owned() }.into_bytes(), None, "{hex}");
        }
    }
}
