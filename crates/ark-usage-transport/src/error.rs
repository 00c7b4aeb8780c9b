//! Errors of a transport.

use std::error::Error;
use std::fmt;

use volc_openapi::TransportFailure;

/// The reason a transport has no response.
///
/// The retry policy decides by [`kind`](Self::kind); the rest is for people: a detail in words, and
/// the chain of causes behind [`source`](Error::source).
///
/// | kind | what to do when retries did not help |
/// |---|---|
/// | `Dns` | check the host's spelling and the name server; behind a proxy, set it |
/// | `Connect`, `ConnectTimeout` | check host, port, firewall, proxy |
/// | `ReadTimeout` | request less at once, or allow more time |
/// | `Reset`, `Truncated` | something between cuts connections: a proxy, a load balancer |
/// | `Tls` | the certificate is not trusted: give the proxy's CA; or the clock is wrong |
/// | `BodyTooLarge` | request less at once, or raise the limit |
#[derive(Debug)]
pub struct TransportError {
    kind: TransportFailure,
    detail: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind without a detail.
    pub const fn new(kind: TransportFailure) -> Self {
        Self { kind, detail: None, source: None }
    }

    /// An error that fits no kind, with its cause.
    pub fn other(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(TransportFailure::Other).with_source(source)
    }

    /// Adds a detail in words: a fragment that fits behind a colon.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind of failure, by which retries are decided.
    pub const fn kind(&self) -> TransportFailure {
        self.kind
    }

    /// The detail in words, if there is one.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source: &(dyn Error + 'static) = self.source.as_deref()?;
        Some(source)
    }
}

impl From<TransportFailure> for TransportError {
    fn from(kind: TransportFailure) -> Self {
        Self::new(kind)
    }
}

/// An I/O error of a transport over plain sockets, by its kind.
///
/// Fits reading and writing; where connecting failed, `ConnectionRefused` and its like are told
/// from the kind as well.
impl From<std::io::Error> for TransportError {
    fn from(error: std::io::Error) -> Self {
        Self::new(kind_of_io(error.kind())).with_source(error)
    }
}

/// The kind of failure of a request that an I/O error stands for.
pub(crate) fn kind_of_io(kind: std::io::ErrorKind) -> TransportFailure {
    use std::io::ErrorKind;

    match kind {
        ErrorKind::AddrNotAvailable
        | ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::NetworkUnreachable => TransportFailure::Connect,
        ErrorKind::BrokenPipe
        | ErrorKind::ConnectionAborted
        | ErrorKind::ConnectionReset
        | ErrorKind::NotConnected => TransportFailure::Reset,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => TransportFailure::ReadTimeout,
        ErrorKind::UnexpectedEof => TransportFailure::Truncated,
        _ => TransportFailure::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn says_kind_and_detail_once_and_keeps_the_cause() {
        let error = TransportError::new(TransportFailure::Dns)
            .with_detail("no.such.host")
            .with_source(io::Error::other("nothing found"));
        let text = error.to_string();
        assert!(text.ends_with(": no.such.host"), "{text}");
        assert!(!text.contains("nothing found"), "{text}");
        assert_eq!(error.source().unwrap().to_string(), "nothing found");
    }

    #[test]
    fn io_errors_keep_their_meaning() {
        for (io, kind) in [
            (io::ErrorKind::ConnectionRefused, TransportFailure::Connect),
            (io::ErrorKind::ConnectionReset, TransportFailure::Reset),
            (io::ErrorKind::WouldBlock, TransportFailure::ReadTimeout),
            (io::ErrorKind::UnexpectedEof, TransportFailure::Truncated),
            (io::ErrorKind::InvalidData, TransportFailure::Other),
        ] {
            assert_eq!(TransportError::from(io::Error::from(io)).kind(), kind, "{io:?}");
        }
    }
}
