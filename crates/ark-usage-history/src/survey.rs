//! The contents of a store, project by project.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Interval, Tags, Window};

use crate::{Line, Place, PlanRule, Slice, Span, Store, StoreError, StoredPoint, Subject, plan};

/// The contents of a store about one project, as seen through one slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The whole of the project.
    pub subject: Subject,
    /// The width of the buckets.
    pub interval: Interval,
    /// The number of endpoints that are told apart.
    pub endpoints: usize,
    /// The number of points, of the whole and of endpoints.
    pub points: u64,
    /// Start of the first answered bucket.
    pub start: i64,
    /// End of the last answered bucket, not included.
    pub end: i64,
    /// The number of answered buckets that had not settled when they were fetched.
    pub settling: u64,
    /// Start and end of the buckets in between that were never answered.
    pub gaps: Vec<(i64, i64)>,
    /// The time of the latest answer.
    pub fetched_at: i64,
    /// The windows that would be asked for next.
    pub next: Vec<Window>,
}

/// Surveys an account; `rule` gives the rule by which a slice would be planned next.
///
/// Gaps, settling buckets and windows are those of the whole project, or of its first endpoint where no
/// whole is kept.
///
/// # Errors
///
/// [`StoreError`].
pub fn survey(
    store: &dyn Store,
    account_id: &str,
    rule: &dyn Fn(&Slice) -> PlanRule,
) -> Result<Vec<Survey>, StoreError> {
    let mut groups: BTreeMap<(Subject, Interval), Vec<Subject>> = BTreeMap::new();
    for (subject, interval) in store.subjects(account_id)? {
        groups.entry((subject.at(Place::Whole), interval)).or_default().push(subject);
    }
    let mut surveys = Vec::new();
    for ((whole, interval), places) in groups {
        let Some(first) = places.iter().min_by_key(|subject| &subject.place) else { continue };
        let all = all_time(interval)?;
        let spans = store.spans(first, all)?;
        let (Some(start), Some(end)) = (spans.first(), spans.last()) else { continue };
        let (start, end) = (start.start, end.end);
        let rule = rule(&whole.slice);
        let wanted = Window::covering(interval, start, rule.now.max(start));
        let mut points = 0_u64;
        let mut fetched_at = i64::MIN;
        let mut endpoints = BTreeSet::new();
        for place in &places {
            endpoints.extend(place.place.endpoint_id().map(str::to_owned));
            let count = |line: &Line, some: &[StoredPoint]| {
                points += u64::try_from(some.len()).unwrap_or(u64::MAX);
                // Of actions that tell endpoints apart themselves.
                endpoints.extend(line.tags.get(Tags::ENDPOINT_ID).map(str::to_owned));
            };
            store.points(place, all, &|_| true, &mut { count })?;
            let latest = store.spans(place, all)?.iter().map(|span| span.fetched_at).max();
            fetched_at = fetched_at.max(latest.unwrap_or(i64::MIN));
        }
        surveys.push(Survey {
            endpoints: endpoints.len(),
            points,
            start,
            end,
            settling: settling(&spans, interval, rule),
            gaps: gaps(&spans),
            fetched_at,
            next: wanted.map(|wanted| plan(&spans, wanted, rule)).unwrap_or_default(),
            subject: whole,
            interval,
        });
    }
    Ok(surveys)
}

/// Returns the start of the first answered bucket of an account.
///
/// # Errors
///
/// [`StoreError`].
pub fn kept_since(store: &dyn Store, account_id: &str) -> Result<Option<i64>, StoreError> {
    let mut first = None;
    for (subject, interval) in store.subjects(account_id)? {
        let spans = store.spans(&subject, all_time(interval)?)?;
        first = first.into_iter().chain(spans.first().map(|span| span.start)).min();
    }
    Ok(first)
}

/// Returns a window with every bucket that a store may hold: those of a century.
///
/// # Errors
///
/// Never for the intervals that are known.
pub fn all_time(interval: Interval) -> Result<Window, StoreError> {
    /// The end of 2083.
    const LAST: i64 = 3_597_523_200;
    Window::covering(interval, 0, LAST).map_err(|error| StoreError::Io(error.to_string()))
}

/// The number of answered buckets that had not settled.
fn settling(spans: &[Span], interval: Interval, rule: PlanRule) -> u64 {
    let settle = i64::try_from(rule.settle.as_secs()).unwrap_or(i64::MAX);
    let unsettled = |span: &Span| {
        let from = span.fetched_at.saturating_sub(settle).saturating_add(1);
        let first = from.saturating_sub(interval.seconds()).max(span.start);
        let first = if interval.is_aligned(first) { first } else { interval.next_start(first) };
        (span.end.saturating_sub(first) / interval.seconds()).max(0)
    };
    u64::try_from(spans.iter().map(unsettled).sum::<i64>()).unwrap_or_default()
}

/// The holes between spans.
fn gaps(spans: &[Span]) -> Vec<(i64, i64)> {
    let pairs = spans.iter().zip(spans.iter().skip(1));
    pairs.map(|(one, next)| (one.end, next.start)).filter(|(end, start)| end < start).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ark_usage_model::Metric;

    use super::*;
    use crate::{MemoryStore, WindowAnswer};

    const DAY: i64 = 1_731_945_600;
    const HOUR: i64 = 3_600;

    fn answer(place: Place, first: i64, hours: i64, fetched_at: i64) -> WindowAnswer {
        let subject = Subject {
            account_id: "2100000001".into(),
            slice: Slice::new("GetUsage"),
            project: Some("search".into()),
            place,
        };
        let window = Window::new(Interval::Hour, first, first + (hours - 1) * HOUR).unwrap();
        let line = Line { tags: Tags::default(), metric: Metric::PROMPT_TOKENS };
        let points = window.buckets().map(|start| (start, 5)).collect();
        let settle = Duration::from_hours(1);
        WindowAnswer {
            subject,
            window,
            fetched_at,
            settle,
            levels: Vec::new(),
            lines: vec![(line, points)],
        }
    }

    #[test]
    fn endpoints_that_are_tags_count() {
        let mut store = MemoryStore::new();
        let mut whole = answer(Place::Whole, DAY, 2, DAY + 20 * HOUR);
        let [line] = whole.lines.as_slice() else { panic!("one line") };
        let tagged = |id: &str| {
            let tags = Tags::new([(Tags::ENDPOINT_ID.to_owned(), id.to_owned())]);
            (Line { tags, ..line.0.clone() }, line.1.clone())
        };
        whole.lines = vec![tagged("ep-1"), tagged("ep-2")];
        store.apply(&whole).unwrap();
        let rule = PlanRule { now: DAY, settle: Duration::ZERO, recheck: Duration::ZERO };
        assert_eq!(survey(&store, "2100000001", &|_| rule).unwrap()[0].endpoints, 2);
    }

    #[test]
    fn gaps_settling_hours_and_the_next_windows_are_found() {
        let mut store = MemoryStore::new();
        assert_eq!(kept_since(&store, "2100000001"), Ok(None));
        let now = DAY + 20 * HOUR;
        store.apply(&answer(Place::Whole, DAY, 6, now)).unwrap();
        store.apply(&answer(Place::Whole, DAY + 10 * HOUR, 10, now)).unwrap();
        let endpoint = Place::Endpoint("ep-1".into());
        store.apply(&answer(endpoint, DAY - HOUR, 6, now + 5)).unwrap();
        let rule = PlanRule { now, settle: Duration::from_hours(2), recheck: Duration::ZERO };
        let surveys = survey(&store, "2100000001", &|_| rule).unwrap();
        let [survey] = surveys.as_slice() else { panic!("one project: {surveys:?}") };
        assert_eq!((survey.start, survey.end), (DAY, now));
        assert_eq!((survey.endpoints, survey.points, survey.fetched_at), (1, 22, now + 5));
        assert_eq!(survey.gaps, [(DAY + 6 * HOUR, DAY + 10 * HOUR)]);
        // Those that ended at 19 and 20 o'clock had not settled at 20 o'clock.
        assert_eq!(survey.settling, 2);
        let next: Vec<usize> = survey.next.iter().map(Window::len).collect();
        assert_eq!(next, [4, 3], "the gap, and the hours from 18 on with the one that has begun");
        assert_eq!(kept_since(&store, "2100000001"), Ok(Some(DAY - HOUR)));
    }
}
