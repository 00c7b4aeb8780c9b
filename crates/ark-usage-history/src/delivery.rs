//! Deliveries: which samples another system has received, so that each is sent once.

use std::collections::BTreeMap;

/// A sample on its way to a receiver.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sample {
    /// The name of its series, as the sender names it.
    pub series: String,
    /// Its time, unix seconds.
    pub at: i64,
    /// Its value.
    pub value: i64,
}

/// The samples of one series and time that a receiver has: the value first sent, and the differences
/// that were sent later because the value changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Delivered {
    /// Their time, unix seconds.
    pub at: i64,
    /// The sum of those that the receiver has confirmed.
    pub value: i64,
    /// The number of those.
    pub samples: u32,
    /// One that was begun and not confirmed: the receiver may have it. It has to be sent again as it is.
    pub in_flight: Option<i64>,
}

impl Delivered {
    /// The state after the sample in flight was confirmed.
    pub(crate) fn confirmed(self) -> Self {
        let Some(value) = self.in_flight else { return self };
        Self {
            value: self.value.saturating_add(value),
            samples: self.samples.saturating_add(1),
            in_flight: None,
            ..self
        }
    }
}

/// The deliveries in memory, by receiver, series and time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deliveries(BTreeMap<(String, String), BTreeMap<i64, Delivered>>);

impl Deliveries {
    pub(crate) fn each(&self, receiver: &str, each: &mut dyn FnMut(&str, &[Delivered])) {
        let of_receiver = self.0.iter().filter(|((name, _), _)| name == receiver);
        for ((_, series), samples) in of_receiver {
            each(series, &samples.values().copied().collect::<Vec<_>>());
        }
    }

    pub(crate) fn begin(&mut self, receiver: &str, samples: &[Sample]) {
        for sample in samples {
            let key = (receiver.to_owned(), sample.series.clone());
            let delivered = self.0.entry(key).or_default().entry(sample.at).or_default();
            delivered.at = sample.at;
            delivered.in_flight = Some(sample.value);
        }
    }

    pub(crate) fn complete(&mut self, receiver: &str, samples: &[Sample]) {
        for sample in samples {
            let key = (receiver.to_owned(), sample.series.clone());
            let known = self.0.get_mut(&key).and_then(|series| series.get_mut(&sample.at));
            if let Some(delivered) = known {
                *delivered = delivered.confirmed();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_flight_counts_when_it_is_confirmed_and_once() {
        let sample = |value| [Sample { series: "s".to_owned(), at: 3_600, value }];
        let mut deliveries = Deliveries::default();
        let state = |deliveries: &Deliveries| {
            let mut seen = Vec::new();
            deliveries.each("r", &mut |_, some| seen.extend_from_slice(some));
            seen
        };
        deliveries.begin("r", &sample(10));
        let begun = Delivered { at: 3_600, in_flight: Some(10), ..Delivered::default() };
        assert_eq!(state(&deliveries), [begun]);
        for _ in 0..2 {
            deliveries.complete("r", &sample(10));
            let done = Delivered { at: 3_600, value: 10, samples: 1, in_flight: None };
            assert_eq!(state(&deliveries), [done]);
        }
        deliveries.begin("r", &sample(-3));
        deliveries.complete("r", &sample(-3));
        let corrected = Delivered { at: 3_600, value: 7, samples: 2, in_flight: None };
        assert_eq!(state(&deliveries), [corrected]);
        deliveries.each("another", &mut |_, _| panic!("it has none"));
    }
}
