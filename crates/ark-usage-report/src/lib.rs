//! Reports on the token usage of Volcengine Ark, as values and pure functions.
//!
//! # Contents
//!
//! - [`Lang`], [`Text`], [`text!`], [`english`]: texts for people, in English and in Chinese
//! - [`suggest`]: "did you mean …?" for a mistyped word
//! - [`ReportError`], [`ReportErrorKind`]: an input that cannot be used, and how to mend it

mod error;
mod lang;
pub mod suggest;

pub use error::{ReportError, ReportErrorKind};
pub use lang::{Lang, Text, english};
