//! Other programs: run to their end with lines in and lines out, or kept as servers on loopback.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;

/// The failure, in words.
pub(crate) type Outcome<T> = Result<T, String>;

/// The paths of everything this test needs.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    /// `ark-usage`.
    pub(crate) ours: PathBuf,
    /// The Python of the virtual environment.
    pub(crate) python: PathBuf,
    /// Node.
    pub(crate) node: PathBuf,
    /// The folder in which `npm` put the SDKs.
    pub(crate) node_modules: PathBuf,
    /// `tests/interop`.
    pub(crate) scripts: PathBuf,
}

impl Programs {
    /// A script of this package, by the interpreter its name asks for, knowing nothing of the
    /// machine: no keys, no proxy.
    pub(crate) fn script(&self, name: &str) -> Command {
        let path = self.scripts.join(name);
        let python = path.extension() == Some(OsStr::new("py"));
        let mut command = Command::new(if python { &self.python } else { &self.node });
        command.arg(path).env_clear().env("NODE_PATH", &self.node_modules).env("LANG", "C.UTF-8");
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONWARNINGS", "ignore");
        command
    }

    /// `ark-usage` in a home of its own.
    pub(crate) fn ours(&self, home: &Path) -> Command {
        let mut command = Command::new(&self.ours);
        command.env_clear().env("HOME", home).env("LANG", "C.UTF-8").current_dir(home);
        command
    }
}

/// Runs a program that reads a JSON document a line and answers each with a line.
pub(crate) fn batch(mut command: Command, lines: &[Value]) -> Outcome<Vec<Value>> {
    let shown = format!("{command:?}");
    let mut text: Vec<String> = lines.iter().map(Value::to_string).collect();
    // A newline behind the last one, too.
    text.push(String::new());
    let text = text.join("\n");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| format!("{shown} could not be started: {error}"))?;
    let input = child.stdin.take();
    // Both ways at once: neither side may wait for the other's full pipe.
    let writer = thread::spawn(move || input.map(|mut pipe| pipe.write_all(text.as_bytes())));
    let output = child.wait_with_output().map_err(|error| format!("{shown}: {error}"))?;
    // A program that gave up early shows in its answers.
    let _ = writer.join();
    let answers = documents(&output.stdout).map_err(|error| format!("{shown}: {error}"))?;
    if !output.status.success() || answers.len() != lines.len() {
        let (given, wanted) = (answers.len(), lines.len());
        return Err(format!("{shown} gave {given} of {wanted} answers ({})", output.status));
    }
    Ok(answers)
}

fn documents(output: &[u8]) -> Outcome<Vec<Value>> {
    let text = String::from_utf8_lossy(output);
    let read = |line| serde_json::from_str(line).map_err(|error| format!("{error}: {line}"));
    text.lines().map(read).collect()
}

/// Standard output of a run that has to succeed.
pub(crate) fn output(mut command: Command) -> Outcome<String> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{shown} could not be started: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{shown} failed ({}): {said}", output.status))
}

/// A program that serves on loopback until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    base_url: String,
}

impl Server {
    /// Starts it and waits for its first line, `listening on http://127.0.0.1:PORT`.
    pub(crate) fn start(mut command: Command) -> Outcome<Self> {
        let shown = format!("{command:?}");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child =
            command.spawn().map_err(|error| format!("{shown} could not be started: {error}"))?;
        let stdout = child.stdout.take();
        let mut server = Self { child, base_url: String::new() };
        let mut line = String::new();
        let read = stdout.map(|pipe| BufReader::new(pipe).read_line(&mut line));
        let url = line.trim_end().strip_prefix("listening on ");
        match (read, url) {
            (Some(Ok(_)), Some(url)) => url.clone_into(&mut server.base_url),
            _ => return Err(format!("{shown} does not say where it listens: {line:?}")),
        }
        Ok(server)
    }

    /// The address it listens on.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either it still runs and is ended here, or it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
