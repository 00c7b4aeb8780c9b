//! Keeps what is said. Each line is written when its exchange has ended, so that what a run leaves
//! when it is killed is a recording too.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ark_usage_transport::{Clock as _, SystemClock, TransportError};
use http::{Request, Response};
use jiff::Timestamp;

use super::Subject;
use super::format::{self, Event, Exchange, FILE, Failure, Header};
use super::redact::Secrets;
use crate::clock::ProgramClock;
use crate::error::CliError;
use crate::text;

/// Writes a recording, and shows the program the times that are kept.
#[derive(Debug)]
pub(crate) struct Recorder {
    folder: PathBuf,
    wall: ProgramClock,
    running: SystemClock,
    seed: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The wall clock when the program was last woken.
    shown: Timestamp,
    /// When the recording began, by the running clock.
    began: Duration,
    last_us: u64,
    requests: u64,
    file: Option<File>,
    failed: Option<io::Error>,
}

impl Recorder {
    /// Will keep a recording in `folder`, which may not hold one.
    pub(super) fn new(folder: &Path, wall: ProgramClock, seed: u64) -> Result<Self, CliError> {
        if folder.join(FILE).exists() {
            return Err(already_there(folder));
        }
        let state = State {
            shown: wall.now(),
            began: Duration::ZERO,
            last_us: 0,
            requests: 0,
            file: None,
            failed: None,
        };
        let running = SystemClock::new();
        let folder = folder.to_owned();
        Ok(Self { folder, wall, running, seed, state: Mutex::new(state) })
    }

    /// The wall clock as the program sees it.
    pub(crate) fn now(&self) -> Timestamp {
        self.state().shown
    }

    /// The clock as it is.
    pub(crate) fn wall(&self) -> &ProgramClock {
        &self.wall
    }

    /// What delays are drawn from.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Makes the folder and the file.
    pub(super) fn begin(&self, subject: Subject) -> Result<(), CliError> {
        let mut state = self.state();
        let header = Header::new(state.shown.to_string(), self.seed, subject);
        std::fs::create_dir_all(&self.folder)
            .map_err(|error| self.not_written().with_source(error))?;
        let made = File::create_new(self.folder.join(FILE));
        let file = made.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => already_there(&self.folder),
            _ => self.not_written().with_source(error),
        })?;
        state.file = Some(file);
        state.began = self.running.elapsed();
        state.last_us = 0;
        state.write(&header);
        Ok(())
    }

    /// A request goes out in the name of an account.
    pub(super) fn sent(self: &Arc<Self>, request: &Request<Vec<u8>>, account: u32) -> Sent {
        let secrets = Secrets::of(request.headers());
        let request = format::Request {
            method: request.method().to_string(),
            url: secrets.url(request.uri()),
            headers: secrets.headers(request.headers()),
            body: secrets.body(request.body().clone()).into(),
        };
        let mut state = self.state();
        state.requests += 1;
        let exchange = Exchange {
            number: state.requests,
            account,
            sent_us: state.tick(self.running.elapsed()),
            ended_us: 0,
            now: String::new(),
            request,
            response: None,
            failure: None,
        };
        drop(state);
        Sent { recorder: Arc::clone(self), secrets, exchange: Some(exchange) }
    }

    /// A delay is over.
    pub(crate) fn woke(&self) {
        self.happened(|at_us, now| Event::Woke { at_us, now });
    }

    /// Ctrl-C was pressed.
    pub(super) fn interrupted(&self) {
        self.happened(|at_us, now| Event::Interrupted { at_us, now });
    }

    /// Whether all of it was written.
    pub(super) fn close(&self) -> Result<(), CliError> {
        let mut state = self.state();
        state.file = None;
        match state.failed.take() {
            None => Ok(()),
            Some(error) => Err(self.not_written().with_source(error)),
        }
    }

    /// The program is woken: the wall clock it sees moves on.
    fn happened(&self, event: impl FnOnce(u64, String) -> Event) {
        let mut state = self.state();
        state.shown = self.wall.now();
        let at_us = state.tick(self.running.elapsed());
        let event = event(at_us, state.shown.to_string());
        state.write(&event);
    }

    /// Nothing is ever left half done under the lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn not_written(&self) -> CliError {
        CliError::internal(text!(
            "--record {folder}: the recording could not be written",
            "--record {folder}：录制无法写入",
            folder = self.folder.display()
        ))
        .with_hint(text!("choose a folder that can be written to", "请选择可写的目录"))
    }
}

impl State {
    /// Microseconds since the beginning; no two instants are the same, so that order is kept.
    fn tick(&mut self, elapsed: Duration) -> u64 {
        let us = elapsed.saturating_sub(self.began).as_micros();
        self.last_us = u64::try_from(us).unwrap_or(u64::MAX).max(self.last_us.saturating_add(1));
        self.last_us
    }

    /// Writes a line. After the first failure nothing more: a line is whole or the last one.
    fn write(&mut self, line: &impl serde::Serialize) {
        let Some(file) = &mut self.file else { return };
        let mut bytes = match serde_json::to_vec(line) {
            Ok(bytes) => bytes,
            Err(error) => return self.fail(error.into()),
        };
        bytes.push(b'\n');
        if let Err(error) = file.write_all(&bytes) {
            self.fail(error);
        }
    }

    fn fail(&mut self, error: io::Error) {
        self.file = None;
        self.failed = Some(error);
    }
}

/// A request that is out. Dropped, it was given up.
#[derive(Debug)]
pub(super) struct Sent {
    recorder: Arc<Recorder>,
    secrets: Secrets,
    exchange: Option<Exchange>,
}

impl Sent {
    /// Keeps what came of it. The program gets what is kept: the same a replay would give it.
    pub(super) fn ended(
        mut self,
        outcome: Result<Response<Vec<u8>>, TransportError>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let Some(mut exchange) = self.exchange.take() else { return outcome };
        match outcome {
            Ok(response) => {
                let kept = format::Response::new(response, &self.secrets);
                let heard = kept.to_http();
                exchange.response = Some(kept);
                self.write(exchange);
                heard.ok_or_else(|| TransportError::other("the answer cannot be kept"))
            }
            Err(error) => {
                exchange.failure = Some(Failure::new(&error, &self.secrets));
                self.write(exchange);
                Err(error)
            }
        }
    }

    fn write(&self, exchange: Exchange) {
        self.recorder.happened(|at_us, now| {
            Event::Exchange(Box::new(Exchange { ended_us: at_us, now, ..exchange }))
        });
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        if let Some(exchange) = self.exchange.take() {
            self.write(exchange);
        }
    }
}

fn already_there(folder: &Path) -> CliError {
    CliError::usage(text!(
        "--record {folder}: there is a recording already",
        "--record {folder}：其中已有录制",
        folder = folder.display()
    ))
    .with_hint(text!(
        "choose another folder; --replay answers from this one",
        "请换一个目录；可用 --replay 回放这一份"
    ))
}
