//! Errors for people: the problem, the value it was found in, and a hint on what to do.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use ark_usage_report::{ReportError, ReportErrorKind, text};
use volc_credentials::UnreadableVariable;

use crate::exit_status::ExitStatus;
use crate::lang::{Lang, Text, TextOf as _};

/// The kind of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CliErrorKind {
    /// Invalid arguments; nothing was sent.
    Usage,
    /// Missing or invalid configuration or credentials; nothing was sent.
    Configuration,
    /// A refusal by the API.
    Refused,
    /// No connection to the API, or no usable response.
    Transport,
    /// A history that another process is writing.
    Busy,
    /// An interruption from the keyboard.
    Interrupted,
    /// A failure of the program or the machine.
    Internal,
}

impl From<CliErrorKind> for ExitStatus {
    fn from(kind: CliErrorKind) -> Self {
        match kind {
            CliErrorKind::Usage => Self::Usage,
            CliErrorKind::Configuration => Self::Configuration,
            CliErrorKind::Refused => Self::Refused,
            CliErrorKind::Transport => Self::Transport,
            CliErrorKind::Busy => Self::Busy,
            CliErrorKind::Interrupted => Self::Interrupted,
            CliErrorKind::Internal => Self::Internal,
        }
    }
}

/// An error with its kind, its causes and a hint on what to do.
#[derive(Debug)]
pub(crate) struct CliError {
    kind: CliErrorKind,
    message: Text,
    /// Boxed, because results carry this type everywhere.
    hint: Option<Box<Text>>,
    /// Causes, nearest first.
    causes: Vec<Text>,
}

impl CliError {
    /// Returns an error in the arguments; nothing was sent.
    pub(crate) fn usage(message: impl Into<Text>) -> Self {
        Self::new(CliErrorKind::Usage, message)
    }

    /// Returns an error in the configuration or the credentials.
    pub(crate) fn configuration(message: impl Into<Text>) -> Self {
        Self::new(CliErrorKind::Configuration, message)
    }

    /// Returns the same problem as one of the configuration.
    pub(crate) fn of_configuration(error: ReportError) -> Self {
        Self { kind: CliErrorKind::Configuration, ..error.into() }
    }

    /// Returns a refusal by the API.
    pub(crate) fn refused(message: impl Into<Text>) -> Self {
        Self::new(CliErrorKind::Refused, message)
    }

    /// Returns a failure to get a usable response.
    pub(crate) fn transport(message: impl Into<Text>) -> Self {
        Self::new(CliErrorKind::Transport, message)
    }

    /// Returns the error of a history that another process is writing.
    pub(crate) fn busy(message: impl Into<Text>) -> Self {
        Self::new(CliErrorKind::Busy, message)
    }

    /// Returns the error of an interruption before any data was received.
    pub(crate) fn interrupted() -> Self {
        Self::new(
            CliErrorKind::Interrupted,
            text!("interrupted: no data received yet", "已中断：还没有收到数据"),
        )
    }

    /// Returns the error of a time limit that passed before any data was received.
    pub(crate) fn timed_out(limit: Duration, activity: &Text) -> Self {
        let seconds = limit.as_secs_f64();
        Self::transport(text!(
            "timed out after {seconds} s while {activity}: no data received",
            "{activity}时超时（{seconds} 秒）：没有收到数据";
            activity = activity
        ))
        .with_hint(text!(
            "raise --timeout, or check the network with `ark-usage doctor`",
            "请用 --timeout 延长时限，或用 `ark-usage doctor` 检查网络"
        ))
    }

    /// Returns a failure of the program or the machine.
    pub(crate) fn internal(message: impl Into<Text>) -> Self {
        Self::new(CliErrorKind::Internal, message)
    }

    /// Adds a hint on what to do.
    pub(crate) fn with_hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(Box::new(hint.into()));
        self
    }

    /// Adds a cause and the causes of that; they are printed below the message.
    pub(crate) fn with_source(
        self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.with_causes_of(&*source.into())
    }

    /// Adds one cause, printed below the message.
    pub(crate) fn with_cause(mut self, cause: Text) -> Self {
        self.causes.push(cause);
        self
    }

    /// Adds an error and its causes, without taking it.
    pub(crate) fn with_causes_of(mut self, source: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = Some(source);
        while let Some(error) = cause {
            self.causes.push(Text::of_error(error));
            cause = error.source();
        }
        self
    }

    /// Returns message, causes and hint, for output in another form.
    pub(crate) fn parts(&self) -> (&Text, &[Text], Option<&Text>) {
        (&self.message, &self.causes, self.hint.as_deref())
    }

    /// Returns the whole report: message, causes and hint.
    pub(crate) fn report(&self, lang: Lang) -> String {
        // An interruption is not an error to whoever caused it.
        let interrupted = self.kind == CliErrorKind::Interrupted;
        self.report_as(if interrupted { "" } else { lang.pick("error: ", "错误：") }, lang)
    }

    /// Returns the report of an error after which partial data is printed.
    pub(crate) fn report_partial(&self, lang: Lang) -> String {
        self.report_as(lang.pick("partial: ", "部分结果："), lang)
    }

    /// Returns the problem as a warning: message and causes, without advice.
    pub(crate) fn report_warning(&self) -> Text {
        Text::each(|lang| {
            let plain = Self {
                hint: None,
                causes: self.causes.clone(),
                ..Self::new(self.kind, self.message.clone())
            };
            plain.report_as(lang.pick("warning: ", "警告："), lang)
        })
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

    /// Returns the kind of the error, which decides the exit status.
    pub(crate) fn kind(&self) -> CliErrorKind {
        self.kind
    }

    fn new(kind: CliErrorKind, message: impl Into<Text>) -> Self {
        Self { kind, message: message.into(), hint: None, causes: Vec::new() }
    }
}

/// Returns the advice for a variable that is not UTF-8.
pub(crate) fn unreadable_hint() -> Text {
    text!(
        "set it again in a terminal that uses UTF-8 (the value may be GBK), or unset it",
        "请在使用 UTF-8 的终端中重新设置（其值可能是 GBK），或取消设置"
    )
}

/// A variable that counts is never taken for absent.
impl From<UnreadableVariable> for CliError {
    fn from(variable: UnreadableVariable) -> Self {
        Self::configuration(Text::of(&variable)).with_hint(unreadable_hint())
    }
}

/// A report refuses what it was given, as arguments are refused.
impl From<ReportError> for CliError {
    fn from(error: ReportError) -> Self {
        let kind = match error.kind() {
            ReportErrorKind::InvalidInput => CliErrorKind::Usage,
            _ => CliErrorKind::Internal,
        };
        let mut own = Self::new(kind, error.message().clone());
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
