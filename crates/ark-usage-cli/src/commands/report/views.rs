//! The same answer, summed by one thing and then by another.

use ark_usage_model::Interval;

use super::question::API;
use crate::commands::asking::{Asked, Question};
use crate::lang::Lang;
use crate::render::{Answer, Lines};
use crate::view::{Dimension, Sort, View, ViewSpec};

/// What views of one answer are made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Views<'a> {
    pub(super) spec: &'a ViewSpec,
    pub(super) question: &'a Question,
    pub(super) asked: &'a Asked,
    /// When the answer was complete, unix seconds.
    pub(super) now: i64,
}

/// More lines than these are put together: nobody reads them on a page.
const MOST_LINES: usize = 40;

impl Views<'_> {
    /// Summed by these, largest first.
    pub(super) fn by(&self, by: &[Dimension]) -> View {
        let keyed = by.iter().any(|one| !one.is_time());
        let spec = ViewSpec {
            by: by.to_vec(),
            sort: if keyed { Sort::parse("-value").ok() } else { None },
            top: keyed.then_some(MOST_LINES),
            ..self.spec.clone()
        };
        View::new(&spec, self.asked, self.now)
    }

    /// How its buckets are told apart by time.
    pub(super) fn unit(&self) -> Dimension {
        match self.asked.range.rows {
            Interval::Day => Dimension::Day,
            Interval::Hour => Dimension::Hour,
        }
    }

    /// Its rows, each with what it is of.
    pub(super) fn lines<'v>(&'v self, view: &'v View, lang: Lang) -> Lines<'v> {
        let answer = Answer {
            report: &self.asked.report,
            view,
            fields: None,
            facts: self.asked.facts(),
            range: &self.asked.range,
            query: self.question.echo(API),
            generated_at: self.now,
            warnings: &self.asked.warnings,
        };
        Lines::of(&answer, lang)
    }
}
