//! Answers from a store: what the service would have said, as far as it was kept.
//!
//! 1. Find the sources (`source.rs`): stored slices that hold the usage asked about, exactly or told
//!    apart further, in hours or in days.
//! 2. Choose one for each bucket: hours before days, of these the one fetched last.
//! 3. Read the points of each, add them up over time and over tags that were not asked for
//!    (`sums.rs`).

mod source;
mod sums;

use std::time::Duration;

use ark_usage_model::{MetricTable, Tags, Target, Window};

use crate::{Line, Store, StoreError};

pub use source::Catalog;
use source::Source;
use sums::LineSums;

/// A question about usage, as a query asks it.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a question is all of this")]
pub struct Question<'a> {
    /// The account's number.
    pub account_id: &'a str,
    /// The name of the action.
    pub action: &'a str,
    /// The metrics that it declares: those that are not additive are not added up.
    pub metrics: MetricTable,
    /// The target. Its account is not read.
    pub target: &'a Target,
    /// The buckets.
    pub window: Window,
    /// The time after its end during which a bucket may change.
    pub settle: Duration,
}

/// An answer from a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The lines, sorted; none without points.
    pub lines: Vec<AnswerLine>,
    /// The buckets that the store does not have, in order. All others were answered by the service,
    /// also where no line has a point.
    pub not_kept: Vec<Window>,
}

/// A line of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerLine {
    /// Tags and metric.
    pub line: Line,
    /// The points, in order.
    pub points: Vec<AnswerPoint>,
}

/// A point of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerPoint {
    /// Start of its bucket.
    pub start: i64,
    /// The value.
    pub value: i64,
    /// The time of the answer it comes from. Of several, the latest; the earliest where one of them
    /// may still change, so that the state of the bucket follows from it as always.
    pub fetched_at: i64,
}

/// Answers a question from a store; for many, see [`Catalog`].
///
/// Usage is taken from the slice that asked the same, or from one that was grouped further and
/// filtered no more; endpoints from requests of their own, or from a slice grouped by endpoint. Days
/// are sums of their hours where all were answered, else what a query for days has brought. A day
/// that had not ended when it was fetched last is the sum so far.
///
/// # Errors
///
/// [`StoreError`].
pub fn answer(store: &dyn Store, question: &Question<'_>) -> Result<Answer, StoreError> {
    Catalog::read(store, question.account_id)?.answer(store, question)
}

impl Catalog {
    /// Answers a question from the store that the catalog is of, as [`answer`] does.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn answer(&self, store: &dyn Store, question: &Question<'_>) -> Result<Answer, StoreError> {
        let sources = self.find(question);
        let mut covers = Vec::with_capacity(sources.len());
        for source in &sources {
            covers.push(source.cover(store, question)?);
        }
        let choice = choose(&sources, &covers, question.window.len());
        let mut sums = LineSums::new(question);
        for (place, source) in sources.iter().enumerate() {
            for run in runs(question.window, |index| choice.get(index) == Some(&Some(place))) {
                source.read(store, run, &mut sums)?;
            }
        }
        let fetched_at = |index: usize| {
            let place = choice.get(index).copied().flatten()?;
            covers.get(place)?.get(index).copied().flatten()
        };
        let not_kept = runs(question.window, |index| choice.get(index).is_none_or(Option::is_none));
        Ok(Answer { lines: sums.into_lines(fetched_at), not_kept })
    }

    /// Answers a question about several endpoints with one answer for each, whose lines name their
    /// endpoint; any other question, and one about usage that is grouped by endpoint anyway, with one
    /// for all, which has no id.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn answer_each(
        &self,
        store: &dyn Store,
        question: &Question<'_>,
    ) -> Result<Vec<(Option<String>, Answer)>, StoreError> {
        let ids = &question.target.endpoint_ids;
        if ids.len() < 2 || self.groups_endpoints(question) {
            return Ok(vec![(None, self.answer(store, question)?)]);
        }
        let mut target = question.target.clone();
        let mut answers = Vec::with_capacity(ids.len());
        for id in ids {
            target.endpoint_ids = vec![id.clone()];
            let mut answer = self.answer(store, &Question { target: &target, ..*question })?;
            for AnswerLine { line, .. } in &mut answer.lines {
                let named = (Tags::ENDPOINT_ID.to_owned(), id.clone());
                let others =
                    line.tags.iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
                line.tags = Tags::new(others.chain([named]));
            }
            answers.push((Some(id.clone()), answer));
        }
        Ok(answers)
    }
}

/// The place of the source for each bucket.
fn choose(sources: &[Source], covers: &[Vec<Option<i64>>], len: usize) -> Vec<Option<usize>> {
    let best = |index: usize| {
        let mut best: Option<(usize, i64, &Source)> = None;
        for ((place, source), cover) in sources.iter().enumerate().zip(covers) {
            let Some(fetched_at) = cover.get(index).copied().flatten() else { continue };
            let is_better = best.is_none_or(|(_, known, other)| {
                source.interval == other.interval && fetched_at > known
            });
            if is_better {
                best = Some((place, fetched_at, source));
            }
        }
        best.map(|(place, _, _)| place)
    };
    (0..len).map(best).collect()
}

/// The runs of buckets that a rule takes, by their number.
fn runs(window: Window, takes: impl Fn(usize) -> bool) -> Vec<Window> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    let taken = window.buckets().enumerate().filter(|(index, _)| takes(*index));
    for start in taken.map(|(_, start)| start) {
        match runs.last_mut() {
            Some((_, last)) if *last + window.interval().seconds() == start => *last = start,
            _ => runs.push((start, start)),
        }
    }
    let (days, interval) = (window.days(), window.interval());
    let window = |(first, last)| Window::of_days(days, interval, first, last).ok();
    runs.into_iter().filter_map(window).collect()
}
