//! One run of the program: its processor time and the most memory it had.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::rows::{Input, Row};
use crate::server::Server;
use crate::{MOST_BASE, MOST_BYTES, MOST_TIME};

/// A run may not have more address space, in KiB, or more processor time, in seconds: a bad one must
/// not take the machine with it.
const GUARD: &str = "ulimit -v 8000000; ulimit -t 60; exec \"$0\" \"$@\"";
/// Shorter than this, a run is mostly its start.
const FLOOR: f64 = 0.02;

/// The result of a row.
pub struct Measured {
    name: &'static str,
    size: usize,
    /// Median seconds with n and with twice as many.
    pub once: f64,
    pub twice: f64,
    /// The most memory with twice as many.
    pub memory: f64,
    /// Bytes received with twice as many.
    received: f64,
    /// A run that was stopped, or ended in another way than the row expects.
    broken: Option<String>,
}

impl Measured {
    pub fn ratio(&self) -> f64 {
        self.twice / self.once.max(FLOOR)
    }

    pub fn holds(&self) -> bool {
        let memory = MOST_BASE + MOST_BYTES * self.received;
        self.broken.is_none() && self.ratio() <= MOST_TIME && self.memory <= memory
    }

    /// The remark that stands beside the figures.
    pub fn note(&self) -> String {
        let received = self.received / 1e6;
        let broken = self.broken.as_deref().map(|broken| format!(", {broken}"));
        format!("  of {received:.1} MB received{}", broken.unwrap_or_default())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "input": self.name, "n": self.size, "seconds": self.once, "seconds_twice": self.twice,
            "ratio": self.ratio(), "memory": self.memory, "received": self.received,
            "holds": self.holds(),
        })
    }
}

/// The server and the folder that runs use.
pub struct Scratch {
    server: Server,
    folder: PathBuf,
}

impl Scratch {
    pub fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("doubling-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for input files");
        Self { server: Server::start(), folder }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind, it would only take room.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs a row with both sizes in turn.
pub fn row(row: &Row, arguments: &Arguments, scratch: &Scratch) -> Measured {
    // The files of the row before must not be read.
    fs::remove_dir_all(&scratch.folder).expect("a folder of our own");
    fs::create_dir_all(&scratch.folder).expect("a folder for input files");
    let inputs = [1, 2].map(|times| (row.input)(row.size * times));
    let mut seconds = [Vec::new(), Vec::new()];
    let mut measured = Measured {
        name: row.name,
        size: row.size,
        once: 0.0,
        twice: 0.0,
        memory: 0.0,
        received: 0.0,
        broken: None,
    };
    for _ in 0..arguments.runs {
        for (input, seconds) in inputs.iter().zip(&mut seconds) {
            let run = one(input, arguments, scratch);
            seconds.push(run.seconds);
            (measured.memory, measured.received) = (run.memory, run.received);
            measured.broken = measured.broken.or_else(|| unexpected(run.status, input));
        }
        if measured.broken.is_some() {
            break;
        }
    }
    let [once, twice] = seconds.map(median);
    Measured { once, twice, ..measured }
}

fn unexpected(status: ExitStatus, input: &Input) -> Option<String> {
    match status.code() {
        Some(code) if input.expected.contains(&code) => None,
        Some(code) => Some(format!("exit code {code}")),
        None => Some(format!("stopped by signal {}", status.signal().unwrap_or(0))),
    }
}

struct Run {
    seconds: f64,
    memory: f64,
    received: f64,
    status: ExitStatus,
}

fn one(input: &Input, arguments: &Arguments, scratch: &Scratch) -> Run {
    scratch.server.set(input.answers.clone());
    let mut received = 0;
    for (name, bytes) in &input.files {
        let path = scratch.folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("an input file");
        received += bytes.len();
    }
    let program = if input.is_own { std::env::current_exe().ok() } else { None };
    let mut command = Command::new("sh");
    command.args(["-c", GUARD]).arg(program.as_ref().unwrap_or(&arguments.program));
    for word in &input.args {
        received += word.len();
        command.arg(word.replace("{url}", &scratch.server.base_url));
    }
    command.current_dir(&scratch.folder).env_clear().env("HOME", &scratch.folder);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    let log = fs::File::create(scratch.folder.join("errors")).expect("a file");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let (seconds, memory, status) = watch(command);
    received += scratch.server.take_sent();
    Run { seconds, memory, received: received as f64, status }
}

/// Looks at the process until it has ended. `VmHWM` only grows, so that the last look says it; the
/// processor time of its thread is still there when it has ended and nobody has fetched its status.
fn watch(mut command: Command) -> (f64, f64, ExitStatus) {
    let mut child = command.spawn().expect("a shell");
    let folder = PathBuf::from(format!("/proc/{}", child.id()));
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let mut memory = 0.0_f64;
    loop {
        let status = read("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        memory = memory.max(kibibytes.unwrap_or(0.0) * 1024.0);
        if status.lines().any(|line| line.starts_with("State:\tZ")) {
            break;
        }
        sleep(Duration::from_millis(1));
    }
    let nanoseconds = read("schedstat").split_whitespace().next().and_then(|n| n.parse().ok());
    let status = child.wait().expect("it is our child");
    (nanoseconds.unwrap_or(0.0) / 1e9, memory, status)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
