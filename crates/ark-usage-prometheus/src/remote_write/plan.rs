//! The samples that a receiver lacks.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use ark_usage_history::{Delivered, Store, StoreError};

use super::SeriesName;
use super::usage::{BucketValue, each_series};

/// The largest number up to which a receiver stores every whole number exactly: it has floats.
const LARGEST: u64 = 1 << 53;

/// The reason for which a sample is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a bucket is new, changed, or perhaps received")]
pub enum SampleKind {
    /// The receiver has none of this bucket.
    New,
    /// It has another value of it; this is the difference.
    Correction,
    /// It was sent before, and whether it was received is unknown.
    Again,
}

/// A sample to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedSample {
    /// The place of its series in [`PushPlan::series`].
    pub series: usize,
    /// End of the bucket, unix seconds.
    pub at: i64,
    /// The value of the bucket, or the difference.
    pub value: i64,
    /// The number of the correction; 0 for the first value.
    pub revision: u32,
    /// The reason for which it is sent.
    pub kind: SampleKind,
}

/// The samples that a receiver lacks, in the order of their times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PushPlan {
    /// The series of the samples.
    pub series: Vec<SeriesName>,
    /// The samples; each series and time comes once.
    pub samples: Vec<PlannedSample>,
    /// The number of values that a float does not hold exactly; they are left out.
    pub too_large: u64,
}

/// Compares what is kept with what a receiver has, in a range of times. While samples are in flight, the
/// plan has these only, because corrections depend on them.
///
/// # Errors
///
/// [`StoreError`].
pub fn plan(
    store: &dyn Store,
    receiver: &str,
    range: &RangeInclusive<i64>,
) -> Result<PushPlan, StoreError> {
    let mut ledger: HashMap<String, Vec<Delivered>> = HashMap::new();
    store.delivered(receiver, &mut |series, delivered| {
        ledger.entry(series.to_owned()).or_default().extend_from_slice(delivered);
    })?;
    let again = in_flight(&ledger, range)?;
    if !again.samples.is_empty() {
        return Ok(again);
    }
    let mut plan = PushPlan::default();
    each_series(store, range, &mut |name, values| {
        let known = ledger.get(&name.text()).map_or(&[][..], Vec::as_slice);
        plan.compare(name, known, values);
    })?;
    plan.sort();
    Ok(plan)
}

/// The samples that the receiver may have.
fn in_flight(
    ledger: &HashMap<String, Vec<Delivered>>,
    range: &RangeInclusive<i64>,
) -> Result<PushPlan, StoreError> {
    let mut plan = PushPlan::default();
    let sorted: BTreeMap<&String, &Vec<Delivered>> = ledger.iter().collect();
    for (text, delivered) in sorted {
        let mut waiting = delivered.iter().filter(|one| range.contains(&one.at)).peekable();
        if waiting.peek().is_none() {
            continue;
        }
        let unreadable = || StoreError::Damaged(format!("the name of a series: {text:?}"));
        let name = SeriesName::from_text(text).ok_or_else(unreadable)?;
        let sample = |one: &Delivered| {
            let (at, revision) = (one.at, one.samples);
            one.in_flight.map(|value| (at, value, revision, SampleKind::Again))
        };
        plan.add(name, waiting.filter_map(sample));
    }
    plan.sort();
    Ok(plan)
}

impl PushPlan {
    /// Adds what a receiver lacks of a series; both lists are in order of time.
    fn compare(&mut self, name: SeriesName, known: &[Delivered], values: &[BucketValue]) {
        let mut known = known.iter().peekable();
        let mut too_large = 0;
        let lacking = values.iter().filter_map(|bucket| {
            while known.next_if(|one| one.at < bucket.at).is_some() {}
            let sample = match known.next_if(|one| one.at == bucket.at) {
                None => bucket.counts.then_some((bucket.at, bucket.value, 0, SampleKind::New)),
                Some(one) => {
                    let wanted = if bucket.counts { bucket.value } else { 0 };
                    // A correction that would overflow is too large either way.
                    let change = wanted.checked_sub(one.value).unwrap_or(i64::MAX);
                    let correction = (bucket.at, change, one.samples, SampleKind::Correction);
                    (change != 0 && one.in_flight.is_none()).then_some(correction)
                }
            };
            sample.filter(|(_, value, ..)| {
                let fits = value.unsigned_abs() <= LARGEST;
                too_large += u64::from(!fits);
                fits
            })
        });
        let lacking: Vec<_> = lacking.collect();
        self.too_large += too_large;
        self.add(name, lacking.into_iter());
    }

    fn add(
        &mut self,
        name: SeriesName,
        samples: impl Iterator<Item = (i64, i64, u32, SampleKind)>,
    ) {
        let (series, before) = (self.series.len(), self.samples.len());
        let planned =
            |(at, value, revision, kind)| PlannedSample { series, at, value, revision, kind };
        self.samples.extend(samples.map(planned));
        if self.samples.len() > before {
            self.series.push(name);
        }
    }

    /// In the order of time over all series, a receiver that takes nothing late takes them too.
    fn sort(&mut self) {
        self.samples.sort_by_key(|sample| (sample.at, sample.series));
    }

    /// The number of samples of a kind.
    pub fn count(&self, kind: SampleKind) -> u64 {
        let of_kind = self.samples.iter().filter(|sample| sample.kind == kind).count();
        u64::try_from(of_kind).unwrap_or(u64::MAX)
    }
}
