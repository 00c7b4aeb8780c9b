//! Running cargo: one line per step, with the time it took.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::failure::Failure;

/// Says a line to the developer.
pub(crate) fn say(line: &str) {
    // Nobody left to tell when this fails.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Does one step and says how long it took, whatever came of it.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    say(&format!("==> {name}"));
    #[expect(clippy::disallowed_methods, reason = "how long a step took is the developer's time")]
    let started = Instant::now();
    let result = work();
    let seconds = started.elapsed().as_secs_f64();
    let word = if result.is_ok() { "ok" } else { "FAILED" };
    say(&format!("    {word}: {name} ({seconds:.1} s)"));
    result
}

/// One invocation of cargo.
pub(crate) struct Cargo {
    command: Command,
    folder: String,
    shown: String,
}

impl Cargo {
    /// `cargo` with `arguments`, in the folder `root`.
    pub(crate) fn new(root: &Path, arguments: &[&str]) -> Self {
        let program = variable("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(program);
        command.current_dir(root).args(arguments).stdin(Stdio::null());
        forget_own_package(&mut command);
        let shown = format!("cargo {}", arguments.join(" "));
        Self { command, folder: change_of_folder(root), shown }
    }

    /// Sets a variable for this invocation.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self.shown = format!("{name}='{value}' {}", self.shown);
        self
    }

    /// Sets a variable to a path for this invocation.
    pub(crate) fn env_path(mut self, name: &str, path: &Path) -> Self {
        self.command.env(name, path);
        self.shown = format!("{name}='{}' {}", path.display(), self.shown);
        self
    }

    /// Runs it as a step, its output passed through.
    pub(crate) fn run(mut self) -> Result<(), Failure> {
        let shown = self.shown();
        step(&shown, || {
            let status = self.command.status().map_err(|error| cannot_start(&shown, &error))?;
            if status.success() {
                Ok(())
            } else {
                Err(Failure::step(format!("a step failed ({status})"), &shown))
            }
        })
    }

    /// Runs it quietly and hands back its standard output.
    pub(crate) fn output(mut self) -> Result<String, Failure> {
        let shown = self.shown();
        self.command.stderr(Stdio::inherit());
        let output = self.command.output().map_err(|error| cannot_start(&shown, &error))?;
        if !output.status.success() {
            return Err(Failure::step(format!("cargo failed ({})", output.status), shown));
        }
        String::from_utf8(output.stdout)
            .map_err(|_| Failure::step("cargo's answer is not UTF-8", shown))
    }

    /// The command line that repeats it.
    fn shown(&self) -> String {
        format!("{}{}", self.folder, self.shown)
    }
}

/// The command to type first, in another workspace.
fn change_of_folder(root: &Path) -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let inside = here.and_then(|here| root.strip_prefix(here).ok());
    inside
        .filter(|inside| !inside.as_os_str().is_empty())
        .map_or_else(String::new, |inside| format!("cd {} && ", inside.display()))
}

fn cannot_start(shown: &str, error: &std::io::Error) -> Failure {
    Failure::step(format!("cargo could not be started: {error}"), shown)
}

/// Takes back what `cargo run` told this program about its own package: build scripts that watch
/// those variables would otherwise run again each time somebody changes between `cargo` and
/// `cargo xtask`.
fn forget_own_package(command: &mut Command) {
    const ABOUT_XTASK: [&str; 5] =
        ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_"];
    #[expect(clippy::disallowed_methods, reason = "xtask is a program of its own")]
    let variables = std::env::vars_os();
    for (name, _) in variables {
        let told =
            name.to_str().is_some_and(|name| ABOUT_XTASK.iter().any(|p| name.starts_with(p)));
        if told {
            command.env_remove(name);
        }
    }
}

/// The folder in which cargo keeps what it has fetched.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let usual = || variable("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    variable("CARGO_HOME").map(PathBuf::from).or_else(usual)
}

/// A variable of this program's own environment.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    #[expect(clippy::disallowed_methods, reason = "xtask is a program of its own")]
    std::env::var_os(name)
}
