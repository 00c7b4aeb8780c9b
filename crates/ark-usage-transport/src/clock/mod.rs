//! Clocks: the only place of this crate that knows the time, waits, or draws a number.

mod timer;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use self::timer::Timer;
use pollster::block_on;

/// The time, for a driver. Tests have a clock of their own, so that no test waits.
pub trait Clock {
    /// Whole seconds since 1970 in UTC, the time of signatures.
    fn unix_seconds(&self) -> u64;

    /// Time since 1970 in UTC with its fraction, if the clock knows it; recordings are dated by it.
    fn unix_time(&self) -> Duration {
        Duration::from_secs(self.unix_seconds())
    }

    /// The time since some fixed instant, never going backwards; delays are measured by it.
    fn elapsed(&self) -> Duration;

    /// Ready when `duration` has passed.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Returns when `duration` has passed; the blocking driver waits with it.
    fn pause(&self, duration: Duration) {
        block_on(self.sleep(duration));
    }
}

/// The operating system's clocks. Needs no runtime, and works inside of any.
///
/// Clones share what makes them tick: the instant [`elapsed`](Clock::elapsed) counts from, and a
/// thread that exists while somebody [`sleep`](Clock::sleep)s.
#[derive(Clone, Debug)]
pub struct SystemClock {
    began: Instant,
    timer: Arc<Timer>,
}

impl SystemClock {
    /// A clock whose [`elapsed`](Clock::elapsed) counts from here.
    pub fn new() -> Self {
        Self { began: now(), timer: Arc::new(Timer::new()) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn unix_seconds(&self) -> u64 {
        self.unix_time().as_secs()
    }

    /// A clock that stands before 1970 counts as 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn unix_time(&self) -> Duration {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    fn elapsed(&self) -> Duration {
        now().saturating_duration_since(self.began)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.timer.sleep(duration)
    }

    fn pause(&self, duration: Duration) {
        pause(duration);
    }
}

/// A clock whose wall stands still (what `--now` asks for), while [`elapsed`](Clock::elapsed) and
/// waiting are real: retries still back off, and every request carries the same date.
#[derive(Clone, Debug)]
pub struct FrozenClock {
    unix_seconds: u64,
    running: SystemClock,
}

impl FrozenClock {
    /// A clock that always shows this instant.
    pub fn new(unix_seconds: u64) -> Self {
        Self { unix_seconds, running: SystemClock::new() }
    }
}

impl Clock for FrozenClock {
    fn unix_seconds(&self) -> u64 {
        self.unix_seconds
    }

    fn elapsed(&self) -> Duration {
        self.running.elapsed()
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.running.sleep(duration)
    }

    fn pause(&self, duration: Duration) {
        self.running.pause(duration);
    }
}

/// Returns a number that differs from run to run: the default seed of delays. It spreads retries and
/// is not fit for secrets.
pub fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_while_sleeping() {
        let clock = SystemClock::new();
        let before = clock.elapsed();
        block_on(clock.sleep(Duration::from_millis(20)));
        clock.pause(Duration::from_millis(5));
        assert!(clock.elapsed() >= before + Duration::from_millis(25));
        assert!(clock.unix_seconds() > 1_700_000_000);
    }

    #[test]
    fn a_frozen_wall_does_not_freeze_the_rest() {
        let clock = FrozenClock::new(1_731_984_930);
        let before = clock.elapsed();
        clock.pause(Duration::from_millis(5));
        block_on(clock.sleep(Duration::from_millis(5)));
        assert_eq!(clock.unix_seconds(), 1_731_984_930);
        assert!(clock.elapsed() >= before + Duration::from_millis(10));
    }
}
