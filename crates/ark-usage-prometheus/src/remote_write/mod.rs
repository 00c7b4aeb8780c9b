//! Remote write: settled usage as samples with their own times, for Prometheus and what understands it.
//!
//! The protocol is [Prometheus remote write 1.0](https://prometheus.io/docs/specs/prw/remote_write_spec/):
//! protobuf, compressed by Snappy's block format, in a POST. This module has no socket and no clock:
//! [`Push`] says what to send and when, and keeps the store's list of deliveries.
//!
//! ```
//! use ark_usage_history::MemoryStore;
//! use ark_usage_prometheus::remote_write::{Push, PushStep, RetryLimits};
//!
//! let mut store = MemoryStore::new();
//! let mut push = Push::new("https://metrics.example.com/api/v1/write", i64::MIN..=i64::MAX);
//! push.limits = RetryLimits { retries: 2, ..RetryLimits::default() };
//! // Nothing is kept, so that there is nothing to send.
//! assert_eq!(push.next(&mut store)?, PushStep::End);
//! # Ok::<(), ark_usage_history::StoreError>(())
//! ```
//!
//! # Rules
//!
//! - A sample is the usage of one bucket, at the end of the bucket. It is sent once it is final.
//! - Samples of one [name](SeriesName) never count usage twice: projects and endpoints, hours and days
//!   have names of their own; of a whole beside its parts the whole counts, and of two groupings the
//!   finer one.
//! - A value that changes after it was sent is corrected by the difference, as a sample of the same time
//!   with the label `revision`. A sum over all series is the value now.
//! - A sample is written down as [in flight](ark_usage_history::Delivered::in_flight) before it is sent,
//!   and as delivered when the receiver has confirmed it. Those that a crash leaves in flight are sent
//!   again as they were, before anything else.

mod message;
mod name;
mod plan;
mod push;
mod request;
mod response;
mod usage;

#[cfg(test)]
mod tests;

pub use message::{CONTENT_ENCODING, CONTENT_TYPE, VERSION, VERSION_HEADER};
pub use name::SeriesName;
pub use plan::{PlannedSample, PushPlan, SampleKind, plan};
pub use push::{Push, PushCounts, PushStep, PushStop, RetryLimits};
pub use request::{ReceiverKey, request};
pub use response::WriteResponse;
