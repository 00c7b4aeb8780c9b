//! The file of a recording: one line of JSON for the recording itself, then one per event.

use std::time::Duration;

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use volc_openapi::{few_letters, few_letters_of_quotes};

use super::error::RecordingError;
use crate::api_keys::{find_api_keys, mask_api_keys};
use crate::secrets::Secrets;

const FORMAT: &str = "ark-usage/recording";
/// Changes when a key changes its meaning or is removed, not when one is added.
const VERSION: u32 = 1;

/// The first line. Everything else in it is the caller's.
#[derive(Serialize)]
struct Header<'a, M> {
    format: &'static str,
    version: u32,
    /// The wall clock at the start, RFC 3339.
    now: String,
    /// The time the run had taken before, which its deadlines count, in microseconds.
    spent_us: u64,
    #[serde(flatten)]
    metadata: &'a M,
}

/// Any further line. Instants (`…_us`) are microseconds since the recording began, and `now` is the
/// wall clock at that instant, RFC 3339.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum RecordedEvent {
    /// A request and its outcome, written when it ended.
    Exchange(Box<RecordedExchange>),
    /// The end of a delay.
    Woke { at_us: u64, now: String },
    /// The caller ended the run, by Ctrl-C for instance.
    Interrupted { at_us: u64, now: String },
}

/// A request and its outcome: a response, a failure, or neither when it was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordedExchange {
    /// Counts requests as they were sent, from 1.
    pub(super) number: u64,
    /// The account the request was signed for.
    pub(super) account: u32,
    pub(super) sent_us: u64,
    pub(super) ended_us: u64,
    pub(super) now: String,
    pub(super) request: RecordedRequest,
    pub(super) response: Option<RecordedResponse>,
    pub(super) failure: Option<RecordedFailure>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordedRequest {
    pub(super) method: String,
    pub(super) url: String,
    /// Without those that hold a key, a token or a signature.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: RecordedBody,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordedResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: RecordedBody,
}

/// The kind's stable name, and the error with its causes in words, outermost first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordedFailure {
    pub(super) kind: String,
    pub(super) causes: Vec<String>,
}

/// Text as it is; other bytes in hexadecimal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum RecordedBody {
    Text(String),
    Bytes { hex: String },
}

/// A recording after reading.
#[derive(Debug)]
pub(super) struct RecordingFile {
    /// The wall clock at the start, since 1970.
    pub(super) now: Duration,
    /// The time the run had taken before the recording began, in microseconds.
    pub(super) spent_us: u64,
    /// The caller's part of the first line.
    pub(super) metadata: Map<String, Value>,
    /// With the number of its line.
    pub(super) events: Vec<(usize, RecordedEvent)>,
}

impl RecordingFile {
    /// Parses all of it.
    pub(super) fn parse(text: &str) -> Result<Self, RecordingError> {
        let mut lines = (1..).zip(text.lines());
        let (_, first) = lines.next().unwrap_or((1, ""));
        let (now, spent_us, metadata) = parse_header(first)?;
        let event = |(number, line): (usize, &str)| match serde_json::from_str(line) {
            Ok(event) => Ok((number, event)),
            Err(error) => Err(RecordingError::damaged(number, without_line(&error))),
        };
        let events = lines.map(event).collect::<Result<_, _>>()?;
        Ok(Self { now, spent_us, metadata, events })
    }
}

/// The first line of a recording.
pub(super) fn header_line(
    now: Duration,
    spent_us: u64,
    metadata: &impl Serialize,
) -> serde_json::Result<Vec<u8>> {
    let now = instant_to_text(now);
    line(&Header { format: FORMAT, version: VERSION, now, spent_us, metadata })
}

/// A value on a line of its own.
pub(super) fn line(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// An instant since 1970 in RFC 3339.
pub(super) fn instant_to_text(since_1970: Duration) -> String {
    let seconds = i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX);
    let nanos = i32::try_from(since_1970.subsec_nanos()).unwrap_or_default();
    Timestamp::new(seconds, nanos).unwrap_or(Timestamp::MAX).to_string()
}

/// The instant an RFC 3339 text names, since 1970; earlier ones count as 1970.
pub(super) fn text_to_instant(text: &str) -> Result<Duration, String> {
    let instant: Timestamp =
        text.parse().map_err(|_| format!("{:?} is not an instant", few_letters(text)))?;
    Ok(Duration::try_from(instant.as_duration()).unwrap_or_default())
}

impl RecordedResponse {
    /// The part of a response that is kept.
    pub(super) fn new(response: http::Response<Vec<u8>>, secrets: &Secrets) -> Self {
        let (parts, body) = response.into_parts();
        let secrets = secrets.and(&find_api_keys(&body));
        Self {
            status: parts.status.as_u16(),
            headers: secrets.headers(&parts.headers),
            body: mask_api_keys(secrets.body(body)).into(),
        }
    }

    /// The response again; `None` when the fields do not make one.
    pub(super) fn to_http(&self) -> Option<http::Response<Vec<u8>>> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        response.body(self.body.clone().into_bytes()?).ok()
    }
}

impl From<Vec<u8>> for RecordedBody {
    fn from(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Bytes { hex: HEXLOWER_PERMISSIVE.encode(error.as_bytes()) },
        }
    }
}

impl RecordedBody {
    /// The bytes; `None` when the digits are not hexadecimal.
    pub(super) fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.into_bytes()),
            Self::Bytes { hex } => HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok(),
        }
    }
}

fn parse_header(line: &str) -> Result<(Duration, u64, Map<String, Value>), RecordingError> {
    let damaged = |problem| RecordingError::damaged(1, problem);
    let value: Value = serde_json::from_str(line).map_err(|error| damaged(without_line(&error)))?;
    let Value::Object(mut header) = value else { return Err(RecordingError::NotARecording) };
    if header.remove("format").as_ref().and_then(Value::as_str) != Some(FORMAT) {
        return Err(RecordingError::NotARecording);
    }
    let version = header.remove("version").as_ref().and_then(Value::as_u64);
    if version != Some(u64::from(VERSION)) {
        return Err(RecordingError::Version { found: version, readable: VERSION });
    }
    let now = header.remove("now");
    let now = now.as_ref().and_then(Value::as_str).ok_or("missing field `now`");
    let now = now.map_err(str::to_owned).and_then(text_to_instant).map_err(damaged)?;
    // Absent in older recordings.
    let spent_us = header.remove("spent_us").as_ref().and_then(Value::as_u64).unwrap_or_default();
    Ok((now, spent_us, header))
}

/// The message without its line: each line is a document, so the error's own line is always 1.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let problem = few_letters_of_quotes(text.split(" at line ").next().unwrap_or_default());
    if error.column() == 0 { problem } else { format!("{problem} at column {}", error.column()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_survive_byte_by_byte() {
        for bytes in [b"".to_vec(), "密".into(), vec![0, 159, 146, 150, 255]] {
            assert_eq!(RecordedBody::from(bytes.clone()).into_bytes(), Some(bytes));
        }
        for hex in ["0", "zz", "+1", "é"] {
            assert_eq!(RecordedBody::Bytes { hex: hex.to_owned() }.into_bytes(), None, "{hex}");
        }
    }

    #[test]
    fn instants_keep_their_fraction() {
        let instant = Duration::new(1_732_075_200, 120_000_000);
        assert_eq!(instant_to_text(instant), "2024-11-20T04:00:00.12Z");
        assert_eq!(text_to_instant("2024-11-20T04:00:00.12Z"), Ok(instant));
        assert_eq!(text_to_instant("1969-12-31T23:59:59Z"), Ok(Duration::ZERO));
        assert!(text_to_instant("yesterday").is_err());
    }

    #[test]
    fn the_first_line_is_checked() {
        let problem = |text: &str| RecordingFile::parse(text).unwrap_err().to_string();
        assert_eq!(problem(""), "line 1: the recording is damaged: EOF while parsing a value");
        assert_eq!(problem("[]"), "line 1: this is not a recording");
        assert_eq!(problem("{}"), "line 1: this is not a recording");
        let versioned = |version| format!(r#"{{"format":"{FORMAT}","version":{version}}}"#);
        assert!(problem(&versioned(2)).starts_with("line 1: recording version 2 "));
        assert!(problem(&versioned(1)).ends_with("missing field `now`"));
    }
}
