//! The pace of one account's calls: concurrency and rate, halved on throttling, then growing back.

use std::collections::VecDeque;
use std::time::Duration;

/// The pace of one account.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    /// Most exchanges out at once, as set.
    most: f64,
    /// As it is now.
    limit: f64,
    /// Most requests a second, as set.
    top_rate: Option<f64>,
    /// As it is now.
    rate: Option<f64>,
    /// Nothing is sent before this.
    next: Duration,
    /// The time it was last halved: answers to what was sent before do not halve it again.
    halved: Option<Duration>,
    /// The times exchanges were sent within the last second.
    recent: VecDeque<Duration>,
}

/// No slower than this, in requests a second.
const SLOWEST: f64 = 0.2;
/// The gain in speed after each success.
const RECOVERY: f64 = 1.05;
const SECOND: Duration = Duration::from_secs(1);
/// More sends within a second than this are not told apart.
const RECENT: usize = 1_000;

impl Pace {
    pub(super) fn new(concurrency: u32, rate: Option<f64>) -> Self {
        let most = f64::from(concurrency);
        Self {
            most,
            limit: most,
            top_rate: rate,
            rate,
            next: Duration::ZERO,
            halved: None,
            recent: VecDeque::new(),
        }
    }

    /// True when one more exchange may be in flight.
    pub(super) fn has_room(&self, out: usize) -> bool {
        u32::try_from(out).is_ok_and(|out| f64::from(out) + 1.0 <= self.limit.max(1.0))
    }

    /// The instant from which the next may be sent.
    pub(super) fn next(&self) -> Duration {
        self.next
    }

    pub(super) fn sent(&mut self, now: Duration) {
        while self.recent.front().is_some_and(|&sent| sent + SECOND <= now) {
            self.recent.pop_front();
        }
        if self.recent.len() < RECENT {
            self.recent.push_back(now);
        }
        if let Some(rate) = self.rate {
            self.next = self.next.max(now) + gap(rate);
        }
    }

    pub(super) fn succeeded(&mut self) {
        self.limit = (self.limit + 1.0 / self.limit).min(self.most);
        if let Some(rate) = self.rate {
            let faster = rate * RECOVERY;
            self.rate = Some(self.top_rate.map_or(faster, |top| faster.min(top)));
        }
    }

    /// Slows down after the answer to something sent at `sent`, and pauses for `delay`.
    pub(super) fn throttled(&mut self, now: Duration, sent: Duration, delay: Duration) {
        self.next = self.next.max(now.saturating_add(delay));
        if self.halved.is_some_and(|halved| sent <= halved) {
            return;
        }
        self.halved = Some(now);
        self.limit = (self.limit / 2.0).max(1.0);
        let rate = self.rate.unwrap_or_else(|| self.observed());
        self.rate = Some((rate / 2.0).max(SLOWEST).min(self.top_rate.unwrap_or(f64::INFINITY)));
    }

    /// Requests within the last second, in which some were too many.
    fn observed(&self) -> f64 {
        f64::from(u32::try_from(self.recent.len()).unwrap_or(u32::MAX)).max(2.0)
    }
}

/// The time between two requests at a rate.
fn gap(rate: f64) -> Duration {
    Duration::try_from_secs_f64(1.0 / rate).unwrap_or(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_set_rate_spaces_requests_evenly() {
        let mut pace = Pace::new(4, Some(4.0));
        pace.sent(Duration::ZERO);
        assert_eq!(pace.next(), 250 * MS);
        pace.sent(300 * MS);
        assert_eq!(pace.next(), 550 * MS);
    }

    #[test]
    fn throttling_halves_once_a_round_and_recovers() {
        let mut pace = Pace::new(8, None);
        for _ in 0..8 {
            pace.sent(Duration::ZERO);
        }
        assert!(pace.has_room(7) && !pace.has_room(8));
        for _ in 0..5 {
            pace.throttled(50 * MS, Duration::ZERO, 500 * MS);
        }
        assert!(pace.has_room(3) && !pace.has_room(4));
        assert_eq!(pace.next(), 550 * MS);
        assert_eq!(pace.rate, Some(4.0));
        pace.throttled(700 * MS, 600 * MS, Duration::ZERO);
        assert!(pace.has_room(1) && !pace.has_room(2));
        for _ in 0..100 {
            pace.succeeded();
        }
        assert!(pace.has_room(7) && !pace.has_room(8));
    }

    #[test]
    fn the_throttled_rate_is_that_of_the_last_second() {
        let throttled = |sent: &[(usize, Duration)]| {
            let mut pace = Pace::new(u32::MAX, None);
            for &(times, at) in sent {
                (0..times).for_each(|_| pace.sent(at));
            }
            let now = sent.last().map_or(Duration::ZERO, |(_, at)| *at);
            pace.throttled(now, now, Duration::ZERO);
            pace.rate
        };
        assert_eq!(throttled(&[(8, Duration::ZERO), (4, 500 * MS)]), Some(6.0));
        assert_eq!(throttled(&[(8, Duration::ZERO), (4, 1_000 * MS)]), Some(2.0));
        assert_eq!(throttled(&[(8, 200 * MS), (4, 1_200 * MS), (4, 1_900 * MS)]), Some(4.0));
        // More are not told apart.
        assert_eq!(throttled(&[(RECENT + 500, Duration::ZERO)]), Some(500.0));
    }

    #[test]
    fn as_many_successes_as_may_be_out_allow_one_more() {
        let mut pace = Pace::new(8, Some(10.0));
        pace.throttled(Duration::ZERO, Duration::ZERO, Duration::ZERO);
        assert!(pace.has_room(3) && !pace.has_room(4));
        assert_eq!(pace.rate, Some(5.0));
        pace.succeeded();
        assert_eq!(pace.rate, Some(5.0 * RECOVERY));
        (0..3).for_each(|_| pace.succeeded());
        assert!(!pace.has_room(4));
        pace.succeeded();
        assert!(pace.has_room(4) && !pace.has_room(5));
    }

    #[test]
    fn never_stops_and_never_exceeds_what_was_set() {
        let mut pace = Pace::new(1, Some(2.0));
        for round in 0..20 {
            pace.throttled(round * SECOND, round * SECOND, Duration::ZERO);
        }
        assert!(pace.has_room(0));
        assert_eq!(pace.rate, Some(SLOWEST));
        for _ in 0..1_000 {
            pace.succeeded();
        }
        assert_eq!(pace.rate, Some(2.0));
    }
}
