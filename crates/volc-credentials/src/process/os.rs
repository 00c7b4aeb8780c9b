//! The real processes: the only place of the crate that starts one.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{ProcessFailure, Processes};

/// Programs through `std::process`, without a shell.
///
/// The program inherits the environment, reads nothing, and what it writes to standard error is
/// dropped, because nobody knows what is in it. It has a minute to print and to close its output; one
/// that closes it is waited for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OsProcesses {
    timeout: Duration,
}

/// The time other vendors' tools allow such a program.
const TIMEOUT: Duration = Duration::from_mins(1);
/// More than any credentials take.
const LIMIT: u64 = 64 << 10;

impl OsProcesses {
    /// The programs of this machine.
    pub fn new() -> Self {
        Self { timeout: TIMEOUT }
    }

    /// Sets another time-out.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout }
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
            .map_err(|error| ProcessFailure::Start(error.kind()))?;
        let read = self.read(&mut child);
        if read.is_err() {
            // It may have ended in the meantime, which is as good.
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| ProcessFailure::Start(error.kind()))?;
        let output = read?;
        if status.success() { Ok(output) } else { Err(ProcessFailure::Exited(status.code())) }
    }
}

impl OsProcesses {
    /// Reads in a thread of its own, so that a program that prints nothing can be given up.
    fn read(&self, child: &mut Child) -> Result<Vec<u8>, ProcessFailure> {
        let Some(stdout) = child.stdout.take() else { return Ok(Vec::new()) };
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut output = Vec::new();
            let read = stdout.take(LIMIT + 1).read_to_end(&mut output);
            // The receiver is gone once it has given up: nobody wants the output any more.
            let _ = sender.send(read.map(|_| output));
        });
        let output = receiver.recv_timeout(self.timeout).map_err(|_| ProcessFailure::TimedOut)?;
        let output = output.map_err(|error| ProcessFailure::Start(error.kind()))?;
        match u64::try_from(output.len()) {
            Ok(length) if length <= LIMIT => Ok(output),
            _ => Err(ProcessFailure::TooMuchOutput),
        }
    }
}
