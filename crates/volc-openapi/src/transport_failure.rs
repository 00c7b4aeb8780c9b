//! Kinds of failure without a complete response.

use std::fmt;

/// The kind of a transport failure. The details are in the transport's own error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TransportFailure {
    /// The host name does not resolve. Check the base URL and the network.
    Dns,
    /// The connection is refused or the host unreachable. Check the base URL, proxy and network.
    Connect,
    /// The connection times out.
    ConnectTimeout,
    /// No complete response arrives in time.
    ReadTimeout,
    /// The connection is closed before the response is complete.
    Reset,
    /// The response is shorter than its announced length.
    Truncated,
    /// The TLS handshake fails. Check the clock, the trusted certificates and the proxy.
    Tls,
    /// The response is larger than the transport allows. Request less at once.
    BodyTooLarge,
    /// The server redirects. A signed request never follows.
    Redirect,
    /// The response is not HTTP, or its content encoding is broken.
    Malformed,
    /// The request cannot be signed, because credentials are missing or cannot be refreshed. Nothing
    /// is sent.
    Signing,
    /// Anything else.
    Other,
}

impl TransportFailure {
    /// True when the same request may succeed if it is sent again.
    ///
    /// These are names that do not resolve, connections that fail or break, and time-outs.
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
            Self::Dns => "the host name does not resolve",
            Self::Connect => "cannot connect",
            Self::ConnectTimeout => "connecting timed out",
            Self::ReadTimeout => "no complete response in time",
            Self::Reset => "the connection was closed",
            Self::Truncated => "the response is incomplete",
            Self::Tls => "the TLS handshake failed",
            Self::BodyTooLarge => "the response is larger than allowed",
            Self::Redirect => "the server redirected the request",
            Self::Malformed => "the response is not valid HTTP",
            Self::Signing => "the request cannot be signed",
            Self::Other => "the transport failed",
        })
    }
}

impl std::error::Error for TransportFailure {}
