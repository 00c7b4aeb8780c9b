//! Errors as people read them: what was wrong, the value received, what to do next.

use std::error::Error as _;
use std::fmt;

use ark_usage_report::{ReportError, ReportErrorKind};

use crate::exit_status::ExitStatus;
use crate::lang::{Lang, Text, TextOf as _};
use crate::text;

/// An error with the exit status it ends the program with, and a hint about the next step.
#[derive(Debug)]
pub(crate) struct CliError {
    status: ExitStatus,
    message: Text,
    /// Boxed, because results carry this type everywhere.
    hint: Option<Box<Text>>,
    /// What caused it, nearest first.
    causes: Vec<Text>,
}

impl CliError {
    /// The arguments do not make sense; nothing was sent.
    pub(crate) fn usage(message: impl Into<Text>) -> Self {
        Self::new(ExitStatus::Usage, message)
    }

    /// Configuration or credentials are missing or wrong.
    pub(crate) fn configuration(message: impl Into<Text>) -> Self {
        Self::new(ExitStatus::Configuration, message)
    }

    /// The API refused.
    pub(crate) fn refused(message: impl Into<Text>) -> Self {
        Self::new(ExitStatus::Refused, message)
    }

    /// No usable answer came.
    pub(crate) fn transport(message: impl Into<Text>) -> Self {
        Self::new(ExitStatus::Transport, message)
    }

    /// Ctrl-C, before there was anything to show.
    pub(crate) fn interrupted() -> Self {
        Self::new(
            ExitStatus::Interrupted,
            text!("interrupted: there is nothing to show yet", "已中断：还没有可显示的内容"),
        )
    }

    /// A fault of the program or the machine.
    pub(crate) fn internal(message: impl Into<Text>) -> Self {
        Self::new(ExitStatus::Internal, message)
    }

    /// Adds what to do next.
    pub(crate) fn with_hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(Box::new(hint.into()));
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
    pub(crate) fn with_causes_of(mut self, source: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = Some(source);
        while let Some(error) = cause {
            self.causes.push(Text::of_error(error));
            cause = error.source();
        }
        self
    }

    /// Message, causes and hint, for those who print them in another way.
    pub(crate) fn parts(&self) -> (&Text, &[Text], Option<&Text>) {
        (&self.message, &self.causes, self.hint.as_deref())
    }

    /// The whole report: message, the chain of causes, the hint.
    pub(crate) fn report(&self, lang: Lang) -> String {
        // Who interrupted it knows that it is no error.
        let interrupted = self.status == ExitStatus::Interrupted;
        self.report_as(if interrupted { "" } else { lang.pick("error: ", "错误：") }, lang)
    }

    /// The same for what is not the end of everything: a part came.
    pub(crate) fn report_partial(&self, lang: Lang) -> String {
        self.report_as(lang.pick("partial: ", "部分结果："), lang)
    }

    fn report_as(&self, head: &str, lang: Lang) -> String {
        let mut report = head.to_owned();
        report.push_str(self.message.in_lang(lang));
        for cause in &self.causes {
            report.push_str(lang.pick("\n  because: ", "\n  原因："));
            report.push_str(cause.in_lang(lang));
        }
        if let Some(hint) = &self.hint {
            report.push_str(lang.pick("\n  hint: ", "\n  提示："));
            report.push_str(&hint.in_lang(lang).replace('\n', "\n        "));
        }
        report
    }

    /// How the program ends because of this.
    pub(crate) fn status(&self) -> ExitStatus {
        self.status
    }

    fn new(status: ExitStatus, message: impl Into<Text>) -> Self {
        Self { status, message: message.into(), hint: None, causes: Vec::new() }
    }
}

/// A report refuses what it was given, as arguments are refused.
impl From<ReportError> for CliError {
    fn from(error: ReportError) -> Self {
        let status = match error.kind() {
            ReportErrorKind::InvalidInput => ExitStatus::Usage,
            _ => ExitStatus::Internal,
        };
        let mut own = Self::new(status, error.message().clone());
        own.hint = error.hint().cloned().map(Box::new);
        match error.source() {
            Some(source) => own.with_causes_of(source),
            None => own,
        }
    }
}

/// The report in English.
impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report(Lang::En))
    }
}
