//! Why there was no answer at all.

use std::fmt;

/// The kind of a transport's failure. What exactly happened stays with the transport's own error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TransportFailure {
    /// The host's name did not resolve. Check the base URL and the network.
    Dns,
    /// No connection (refused, unreachable). Check the base URL, proxy and network.
    Connect,
    /// No connection in time.
    ConnectTimeout,
    /// Connected, but no complete answer in time.
    ReadTimeout,
    /// The connection broke before or in the answer.
    Reset,
    /// The answer ended before its announced length.
    Truncated,
    /// TLS could not be agreed upon. Check the clock, roots and proxy.
    Tls,
    /// The answer is larger than the transport allows. Ask for less at once.
    BodyTooLarge,
    /// The server redirects elsewhere; a signed request is never sent on.
    Redirect,
    /// The answer is not HTTP, or its content encoding is broken.
    Malformed,
    /// The request could not be signed: no keys, or they could not be refreshed. Not a network
    /// matter, but an exchange that ends before it is sent has to say so somehow.
    Signing,
    /// Anything else.
    Other,
}

impl TransportFailure {
    /// Whether the same request may well succeed when sent again.
    ///
    /// True for names that did not resolve, connections that were not made or broke, and time-outs.
    pub fn is_temporary(self) -> bool {
        match self {
            Self::Dns
            | Self::Connect
            | Self::ConnectTimeout
            | Self::ReadTimeout
            | Self::Reset
            | Self::Truncated => true,
            Self::Tls
            | Self::BodyTooLarge
            | Self::Redirect
            | Self::Malformed
            | Self::Signing
            | Self::Other => false,
        }
    }

    /// A stable name in lower case, for machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::ConnectTimeout => "connect_timeout",
            Self::ReadTimeout => "read_timeout",
            Self::Reset => "reset",
            Self::Truncated => "truncated",
            Self::Tls => "tls",
            Self::BodyTooLarge => "body_too_large",
            Self::Redirect => "redirect",
            Self::Malformed => "malformed",
            Self::Signing => "signing",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for TransportFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "the host's name does not resolve",
            Self::Connect => "no connection",
            Self::ConnectTimeout => "no connection in time",
            Self::ReadTimeout => "no complete answer in time",
            Self::Reset => "the connection broke",
            Self::Truncated => "the answer ended early",
            Self::Tls => "TLS failed",
            Self::BodyTooLarge => "the answer is larger than allowed",
            Self::Redirect => "the server redirects elsewhere",
            Self::Malformed => "the answer is not proper HTTP",
            Self::Signing => "the request could not be signed",
            Self::Other => "the transport failed",
        })
    }
}

impl std::error::Error for TransportFailure {}
