//! A store in memory.

use std::collections::BTreeMap;

use ark_usage_model::{Interval, Window};

use crate::delivery::Deliveries;
use crate::point::{PointChange, Precedence};
use crate::span::{self, ends_by};
use crate::{
    Delivered, Forgotten, FormerValue, Intake, Line, Names, Revision, Sample, Span, Store,
    StoreError, StoredPoint, Subject, WindowAnswer,
};

/// A store in memory: for tests, and for programs that keep their history elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    names: BTreeMap<String, Names>,
    subjects: BTreeMap<(Subject, Interval), Kept>,
    deliveries: Deliveries,
}

/// All that is kept of one subject and interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kept {
    spans: Vec<Span>,
    series: BTreeMap<Line, BTreeMap<i64, StoredPoint>>,
    former: BTreeMap<(Line, i64), Vec<FormerValue>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn take_in(&mut self, answer: &WindowAnswer, precedence: Precedence) -> Intake {
        let window = answer.window;
        self.names.entry(answer.subject.account_id.clone()).or_default();
        let kept = self.subjects.entry((answer.subject.clone(), window.interval())).or_default();
        let new = Span { start: window.first(), end: window.end(), fetched_at: answer.fetched_at };
        let again =
            precedence == Precedence::Latest && kept.spans.iter().any(|old| old.overlaps(&new));
        kept.spans = span::add(std::mem::take(&mut kept.spans), new, precedence);
        let mut intake = Intake::default();
        let mut returned = 0;
        for (line, points) in answer.points() {
            for point in points {
                returned += 1;
                kept.take_in(line, point, precedence, &mut intake);
            }
        }
        if again {
            let inside = |points: &BTreeMap<i64, _>| points.range(new.start..new.end).count();
            intake.count_absent(kept.series.values().map(inside).sum(), returned);
        }
        intake
    }

    fn kept(&self, subject: &Subject, interval: Interval) -> Option<&Kept> {
        self.subjects.get(&(subject.clone(), interval))
    }
}

impl Store for MemoryStore {
    fn apply(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError> {
        Ok(self.take_in(answer, Precedence::ByTime))
    }

    fn apply_latest(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError> {
        Ok(self.take_in(answer, Precedence::Latest))
    }

    fn remember(&mut self, account_id: &str, names: &Names) -> Result<(), StoreError> {
        self.names.entry(account_id.to_owned()).or_default().update(names);
        Ok(())
    }

    fn accounts(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.names.keys().cloned().collect())
    }

    fn names(&self, account_id: &str) -> Result<Names, StoreError> {
        Ok(self.names.get(account_id).cloned().unwrap_or_default())
    }

    fn subjects(&self, account_id: &str) -> Result<Vec<(Subject, Interval)>, StoreError> {
        let answered = self.subjects.iter().filter(|(_, kept)| !kept.spans.is_empty());
        let subjects = answered.map(|(key, _)| key);
        Ok(subjects.filter(|(subject, _)| subject.account_id == account_id).cloned().collect())
    }

    fn spans(&self, subject: &Subject, window: Window) -> Result<Vec<Span>, StoreError> {
        let spans = self.kept(subject, window.interval()).map_or(&[][..], |kept| &kept.spans);
        let shares = |span: &&Span| span.start < window.end() && window.first() < span.end;
        Ok(spans.iter().filter(shares).copied().collect())
    }

    fn points(
        &self,
        subject: &Subject,
        window: Window,
        wanted: &dyn Fn(&Line) -> bool,
        each: &mut dyn FnMut(&Line, &[StoredPoint]),
    ) -> Result<(), StoreError> {
        let Some(kept) = self.kept(subject, window.interval()) else { return Ok(()) };
        for (line, points) in kept.series.iter().filter(|(line, _)| wanted(line)) {
            let points = points.range(window.first()..window.end());
            let points: Vec<StoredPoint> = points.map(|(_, point)| *point).collect();
            if !points.is_empty() {
                each(line, &points);
            }
        }
        Ok(())
    }

    fn revisions(
        &self,
        start: i64,
        end: i64,
        each: &mut dyn FnMut(&Revision),
    ) -> Result<(), StoreError> {
        for ((subject, interval), kept) in &self.subjects {
            let former = kept.former.iter();
            for ((line, bucket), previous) in
                former.filter(|((_, at), _)| (start..end).contains(at))
            {
                let Some(point) = kept.series.get(line).and_then(|points| points.get(bucket))
                else {
                    continue;
                };
                each(&Revision {
                    subject: subject.clone(),
                    interval: *interval,
                    line: line.clone(),
                    point: *point,
                    previous: previous.clone(),
                });
            }
        }
        Ok(())
    }

    fn delivered(
        &self,
        receiver: &str,
        each: &mut dyn FnMut(&str, &[Delivered]),
    ) -> Result<(), StoreError> {
        self.deliveries.each(receiver, each);
        Ok(())
    }

    fn begin_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError> {
        self.deliveries.begin(receiver, samples);
        Ok(())
    }

    fn complete_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError> {
        self.deliveries.complete(receiver, samples);
        Ok(())
    }

    fn forget(&mut self, before: i64) -> Result<Forgotten, StoreError> {
        let mut forgotten = Forgotten::default();
        for ((_, interval), kept) in &mut self.subjects {
            kept.forget(*interval, before, &mut forgotten);
        }
        self.subjects.retain(|_, kept| *kept != Kept::default());
        Ok(forgotten)
    }
}

impl Kept {
    fn take_in(
        &mut self,
        line: &Line,
        fetched: StoredPoint,
        precedence: Precedence,
        intake: &mut Intake,
    ) {
        if !self.series.contains_key(line) {
            self.series.insert(line.clone(), BTreeMap::new());
        }
        let Some(points) = self.series.get_mut(line) else { return };
        let known = points.get(&fetched.start).copied();
        let PointChange { point, former } = PointChange::new(known, fetched, precedence);
        points.extend(point.map(|point| (point.start, point)));
        let former = former.filter(|former| {
            let kept = self.former.entry((line.clone(), fetched.start)).or_default();
            let place = kept.binary_search_by_key(&former.fetched_at, |one| one.fetched_at);
            if let Err(place) = place {
                kept.insert(place, *former);
            }
            place.is_err()
        });
        intake.count(known, former);
    }

    /// Removes the buckets that end by an instant; of the spans, those buckets too.
    fn forget(&mut self, interval: Interval, before: i64, forgotten: &mut Forgotten) {
        let seconds = interval.seconds();
        // The start of the bucket that contains the instant: all before have ended.
        self.spans = span::since(std::mem::take(&mut self.spans), interval.bucket_start(before));
        for points in self.series.values_mut() {
            points.retain(|_, point| {
                let ended = ends_by(point, seconds, before);
                forgotten.points += u64::from(ended);
                !ended
            });
        }
        self.series.retain(|_, points| !points.is_empty());
        self.former.retain(|(_, start), values| {
            let ended = start.saturating_add(seconds) <= before;
            if ended {
                forgotten.former_values += u64::try_from(values.len()).unwrap_or(u64::MAX);
            }
            !ended
        });
    }
}
