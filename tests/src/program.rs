//! `ark-usage` run the way a user runs it: the real program, in a folder and an environment of its
//! own, so that nothing on the machine has a say.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::workspace::cargo;

/// The key pair the emulator always knows; it opens nothing else.
pub const DEMO_KEYS: [(&str, &str); 2] = [
    ("VOLCENGINE_ACCESS_KEY", "AKLTDEMO0000000000000000000000000"),
    ("VOLCENGINE_SECRET_KEY", "demo-secret-not-a-real-key-00000000000000"),
];

/// No run takes longer; one that does hangs.
const DEADLINE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(5);

/// The program, built once per test process into the target folder of the running tests.
pub fn binary() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build)
}

/// A folder and an environment for one run.
#[derive(Debug)]
pub struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// An empty folder, which is also the home directory.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("ark-usage-case-").tempdir();
        Self { folder: folder.expect("a scratch folder can be made") }
    }

    /// The folder the program is started in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file the program is to find.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder().join(name);
        let parent = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(parent).expect("a scratch folder can be made");
        fs::write(path, text).expect("a scratch file can be written");
    }

    /// The text of a file the program wrote, if it did.
    pub fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder().join(name)).ok()
    }

    /// The program with `arguments`, knowing nothing of the machine but this folder.
    pub fn command<S: AsRef<str>>(&self, arguments: &[S]) -> Command {
        let mut command = self.start(binary());
        command.args(arguments.iter().map(AsRef::as_ref));
        command
    }

    /// A line for the shell, in which the program is called `ark-usage`.
    pub fn shell(&self, line: &str) -> Command {
        let mut command = self.start(Path::new("/bin/sh"));
        let programs = binary().parent().expect("the program lies in a folder").display();
        command.env("PATH", format!("{programs}:/usr/bin:/bin")).args(["-c", line]);
        command
    }

    fn start(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", self.folder()).env("LANG", "C.UTF-8");
        command.current_dir(self.folder());
        command
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

/// How a run ended, and all it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The exit code; `None` when a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// Runs `command` to its end with `stdin` as its input.
pub fn run(mut command: Command, stdin: &str) -> Finished {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    let mut input = child.stdin.take().expect("standard input is a pipe");
    let text = stdin.to_owned();
    // A program that does not read its input may be gone already.
    thread::spawn(move || input.write_all(text.as_bytes()));
    finish(child)
}

/// Waits for a started program and collects what its pipes hold.
pub fn finish(mut child: Child) -> Finished {
    let stdout = child.stdout.take().map(collect);
    let stderr = child.stderr.take().map(collect);
    let text = |pipe: Option<thread::JoinHandle<String>>| {
        pipe.map(|reader| reader.join().expect("a pipe is read to its end")).unwrap_or_default()
    };
    let status = wait(&mut child);
    Finished { status, stdout: text(stdout), stderr: text(stderr) }
}

/// `ark-usage emulate` on a free port; ended when dropped.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    first_line: String,
    stderr: Option<thread::JoinHandle<String>>,
}

impl Emulator {
    /// Starts it with `arguments` after `emulate --listen 127.0.0.1:0` and waits until it listens.
    pub fn start<S: AsRef<str>>(
        sandbox: &Sandbox,
        arguments: &[S],
        variables: &[(String, String)],
    ) -> Self {
        let mut command = sandbox.command(&["emulate", "--listen", "127.0.0.1:0"]);
        command.args(arguments.iter().map(AsRef::as_ref)).envs(variables.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the emulator can be started");
        let stderr = child.stderr.take().map(collect);
        let stdout = child.stdout.take().expect("standard output is a pipe");
        let mut first_line = String::new();
        BufReader::new(stdout).read_line(&mut first_line).expect("the emulator says where it is");
        let emulator = Self { child, first_line: first_line.trim_end().to_owned(), stderr };
        let started = !emulator.first_line.is_empty();
        assert!(started, "the emulator did not start: {}", emulator.stop());
        emulator
    }

    /// The first line of its standard output.
    pub fn first_line(&self) -> &str {
        &self.first_line
    }

    /// Where it listens.
    pub fn base_url(&self) -> &str {
        let url = self.first_line.strip_prefix("listening on ");
        url.unwrap_or_else(|| panic!("the emulator's first line is {:?}", self.first_line))
    }

    /// Ends it and hands back what it said on standard error.
    pub fn stop(mut self) -> String {
        self.end();
        let stderr = self.stderr.take().expect("standard error is a pipe");
        stderr.join().expect("a pipe is read to its end")
    }

    fn end(&mut self) {
        // Either it still runs and is ended here, or it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.end();
    }
}

/// What differs from run to run is replaced by a name: the scratch folder and free ports.
pub fn normalise(text: &str, sandbox: &Sandbox) -> String {
    let folder = sandbox.folder().display().to_string();
    name_ports(&text.replace(&folder, "[DIR]"))
}

fn name_ports(text: &str) -> String {
    const HOST: &str = "127.0.0.1:";
    let mut parts = text.split(HOST);
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        named.push_str(HOST);
        named.push_str(if rest.len() < part.len() { "[PORT]" } else { "" });
        named.push_str(rest);
    }
    named
}

fn build() -> PathBuf {
    let output = cargo()
        .args(["build", "--quiet", "--package", "ark-usage-cli", "--bin", "ark-usage"])
        .args(["--message-format", "json-render-diagnostics", "--target-dir"])
        .arg(target_folder())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "ark-usage does not build");
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut built = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    built.next_back().expect("cargo names the program it built")
}

/// `TARGET/debug/deps/this-test` lies three floors below the target folder.
fn target_folder() -> PathBuf {
    let this = std::env::current_exe().expect("a test knows where it lies");
    this.ancestors().nth(3).expect("a test lies in a target folder").to_owned()
}

fn collect(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe is readable");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn wait(child: &mut Child) -> Option<i32> {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return status.code();
        }
        if waited >= DEADLINE {
            // Gone in between is as good as ended here.
            let _ = child.kill();
            panic!("the program did not end within {DEADLINE:?}");
        }
        #[expect(clippy::disallowed_methods, reason = "waits for another process")]
        thread::sleep(PAUSE);
        waited += PAUSE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_get_a_name_and_other_numbers_stay() {
        assert_eq!(
            name_ports("http://127.0.0.1:40123/ and 127.0.0.1 and 127.0.0.1: 8080, 0.0.0.0:80"),
            "http://127.0.0.1:[PORT]/ and 127.0.0.1 and 127.0.0.1: 8080, 0.0.0.0:80"
        );
    }
}
