//! The program itself on the same year: an answer to a question about all of it, and a night's sync.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::night_server::NightServer;

/// The program, with an environment that has nothing else in it.
pub struct Program {
    pub path: PathBuf,
}

/// The end of a run.
pub struct Run {
    pub seconds: f64,
    /// The most memory that was seen, in MiB.
    pub memory: f64,
    pub output: String,
}

impl Program {
    fn run(&self, folder: &Path, arguments: &[&str]) -> Run {
        let mut command = Command::new(&self.path);
        command.env_clear().env("HOME", folder).args(arguments).current_dir(folder);
        command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000000");
        command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
        let start = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let file = format!("/proc/{}/status", child.id());
        let mut output = child.stdout.take().expect("it is piped");
        let reading = std::thread::spawn(move || std::io::read_to_string(&mut output));
        let mut memory = 0.0_f64;
        let status = loop {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let seen = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
            memory = memory.max(seen.unwrap_or(0.0) / 1024.0);
            if let Some(status) = child.try_wait().expect("it is our child") {
                break status;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        };
        let seconds = start.elapsed().as_secs_f64();
        assert!(status.success(), "{command:?}: {status}");
        let output = reading.join().expect("a reader").expect("text");
        Run { seconds, memory, output }
    }

    /// All endpoints of the year by month; the second is the sum of all values.
    pub fn months(&self, history: &Path) -> (Run, i64) {
        let folder = history.parent().expect("a folder");
        let from = format!("--history={}", history.display());
        let range = ["--start", "2024-11-19", "--end", "2025-11-18", "--by", "month,endpoint"];
        let more = ["-f", "csv", "--fields", "value", "--no-header", "-q"];
        let run = self.run(folder, &[&["get", &from][..], &range, &more].concat());
        let sum = run.output.lines().filter_map(|line| line.trim().parse::<i64>().ok()).sum();
        (run, sum)
    }

    /// Keeps the day after the year; the second is the number of calls, the third their own time.
    pub fn night(&self, history: &Path, server: &NightServer) -> (Run, usize, f64) {
        let folder = history.parent().expect("a folder");
        let history = history.to_str().expect("UTF-8");
        let day = "2025-11-19";
        let what = ["sync", "--history", history, "--project", "default", "--recheck", "0s"];
        let range = ["--start", day, "--end", day, "--now", "2025-11-20T03:15:00+08:00"];
        let place = ["--base-url", &server.base_url];
        server.take_calls();
        let run = self.run(folder, &[&what[..], &range, &place, &["-q"]].concat());
        let (calls, seconds) = server.take_calls();
        assert!(run.output.contains("nothing missing"), "{}", run.output);
        (run, calls, seconds)
    }
}
