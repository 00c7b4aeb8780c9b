//! Answered spans: the windows of a subject that the service has answered, and when.

use crate::point::{Precedence, StoredPoint};

/// Buckets in a row that the service has answered, and when. A bucket in it without a point is
/// known to have had none; outside, nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Start of the first bucket, unix seconds.
    pub start: i64,
    /// End of the last bucket, not included.
    pub end: i64,
    /// The time of the latest answer, by the server's clock.
    pub fetched_at: i64,
}

impl Span {
    /// Returns true if it shares buckets with another one.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The two ends that another span leaves of this one.
    fn without(self, other: &Self) -> impl Iterator<Item = Self> + use<> {
        let before = Self { end: self.end.min(other.start), ..self };
        let after = Self { start: self.start.max(other.end), ..self };
        [before, after].into_iter().filter(|part| part.start < part.end)
    }
}

/// Adds a span to those it touches. Where spans overlap, one answer counts; what is left is in order,
/// without overlaps, joined where it has the same time.
pub(crate) fn add(known: Vec<Span>, new: Span, precedence: Precedence) -> Vec<Span> {
    let mut added = vec![new];
    let mut spans: Vec<Span> = Vec::with_capacity(known.len() + 2);
    for old in known {
        if precedence == Precedence::ByTime && old.fetched_at >= new.fetched_at {
            added = added.into_iter().flat_map(|part| part.without(&old)).collect();
            spans.push(old);
        } else {
            spans.extend(old.without(&new));
        }
    }
    spans.append(&mut added);
    spans.sort_unstable();
    spans.dedup_by(|later, before| {
        let joined = before.end == later.start && before.fetched_at == later.fetched_at;
        if joined {
            before.end = later.end;
        }
        joined
    });
    spans
}

/// The part of the spans from an instant on.
pub(crate) fn since(spans: impl IntoIterator<Item = Span>, start: i64) -> Vec<Span> {
    let cut = |span: Span| Span { start: span.start.max(start), ..span };
    spans.into_iter().map(cut).filter(|span| span.start < span.end).collect()
}

/// Removes points whose bucket ends by an instant.
pub(crate) fn ends_by(point: &StoredPoint, seconds: i64, instant: i64) -> bool {
    point.start.saturating_add(seconds) <= instant
}

#[cfg(test)]
mod tests {
    use super::Precedence::{ByTime, Latest};
    use super::*;

    fn span(start: i64, end: i64, fetched_at: i64) -> Span {
        Span { start, end, fetched_at }
    }

    #[test]
    fn the_later_answer_counts_where_spans_overlap() {
        let spans = add(Vec::new(), span(0, 10, 100), ByTime);
        let spans = add(spans, span(10, 12, 100), ByTime);
        assert_eq!(spans, [span(0, 12, 100)]);
        let spans = add(spans, span(4, 6, 200), ByTime);
        assert_eq!(spans, [span(0, 4, 100), span(4, 6, 200), span(6, 12, 100)]);
        // An older answer fills gaps only.
        let spans = add(spans, span(2, 20, 50), ByTime);
        let end = span(12, 20, 50);
        assert_eq!(spans, [span(0, 4, 100), span(4, 6, 200), span(6, 12, 100), end]);
        let spans = add(spans, span(0, 20, 200), ByTime);
        assert_eq!(spans, [span(0, 20, 200)]);
        // The latest counts even if its clock is behind.
        let wrong = add(spans.clone(), span(18, 22, 900), ByTime);
        let ends = add(wrong, span(10, 22, 300), Latest);
        assert_eq!(ends, [span(0, 10, 200), span(10, 22, 300)]);
        assert_eq!(since(spans, 7), [span(7, 20, 200)]);
    }
}
