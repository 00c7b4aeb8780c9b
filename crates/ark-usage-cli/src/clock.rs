//! The program's clock: the system's, or the instant given with `--now`.

use std::time::Duration;

use ark_usage_transport::{Clock, SystemClock};
use jiff::Timestamp;

use crate::error::CliError;

/// Where "now" comes from, for every command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgramClock {
    frozen: Option<Timestamp>,
}

impl ProgramClock {
    /// A clock that stands still at `--now`, or the system's when that was not given.
    pub(crate) fn new(now: Option<Timestamp>) -> Self {
        Self { frozen: now }
    }

    /// The current instant.
    pub(crate) fn now(self) -> Timestamp {
        self.frozen.unwrap_or_else(Timestamp::now)
    }

    /// The clock as the driver takes it: delays are real even when the wall stands still.
    pub(crate) fn for_driver(self) -> DriverClock {
        DriverClock { wall: self, running: SystemClock::new() }
    }

    /// The current instant as the signer takes it.
    pub(crate) fn signing_time(self) -> Result<volc_sign::SigningTime, CliError> {
        let now = self.now();
        u64::try_from(now.as_second())
            .ok()
            .and_then(|seconds| volc_sign::SigningTime::from_unix(seconds).ok())
            .ok_or_else(|| {
                CliError::usage(format!(
                    "--now {now} cannot be signed: X-Date has four-digit years from 1970 on"
                ))
            })
    }

    /// The clock as a server takes it. An instant that cannot be signed is refused at once.
    pub(crate) fn for_server(
        self,
    ) -> Result<impl Fn() -> volc_sign::SigningTime + Send + Sync + 'static, CliError> {
        let start = self.signing_time()?;
        Ok(move || self.signing_time().unwrap_or(start))
    }
}

/// The wall of [`ProgramClock`], and real delays.
#[derive(Clone, Debug)]
pub(crate) struct DriverClock {
    wall: ProgramClock,
    running: SystemClock,
}

impl Clock for DriverClock {
    fn unix_seconds(&self) -> u64 {
        u64::try_from(self.wall.now().as_second()).unwrap_or(0)
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
