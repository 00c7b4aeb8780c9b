//! The real processes: the only place of the crate that starts one.

use std::fmt;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::{ProcessFailure, Processes};

/// Programs through `std::process`, without a shell.
///
/// The program inherits the environment, reads nothing, and what it writes to standard error is
/// dropped, because nobody knows what is in it. It has a minute to print and to end, and is killed
/// then. The output of a program that has ended is complete, even if a descendant keeps it open.
#[derive(Clone)]
#[non_exhaustive]
pub struct OsProcesses {
    timeout: Duration,
    limit: Option<Arc<dyn Fn() -> Duration + Send + Sync>>,
}

/// The time other vendors' tools allow such a program.
const TIMEOUT: Duration = Duration::from_mins(1);
/// More than any credentials take.
const LIMIT: usize = 64 << 10;
/// The time for output that is still in the pipe when the program has ended, and a descendant keeps
/// the pipe open.
const PATIENCE: Duration = Duration::from_millis(200);
/// The time between two looks at the program.
const TICK: Duration = Duration::from_millis(10);

impl OsProcesses {
    /// The programs of this machine.
    pub fn new() -> Self {
        Self { timeout: TIMEOUT, limit: None }
    }

    /// Sets another time-out.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets a limit beside the time-out: `left` returns the time that is left when a program starts.
    #[must_use]
    pub fn with_limit(self, left: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { limit: Some(Arc::new(left)), ..self }
    }
}

impl fmt::Debug for OsProcesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OsProcesses").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl Default for OsProcesses {
    fn default() -> Self {
        Self::new()
    }
}

impl Processes for OsProcesses {
    fn run(&self, program: &str, arguments: &[String]) -> Result<Vec<u8>, ProcessFailure> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| start_failure(&error))?;
        let ended = self.wait(&mut child);
        if ended.is_err() {
            // It may have ended in the meantime, which is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
        let (status, output) = ended?;
        if status.success() { Ok(output) } else { Err(ProcessFailure::Exited(status.code())) }
    }
}

impl OsProcesses {
    /// Waits for the end of the program and of its output. A descendant that keeps the output open is
    /// not waited for.
    fn wait(&self, child: &mut Child) -> Result<(ExitStatus, Vec<u8>), ProcessFailure> {
        let left = self.limit.as_ref().map_or(Duration::MAX, |left| left());
        let late = Alarm::set(self.timeout.min(left));
        let output = Output::read(child);
        let mut ended = None;
        loop {
            if ended.is_none() {
                let status = child.try_wait().map_err(|error| start_failure(&error))?;
                ended = status.map(|status| (status, Alarm::set(PATIENCE)));
            }
            if let Some((status, patience)) = &ended
                && (output.is_closed() || patience.has_rung())
            {
                return Ok((*status, output.printed()?));
            }
            if output.is_closed() {
                // Too much output is not worth the wait for the end of the program.
                output.printed()?;
            }
            if late.has_rung() {
                return Err(ProcessFailure::TimedOut);
            }
            thread::park_timeout(TICK);
        }
    }
}

/// A time limit that a thread watches; dropping it ends the thread.
struct Alarm {
    rung: Arc<AtomicBool>,
    _cancel: Sender<()>,
}

impl Alarm {
    fn set(time: Duration) -> Self {
        let (cancel, cancelled) = channel();
        let rung = Arc::new(AtomicBool::new(false));
        let alarm = Self { rung: Arc::clone(&rung), _cancel: cancel };
        thread::spawn(move || {
            if cancelled.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                rung.store(true, Ordering::Relaxed);
            }
        });
        alarm
    }

    fn has_rung(&self) -> bool {
        self.rung.load(Ordering::Relaxed)
    }
}

/// The output of a program, read in a thread of its own, so that a program that prints nothing can be
/// given up.
#[derive(Clone, Default)]
struct Output {
    state: Arc<Mutex<OutputState>>,
}

#[derive(Default)]
struct OutputState {
    printed: Vec<u8>,
    is_closed: bool,
    failed: Option<io::ErrorKind>,
}

impl Output {
    fn read(child: &mut Child) -> Self {
        let output = Self::default();
        let Some(stdout) = child.stdout.take() else {
            output.lock().is_closed = true;
            return output;
        };
        let (reader, waiting) = (output.clone(), thread::current());
        thread::spawn(move || {
            reader.fill(stdout);
            waiting.unpark();
        });
        output
    }

    fn fill(&self, mut stdout: impl Read) {
        let mut buffer = [0; 4096];
        loop {
            let read = stdout.read(&mut buffer).map_err(|error| error.kind());
            let mut state = self.lock();
            match read {
                Ok(length) => state.printed.extend(buffer.iter().take(length)),
                Err(io::ErrorKind::Interrupted) => continue,
                Err(kind) => state.failed = Some(kind),
            }
            if matches!(read, Ok(0) | Err(_)) || state.printed.len() > LIMIT {
                state.is_closed = true;
                return;
            }
        }
    }

    fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Returns the output so far.
    fn printed(&self) -> Result<Vec<u8>, ProcessFailure> {
        let state = self.lock();
        match state.failed {
            Some(kind) => Err(ProcessFailure::Start(kind)),
            None if state.printed.len() > LIMIT => Err(ProcessFailure::TooMuchOutput),
            None => Ok(state.printed.clone()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, OutputState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn start_failure(error: &io::Error) -> ProcessFailure {
    ProcessFailure::Start(error.kind())
}
