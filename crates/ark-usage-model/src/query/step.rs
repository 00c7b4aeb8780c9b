//! The input and output of the machine.

use std::ops::Range;
use std::time::Duration;

use crate::report::CallFailure;
use crate::{AccountId, Axis, TargetId, Window};

/// The time, as the driver tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Monotonic, since the query began: what delays are counted in.
    pub elapsed: Duration,
    /// The wall clock, unix seconds: stamps answers, judges what has settled.
    pub unix: i64,
}

/// The next step of a driver.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver that ignores a step is wrong")]
#[expect(clippy::large_enum_variant, reason = "short-lived: taken apart at once")]
pub enum Step {
    /// Sign this and send it, then poll again: there may be more to send before it is answered.
    Send(Exchange),
    /// Nothing to send before this instant (`Now::elapsed`). Answers may come earlier.
    WakeAt(Duration),
    /// Nothing to do before an answer comes.
    Wait,
    /// Everything is answered or given up: take the report.
    Done,
}

/// Names one exchange: a request and its answer. Each retry is an exchange of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub u64);

/// One request to sign and send.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Hand it back with the answer.
    pub id: ExchangeId,
    /// The account whose keys sign it.
    pub account: AccountId,
    /// The target.
    pub target: TargetId,
    /// The buckets it asks for.
    pub window: Window,
    /// The range of the target's endpoint ids it asks for, by position.
    pub ids: Range<usize>,
    /// 1 for the first, 2 for the first retry.
    pub attempt: u32,
    /// Seconds to add to the signing time: the server's clock less ours.
    pub clock_offset: i64,
    /// Get fresh temporary credentials before signing: the last ones were refused. Nothing else of
    /// this account is handed out until it is answered. Where there is nothing to refresh, feed
    /// [`TransportFailure::Signing`](volc_openapi::TransportFailure::Signing) without sending: the
    /// refusal before then stands.
    pub refresh_credentials: bool,
    /// Unsigned, otherwise wire-ready.
    pub request: http::Request<Vec<u8>>,
}

/// The outcome of a response, for progress displays.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Its points are in.
    Accepted {
        /// The number of points.
        points: usize,
    },
    /// Its points are in, but for the last bucket, which is asked for once more one interval
    /// further on: the service may not count `EndTime` in.
    AskingFurther {
        /// The number of points received.
        points: usize,
        /// The start of the bucket that did not come.
        bucket: i64,
    },
    /// It will be sent again.
    Retrying {
        /// The delay from now.
        after: Duration,
        /// The failure.
        why: CallFailure,
    },
    /// It will be sent again at once with the server's time.
    CorrectingClock {
        /// Seconds to add to this machine's clock.
        offset: i64,
    },
    /// It will be sent again at once with fresh credentials.
    RefreshingCredentials {
        /// The failure.
        why: CallFailure,
    },
    /// A small request finds out whether it asked for too much or for something wrong.
    Probing {
        /// The failure.
        why: CallFailure,
    },
    /// The request asked for too much; it is asked for in smaller parts.
    Narrowed {
        /// Time or endpoint ids.
        axis: Axis,
        /// The size of the request: buckets (days, when the action names whole days) or ids.
        from: usize,
        /// The size of its parts.
        to: usize,
    },
    /// This call failed; the others go on.
    Failed(CallFailure),
    /// This target failed: its other calls are not made.
    TargetStopped {
        /// Exchanges that are out and need not be waited for.
        cancelled: Vec<ExchangeId>,
        /// The failure.
        why: CallFailure,
    },
    /// This account failed: its other calls are not made.
    AccountStopped {
        /// Exchanges that are out and need not be waited for.
        cancelled: Vec<ExchangeId>,
        /// The failure.
        why: CallFailure,
    },
    /// The answer of an exchange that is no longer waited for.
    Ignored,
}
