//! `ark-usage` run the way a user runs it: the real program, in a folder and an environment of its
//! own, so that nothing on the machine has a say.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::workspace::cargo;

/// The key pair the emulator always knows; it opens nothing else.
pub const DEMO_KEYS: [(&str, &str); 2] = [
    ("VOLCENGINE_ACCESS_KEY", "AKLTDEMO0000000000000000000000000"),
    ("VOLCENGINE_SECRET_KEY", "demo-secret-not-a-real-key-00000000000000"),
];

/// How often something is looked at, with a pause in between, before it counts as hanging: a minute.
const ROUNDS: u32 = 12_000;

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
        fs::write(&path, text).expect("a scratch file can be written");
        // Whatever the umask of whoever runs the tests.
        self.set_mode(name, 0o644);
        for folder in Path::new(name).ancestors().skip(1).filter(|it| !it.as_os_str().is_empty()) {
            self.set_mode(&folder.to_string_lossy(), 0o755);
        }
    }

    /// Decides who may read a file.
    pub fn set_mode(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(self.folder().join(name), mode).expect("a scratch file is ours");
    }

    /// The text of a file the program wrote, if it did.
    pub fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder().join(name)).ok()
    }

    /// Waits until a file the program writes contains `text`.
    pub fn wait_for(&self, name: &str, text: &str) {
        for _ in 0..ROUNDS {
            if self.read(name).is_some_and(|found| found.contains(text)) {
                return;
            }
            pause();
        }
        panic!("{name} never contains {text:?}: {:?}", self.read(name));
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

/// The end of a run, and all it said.
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

/// True for SIGHUP where it is ignored, as under `nohup`: a program that is started here ignores it too.
pub fn is_ignored(signal: &str) -> bool {
    signal.ends_with("HUP") && is_inherited_as_ignored(signal)
}

/// True for SIGHUP and SIGINT where the tests themselves ignore it, as jobs in the background of a script do: until a
/// program handles it, it does nothing.
pub fn is_inherited_as_ignored(signal: &str) -> bool {
    let bit = match signal.trim_start_matches('-') {
        "HUP" => 0,
        "INT" => 1,
        _ => return false,
    };
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> bit & 1 == 1)
}

/// Waits for a started program and collects what its pipes hold.
pub fn finish(mut child: Child) -> Finished {
    let stdout = child.stdout.take().map(collect);
    let stderr = child.stderr.take().map(collect);
    let text = |pipe: Option<thread::JoinHandle<String>>| {
        pipe.map(|reader| reader.join().expect("a pipe is read to its end")).unwrap_or_default()
    };
    let status = status_of(&mut child);
    Finished { status, stdout: text(stdout), stderr: text(stderr) }
}

/// `ark-usage emulate` on a free port; ended when dropped.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    first_line: String,
    stderr: Arc<Mutex<String>>,
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
        Self::launch(command)
    }

    /// Starts `serve --listen 127.0.0.1:0` with `arguments` after it instead, which listens the same way.
    pub fn serving(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        let mut command = sandbox.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(arguments).envs(DEMO_KEYS);
        Self::launch(command)
    }

    fn launch(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the emulator can be started");
        let stderr = follow(child.stderr.take().expect("standard error is a pipe"));
        let stdout = child.stdout.take().expect("standard output is a pipe");
        let mut first_line = String::new();
        BufReader::new(stdout).read_line(&mut first_line).expect("the emulator says where it is");
        let emulator = Self { child, first_line: first_line.trim_end().to_owned(), stderr };
        assert!(!emulator.first_line.is_empty(), "the emulator did not start: {emulator:?}");
        emulator
    }

    /// The first line of its standard output.
    pub fn first_line(&self) -> &str {
        &self.first_line
    }

    /// The address it listens on.
    pub fn base_url(&self) -> &str {
        let url = self.first_line.strip_prefix("listening on ");
        url.unwrap_or_else(|| panic!("the emulator's first line is {:?}", self.first_line))
    }

    /// Asks it to end with SIGTERM, and returns its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.expect("kill can be run").success(), "{self:?}");
        for _ in 0..ROUNDS {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                return status.code();
            }
            pause();
        }
        panic!("it does not end: {self:?}");
    }

    /// The most memory it ever held, in KiB, where the system tells.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Its standard error so far, once that contains `text`.
    pub fn says(&self, text: &str) -> String {
        for _ in 0..ROUNDS {
            let said = self.stderr.lock().expect("nobody panics with this").clone();
            if said.contains(text) {
                return said;
            }
            pause();
        }
        panic!("the emulator never says {text:?}: {self:?}");
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Either it still runs and is ended here, or it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Replaces parts that differ from run to run by a name: the scratch folder, free ports, and request
/// ids, which the emulator makes from the request with its port.
pub fn normalise(text: &str, sandbox: &Sandbox) -> String {
    let folder = sandbox.folder().display().to_string();
    name_request_ids(&name_ports(&text.replace(&folder, "[DIR]")))
}

/// Ports that were free have five digits; those a person chose are left alone.
fn name_ports(text: &str) -> String {
    const HOST: &str = "127.0.0.1:";
    let mut parts = text.split(HOST);
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let free = part.len() - rest.len() == 5;
        named.push_str(HOST);
        named.push_str(if free { "[PORT]" } else { "" });
        named.push_str(if free { rest } else { part });
    }
    named
}

/// A request id is 32 digits and capitals, and nothing else that is printed looks like it.
fn name_request_ids(text: &str) -> String {
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let id = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let hex = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
            let found = id.len() == 32 && id.chars().all(hex);
            if found { word.replace(id, "[REQUEST_ID]") } else { word.to_owned() }
        })
        .collect()
}

fn build() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "`cargo xtask test` has built it already")]
    if let Some(built) = std::env::var_os("ARK_USAGE_PROGRAM") {
        return PathBuf::from(built);
    }
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

/// Reads a pipe to its end in the background, line by line.
fn follow(pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&text);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut text = shared.lock().expect("nobody panics with this");
            text.push_str(&line);
            text.push('\n');
        }
    });
    text
}

/// The exit code of a started program, once it has ended; `None` when a signal ended it.
pub(crate) fn status_of(child: &mut Child) -> Option<i32> {
    for _ in 0..ROUNDS {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return status.code();
        }
        pause();
    }
    // Gone in between is as good as ended here.
    let _ = child.kill();
    panic!("the program did not end in time");
}

fn pause() {
    #[expect(clippy::disallowed_methods, reason = "waits for another process")]
    thread::sleep(Duration::from_millis(5));
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
        assert_eq!(name_ports("127.0.0.1:8080 or 127.0.0.1:0"), "127.0.0.1:8080 or 127.0.0.1:0");
    }

    #[test]
    fn request_ids_get_a_name_and_key_ids_stay() {
        assert_eq!(
            name_request_ids(
                "id \"2024112012000070D78A05098C2A6FB0\", AKLTEXAMPLE0000000000000000000001"
            ),
            "id \"[REQUEST_ID]\", AKLTEXAMPLE0000000000000000000001"
        );
    }
}
