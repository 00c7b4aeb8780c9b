//! Scripted faults: what goes wrong, for which calls, and how often.
//!
//! A script is a TOML file with one `[[fault]]` per entry:
//!
//! ```toml
#![doc = include_str!("../examples/faults.toml")]
//! ```
//!
//! `when` narrows to some calls (absent: every call); its members are the fields of [`When`].
//! `effect` says what happens; its kinds and their members are those of [`Effect`], written in
//! kebab-case:
//!
//! | kind | members | what the client meets |
//! |---|---|---|
//! | `throttle` | `retry-after`, `http-200` | `FlowLimitExceeded` 429, or `AccountFlowLimitExceeded` in HTTP 200 |
//! | `error` | `status`, `code`, `code-n`, `message`, `retry-after` | any error in the envelope, also inside HTTP 200 |
//! | `status` | `status`, `body` = `html`, `envelope` or `empty`, `retry-after` | 500, 502, 503, 504, … |
//! | `html-page` | `status` | a page where JSON should be |
//! | `truncated-json` | | half of the JSON, headers in order |
//! | `result-null` | | `"Result": null` without an error |
//! | `redirect` | `location`, `status` | a redirect to another host |
//! | `clock-off` | `minutes` | `InvalidTimestamp`, and a `Date` to correct by |
//! | `revoke-key` | | `InvalidAccessKey` |
//! | `behavior` (or `reading`) | `set` | other [behaviors](crate::Behaviors): duplicate or unsorted buckets, strings or floats as values, … |
//! | `undocumented` | `fields`, `metrics`, `tags` | unknown members, metrics and tags |
//! | `late-data` | `hours`, `percent` | the newest hours not yet counted in full; with the behavior `zero-buckets=left-out` and 0 percent, absent |
//! | `revision` | `percent`, `since` | values that differ from what was said before |
//! | `gzip-bomb` | `bytes` | a small body that unpacks to a huge one |
//! | `huge-body` | `bytes` | a body without end |
//! | `content-length` | `off-by` | fewer or more bytes than announced |
//! | `reset` | `at` = `before-body`, `in-body` or `after-body` | a connection reset |
//! | `stall` | `after` | silence on an open connection |
//! | `slow-drip` | `bytes`, `millis` | a few bytes at a time |
//! | `delay` | `millis` | a late answer |
//!
//! Calls are counted per entry, from 1, when they arrive with a well-formed signature for a known
//! action; whether the signature is right does not matter. When several entries apply to one call,
//! those that change what is answered add up; of those that replace the answer (`throttle` to
//! `html-page`, `result-null`, `redirect`), damage it (`truncated-json`, `gzip-bomb`) or mistreat
//! its bytes on the socket (`huge-body` and below) the first of each sort wins.

mod condition;
mod effect;
mod plan;
mod script;
mod socket;

pub(crate) use condition::Call;
pub use condition::When;
pub use effect::{BehaviorList, Effect, ResetAt, StatusBody};
pub(crate) use plan::Plan;
pub(crate) use script::CountedFaults;
pub use script::{Fault, FaultScript, FaultScriptError};
pub use socket::SocketFault;
