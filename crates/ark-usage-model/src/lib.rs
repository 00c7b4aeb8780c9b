//! GetUsage as values.

mod interval;
mod lenient;
mod metric;
mod number;
mod points;
mod tags;
mod target;
mod window;

pub mod get_caller_identity;
pub mod get_usage;
pub mod list_endpoints;
pub mod list_projects;
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
    UsageSeries, Warning, Whole,
};
pub use tags::Tags;
pub use target::{AccountId, Scene, Target, TargetId};
pub use window::{Window, WindowError};
