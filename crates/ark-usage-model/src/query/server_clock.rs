//! The server's clock, as the `Date` of its answers shows it.
//!
//! The server decides when a bucket begins and when it has settled. Its clock is compared with this
//! machine's for every answer: the date was written between sending and receiving, and names whole
//! seconds. Before the first answer this machine's clock has to do.

use std::time::Duration;

use http::HeaderMap;
use http::header::DATE;
use volc_openapi::parse_http_date;

use crate::query::Now;

/// Seconds that a date may be away from the time of the signature that was accepted.
const A_YEAR: u64 = 366 * 86_400;

/// The server's clock less this machine's.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    /// In seconds; 0 as long as the answers allow it.
    offset: i64,
    /// Some answer had a date.
    known: bool,
}

impl ServerClock {
    /// The server's time when this machine's clock shows `unix`.
    pub fn at(self, unix: i64) -> i64 {
        unix.saturating_add(self.offset)
    }

    /// Seconds to add to this machine's clock; 0 when no answer showed more.
    pub fn offset(self) -> i64 {
        self.offset
    }

    /// True when an answer has shown the server's clock.
    pub fn is_known(self) -> bool {
        self.known
    }

    /// Compares the clocks after an answer to what was sent at `sent`. Returns the server's time
    /// when it answered: its date or, where it names none, the time of sending, because nothing
    /// later can be in the answer for certain.
    ///
    /// `signed_with` is the offset of the signing time from this machine's clock. A date more than a year
    /// from that time is no date.
    pub fn observe(
        &mut self,
        headers: &HeaderMap,
        sent: Duration,
        signed_with: i64,
        now: Now,
    ) -> i64 {
        let took = now.elapsed.saturating_sub(sent);
        let took = i64::try_from(took.as_secs()).unwrap_or(i64::MAX);
        let date = headers.get(DATE).and_then(|date| date.to_str().ok()).and_then(parse_http_date);
        // The server accepted a signature of this time, so that its own cannot be years away.
        let signed_at = now.unix.saturating_sub(took).saturating_add(signed_with);
        let is_credible = |date: &i64| date.saturating_sub(signed_at).unsigned_abs() <= A_YEAR;
        let Some(date) = date.filter(is_credible) else {
            return self.at(now.unix.saturating_sub(took));
        };
        self.known = true;
        let least = date.saturating_sub(now.unix);
        // One second for what the date leaves out, one for what whole seconds leave out of `took`.
        let most = least.saturating_add(took).saturating_add(2);
        if !(least..=most).contains(&self.offset) {
            // Of all that it may be the earliest: nothing counts as begun or settled too soon.
            self.offset = least;
        }
        date
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use volc_openapi::format_http_date;

    use super::*;

    fn answer(date: Option<i64>) -> HeaderMap {
        let date = date.map(format_http_date);
        date.into_iter().map(|date| (DATE, HeaderValue::try_from(date).unwrap())).collect()
    }

    fn at(unix: i64, elapsed: u64) -> Now {
        Now { unix, elapsed: Duration::from_secs(elapsed) }
    }

    #[test]
    fn a_slow_answer_does_not_move_a_clock_that_may_be_right() {
        let mut clock = ServerClock::default();
        assert!(!clock.is_known());
        // Sent at 1000, answered at once by a clock that is right, received at 1005.
        assert_eq!(clock.observe(&answer(Some(1_000)), Duration::ZERO, 0, at(1_005, 5)), 1_000);
        assert_eq!((clock.offset(), clock.is_known()), (0, true));
        // This machine is 40 s ahead.
        let sent = Duration::from_secs(5);
        assert_eq!(clock.observe(&answer(Some(965)), sent, 0, at(1_005, 5)), 965);
        assert_eq!((clock.offset(), clock.at(1_100)), (-40, 1_060));
        // Then it was set right.
        clock.observe(&answer(Some(1_006)), Duration::from_secs(6), 0, at(1_006, 6));
        assert_eq!(clock.offset(), 0);
    }

    #[test]
    fn without_a_date_nothing_after_sending_is_certain() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.observe(&answer(None), Duration::from_secs(2), 0, at(1_005, 5)), 1_002);
        clock.observe(&answer(Some(2_000)), Duration::from_secs(5), 0, at(1_005, 5));
        assert_eq!(clock.observe(&answer(None), Duration::from_secs(5), 0, at(1_010, 8)), 2_002);
        assert_eq!(clock.at(1_010), 2_005);
    }

    #[test]
    fn a_date_years_from_the_signature_is_none() {
        let now = at(1_732_075_200, 5);
        for lie in [0, 253_402_300_799, 1_732_075_200 + 400 * 86_400] {
            let mut clock = ServerClock::default();
            let seen = clock.observe(&answer(Some(lie)), Duration::from_secs(5), 0, now);
            assert_eq!((seen, clock.offset()), (now.unix, 0), "{lie}");
        }
        // This machine's clock was reset, and the server asked for another signing time.
        let (reset, offset) = (at(5, 5), 1_732_075_195);
        let mut clock = ServerClock::default();
        let date = answer(Some(1_732_075_200));
        assert_eq!(clock.observe(&date, Duration::from_secs(5), offset, reset), 1_732_075_200);
    }
}
