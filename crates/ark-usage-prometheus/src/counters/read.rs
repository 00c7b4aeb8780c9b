//! Adding up the buckets of a store.

use std::collections::BTreeMap;

use ark_usage_history::{
    Line, Place, Revision, Span, Store, StoreError, StoredPoint, Subject, all_time,
};
use ark_usage_model::Interval;

use super::chosen::{LineParts, chosen};
use super::{ActionFacts, ReadRule, SeriesKey, SeriesTotal, UsageTotals};
use crate::usage_labels::{project_labels, usage_labels};

/// The highest value that a bucket was ever called final with, before its value now.
type FormerValues = BTreeMap<(Subject, Interval), BTreeMap<Line, BTreeMap<i64, i64>>>;

/// Adds up the usage of a store.
///
/// A counter is the sum, over all buckets, of the highest value that each was ever called final with. So it
/// never falls, whatever the service revises, and is the same after a restart. The part that was taken
/// back later is the total's *overcounted* part: the difference is the usage as it is known now.
///
/// # Errors
///
/// [`StoreError`].
pub fn usage_totals(store: &dyn Store, rule: ReadRule<'_>) -> Result<UsageTotals, StoreError> {
    let former = former_values(store)?;
    let mut totals = UsageTotals::default();
    for account in store.accounts()? {
        for (subject, interval) in chosen(store.subjects(&account)?) {
            let facts = (rule.facts)(subject.slice.action());
            totals.read_spans(store, &subject, interval, facts)?;
            let former = former.get(&(subject.clone(), interval));
            totals.read_points(store, (&subject, interval), facts, former, rule.month_start)?;
        }
        totals.names.insert(account.clone(), store.names(&account)?);
    }
    Ok(totals)
}

fn former_values(store: &dyn Store) -> Result<FormerValues, StoreError> {
    let mut former = FormerValues::new();
    store.revisions(0, i64::MAX, &mut |revision: &Revision| {
        let values = revision.previous.iter().filter(|value| value.is_final);
        let Some(highest) = values.map(|value| value.value).max() else { return };
        let subject = former.entry((revision.subject.clone(), revision.interval)).or_default();
        subject.entry(revision.line.clone()).or_default().insert(revision.point.start, highest);
    })?;
    Ok(former)
}

impl UsageTotals {
    fn read_spans(
        &mut self,
        store: &dyn Store,
        subject: &Subject,
        interval: Interval,
        facts: ActionFacts,
    ) -> Result<(), StoreError> {
        let spans = store.spans(subject, all_time(interval)?)?;
        let Some(latest) = spans.iter().map(|span| span.fetched_at).max() else { return Ok(()) };
        let fetched_at = self.fetched_at.entry(subject.account_id.clone()).or_insert(latest);
        *fetched_at = latest.max(*fetched_at);
        let settled = spans.iter().filter_map(|span| settled_until(span, interval, facts)).max();
        if let (Some(settled), Place::Whole) = (settled, &subject.place) {
            self.settled_until.insert(project_labels(subject), settled);
        }
        Ok(())
    }

    fn read_points(
        &mut self,
        store: &dyn Store,
        (subject, interval): (&Subject, Interval),
        facts: ActionFacts,
        former: Option<&BTreeMap<Line, BTreeMap<i64, i64>>>,
        month_start: i64,
    ) -> Result<(), StoreError> {
        let all = all_time(interval)?;
        let parts = LineParts::read(store, subject, all)?;
        let is_additive = |line: &Line| facts.metrics.is_additive(&line.metric);
        store.points(subject, all, &is_additive, &mut |line, points| {
            let former = former.and_then(|lines| lines.get(line));
            let key = SeriesKey {
                is_endpoint: subject.place != Place::Whole,
                unit: facts.metrics.unit(&line.metric),
                labels: usage_labels(subject, line).with("bucket", interval.name()),
            };
            let total = self.series.entry(key).or_default();
            for point in points.iter().filter(|point| !parts.has_whole(line, point.start)) {
                let former = former.and_then(|values| values.get(&point.start)).copied();
                total.add(*point, former, month_start);
            }
        })
    }
}

impl SeriesTotal {
    fn add(&mut self, point: StoredPoint, former: Option<i64>, month_start: i64) {
        let value = i128::from(point.value);
        if point.start >= month_start {
            self.month = Some(self.month.unwrap_or_default().saturating_add(value));
        }
        self.first = self.first.into_iter().chain([point.start]).min();
        // A negative value cannot be counted; it is taken back like a revision.
        let now = if point.is_final { value } else { 0 };
        let is_settled = point.is_final || former.is_some();
        let highest = now.max(former.map_or(0, i128::from)).max(0);
        if is_settled {
            self.counted = self.counted.saturating_add(highest);
            let overcounted = if point.is_final { highest - now } else { 0 };
            self.overcounted = self.overcounted.saturating_add(overcounted);
        }
    }
}

/// The end of the last bucket of a span that had settled when it was fetched.
fn settled_until(span: &Span, interval: Interval, facts: ActionFacts) -> Option<i64> {
    let settle = i64::try_from(facts.settle.as_secs()).unwrap_or(i64::MAX);
    let settled = interval.bucket_start(span.fetched_at.saturating_sub(settle));
    Some(settled.min(span.end)).filter(|end| *end > span.start)
}
