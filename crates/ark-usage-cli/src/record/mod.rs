//! `--record` and `--replay`: exchanges kept in a folder, and answered from there.
//!
//! `ark-usage-transport` records and replays; here are the folder, the program's own header and the
//! words. docs/record.md has the format.

mod folder;
mod header;
mod transport;

use std::path::PathBuf;

use ark_usage_report::text;
use ark_usage_transport::{NotRecorded, Recorder, ReplayTransport, random_seed};
use jiff::Timestamp;

use crate::args::RecordArgs;
use crate::clock::{ProgramClock, WallClock};
use crate::error::CliError;
use crate::history::KeptUsage;
use crate::interrupt;

pub(crate) use header::{Configured, RecordingHeader};
pub(crate) use transport::CommandTransport;

/// A run's use of recordings.
#[derive(Clone, Debug, Default)]
pub(crate) enum RecordMode {
    /// Not at all.
    #[default]
    Off,
    /// Exchanges are recorded.
    Recording(Recording),
    /// Exchanges come from a recording.
    Replaying(Box<Replay>),
    /// Requests are answered from a history.
    Kept(KeptUsage),
}

/// A recording to be made.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    folder: PathBuf,
    recorder: Recorder<WallClock>,
    seed: u64,
}

/// A recording that is replayed.
#[derive(Clone, Debug)]
pub(crate) struct Replay {
    folder: PathBuf,
    transport: ReplayTransport,
    header: RecordingHeader,
}

/// The subject of a recording; [`RecordingHeader`] is the part that is kept.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The command's name.
    pub(crate) command: &'static str,
    /// The address of Ark.
    pub(crate) base_url: String,
    /// The data is made up.
    pub(crate) demo: bool,
    /// The settings that are not on the command line.
    pub(crate) configured: Configured,
    /// The request in words, for people.
    pub(crate) question: String,
}

impl RecordMode {
    /// Reads the flags. A folder that holds a recording is refused here; nothing is written yet.
    pub(crate) fn new(args: Option<&RecordArgs>, now: Option<Timestamp>) -> Result<Self, CliError> {
        let Some(args) = args else { return Ok(Self::Off) };
        if let Some(folder) = args.record.clone() {
            folder::check_free(&folder)?;
            let recorder = Recorder::new(WallClock::new(now));
            return Ok(Self::Recording(Recording { folder, recorder, seed: random_seed() }));
        }
        let Some(folder) = args.replay.clone() else { return Ok(Self::Off) };
        if now.is_some() {
            let folder = folder.display();
            return Err(CliError::usage(text!(
                "--now cannot be used with --replay {folder}: a recording has its own clock",
                "--now 不能与 --replay {folder} 同时使用：录制有自己的时钟"
            )));
        }
        let (transport, header) = folder::open(&folder)?;
        Ok(Self::Replaying(Box::new(Replay { folder, transport, header })))
    }

    /// The clock of the run; `now` is the instant of `--now`.
    pub(crate) fn clock(&self, now: Option<Timestamp>) -> ProgramClock {
        match self {
            Self::Off | Self::Kept(_) => ProgramClock::new(now),
            Self::Recording(Recording { recorder, .. }) => {
                ProgramClock::Recording(recorder.clone())
            }
            Self::Replaying(replay) => ProgramClock::Replaying(replay.transport.clone()),
        }
    }

    /// Starts the recording, if there is one: the next event is the first exchange.
    pub(crate) fn begin(&self, subject: impl FnOnce() -> Subject) -> Result<(), CliError> {
        let Self::Recording(Recording { folder, recorder, seed }) = self else { return Ok(()) };
        let file = folder::create(folder)?;
        let started = recorder.start(file, &RecordingHeader::new(*seed, subject()));
        started.map_err(|error| folder::not_written(folder).with_source(error))
    }

    /// The header of the recording that is replayed.
    pub(crate) fn replayed(&self) -> Option<&RecordingHeader> {
        match self {
            Self::Replaying(replay) => Some(&replay.header),
            Self::Off | Self::Recording(_) | Self::Kept(_) => None,
        }
    }

    /// The history that answers.
    pub(crate) fn kept(&self) -> Option<&KeptUsage> {
        if let Self::Kept(kept) = self { Some(kept) } else { None }
    }

    /// Returns true if nothing is sent: responses come from a recording or a history.
    pub(crate) fn is_offline(&self) -> bool {
        matches!(self, Self::Replaying(_) | Self::Kept(_))
    }

    /// Returns true if exchanges are neither recorded nor answered from a file.
    pub(crate) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    /// The seed of delays: in a replay the recorded one.
    pub(crate) fn seed(&self) -> u64 {
        match self {
            Self::Off | Self::Kept(_) => random_seed(),
            Self::Recording(recording) => recording.seed,
            Self::Replaying(replay) => replay.header.seed,
        }
    }

    /// Runs the future of a command, in a replay by its time.
    pub(crate) async fn drive<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        match self {
            Self::Replaying(replay) => {
                let driven = replay.transport.drive(future).await;
                driven.unwrap_or_else(|error| Err(replay.not_recorded(&error)))
            }
            Self::Kept(kept) => kept.drive(future).await,
            Self::Off | Self::Recording(_) => future.await,
        }
    }

    /// Completes at Ctrl-C; in a replay, at the recorded one.
    pub(crate) async fn interrupted(&self) {
        match self {
            Self::Off | Self::Kept(_) => interrupt::interrupted().await,
            Self::Recording(recording) => {
                interrupt::interrupted().await;
                recording.recorder.interrupted();
            }
            Self::Replaying(replay) => replay.transport.interrupted().await,
        }
    }

    /// Ends the recording; an error when not all of it could be written.
    pub(crate) fn close(&self) -> Result<(), CliError> {
        let Self::Recording(Recording { folder, recorder, .. }) = self else { return Ok(()) };
        recorder.finish().map_err(|error| folder::not_written(folder).with_source(error))
    }
}

impl Replay {
    fn not_recorded(&self, error: &NotRecorded) -> CliError {
        let RecordingHeader { command, question, .. } = &self.header;
        CliError::usage(text!(
            "--replay {folder}: this request was not recorded:\n  {request}",
            "--replay {folder}：没有录制过这个请求：\n  {request}",
            folder = self.folder.display(),
            request = error.request()
        ))
        .with_hint(text!(
            "the recording was made with {command}: {question}",
            "该录制来自 {command}：{question}"
        ))
    }
}
