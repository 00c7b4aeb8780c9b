//! `--record` and `--replay`: what went over the wire, kept in a folder and heard again from there.
//!
//! A [`Wire`] is the transport of every command: it sends, and either a [`Recorder`] listens or a
//! [`Player`] answers in the network's place. Both also are the program's clock. While something is
//! recorded, the wall clock moves only when the program is woken (by an answer, the end of a delay,
//! Ctrl-C), and each such instant is kept; so a replay shows the same times. Delays are not waited
//! for again: a replay's time jumps to the next thing that happened. docs/record.md has the format.

mod failure;
mod format;
mod player;
mod recorder;
mod redact;
mod wire;

use std::sync::Arc;

use ark_usage_transport::random_seed;
use jiff::Timestamp;

use crate::args::RecordArgs;
use crate::clock::ProgramClock;
use crate::error::CliError;
use crate::{interrupt, text};

pub(crate) use format::{Configured, Header};
pub(crate) use player::Player;
pub(crate) use recorder::Recorder;
pub(crate) use redact::shown_headers;
pub(crate) use wire::{Labelled, Wire};

/// Whether this run is recorded, replayed, or neither.
#[derive(Clone, Debug, Default)]
pub(crate) enum Tape {
    /// Neither.
    #[default]
    Off,
    /// What is said is kept.
    Recording(Arc<Recorder>),
    /// What was said is heard again.
    Replaying(Arc<Player>),
}

/// What a recording is of; [`Header`] is what is kept of it.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The command's name.
    pub(crate) command: &'static str,
    /// Where Ark was asked.
    pub(crate) base_url: String,
    /// The data is made up.
    pub(crate) demo: bool,
    /// What the command line left open.
    pub(crate) configured: Configured,
    /// What was asked, for people.
    pub(crate) question: String,
}

impl Tape {
    /// As the flags say. A folder that holds a recording is refused here; nothing is written yet.
    pub(crate) fn new(args: Option<&RecordArgs>, now: Option<Timestamp>) -> Result<Self, CliError> {
        let Some(args) = args else { return Ok(Self::Off) };
        if let Some(folder) = &args.record {
            let recorder = Recorder::new(folder, ProgramClock::new(now), random_seed())?;
            return Ok(Self::Recording(Arc::new(recorder)));
        }
        let Some(folder) = &args.replay else { return Ok(Self::Off) };
        if now.is_some() {
            let folder = folder.display();
            return Err(CliError::usage(text!(
                "--replay {folder} has a clock of its own: leave --now out",
                "--replay {folder} 有自己的时钟：请去掉 --now"
            )));
        }
        Ok(Self::Replaying(Arc::new(Player::open(folder)?)))
    }

    /// The clock of a run whose clock would be `usual`.
    pub(crate) fn clock(&self, usual: ProgramClock) -> ProgramClock {
        match self {
            Self::Off => usual,
            Self::Recording(recorder) => ProgramClock::recording(Arc::clone(recorder)),
            Self::Replaying(player) => ProgramClock::replaying(Arc::clone(player)),
        }
    }

    /// Starts the recording, if there is one: the next thing to happen is the first exchange.
    pub(crate) fn begin(&self, subject: impl FnOnce() -> Subject) -> Result<(), CliError> {
        match self {
            Self::Recording(recorder) => recorder.begin(subject()),
            Self::Off | Self::Replaying(_) => Ok(()),
        }
    }

    /// What the recording that is replayed says of itself.
    pub(crate) fn replayed(&self) -> Option<&Header> {
        match self {
            Self::Replaying(player) => Some(player.header()),
            Self::Off | Self::Recording(_) => None,
        }
    }

    /// What delays are drawn from: in a replay, the same as then.
    pub(crate) fn seed(&self) -> u64 {
        match self {
            Self::Off => random_seed(),
            Self::Recording(recorder) => recorder.seed(),
            Self::Replaying(player) => player.header().seed,
        }
    }

    /// Runs what a command has to wait for, in a replay by its time.
    pub(crate) async fn drive<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        match self {
            Self::Replaying(player) => player.drive(future).await,
            Self::Off | Self::Recording(_) => future.await,
        }
    }

    /// Completes at Ctrl-C; in a replay, when it came then.
    pub(crate) async fn interrupted(&self) {
        match self {
            Self::Off => interrupt::interrupted().await,
            Self::Recording(recorder) => {
                interrupt::interrupted().await;
                recorder.interrupted();
            }
            Self::Replaying(player) => player.interrupted().await,
        }
    }

    /// Ends the recording; an error when not all of it could be written.
    pub(crate) fn close(&self) -> Result<(), CliError> {
        match self {
            Self::Recording(recorder) => recorder.close(),
            Self::Off | Self::Replaying(_) => Ok(()),
        }
    }
}
