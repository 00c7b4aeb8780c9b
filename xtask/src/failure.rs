//! The failure of a developer command.

use std::fmt;
use std::process::ExitCode;

/// The first thing that went wrong, and what to run to see it again.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    again: Option<String>,
    usage: bool,
}

impl Failure {
    /// A step failed; its own output stands above.
    pub(crate) fn step(what: impl Into<String>, again: impl Into<String>) -> Self {
        Self { what: what.into(), again: Some(again.into()), usage: false }
    }

    /// Something the commands themselves need is not as it should be.
    pub(crate) fn other(what: impl Into<String>) -> Self {
        Self { what: what.into(), again: None, usage: false }
    }

    /// The command line makes no sense.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self { what: what.into(), again: Some("cargo xtask help".to_owned()), usage: true }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(if self.usage { 2 } else { 1 })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        match &self.again {
            Some(again) if self.usage => write!(f, "\n  the commands there are: {again}"),
            Some(again) => write!(f, "\n  to see it again: {again}"),
            None => Ok(()),
        }
    }
}
