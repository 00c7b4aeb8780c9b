//! Reports on the token usage of Volcengine Ark, as values and pure functions.
//!
//! # Contents
//!
//! - [`Lang`], [`Text`], [`text!`], [`english`]: texts for people, in English and in Chinese
//! - [`suggest`]: "did you mean …?" for a mistyped word
//! - [`ReportError`], [`ReportErrorKind`]: an input that cannot be used, and how to mend it

pub mod budget;
pub mod chart_data;
pub mod decimal;
mod error;
mod lang;
pub mod prices;
pub mod range;
pub mod reconciliation;
mod result_meta;
pub mod suggest;
pub mod toml_file;
mod usage_data;
pub mod view;

pub use error::{ReportError, ReportErrorKind};
pub use lang::{Lang, Text, english};
pub use result_meta::ResultMeta;
pub use usage_data::UsageData;
