//! Token usage of Volcengine Ark that outlives the service: every point, its former values, what was
//! answered, and what to ask again.
//!
//! This crate knows nothing of sockets, keys or clocks. A [`Store`] takes in what a query has
//! brought ([`windows_of_report`], [`Store::apply`]), [`plan`] says what to ask next, and
//! [`answer`] gives back what the service would have said.
//!
//! ```
//! use std::time::Duration;
//!
//! use ark_usage_history::{
//!     Line, MemoryStore, Place, PlanRule, Question, Slice, Store, Subject, WindowAnswer, answer, plan,
//! };
//! use ark_usage_model::{AccountId, Interval, Metric, MetricTable, Tags, Target, Window};
//!
//! let subject = Subject {
//!     account_id: "2100000001".to_owned(),
//!     slice: Slice::new("GetUsage"),
//!     project: Some("search".to_owned()),
//!     place: Place::Whole,
//! };
//! let day = 1_731_945_600; // 2024-11-19T00:00:00+08:00
//! let hours = Window::new(Interval::Hour, day, day + 23 * 3_600)?;
//! let settle = Duration::from_hours(1);
//!
//! // Nothing is known yet: ask for all of it.
//! let mut store = MemoryStore::new();
//! let rule = PlanRule { now: day + 30 * 3_600, settle, recheck: Duration::ZERO };
//! assert_eq!(plan(&store.spans(&subject, hours)?, hours, rule), [hours]);
//!
//! // The answer is taken in. An hour without a point was answered too.
//! let line = Line { tags: Tags::default(), metric: Metric::PROMPT_TOKENS };
//! let points = vec![(day, 1_000), (day + 3_600, 234)];
//! let fetched_at = rule.now;
//! let answered = WindowAnswer {
//!     subject: subject.clone(),
//!     window: hours,
//!     fetched_at,
//!     settle,
//!     levels: Vec::new(),
//!     lines: vec![(line, points)],
//! };
//! let intake = store.apply(&answered)?;
//! assert_eq!(intake.new, 2);
//! assert!(plan(&store.spans(&subject, hours)?, hours, rule).is_empty());
//!
//! // The day is the sum of its hours, with no service and no keys.
//! let target = Target { project: Some("search".to_owned()), ..Target::new(AccountId(0)) };
//! let question = Question {
//!     account_id: "2100000001",
//!     action: "GetUsage",
//!     metrics: MetricTable::default(),
//!     target: &target,
//!     window: Window::new(Interval::Day, day, day + 86_400)?,
//!     settle,
//! };
//! let answer = answer(&store, &question)?;
//! assert_eq!(answer.lines[0].points[0].value, 1_234);
//! assert_eq!(answer.not_kept, [Window::new(Interval::Day, day + 86_400, day + 86_400)?]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is kept
//!
//! | | |
//! |---|---|
//! | account | by its number; the profile is a name as last seen |
//! | [`Slice`] | the question apart from place and time: action, filters, groups. Points of two slices are never added |
//! | [`Subject`] | account, slice, project, and the whole project or one endpoint |
//! | [`Line`] | tags and metric: with a subject and an interval, a series |
//! | [`StoredPoint`] | value, when it was fetched last, final or not then; values before are [`FormerValue`]s |
//! | [`Span`] | buckets that were answered, and when: a bucket without a point is not unknown there |
//! | [`Delivered`] | samples that a receiver, such as a time series database, was sent |
//! | [`Names`] | projects, endpoints and API keys as last seen; never a secret |
//!
//! # Contents
//!
//! - [`Store`], [`MemoryStore`], [`StoreError`]: where it is kept
//! - [`WindowAnswer`], [`Intake`], [`windows_of_report`]: taking in
//! - [`plan`], [`PlanRule`], [`group_by_window`]: what to ask next
//! - [`answer`], [`Question`], [`Answer`], [`Catalog`]: giving back
//! - [`respond`]: the service's place taken by a store
//! - [`Revision`], [`FormerValue`]: what changed
//! - [`survey`], [`kept_since`], [`check_sums`]: what is kept, and if its sums agree
//! - [`Sample`], [`Delivered`]: what other systems have received
//! - [`RowReader`]: rows of files, taken in like answers
//! - [`Sink`], [`Partition`], [`UsageRow`], [`Month`]: rows that never overlap, exported month by month
//! - `sqlite` (feature `sqlite`): the store in a file that other programs read too

mod answer;
mod delivery;
mod memory;
mod month;
mod names;
mod plan;
mod point;
mod report_windows;
mod respond;
mod rows;
mod sink;
mod slice;
mod span;
mod store;
mod subject;
mod sums;
mod survey;
mod window_answer;

#[cfg(feature = "sqlite")]
pub mod sqlite;

pub use answer::{Answer, AnswerLine, AnswerPoint, Catalog, Question, answer};
pub use delivery::{Delivered, Sample};
pub use memory::MemoryStore;
pub use month::Month;
pub use names::Names;
pub use plan::{PlanRule, group_by_window, plan};
pub use point::{FormerValue, Intake, Line, Revision, StoredPoint};
pub use report_windows::windows_of_report;
pub use respond::{RespondError, respond};
pub use rows::{RowError, RowReader, SkipReason};
pub use sink::{Contents, ExportError, Partition, Sink, UsageRow, UsageSeries};
pub use slice::{Slice, SliceError};
pub use span::Span;
pub use store::{Forgotten, Store, StoreError};
pub use subject::{Place, Subject};
pub use sums::{SumChecks, SumKind, UnequalSums, check_sums};
pub use survey::{Survey, all_time, kept_since, survey};
pub use window_answer::WindowAnswer;

// The README's example runs as a test.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
