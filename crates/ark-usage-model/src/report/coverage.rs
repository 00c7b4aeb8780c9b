//! Missing buckets and the reasons.

use std::fmt;
use std::ops::Range;

use volc_openapi::{ApiError, GatewayError, ProtocolError, ResponseError, TransportFailure};

use crate::{Metric, Shortfall, TargetId};

/// Missing buckets and the reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Nothing is missing: every wanted bucket came, of every target.
    pub complete: bool,
    /// Some call failed.
    pub failed: bool,
    /// The missing buckets, sorted by target, metric and time.
    pub missing: Vec<Gap>,
    /// The missing buckets of parts that were fetched beside their whole: no sum lacks them,
    /// but who accounts for how much is not known.
    pub parts: Vec<Gap>,
}

/// Buckets that did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// Of which target.
    pub target: TargetId,
    /// Of which metric; all when absent.
    pub metric: Option<Metric>,
    /// Of which of the target's endpoint ids, by position; empty when not asked by id.
    pub ids: Range<usize>,
    /// Start of the first bucket.
    pub start: i64,
    /// End of the last bucket, not included.
    pub end: i64,
    /// The reason.
    pub reason: GapReason,
}

impl Gap {
    /// True when a bucket that starts at this instant lies in it.
    pub fn covers(&self, start: i64) -> bool {
        (self.start..self.end).contains(&start)
    }
}

/// The reason buckets are missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GapReason {
    /// The call that asked for them failed.
    #[error("{0}")]
    CallFailed(CallFailure),
    /// The service answered without them.
    #[error("not returned by the service")]
    NotReturned,
    /// They lie in the future.
    #[error("not started yet")]
    NotBegun,
    /// The answer is one of a store of earlier responses, and no response it has taken in covers them.
    #[error("not in the history")]
    NotInHistory,
    /// A list of the service is not whole, and nothing was asked about what it leaves out. A gap of
    /// a target that is none of the report's is about unlisted targets.
    #[error("the list is incomplete: {}", shown(.0))]
    ListIncomplete(Shortfall),
}

impl GapReason {
    /// True when usage may exist that nothing in the report shows: nothing answered for it, or a
    /// list was not whole.
    pub fn hides_usage(&self) -> bool {
        self.is_unanswered() || matches!(self, Self::ListIncomplete(_))
    }

    /// True when the service has not answered for these buckets: a call failed, or the history does
    /// not have them.
    pub fn is_unanswered(&self) -> bool {
        matches!(self, Self::CallFailed(_) | Self::NotInHistory)
    }
}

fn shown(shortfall: &Shortfall) -> String {
    let Shortfall { received, reported } = shortfall;
    reported.map_or_else(
        || format!("{received} received, total unknown"),
        |reported| format!("{received} of {reported} received"),
    )
}

/// The failure of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallFailure {
    /// The service refused.
    Api(ApiError),
    /// Something in front of the service answered.
    Gateway(GatewayError),
    /// An answer that is not as documented.
    Protocol(ProtocolError),
    /// No answer.
    Transport(TransportFailure),
    /// Not sent: an earlier refusal stopped everything of this account or target.
    Stopped(Box<Self>),
    /// Not sent, or not answered, before the deadline.
    Deadline,
    /// Not sent, or not answered, before the query was ended early.
    Interrupted,
    /// Not sent: the request could not be written.
    Request(String),
}

impl CallFailure {
    /// The failure that stopped it, where it was not sent after one.
    pub fn root(&self) -> &Self {
        match self {
            Self::Stopped(why) => why.root(),
            other => other,
        }
    }
}

impl From<ResponseError> for CallFailure {
    fn from(error: ResponseError) -> Self {
        match error {
            ResponseError::Api(error) => Self::Api(error),
            ResponseError::Gateway(error) => Self::Gateway(error),
            ResponseError::Protocol(error) => Self::Protocol(error),
            other => Self::Request(other.to_string()),
        }
    }
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.fmt(f),
            Self::Gateway(error) => error.fmt(f),
            Self::Protocol(error) => error.fmt(f),
            Self::Transport(failure) => failure.fmt(f),
            Self::Stopped(why) => write!(f, "not requested after an earlier refusal: {why}"),
            Self::Deadline => f.write_str("the deadline passed"),
            Self::Interrupted => f.write_str("interrupted"),
            Self::Request(what) => write!(f, "the request could not be written: {what}"),
        }
    }
}

impl std::error::Error for CallFailure {}
