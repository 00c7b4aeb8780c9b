//! A transport's failure as text, and back.

use std::error::Error;
use std::fmt;
use std::io;

use volc_openapi::TransportFailure;

use super::file::RecordedFailure;
use crate::TransportError;
use crate::secrets::Secrets;

impl RecordedFailure {
    /// The texts of an error and its causes.
    pub(super) fn new(error: &TransportError, secrets: &Secrets) -> Self {
        let mut causes = Vec::new();
        let mut next: Option<&dyn Error> = Some(error);
        while let Some(error) = next {
            causes.push(secrets.text(&error.to_string()).into_owned());
            next = error.source();
        }
        Self { kind: error.kind().name().to_owned(), causes }
    }

    /// An error with the same texts; `None` for an unknown kind.
    pub(super) fn to_error(&self) -> Option<TransportError> {
        let kind = TransportFailure::ALL.into_iter().find(|kind| kind.name() == self.kind)?;
        let mut error = TransportError::new(kind);
        let (first, causes) = self.causes.split_first()?;
        // Not compared with the kind's own text: that may have been reworded since.
        if let Some((_, detail)) = first.split_once(": ") {
            error = error.with_detail(detail);
        }
        let cause = causes.iter().rev().fold(None, |source, text| {
            Some(RecordedCause { text: text.clone(), source: source.map(Box::new) })
        });
        Some(match cause {
            Some(cause) => match cause.system_error() {
                Some(cause) => error.with_source(cause),
                None => error.with_source(cause),
            },
            None => error,
        })
    }
}

/// A cause in words.
#[derive(Debug)]
struct RecordedCause {
    text: String,
    source: Option<Box<Self>>,
}

impl RecordedCause {
    /// The error of the operating system with this text, so that it is translated as it was.
    fn system_error(&self) -> Option<io::Error> {
        let (_, number) = self.text.rsplit_once("(os error ")?;
        let error = io::Error::from_raw_os_error(number.strip_suffix(')')?.parse().ok()?);
        (self.source.is_none() && error.to_string() == self.text).then_some(error)
    }
}

impl fmt::Display for RecordedCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for RecordedCause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source: &(dyn Error + 'static) = self.source.as_deref()?;
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_survive_with_their_causes() {
        let inner = RecordedCause { text: "inner".into(), source: None };
        let outer = RecordedCause { text: "outer".into(), source: Some(Box::new(inner)) };
        for kind in TransportFailure::ALL {
            let error = TransportError::new(kind);
            let with_more = TransportError::new(kind).with_detail("detail");
            for error in [error, with_more] {
                let kept = RecordedFailure::new(&error, &Secrets::default());
                let again = kept.to_error().unwrap();
                assert_eq!((again.kind(), again.to_string()), (kind, error.to_string()));
            }
        }
        let deep = TransportError::new(TransportFailure::Connect).with_source(outer);
        let kept = RecordedFailure::new(&deep, &Secrets::default());
        assert_eq!(kept.causes, ["cannot connect", "outer", "inner"]);
        assert_eq!(RecordedFailure::new(&kept.to_error().unwrap(), &Secrets::default()), kept);
        assert!(RecordedFailure { kind: "unheard-of".into(), ..kept }.to_error().is_none());
    }
}
