//! Errors: the problem, the value it was found in, and what to do next, in both languages.

use std::error::Error;
use std::fmt;

use crate::lang::{Lang, Text};

/// An input that cannot be used, or a document that cannot be written.
///
/// `Display` is the message in English; [`message`](Self::message) and [`hint`](Self::hint) have
/// both languages. The cause, if there is one, is its [`source`](Error::source).
#[derive(Debug)]
pub struct ReportError {
    kind: ReportErrorKind,
    message: Text,
    /// Boxed, because results carry this type everywhere.
    hint: Option<Box<Text>>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kind of a [`ReportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportErrorKind {
    /// A value that was given cannot be used: an option, or a file of prices, budgets or labels.
    InvalidInput,
    /// A document could not be written.
    Output,
}

impl ReportError {
    /// Returns an error about a value that was given.
    pub fn invalid(message: impl Into<Text>) -> Self {
        Self::new(ReportErrorKind::InvalidInput, message)
    }

    /// Returns an error about a document that could not be written.
    pub fn output(message: impl Into<Text>) -> Self {
        Self::new(ReportErrorKind::Output, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(Box::new(hint.into()));
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the kind.
    pub fn kind(&self) -> ReportErrorKind {
        self.kind
    }

    /// Returns the problem, naming the value it was found in.
    pub fn message(&self) -> &Text {
        &self.message
    }

    /// Returns what to do next, where that is known.
    pub fn hint(&self) -> Option<&Text> {
        self.hint.as_deref()
    }

    /// Returns message and hint, for tests.
    #[cfg(test)]
    pub(crate) fn in_full(&self) -> String {
        let hint = self.hint().map_or("", |hint| hint.in_lang(Lang::En));
        format!("{self}\n{hint}")
    }

    fn new(kind: ReportErrorKind, message: impl Into<Text>) -> Self {
        Self { kind, message: message.into(), hint: None, source: None }
    }
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.in_lang(Lang::En))
    }
}

impl Error for ReportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn an_error_has_message_hint_and_source() {
        let error = ReportError::invalid(text!("--by x: unknown", "--by x：未知"))
            .with_hint(text!("use day", "请用 day"))
            .with_source("cause");
        assert_eq!(error.kind(), ReportErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "--by x: unknown");
        assert_eq!(error.message().in_lang(Lang::Zh), "--by x：未知");
        assert_eq!(error.hint().map(|hint| hint.in_lang(Lang::En)), Some("use day"));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("cause"));
    }
}
