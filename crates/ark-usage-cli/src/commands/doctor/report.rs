//! What was looked at and how it went.

use std::fmt::Write as _;

use serde::Serialize;

use crate::args::ReportFormat;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::render::serialized;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// As it should be.
    Pass,
    /// It works, and may stop to.
    Warn,
    /// It does not work.
    Fail,
    /// Not looked at, because something before it failed.
    Skip,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skip => "skip",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    name: &'static str,
    status: Status,
    message: String,
    /// What to do.
    advice: Option<String>,
    /// What else was seen.
    details: Vec<String>,
}

impl Check {
    pub(super) fn pass(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Status::Pass, message)
    }

    pub(super) fn warn(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Status::Warn, message)
    }

    pub(super) fn fail(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Status::Fail, message)
    }

    pub(super) fn skip(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Status::Skip, message)
    }

    /// A failed check that says what the error says.
    pub(super) fn failed_by(name: &'static str, error: &CliError) -> Self {
        let (message, causes, hint) = error.parts();
        let check = Self::fail(name, message.in_lang(crate::lang::Lang::En))
            .with_details(causes.iter().cloned());
        match hint {
            Some(hint) => check.with_advice(hint.in_lang(crate::lang::Lang::En)),
            None => check,
        }
    }

    pub(super) fn with_advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub(super) fn with_details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    fn new(name: &'static str, status: Status, message: impl Into<String>) -> Self {
        Self { name, status, message: message.into(), advice: None, details: Vec::new() }
    }

    /// A line, with more below it where there is more.
    fn write(&self, text: &mut String) {
        let indent = " ".repeat(4 + 2 + NAME + 2);
        let below = |lines: &str| lines.replace('\n', &format!("\n{indent}"));
        let (status, message) = (self.status.name(), below(&self.message));
        let _ = writeln!(text, "{status}  {:NAME$}  {message}", self.name);
        for detail in &self.details {
            let _ = writeln!(text, "{indent}{}", below(detail));
        }
        if let Some(advice) = &self.advice {
            let _ = writeln!(text, "{indent}-> {}", below(advice).replace('\n', "\n   "));
        }
    }
}

/// The widest name.
const NAME: usize = "configuration".len();

/// Everything that was looked at, in order.
#[derive(Debug, Default)]
pub(super) struct Report {
    checks: Vec<Check>,
}

impl Report {
    pub(super) fn add(&mut self, check: Check) {
        self.checks.push(check);
    }

    pub(super) fn extend(&mut self, checks: impl IntoIterator<Item = Check>) {
        self.checks.extend(checks);
    }

    /// Whether nothing has failed so far.
    pub(super) fn is_well(&self) -> bool {
        self.count(Status::Fail) == 0
    }

    /// Warnings are no failure.
    pub(super) fn exit_status(&self) -> ExitStatus {
        if self.is_well() { ExitStatus::Done } else { ExitStatus::AnswerNo }
    }

    pub(super) fn render(&self, format: ReportFormat) -> Result<Vec<u8>, CliError> {
        if format == ReportFormat::Json {
            return serialized(&self.document(), true);
        }
        let mut text = String::new();
        for check in &self.checks {
            check.write(&mut text);
        }
        text.push_str(&self.sum());
        Ok(text.into_bytes())
    }

    fn sum(&self) -> String {
        let counted = |status, words: [&str; 2]| match self.count(status) {
            0 => None,
            1 => Some(format!("1 {}", words[0])),
            count => Some(format!("{count} {}", words[1])),
        };
        let parts = [
            counted(Status::Pass, ["passed", "passed"]),
            counted(Status::Warn, ["warning", "warnings"]),
            counted(Status::Fail, ["failed", "failed"]),
            counted(Status::Skip, ["skipped", "skipped"]),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{}\n", parts.join(", "))
    }

    fn document(&self) -> Document<'_> {
        Document {
            schema: "ark-usage/doctor",
            schema_version: 1,
            well: self.is_well(),
            passed: self.count(Status::Pass),
            warnings: self.count(Status::Warn),
            failed: self.count(Status::Fail),
            skipped: self.count(Status::Skip),
            checks: &self.checks,
        }
    }

    fn count(&self, status: Status) -> usize {
        self.checks.iter().filter(|check| check.status == status).count()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    schema_version: u32,
    well: bool,
    passed: usize,
    warnings: usize,
    failed: usize,
    skipped: usize,
    checks: &'a [Check],
}
