//! The program's clock: the system's, or the instant given with `--now`.

use std::sync::Arc;
use std::time::Duration;

use ark_usage_transport::{Clock, SystemClock};
use jiff::Timestamp;

use crate::error::CliError;
use crate::record::{Player, Recorder};
use crate::text;

/// Where "now" comes from, for every command.
#[derive(Clone, Debug)]
pub(crate) struct ProgramClock(Wall);

/// What shows the time.
#[derive(Clone, Debug)]
enum Wall {
    System,
    Frozen(Timestamp),
    /// Moves when the program is woken, and each time is kept.
    Recording(Arc<Recorder>),
    /// Shows the times that were kept.
    Replaying(Arc<Player>),
}

impl ProgramClock {
    /// A clock that stands still at `--now`, or the system's when that was not given.
    pub(crate) fn new(now: Option<Timestamp>) -> Self {
        Self(now.map_or(Wall::System, Wall::Frozen))
    }

    /// The instant given with `--now`.
    pub(crate) fn frozen(&self) -> Option<Timestamp> {
        if let Wall::Frozen(now) = self.0 { Some(now) } else { None }
    }

    /// The clock of a run that is recorded.
    pub(crate) fn recording(recorder: Arc<Recorder>) -> Self {
        Self(Wall::Recording(recorder))
    }

    /// The clock of a recording.
    pub(crate) fn replaying(player: Arc<Player>) -> Self {
        Self(Wall::Replaying(player))
    }

    /// The same clock for what is not recorded.
    pub(crate) fn off_tape(&self) -> Self {
        match &self.0 {
            Wall::Recording(recorder) => recorder.wall().clone(),
            _ => self.clone(),
        }
    }

    /// The current instant.
    pub(crate) fn now(&self) -> Timestamp {
        match &self.0 {
            Wall::System => Timestamp::now(),
            Wall::Frozen(now) => *now,
            Wall::Recording(recorder) => recorder.now(),
            Wall::Replaying(player) => player.now(),
        }
    }

    /// The clock as the driver takes it: delays are real even when the wall stands still, but not
    /// in a replay.
    pub(crate) fn for_driver(&self) -> DriverClock {
        DriverClock { wall: self.clone(), running: SystemClock::new() }
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
        match &self.wall.0 {
            Wall::Replaying(player) => player.elapsed(),
            _ => self.running.elapsed(),
        }
    }

    async fn sleep(&self, duration: Duration) {
        match &self.wall.0 {
            Wall::Replaying(player) => player.sleep(duration).await,
            Wall::Recording(recorder) => {
                self.running.sleep(duration).await;
                recorder.woke();
            }
            Wall::System | Wall::Frozen(_) => self.running.sleep(duration).await,
        }
    }
}
