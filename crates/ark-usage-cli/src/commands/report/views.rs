//! The same answer, summed by one thing and then by another.

use ark_usage_model::Interval;

use super::request_text::API;
use crate::commands::fetch::{FetchResult, UsageRequest};
use crate::lang::Lang;
use crate::render::{Answer, Lines};
use crate::view::{Dimension, Sort, View, ViewSpec};

/// What views of one answer are made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReportViews<'a> {
    pub(super) spec: &'a ViewSpec,
    pub(super) request: &'a UsageRequest,
    pub(super) result: &'a FetchResult,
    /// When the answer was complete, unix seconds.
    pub(super) now: i64,
}

/// More lines than these are put together: nobody reads them on a page.
const MOST_LINES: usize = 40;

impl ReportViews<'_> {
    /// Summed by these, largest first.
    pub(super) fn by(&self, by: &[Dimension]) -> View {
        let keyed = by.iter().any(|one| !one.is_time());
        let spec = ViewSpec {
            by: by.to_vec(),
            sort: if keyed { Sort::parse("-value").ok() } else { None },
            top: keyed.then_some(MOST_LINES),
            ..self.spec.clone()
        };
        View::new(&spec, self.result, self.now)
    }

    /// How its buckets are told apart by time.
    pub(super) fn unit(&self) -> Dimension {
        match self.result.range.rows {
            Interval::Day => Dimension::Day,
            Interval::Hour => Dimension::Hour,
        }
    }

    /// Its rows, each with what it is of.
    pub(super) fn lines<'v>(&'v self, view: &'v View, lang: Lang) -> Lines<'v> {
        let answer = Answer {
            report: &self.result.report,
            view,
            fields: None,
            facts: self.result.facts(),
            range: &self.result.range,
            query: self.request.echo(API),
            generated_at: self.now,
            warnings: &self.result.warnings,
        };
        Lines::of(&answer, lang)
    }
}
