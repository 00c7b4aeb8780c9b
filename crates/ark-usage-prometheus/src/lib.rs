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

mod exposition;
mod family;
mod labels;
#[cfg(feature = "remote-write")]
pub mod remote_write;

pub use exposition::exposition;
pub use family::{Family, FamilyKind, SampleValue};
pub use labels::Labels;

// The README's example runs as a test.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
