//! Token usage of Volcengine Ark as Prometheus metrics.
//!
//! Names and labels of series are decided here, once for every way out: a scrape of the
//! [text format](exposition), or samples that are pushed.
//!
//! ```
//! use ark_usage_prometheus::{Family, FamilyKind, Labels, SampleValue, exposition};
//!
//! let mut tokens = Family::new("ark_usage_tokens_total", FamilyKind::Counter, "Tokens used.");
//! let labels = Labels::new().with("account_id", "2100000001").with("project", "search");
//! tokens.set(labels, SampleValue::Whole(1_234));
//! let text = exposition(&[tokens]);
//! let series = "ark_usage_tokens_total{account_id=\"2100000001\",project=\"search\"} 1234\n";
//! assert!(text.starts_with("# HELP ark_usage_tokens_total Tokens used.\n") && text.ends_with(series));
//! ```
//!
//! # Contents
//!
//! - [`Family`], [`FamilyKind`], [`SampleValue`]: the series of one name
//! - [`Labels`]: the labels of a series
//! - [`exposition`]: the text format of a scrape
//! - `remote_write` (feature `remote-write`): samples to push
//! - [`usage_labels`], [`project_labels`]: the labels of usage
//! - [`usage_totals`], [`UsageTotals`], [`ReadRule`], [`ActionFacts`]: counters over the usage of a store
//! - [`CounterFloor`]: counters of a process that never fall
//! - [`BudgetFigures`], [`budget_families`]: limits, and how much of each is used
//! - [`SyncTally`], [`SyncResult`]: syncs, and their calls
//! - `server` (feature `server`): answers to scrapes

mod budgets;
mod counters;
mod exposition;
mod family;
mod labels;
mod sync_tally;
mod usage_labels;

#[cfg(feature = "remote-write")]
pub mod remote_write;
#[cfg(feature = "server")]
pub mod server;

pub use budgets::{BudgetFigures, budget_families};
pub use counters::{ActionFacts, CounterFloor, ReadRule, UsageTotals, usage_totals};
pub use exposition::exposition;
pub use family::{Family, FamilyKind, SampleValue};
pub use labels::Labels;
pub use sync_tally::{SyncResult, SyncTally};
pub use usage_labels::{project_labels, usage_labels};

// The README's example runs as a test.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
