//! Token usage of Volcengine Ark as values: requests, responses, and a query machine that works for
//! any usage action: `GetUsage` and `GetInferenceUsage`.
//!
//! This crate knows nothing of keys, signatures, sockets, clocks or sleep. [`UsageQuery`] is a state
//! machine: it hands out requests to sign and send, is told the outcomes and the time, and ends as a
//! [`UsageReport`].
//!
//! ```
//! use std::time::Duration;
//!
//! use ark_usage_model::{
//!     AccountId, Interval, Metric, Now, QueryOptions, Step, Target, UsageQuery, Window,
//! };
//!
//! // Two days of one account's default project.
//! let day = 1_731_945_600; // 2024-11-19T00:00:00+08:00
//! let window = Window::new(Interval::Day, day, day + 86_400)?;
//! let base_url = "https://open.volcengineapi.com".parse()?;
//! let targets = vec![Target::new(AccountId(0))];
//! let mut query = UsageQuery::new(targets, window, base_url, QueryOptions::default())?;
//!
//! // A driver's loop. A real one signs and sends; this one has its answer ready.
//! let mut now = Now { elapsed: Duration::ZERO, unix: day + 10 * 86_400 };
//! let answer = http::Response::new(
//!     r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"UsageResults":[{"Name":"PromptTokens",
//!         "MetricItems":[{"Values":[{"Timestamp":1731945600,"Value":1529525715},
//!         {"Timestamp":1732032000,"Value":"7"}]}]}]}}"#,
//! );
//! let mut out = Vec::new();
//! loop {
//!     match query.poll(now) {
//!         Step::Send(exchange) => out.push(exchange.id),
//!         Step::Wait => {
//!             let id = out.pop().expect("something is out while it waits");
//!             query.on_response(id, now, Ok(&answer));
//!         }
//!         Step::WakeAt(elapsed) => now.elapsed = elapsed,
//!         Step::Done => break,
//!     }
//! }
//!
//! let report = query.into_report();
//! assert!(report.coverage.complete);
//! assert_eq!(report.rows(now.unix).len(), 2);
//! let totals = report.totals(now.unix);
//! assert_eq!(totals[0].metric, Metric::PROMPT_TOKENS);
//! assert_eq!(totals[0].value, Some(1_529_525_722));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Open questions about `GetUsage`
//!
//! | question | what happens here |
//! |---|---|
//! | how long a range, how many endpoint ids | cut to a size that is an option; what is refused or times out is halved, and the size that worked remembered |
//! | is the bucket at `EndTime` counted in | found out from the answers: a last bucket that does not come is asked for once more, one interval further |
//! | when are lines tagged | lines are added to lines with the same tag keys only; a whole beside its parts is the whole |
//! | are empty buckets 0 or left out | what did not come is missing, never 0 |
//! | order, repeats, later revisions | sorted; of two values the later stands, with a warning |
//! | numbers or text | both; what is not an exact 64-bit integer is missing, with a warning |
//! | are hours labelled by start or end | no answer can tell: [`HourLabels`] |
//!
//! # Contents
//!
//! - [`CivilDate`]: dates of the service's calendar
//! - [`Interval`], [`Window`]: buckets and ranges of them, as the service counts, in UTC+8
//! - [`Target`], [`Scene`], [`Tags`]: the usage that is requested, and the labels of the answer
//! - [`UsageQuery`], [`QueryOptions`], [`Step`], [`Exchange`], [`Progress`]: the machine
//! - [`RequestedUsage`], [`StoredLines`]: what a request asks for, and an answer that is not the service's
//! - [`UsageAction`]: the contract of an action: limits, dimensions, metrics, requests and responses
//! - [`Metric`], [`MetricInfo`], [`MetricTable`], [`Unit`]: metrics, and which may be added up
//! - [`UsageReport`], [`Row`], [`Total`], [`Coverage`]: what came of it
//! - [`get_usage`], [`get_inference_usage`], [`list_endpoints`], [`list_api_keys`], [`list_projects`],
//!   [`get_caller_identity`]: the actions
//! - [`get_afp_usage`], [`get_coding_plan_usage`], [`get_personal_plan`], [`get_usage_details`]: an
//!   account's plans
//! - [`list_seat_infos`], [`get_seat_afp_usage`], [`list_seat_afp_usage`], [`get_seat_info_usage`],
//!   [`list_seat_info_usages`]: the seats of a team's plans
//! - [`list_model_activations`], [`list_model_token_limit`], [`list_resource_packages`],
//!   [`query_balance_acct`]: free usage, caps, packs and balance
//! - [`Decimal`], [`UnixSeconds`], [`UnixMilliseconds`], [`OtherMembers`]: numbers with every digit they
//!   came with, instants with a unit, members that are not known
//! - [`unique_name`], [`unreserved_name`], [`label_value`]: keys and values as names and labels of metrics

mod action;
mod civil_date;
mod decimal;
mod dimension;
mod interval;
mod label_value;
mod lenient;
mod members;
mod metric;
mod number;
mod paging;
mod points;
mod tags;
mod target;
mod unique_name;
mod unix_time;
mod window;

pub mod get_afp_usage;
pub mod get_caller_identity;
pub mod get_coding_plan_usage;
pub mod get_inference_usage;
pub mod get_personal_plan;
pub mod get_seat_afp_usage;
pub mod get_seat_info_usage;
pub mod get_usage;
pub mod get_usage_details;
pub mod list_api_keys;
pub mod list_endpoints;
pub mod list_model_activations;
pub mod list_model_token_limit;
pub mod list_projects;
pub mod list_resource_packages;
pub mod list_seat_afp_usage;
pub mod list_seat_info_usages;
pub mod list_seat_infos;
mod query;
pub mod query_balance_acct;
mod report;

pub use volc_openapi::ServiceDays;

pub use action::{
    ActionLimits, Axis, OpenQuestions, PointCollector, RepeatedRows, RequestPart, ResponseLine,
    UsageAction,
};
pub use civil_date::CivilDate;
pub use decimal::{Decimal, DecimalError};
pub use dimension::Dimension;
pub use get_usage::{GetUsage, GetUsageResponse};
pub use interval::{Interval, IntervalError};
pub use label_value::label_value;
pub use members::OtherMembers;
pub use metric::{Metric, MetricInfo, MetricTable, SumGroup, Unit};
pub use paging::{PageRequest, PageStyle, PagedWalk, Shortfall};
pub use points::{Point, Points};
pub use query::{
    Exchange, ExchangeId, HourLabels, Now, OptionRange, PlanError, Progress, QueryOptions,
    RequestedUsage, ServerClock, Step, StoredGap, StoredLine, StoredLines, UsageQuery,
};
pub use report::{
    Attribution, BucketTotal, Buckets, Call, CallFailure, Cell, Coverage, Gap, GapReason, Label,
    ReportIndex, Row, RunningSum, State, Total, UsageReport, UsageSeries, Warning,
};
pub use tags::Tags;
pub use target::{AccountId, DimensionFilter, Scene, Target, TargetId};
pub use unique_name::{unique_name, unreserved_name};
pub use unix_time::{UnixMilliseconds, UnixSeconds};
pub use window::{Window, WindowError};

// The README's example runs as a test.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
