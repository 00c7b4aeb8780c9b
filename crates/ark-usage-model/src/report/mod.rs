//! The report of a query: series, coverage, calls and warnings.

mod attribution;
mod cover;
mod coverage;
mod index;
mod parts;
mod rows;
mod running_sum;

mod totals;

use std::ops::Range;
use std::time::Duration;

use crate::{Dimension, Metric, MetricTable, Points, Tags, Target, TargetId, Window};

pub use attribution::{Attribution, Cell};
pub use coverage::{CallFailure, Coverage, Gap, GapReason};
pub use index::ReportIndex;
pub use rows::{Label, Row, State};
pub use running_sum::RunningSum;
pub(crate) use totals::unclear_whole;
pub use totals::{BucketTotal, Buckets, Total};

/// Everything a query found out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UsageReport {
    /// The name of the action that was called, such as `GetUsage`.
    pub action: &'static str,
    /// The buckets asked for, and their width.
    pub window: Window,
    /// The metrics that its action declares: units, and which values may be added up.
    pub metrics: MetricTable,
    /// The dimensions that its action can filter or group by.
    pub dimensions: &'static [Dimension],
    /// The targets, in order.
    pub targets: Vec<Target>,
    /// The series received, sorted by target, metric and tags.
    pub series: Vec<UsageSeries>,
    /// The missing buckets and the reasons.
    pub coverage: Coverage,
    /// The calls made, sorted by target and time.
    pub calls: Vec<Call>,
    /// Warnings about the numbers.
    pub warnings: Vec<Warning>,
    /// A bucket younger than this may still change.
    pub settle: Duration,
    /// Seconds to add to this machine's clock to get the server's, as the last answers showed it; 0
    /// when none did. The server's clock decides what has begun and what has settled.
    pub clock_offset: i64,
}

/// One metric of one target with one set of tags.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsageSeries {
    /// The target.
    pub target: TargetId,
    /// The metric.
    pub metric: Metric,
    /// The tags the service put on it.
    pub tags: Tags,
    /// The points that came.
    pub points: Points,
}

/// One call: the exchanges made for one part of the query, retries included.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The target.
    pub target: TargetId,
    /// The buckets it asked for.
    pub window: Window,
    /// The range of the target's endpoint ids it asked for, by position.
    pub ids: Range<usize>,
    /// Exchanges made; 0 when it was given up before it was sent.
    pub attempts: u32,
    /// The request id of the last answer.
    pub request_id: Option<String>,
    /// The failure, if it failed.
    pub error: Option<CallFailure>,
}

/// Something people should know about the numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// A stable name.
    pub code: &'static str,
    /// Prose.
    pub message: String,
}
