//! The same answer, summed by one thing and then by another.

use ark_usage_model::Interval;

use crate::{Answer, Lines, QueryEcho};
use ark_usage_report::view::{Dimension, Sort, View, ViewSpec};
use ark_usage_report::{Lang, UsageData};

/// What views of one answer are made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageViews<'a> {
    pub(super) spec: &'a ViewSpec,
    pub(super) query: QueryEcho<'a>,
    pub(super) data: &'a UsageData,
    /// When the answer was complete, unix seconds.
    pub(super) now: i64,
}

/// More lines than these are put together: nobody reads them on a page.
const MOST_LINES: usize = 40;

impl PageViews<'_> {
    /// Summed by these, largest first.
    pub(super) fn by(&self, by: &[Dimension]) -> View {
        let keyed = by.iter().any(|one| !one.is_time());
        let spec = ViewSpec {
            by: by.to_vec(),
            sort: if keyed { Sort::parse("-value").ok() } else { None },
            top: keyed.then_some(MOST_LINES),
            ..self.spec.clone()
        };
        View::new(&spec, self.data, self.now)
    }

    /// How its buckets are told apart by time.
    pub(super) fn unit(&self) -> Dimension {
        match self.data.range.rows {
            Interval::Day => Dimension::Day,
            Interval::Hour => Dimension::Hour,
        }
    }

    /// Its rows, each with what it is of.
    pub(super) fn lines<'v>(&'v self, view: &'v View, lang: Lang) -> Lines<'v> {
        let answer = Answer {
            report: &self.data.report,
            view,
            fields: None,
            facts: self.data.meta(),
            range: &self.data.range,
            query: self.query,
            generated_at: self.now,
            warnings: &self.data.warnings,
        };
        Lines::of(&answer, lang)
    }
}
