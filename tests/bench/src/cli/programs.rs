//! The programs that are run: ours, the two least ones, and the peers. All of them ask for the same
//! day of the same project with the same keys, from an environment with nothing else in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::arguments::Arguments;
use crate::service::NEW_YEAR;

/// Whom to ask.
pub struct Call {
    pub base_url: String,
    /// Certificates that TLS trusts besides the system's.
    pub ca_bundle: Option<PathBuf>,
}

/// Their paths.
pub struct Programs {
    ours: PathBuf,
    bare: PathBuf,
    hyper: PathBuf,
    python: Option<PathBuf>,
    node: Option<(PathBuf, PathBuf)>,
}

const KEYS: [(&str, &str); 2] = [
    ("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000000"),
    ("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001"),
];

impl Programs {
    pub fn new(arguments: &Arguments) -> Self {
        let here = std::env::current_exe().expect("this program");
        let beside = |name| here.with_file_name(name);
        Self {
            ours: arguments.program.clone(),
            bare: beside("cli-bare"),
            hyper: beside("cli-hyper"),
            python: arguments.python.clone(),
            node: arguments.node.clone().zip(arguments.node_modules.clone()),
        }
    }

    /// A process that does nothing.
    pub fn bare(&self) -> Command {
        alone(&self.bare)
    }

    /// A client that sends one request and reads the answer.
    pub fn hyper(&self, call: &Call) -> Command {
        let mut command = alone(&self.hyper);
        command.arg(&call.base_url);
        command
    }

    /// Our program.
    pub fn ours(&self, call: &Call) -> Command {
        let day = NEW_YEAR.to_string();
        let mut command = self.ours_with(&["get", "--start", &day, "--end", &day]);
        command.args(["-i", "day", "--project", "default", "--quiet", "--base-url"]);
        command.arg(&call.base_url);
        if let Some(file) = &call.ca_bundle {
            command.arg("--ca-bundle").arg(file);
        }
        command
    }

    /// Our program with other arguments.
    pub fn ours_with(&self, arguments: &[&str]) -> Command {
        let mut command = alone(&self.ours);
        command.args(arguments);
        command
    }

    /// The Python SDK, if it is there.
    pub fn python<'a>(&'a self, call: &'a Call) -> Option<Box<dyn Fn() -> Command + 'a>> {
        let python = self.python.as_ref()?;
        Some(Box::new(move || {
            let mut command = alone(python);
            command.arg(peer("get_usage.py")).arg(&call.base_url).arg(NEW_YEAR.to_string());
            if let Some(file) = &call.ca_bundle {
                command.arg(file);
            }
            command
        }))
    }

    /// The Node SDK, if it is there.
    pub fn node<'a>(&'a self, call: &'a Call) -> Option<Box<dyn Fn() -> Command + 'a>> {
        let (node, modules) = self.node.as_ref()?;
        Some(Box::new(move || {
            let mut command = alone(node);
            command.env("NODE_PATH", modules);
            command.arg(peer("get_usage.js")).arg(&call.base_url).arg(NEW_YEAR.to_string());
            command
        }))
    }
}

/// A program with the keys and nothing else in its environment.
fn alone(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(KEYS).stdin(Stdio::null());
    command
}

fn peer(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/peers").join(name)
}
