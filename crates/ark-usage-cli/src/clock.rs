//! The program's clock: the system's, the instant given with `--now`, or that of a recording.

use std::time::Duration;

use ark_usage_report::text;
use ark_usage_transport::{Clock, Recorder, ReplayTransport, SystemClock};
use jiff::{SignedDuration, Timestamp};

use crate::error::CliError;

/// The clock of every command.
#[derive(Clone, Debug)]
pub(crate) enum ProgramClock {
    Live(WallClock),
    /// Moves when the program is woken, and each time is recorded.
    Recording(Recorder<WallClock>),
    /// Shows the recorded times.
    Replaying(ReplayTransport),
}

/// The system's clock, whose wall may stand still at `--now`. Delays are real.
#[derive(Clone, Debug)]
pub(crate) struct WallClock {
    frozen: Option<Timestamp>,
    running: SystemClock,
}

impl WallClock {
    /// A clock that stands still at `--now`, or the system's when that was not given.
    pub(crate) fn new(now: Option<Timestamp>) -> Self {
        Self { frozen: now, running: SystemClock::new() }
    }

    fn now(&self) -> Timestamp {
        self.frozen.unwrap_or_else(Timestamp::now)
    }
}

impl Clock for WallClock {
    fn unix_seconds(&self) -> u64 {
        self.unix_time().as_secs()
    }

    /// An instant before 1970 counts as 1970.
    fn unix_time(&self) -> Duration {
        Duration::try_from(self.now().as_duration()).unwrap_or_default()
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

impl ProgramClock {
    /// A clock that stands still at `--now`, or the system's when that was not given.
    pub(crate) fn new(now: Option<Timestamp>) -> Self {
        Self::Live(WallClock::new(now))
    }

    /// The instant given with `--now`.
    pub(crate) fn frozen(&self) -> Option<Timestamp> {
        if let Self::Live(wall) = self { wall.frozen } else { None }
    }

    /// Returns true if `--now` set it.
    pub(crate) fn is_frozen(&self) -> bool {
        match self {
            Self::Live(wall) => wall.frozen.is_some(),
            Self::Recording(recorder) => recorder.clock().frozen.is_some(),
            Self::Replaying(_) => false,
        }
    }

    /// The clock of everything that is not recorded.
    pub(crate) fn without_recording(&self) -> Self {
        match self {
            Self::Recording(recorder) => Self::Live(recorder.clock().clone()),
            Self::Live(_) | Self::Replaying(_) => self.clone(),
        }
    }

    /// The current instant.
    pub(crate) fn now(&self) -> Timestamp {
        let of = |since_1970: Duration| {
            let since_1970 = SignedDuration::try_from(since_1970).unwrap_or(SignedDuration::MAX);
            Timestamp::from_duration(since_1970).unwrap_or(Timestamp::MAX)
        };
        match self {
            Self::Live(wall) => wall.now(),
            Self::Recording(recorder) => of(recorder.unix_time()),
            Self::Replaying(replay) => of(replay.unix_time()),
        }
    }

    /// The current instant of a clock that shows `offset` seconds more.
    pub(crate) fn shifted(&self, offset: i64) -> Timestamp {
        let now = self.now();
        now.checked_add(SignedDuration::from_secs(offset)).unwrap_or(now)
    }

    /// The clock of one driver, which counts from here.
    pub(crate) fn for_driver(&self) -> DriverClock {
        DriverClock { began: self.elapsed(), clock: self.clone() }
    }

    /// The current instant as the signer takes it.
    pub(crate) fn signing_time(&self) -> Result<volc_sign::SigningTime, CliError> {
        let now = self.now();
        u64::try_from(now.as_second())
            .ok()
            .and_then(|seconds| volc_sign::SigningTime::from_unix(seconds).ok())
            .ok_or_else(|| {
                CliError::usage(text!(
                    "--now {now} cannot be signed: X-Date has four-digit years from 1970 on",
                    "--now {now} 无法用于签名：X-Date 的年份为四位数，从 1970 年起"
                ))
            })
    }

    /// The clock as a server takes it. An instant that cannot be signed is refused at once.
    pub(crate) fn for_server(
        &self,
    ) -> Result<impl Fn() -> volc_sign::SigningTime + Send + Sync + 'static, CliError> {
        let start = self.signing_time()?;
        let clock = self.clone();
        Ok(move || clock.signing_time().unwrap_or(start))
    }
}

impl Clock for ProgramClock {
    fn unix_seconds(&self) -> u64 {
        u64::try_from(self.now().as_second()).unwrap_or(0)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Live(wall) => wall.elapsed(),
            Self::Recording(recorder) => recorder.elapsed(),
            Self::Replaying(replay) => replay.elapsed(),
        }
    }

    async fn sleep(&self, duration: Duration) {
        match self {
            Self::Live(wall) => wall.sleep(duration).await,
            Self::Recording(recorder) => recorder.sleep(duration).await,
            Self::Replaying(replay) => replay.sleep(duration).await,
        }
    }
}

/// [`ProgramClock`], whose elapsed time counts from where it was made.
#[derive(Clone, Debug)]
pub(crate) struct DriverClock {
    clock: ProgramClock,
    began: Duration,
}

impl Clock for DriverClock {
    fn unix_seconds(&self) -> u64 {
        self.clock.unix_seconds()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.began)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.clock.sleep(duration)
    }
}
