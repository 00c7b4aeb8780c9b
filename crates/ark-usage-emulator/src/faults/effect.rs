//! The effects a fault has on a call.

use serde::Deserialize;

use crate::behaviors::{BehaviorError, Behaviors};

/// One misbehaviour. In a script: a table with `kind` and the members named here, all with
/// defaults unless said otherwise.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Effect {
    /// `FlowLimitExceeded` (429), or `AccountFlowLimitExceeded` in HTTP 200.
    Throttle {
        /// Seconds for the header `Retry-After`.
        #[serde(default)]
        retry_after: Option<u64>,
        /// True when the status is 200 and only the envelope tells.
        #[serde(default)]
        http_200: bool,
    },
    /// Any refusal in the envelope; with `status = 200` an error inside a success.
    Error {
        /// HTTP status. Required.
        status: u16,
        /// `Code`. Required.
        code: String,
        /// `CodeN`.
        #[serde(default)]
        code_n: Option<i64>,
        /// `Message`.
        #[serde(default = "scripted")]
        message: String,
        /// Seconds for the header `Retry-After`.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// A bare HTTP status, as a gateway sends it.
    Status {
        /// HTTP status, for example 500, 502, 503 or 504. Required.
        status: u16,
        /// The body.
        #[serde(default)]
        body: StatusBody,
        /// Seconds for the header `Retry-After`.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// An HTML page where JSON should be.
    HtmlPage {
        /// HTTP status.
        #[serde(default = "ok")]
        status: u16,
    },
    /// The first half of the JSON, with headers that fit it.
    TruncatedJson {},
    /// `"Result": null` in an envelope without an error.
    ResultNull {},
    /// A redirect.
    Redirect {
        /// The address, on another host by default.
        #[serde(default = "another_host")]
        location: String,
        /// HTTP status.
        #[serde(default = "found")]
        status: u16,
    },
    /// The server's clock is that many minutes ahead (negative: behind), in the `Date` header and
    /// in judging `X-Date`.
    ClockOff {
        /// Required.
        minutes: i64,
    },
    /// The key is unknown.
    RevokeKey {},
    /// Behaviors change, for example `set = "values=string,order=unsorted"`.
    #[serde(alias = "reading")]
    Behavior {
        /// Switches, comma-separated. Required.
        set: BehaviorList,
    },
    /// Members, a metric and a tag nobody has documented.
    Undocumented {
        /// Unknown members in every object of `Result`.
        #[serde(default = "yes")]
        fields: bool,
        /// An unknown metric, with the values of `PromptTokens`.
        #[serde(default = "yes")]
        metrics: bool,
        /// An unknown tag on every item.
        #[serde(default = "yes")]
        tags: bool,
    },
    /// The newest hours are not counted in full yet.
    LateData {
        /// The number of hours before now that are affected.
        #[serde(default = "one_hour")]
        hours: i64,
        /// The part of the true value that is there, in percent.
        #[serde(default)]
        percent: u64,
    },
    /// Values are revised.
    Revision {
        /// Of the true value, in percent. Required.
        percent: u64,
        /// Hours that start at these unix seconds or later are affected; all when absent.
        #[serde(default)]
        since: Option<i64>,
    },
    /// A small gzip body that unpacks to `bytes`: the answer and a great deal of white space.
    GzipBomb {
        /// Size when unpacked.
        #[serde(default = "bomb_size")]
        bytes: u64,
    },
    /// On the socket: the answer, followed by white space until `bytes` are sent.
    HugeBody {
        /// Size of the body.
        #[serde(default = "bomb_size")]
        bytes: u64,
    },
    /// On the socket: `Content-Length` is wrong by that much; then the connection closes.
    ContentLength {
        /// Positive: bytes are missing. Negative: there are more than announced. Required.
        off_by: i64,
    },
    /// On the socket: the connection is reset.
    Reset {
        /// The moment.
        #[serde(default)]
        at: ResetAt,
    },
    /// On the socket: nothing more comes, and the connection stays open.
    Stall {
        /// Bytes of the body that come before; nothing at all, not even a head, when absent.
        #[serde(default)]
        after: Option<u64>,
    },
    /// On the socket: the body comes a few bytes at a time.
    SlowDrip {
        /// Bytes at a time.
        #[serde(default = "one_byte")]
        bytes: u64,
        /// Milliseconds between them.
        #[serde(default = "drip_pause")]
        millis: u64,
    },
    /// On the socket: the whole answer, later.
    Delay {
        /// Milliseconds. Required.
        millis: u64,
    },
}

impl Effect {
    /// The names of all kinds.
    pub const KINDS: [&str; 20] = [
        "throttle",
        "error",
        "status",
        "html-page",
        "truncated-json",
        "result-null",
        "redirect",
        "clock-off",
        "revoke-key",
        "behavior",
        "undocumented",
        "late-data",
        "revision",
        "gzip-bomb",
        "huge-body",
        "content-length",
        "reset",
        "stall",
        "slow-drip",
        "delay",
    ];
}

/// The body of [`Effect::Status`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusBody {
    /// An envelope with `InternalError` for 500, `InternalServiceTimeout` for 504 and
    /// `ServiceUnavailable` for others.
    Envelope,
    /// A gateway's HTML page.
    #[default]
    Html,
    /// None.
    Empty,
}

/// The moment at which [`Effect::Reset`] strikes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResetAt {
    /// The request was read, nothing is answered.
    #[default]
    BeforeBody,
    /// After half of the body.
    InBody,
    /// After all of it.
    AfterBody,
}

/// Switches of [`Behaviors`], checked when the script is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BehaviorList(Vec<String>);

impl BehaviorList {
    /// Changes `behaviors` by all of the switches.
    pub fn apply(&self, behaviors: &mut Behaviors) {
        for switch in &self.0 {
            // Checked when this list was made.
            let _ = behaviors.set(switch);
        }
    }
}

impl TryFrom<String> for BehaviorList {
    type Error = BehaviorError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse::<Behaviors>()?;
        let switches = text.split(',').map(str::trim).filter(|switch| !switch.is_empty());
        Ok(Self(switches.map(str::to_owned).collect()))
    }
}

fn scripted() -> String {
    "A scripted fault.".to_owned()
}

fn another_host() -> String {
    "https://elsewhere.example.com/".to_owned()
}

const fn ok() -> u16 {
    200
}

const fn found() -> u16 {
    302
}

const fn yes() -> bool {
    true
}

const fn one_hour() -> i64 {
    1
}

const fn one_byte() -> u64 {
    1
}

const fn drip_pause() -> u64 {
    100
}

const fn bomb_size() -> u64 {
    256 * 1024 * 1024
}
