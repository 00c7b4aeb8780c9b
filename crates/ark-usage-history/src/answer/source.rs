//! The stored slices that hold the usage of a question.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ark_usage_model::{Interval, Tags, Window};

use super::{LineSums, Question};
use crate::window_answer::settles_after;
use crate::{Line, Place, Slice, Span, Store, StoreError, Subject};

/// A stored slice that holds the usage of a question, in one interval.
pub(super) struct Source {
    /// One subject, or one for each endpoint asked about.
    subjects: Vec<Subject>,
    pub(super) interval: Interval,
    selection: Selection,
}

/// The difference between a slice and the question: what to leave out and what to add up.
#[derive(Clone, Default)]
struct Selection {
    /// The values that a line must have, by key.
    filters: Vec<(String, BTreeSet<String>)>,
    /// The keys whose values are added up.
    added_up: BTreeSet<String>,
}

/// The subjects that a store has of one account, read once for many questions.
///
/// ```
/// use ark_usage_history::{Catalog, MemoryStore};
///
/// let catalog = Catalog::read(&MemoryStore::new(), "2100000001")?;
/// assert!(catalog.is_empty());
/// # Ok::<(), ark_usage_history::StoreError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    stored: BTreeSet<(Subject, Interval)>,
    slices: BTreeMap<Option<String>, BTreeSet<Slice>>,
}

impl Catalog {
    /// Reads the subjects of an account.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn read(store: &dyn Store, account_id: &str) -> Result<Self, StoreError> {
        let mut catalog = Self::default();
        for (subject, interval) in store.subjects(account_id)? {
            let slices = catalog.slices.entry(subject.project.clone()).or_default();
            if !slices.contains(&subject.slice) {
                slices.insert(subject.slice.clone());
            }
            catalog.stored.insert((subject, interval));
        }
        Ok(catalog)
    }

    /// True when nothing of the account was kept.
    pub fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// True when usage of a project was kept; of the one that was asked for without a name, with `None`.
    pub fn has_project(&self, name: Option<&str>) -> bool {
        self.slices.keys().any(|project| project.as_deref() == name)
    }

    /// The projects of which usage was kept, sorted.
    pub fn projects(&self) -> impl Iterator<Item = &str> {
        self.slices.keys().filter_map(Option::as_deref)
    }

    /// The endpoints of a project of which usage was kept by their id.
    pub fn endpoint_ids(&self, project: &str) -> BTreeSet<&str> {
        let subjects = self.stored.iter().map(|(subject, _)| subject);
        let of_project = subjects.filter(|subject| subject.project.as_deref() == Some(project));
        of_project.filter_map(|subject| subject.place.endpoint_id()).collect()
    }

    /// True when usage of an action was kept, of any project.
    pub fn has_action(&self, action: &str) -> bool {
        self.slices.values().flatten().any(|slice| slice.action() == action)
    }

    /// True when usage was kept, of any project and endpoint, that is told apart and filtered as the
    /// question needs it.
    pub fn can_answer(&self, question: &Question<'_>) -> bool {
        let asked = Asked::new(question);
        self.slices.values().flatten().any(|slice| asked.difference(slice).is_some())
    }

    /// True when one question about several endpoints has an answer that names each of them.
    pub(super) fn groups_endpoints(&self, question: &Question<'_>) -> bool {
        let asked = Asked::new(question);
        let fits =
            |slice: &&Slice| slice.groups(Tags::ENDPOINT_ID) && asked.difference(slice).is_some();
        self.slices
            .get(&question.target.project)
            .is_some_and(|slices| slices.iter().any(|s| fits(&s)))
    }

    /// The sources of a question, the best first: hours before days, and of these those that need
    /// the least adding up.
    pub(super) fn find(&self, question: &Question<'_>) -> Vec<Source> {
        let asked = Asked::new(question);
        let slices = self.slices.get(&question.target.project);
        let width = question.window.interval().seconds();
        let intervals = [Interval::Hour, Interval::Day];
        let mut sources = Vec::new();
        for interval in intervals.into_iter().filter(|one| one.seconds() <= width) {
            let first = sources.len();
            for slice in slices.into_iter().flatten() {
                let all = asked.sources(slice, interval, question);
                let is_stored = |source: &Source| {
                    let mut subjects = source.subjects.iter();
                    subjects.all(|subject| self.stored.contains(&(subject.clone(), interval)))
                };
                sources.extend(all.into_iter().filter(is_stored));
            }
            if let Some(of_interval) = sources.get_mut(first..) {
                of_interval.sort_by_key(|source| source.selection.distance());
            }
        }
        sources
    }
}

/// The question as slices see it.
struct Asked {
    slice: Slice,
    endpoint_ids: BTreeSet<String>,
}

impl Asked {
    fn new(question: &Question<'_>) -> Self {
        let slice = Slice::of(question.action, question.target);
        Self { slice, endpoint_ids: question.target.endpoint_ids.iter().cloned().collect() }
    }

    /// The sources that a slice can be: its whole, and its endpoints.
    fn sources(&self, slice: &Slice, interval: Interval, question: &Question<'_>) -> Vec<Source> {
        let Some(selection) = self.difference(slice) else { return Vec::new() };
        let subject = |place| Subject {
            account_id: question.account_id.to_owned(),
            slice: slice.clone(),
            project: question.target.project.clone(),
            place,
        };
        let source = |subjects| Source { subjects, interval, selection: selection.clone() };
        if self.endpoint_ids.is_empty() {
            return vec![source(vec![subject(Place::Whole)])];
        }
        let endpoints = self.endpoint_ids.iter().map(|id| subject(Place::Endpoint(id.clone())));
        let mut apart = source(endpoints.collect());
        if self.endpoint_ids.len() > 1 && !slice.groups(Tags::ENDPOINT_ID) {
            apart.selection.added_up.insert(Tags::ENDPOINT_ID.to_owned());
        }
        let mut sources = vec![apart];
        if slice.groups(Tags::ENDPOINT_ID) {
            let mut of_whole = source(vec![subject(Place::Whole)]);
            let filter = (Tags::ENDPOINT_ID.to_owned(), self.endpoint_ids.clone());
            of_whole.selection.filters.push(filter);
            sources.push(of_whole);
        }
        sources
    }

    /// The filters that lines of a slice have to pass, and the keys to add them up over; `None` when
    /// the slice does not hold the usage asked about, or not apart as far.
    fn difference(&self, slice: &Slice) -> Option<Selection> {
        if slice.action() != self.slice.action()
            || slice.filters().any(|(key, values)| self.slice.values(key) != Some(values))
            || self.slice.group_by().any(|key| !slice.groups(key))
        {
            return None;
        }
        let mut selection = Selection::default();
        for (key, values) in self.slice.filters().filter(|(key, _)| slice.values(key).is_none()) {
            if !slice.groups(key) {
                return None;
            }
            selection.filters.push((key.to_owned(), values.clone()));
        }
        // A key that is filtered or grouped by is a tag of the answer.
        let is_asked = |key: &str| {
            self.slice.groups(key)
                || self.slice.values(key).is_some()
                || key == Tags::ENDPOINT_ID && !self.endpoint_ids.is_empty()
        };
        let others = slice.group_by().filter(|key| !is_asked(key));
        selection.added_up.extend(others.map(str::to_owned));
        Some(selection)
    }
}

impl Source {
    /// For each bucket of the question the time of its answer; `None` where it was not answered.
    pub(super) fn cover(
        &self,
        store: &dyn Store,
        question: &Question<'_>,
    ) -> Result<Vec<Option<i64>>, StoreError> {
        let window = question.window;
        let mut cover: Option<Vec<Option<i64>>> = None;
        for subject in &self.subjects {
            let Some(read) = in_interval(window, self.interval) else { break };
            let spans = store.spans(subject, read)?;
            let of_subject = bucket_times(&spans, window, self.interval, question.settle);
            cover = Some(match cover {
                None => of_subject,
                Some(known) => known
                    .into_iter()
                    .zip(of_subject)
                    .map(|(one, other)| Some(one?.min(other?)))
                    .collect(),
            });
        }
        Ok(cover.unwrap_or_else(|| vec![None; window.len()]))
    }

    /// Adds up the points of some buckets.
    pub(super) fn read(
        &self,
        store: &dyn Store,
        run: Window,
        sums: &mut LineSums,
    ) -> Result<(), StoreError> {
        let Some(read) = in_interval(run, self.interval) else { return Ok(()) };
        for subject in &self.subjects {
            store.points(
                subject,
                read,
                &|line| self.selection.takes(line),
                &mut |line, points| {
                    sums.add(&self.selection.asked_line(line), points);
                },
            )?;
        }
        Ok(())
    }
}

impl Selection {
    /// The number of things that tell it from the question.
    fn distance(&self) -> (usize, usize) {
        (self.added_up.len(), self.filters.len())
    }

    /// True when a stored line is part of the answer.
    fn takes(&self, line: &Line) -> bool {
        let mut filters = self.filters.iter();
        filters.all(|(key, values)| line.tags.get(key).is_some_and(|value| values.contains(value)))
    }

    /// The line of the answer that a stored line is counted in.
    fn asked_line(&self, line: &Line) -> Line {
        if self.added_up.is_empty() {
            return line.clone();
        }
        let kept = line.tags.iter().filter(|(key, _)| !self.added_up.contains(*key));
        let tags = Tags::new(kept.map(|(key, value)| (key.to_owned(), value.to_owned())));
        Line { tags, metric: line.metric.clone() }
    }
}

/// The same range in buckets of another interval.
fn in_interval(window: Window, interval: Interval) -> Option<Window> {
    let last = window.end() - interval.seconds();
    Window::of_days(window.days(), interval, window.first(), last).ok()
}

/// For each bucket of a window the time of its answer, from spans of an interval that is as long or
/// shorter. A bucket is answered when all its parts are that had begun at the last of the answers.
fn bucket_times(
    spans: &[Span],
    window: Window,
    interval: Interval,
    settle: Duration,
) -> Vec<Option<i64>> {
    let mut rest = spans;
    let mut times = Vec::with_capacity(window.len());
    for start in window.buckets() {
        let end = start + window.interval().seconds();
        while let [span, others @ ..] = rest
            && span.end <= start
        {
            rest = others;
        }
        times.push(bucket_time(rest, (start, end), interval, settle));
    }
    times
}

/// The time of the answer of one bucket, from spans of which the first ends in or behind it.
fn bucket_time(
    spans: &[Span],
    (start, end): (i64, i64),
    interval: Interval,
    settle: Duration,
) -> Option<i64> {
    let (mut reached, mut latest, mut settling) = (start, i64::MIN, None::<i64>);
    for span in spans {
        if span.start > reached || reached >= end {
            break;
        }
        reached = span.end.min(end);
        latest = latest.max(span.fetched_at);
        // The last part of it settles last.
        let part_end = if interval.seconds() == end - start { end } else { reached };
        if settles_after(part_end, settle, span.fetched_at) {
            settling = Some(settling.map_or(span.fetched_at, |time| time.min(span.fetched_at)));
        }
    }
    // A part that had not begun at the last response has no usage yet.
    (reached >= end || reached > start && reached > latest).then(|| settling.unwrap_or(latest))
}
