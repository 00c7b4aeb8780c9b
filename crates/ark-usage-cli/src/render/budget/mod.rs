//! What came of limits, for people and for programs.

mod json;
mod table;

use crate::budget::{Finding, Rule};
use crate::lang::Text;
use crate::range::Range;

pub(crate) use json::json;
pub(crate) use table::table;

/// Everything that may be shown.
#[derive(Debug)]
pub(crate) struct Budget<'a> {
    /// In the order in which limits were given.
    pub(crate) judged: &'a [Judged<'a>],
    pub(crate) range: &'a Range,
    /// Wall clock when the answer was complete, unix seconds.
    pub(crate) generated_at: i64,
    /// The data is made up.
    pub(crate) demo: bool,
    /// Code and prose.
    pub(crate) warnings: &'a [(&'static str, Text)],
}

/// A limit, and what there is to say about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) finding: &'a Finding,
}
