//! Sums of stored points: over time, and over tags that were not asked for.

use std::collections::BTreeMap;

use ark_usage_model::{MetricTable, Window};

use super::{AnswerLine, AnswerPoint, Question};
use crate::{Line, StoredPoint};

/// The lines of an answer while points are added.
pub(super) struct LineSums {
    window: Window,
    metrics: MetricTable,
    /// By line; one sum for each bucket of the window, up to the last that has one.
    lines: BTreeMap<Line, Vec<BucketSum>>,
}

/// The sum of one bucket.
#[derive(Clone, Copy, Debug, Default)]
struct BucketSum {
    value: i64,
    parts: u32,
}

/// The number of parts of a sum that exceeds 64 bits.
const EXCEEDED: u32 = u32::MAX;

impl BucketSum {
    fn add(&mut self, value: i64) {
        match self.value.checked_add(value) {
            Some(sum) if self.parts != EXCEEDED => {
                self.value = sum;
                self.parts = self.parts.saturating_add(1).min(EXCEEDED - 1);
            }
            _ => self.parts = EXCEEDED,
        }
    }
}

impl LineSums {
    pub(super) fn new(question: &Question<'_>) -> Self {
        Self { window: question.window, metrics: question.metrics, lines: BTreeMap::new() }
    }

    /// Adds points of one series to a line.
    pub(super) fn add(&mut self, line: &Line, points: &[StoredPoint]) {
        if !self.lines.contains_key(line) {
            self.lines.insert(line.clone(), Vec::new());
        }
        let Some(sums) = self.lines.get_mut(line) else { return };
        let seconds = self.window.interval().seconds();
        for point in points {
            let index = (point.start - self.window.first()) / seconds;
            let Ok(index) = usize::try_from(index) else { continue };
            if index >= sums.len() {
                sums.resize(index + 1, BucketSum::default());
            }
            if let Some(sum) = sums.get_mut(index) {
                sum.add(point.value);
            }
        }
    }

    /// The lines with the time of each bucket. A sum that exceeds 64 bits is no value, and a metric
    /// that must not be added up has only values that need no adding.
    pub(super) fn into_lines(self, fetched_at: impl Fn(usize) -> Option<i64>) -> Vec<AnswerLine> {
        let Self { window, metrics, lines } = self;
        let mut answer = Vec::with_capacity(lines.len());
        for (line, sums) in lines {
            let most = if metrics.is_additive(&line.metric) { EXCEEDED - 1 } else { 1 };
            let buckets = window.buckets().zip(sums).enumerate();
            let points: Vec<AnswerPoint> = buckets
                .filter(|(_, (_, sum))| (1..=most).contains(&sum.parts))
                .filter_map(|(index, (start, sum))| {
                    Some(AnswerPoint { start, value: sum.value, fetched_at: fetched_at(index)? })
                })
                .collect();
            if !points.is_empty() {
                answer.push(AnswerLine { line, points });
            }
        }
        answer
    }
}
