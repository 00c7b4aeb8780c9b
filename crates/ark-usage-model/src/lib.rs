//! GetUsage as values.

mod interval;
mod metric;
mod number;
mod points;
mod tags;
mod target;
mod window;

pub mod get_usage;
mod query;
mod report;

pub use get_usage::{GetUsage, GetUsageResponse};
pub use interval::{Interval, IntervalError};
pub use metric::Metric;
pub use points::{Point, Points};
pub use query::{
    Axis, Exchange, ExchangeId, HourLabels, Now, PlanError, Progress, QueryOptions, Step,
    UsageQuery,
};
pub use report::{
    Buckets, Call, CallFailure, Coverage, Gap, GapReason, Row, State, Total, UsageReport,
    UsageSeries, Warning,
};
pub use tags::Tags;
pub use target::{AccountId, Scene, Target, TargetId};
pub use window::{Window, WindowError};
