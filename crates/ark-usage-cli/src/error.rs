//! Errors as people read them: what was wrong, the value received, what to do next.

use std::fmt;

use crate::exit_status::ExitStatus;

/// An error with the exit status it ends the program with, and a hint about the next step.
#[derive(Debug)]
pub(crate) struct CliError {
    status: ExitStatus,
    message: String,
    hint: Option<String>,
    /// What caused it, nearest first.
    causes: Vec<String>,
}

impl CliError {
    /// The arguments do not make sense; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Usage, message)
    }

    /// Configuration or credentials are missing or wrong.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Configuration, message)
    }

    /// The API refused.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Refused, message)
    }

    /// No usable answer came.
    pub(crate) fn transport(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Transport, message)
    }

    /// Ctrl-C, before there was anything to show.
    pub(crate) fn interrupted() -> Self {
        Self::new(ExitStatus::Interrupted, "interrupted: there is nothing to show yet")
    }

    /// A fault of the program or the machine.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Internal, message)
    }

    /// Adds what to do next.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what caused it, and what caused that; printed below the message.
    pub(crate) fn with_source(
        self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.with_causes_of(&*source.into())
    }

    /// The same for an error that is kept elsewhere.
    pub(crate) fn with_causes_of(mut self, source: &dyn std::error::Error) -> Self {
        let mut cause = Some(source);
        while let Some(error) = cause {
            self.causes.push(error.to_string());
            cause = error.source();
        }
        self
    }

    /// Message, causes and hint, for those who print them in another way.
    pub(crate) fn parts(&self) -> (&str, &[String], Option<&str>) {
        (&self.message, &self.causes, self.hint.as_deref())
    }

    /// How the program ends because of this.
    pub(crate) fn status(&self) -> ExitStatus {
        self.status
    }

    fn new(status: ExitStatus, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), hint: None, causes: Vec::new() }
    }
}

/// The whole report: message, the chain of causes, the hint.
impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who interrupted it knows that it is no error.
        let kind = if self.status == ExitStatus::Interrupted { "" } else { "error: " };
        write!(f, "{kind}{}", self.message)?;
        for cause in &self.causes {
            write!(f, "\n  because: {cause}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {}", hint.replace('\n', "\n        "))?;
        }
        Ok(())
    }
}
