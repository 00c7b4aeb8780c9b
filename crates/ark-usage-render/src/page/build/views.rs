//! The fetched usage, grouped by one dimension and then by another.

use ark_usage_model::Interval;

use crate::{Answer, Lines, QueryEcho};
use ark_usage_report::view::{Dimension, Sort, View, ViewSpec};
use ark_usage_report::{Lang, UsageData};

/// The source of all views of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageViews<'a> {
    pub(super) spec: &'a ViewSpec,
    pub(super) query: QueryEcho<'a>,
    pub(super) data: &'a UsageData,
    /// The time the data was complete, unix seconds.
    pub(super) now: i64,
}

/// The most lines of a breakdown; the rest is summed up in one.
const MAX_LINES: usize = 40;

impl PageViews<'_> {
    /// Returns usage grouped by the dimensions, largest first.
    pub(super) fn by(&self, by: &[Dimension]) -> View {
        let keyed = by.iter().any(|dimension| !dimension.is_time());
        let spec = ViewSpec {
            by: by.to_vec(),
            sort: keyed.then_some(Sort::LARGEST_FIRST),
            top: keyed.then_some(MAX_LINES),
            ..self.spec.clone()
        };
        View::new(&spec, self.data, self.now)
    }

    /// Returns the time dimension of its rows.
    pub(super) fn unit(&self) -> Dimension {
        match self.data.range.rows {
            Interval::Day => Dimension::Day,
            Interval::Hour => Dimension::Hour,
        }
    }

    /// Returns the rows of a view with their keys.
    pub(super) fn lines<'v>(&'v self, view: &'v View, lang: Lang) -> Lines<'v> {
        let answer = Answer {
            report: &self.data.report,
            view,
            fields: None,
            meta: self.data.meta(),
            range: &self.data.range,
            query: self.query,
            generated_at: self.now,
            warnings: &self.data.warnings,
        };
        Lines::of(&answer, lang)
    }
}
