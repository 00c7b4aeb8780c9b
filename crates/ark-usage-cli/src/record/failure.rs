//! A transport's failure as text, and the same failure from that text.

use std::error::Error;
use std::fmt;

use ark_usage_transport::TransportError;
use volc_openapi::TransportFailure;

use super::format::Failure;
use super::redact::Secrets;

/// Every kind that may be in a recording.
const KINDS: [TransportFailure; 12] = [
    TransportFailure::Dns,
    TransportFailure::Connect,
    TransportFailure::ConnectTimeout,
    TransportFailure::ReadTimeout,
    TransportFailure::Reset,
    TransportFailure::Truncated,
    TransportFailure::Tls,
    TransportFailure::BodyTooLarge,
    TransportFailure::Redirect,
    TransportFailure::Malformed,
    TransportFailure::Signing,
    TransportFailure::Other,
];

impl Failure {
    /// What an error and its causes say.
    pub(super) fn new(error: &TransportError, secrets: &Secrets) -> Self {
        let mut causes = Vec::new();
        let mut next: Option<&dyn Error> = Some(error);
        while let Some(error) = next {
            causes.push(secrets.text(&error.to_string()).into_owned());
            next = error.source();
        }
        Self { kind: error.kind().name().to_owned(), causes }
    }

    /// An error that says the same; `None` when this program knows no such kind.
    pub(super) fn to_error(&self) -> Option<TransportError> {
        let kind = KINDS.into_iter().find(|kind| kind.name() == self.kind)?;
        let mut error = TransportError::new(kind);
        let (said, causes) = self.causes.split_first()?;
        if let Some(detail) = said.strip_prefix(&format!("{kind}: ")) {
            error = error.with_detail(detail);
        }
        let cause = causes.iter().rev().fold(None, |source, text| {
            Some(Cause { text: text.clone(), source: source.map(Box::new) })
        });
        Some(match cause {
            Some(cause) => error.with_source(cause),
            None => error,
        })
    }
}

/// A cause in words.
#[derive(Debug)]
struct Cause {
    text: String,
    source: Option<Box<Self>>,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source: &(dyn Error + 'static) = self.source.as_deref()?;
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_same_afterwards() {
        let inner = Cause { text: "inner".into(), source: None };
        let outer = Cause { text: "outer".into(), source: Some(Box::new(inner)) };
        for kind in KINDS {
            let error = TransportError::new(kind);
            let with_more = TransportError::new(kind).with_detail("detail");
            for error in [error, with_more] {
                let kept = Failure::new(&error, &Secrets::default());
                let again = kept.to_error().unwrap();
                assert_eq!((again.kind(), again.to_string()), (kind, error.to_string()));
            }
        }
        let deep = TransportError::new(TransportFailure::Connect).with_source(outer);
        let kept = Failure::new(&deep, &Secrets::default());
        assert_eq!(kept.causes, ["no connection", "outer", "inner"]);
        assert_eq!(Failure::new(&kept.to_error().unwrap(), &Secrets::default()), kept);
        assert!(Failure { kind: "unheard-of".into(), ..kept }.to_error().is_none());
    }
}
