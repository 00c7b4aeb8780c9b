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
    /// The proxy cannot be reached, or does not reach the server. Check its address, and that it runs.
    ProxyConnect,
    /// The proxy asks for a user and a password (407). Write them into its address.
    ProxyAuthentication,
    /// The proxy refuses to forward the request. Its administrator can allow the host.
    ProxyRefused,
    /// The TLS handshake fails for a reason that is none of the following.
    Tls,
    /// The server does not speak TLS on this port. Check scheme and port.
    NotTls,
    /// Server and client have no version or cipher in common. A proxy may be old.
    TlsVersion,
    /// No certificate authority is trusted at all. Install those of the system, or pass a bundle.
    NoTrustedRoots,
    /// The certificate is not signed by a trusted authority. Trust the one that signed it.
    CertificateUntrusted,
    /// The server shows the certificate of an authority as its own. It needs another certificate.
    CertificateIsAuthority,
    /// The certificate has expired. Check the clock; its owner must renew it.
    CertificateExpired,
    /// The certificate is not valid yet. Check the clock.
    CertificateNotYetValid,
    /// The certificate belongs to another name. Check the host.
    CertificateName,
    /// The certificate is revoked, damaged, or not for servers.
    CertificateInvalid,
    /// The server asks for a certificate of the client, and there is none to show.
    ClientCertificate,
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
    /// Every kind.
    pub const ALL: [Self; 25] = [
        Self::Dns,
        Self::Connect,
        Self::ConnectTimeout,
        Self::ReadTimeout,
        Self::Reset,
        Self::Truncated,
        Self::ProxyConnect,
        Self::ProxyAuthentication,
        Self::ProxyRefused,
        Self::Tls,
        Self::NotTls,
        Self::TlsVersion,
        Self::NoTrustedRoots,
        Self::CertificateUntrusted,
        Self::CertificateIsAuthority,
        Self::CertificateExpired,
        Self::CertificateNotYetValid,
        Self::CertificateName,
        Self::CertificateInvalid,
        Self::ClientCertificate,
        Self::BodyTooLarge,
        Self::Redirect,
        Self::Malformed,
        Self::Signing,
        Self::Other,
    ];

    /// True when the same request may succeed if it is sent again.
    ///
    /// These are names that do not resolve, connections that fail or break, and time-outs.
    pub fn is_temporary(self) -> bool {
        // A certificate does not change between two attempts, nor do the rules of a proxy.
        matches!(
            self,
            Self::Dns
                | Self::Connect
                | Self::ConnectTimeout
                | Self::ReadTimeout
                | Self::ProxyConnect
                | Self::Reset
                | Self::Truncated
        )
    }

    /// True when TLS fails, for whatever reason.
    pub fn is_tls(self) -> bool {
        matches!(
            self,
            Self::Tls
                | Self::NotTls
                | Self::TlsVersion
                | Self::NoTrustedRoots
                | Self::CertificateUntrusted
                | Self::CertificateIsAuthority
                | Self::CertificateExpired
                | Self::CertificateNotYetValid
                | Self::CertificateName
                | Self::CertificateInvalid
                | Self::ClientCertificate
        )
    }

    /// True when no request reaches the server, so that the next one will not either.
    pub fn is_before_server(self) -> bool {
        matches!(
            self,
            Self::Dns
                | Self::Connect
                | Self::ConnectTimeout
                | Self::ProxyConnect
                | Self::ProxyAuthentication
                | Self::ProxyRefused
        ) || self.is_tls()
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
            Self::ProxyConnect => "proxy_connect",
            Self::ProxyAuthentication => "proxy_authentication",
            Self::ProxyRefused => "proxy_refused",
            Self::Tls => "tls",
            Self::NotTls => "not_tls",
            Self::TlsVersion => "tls_version",
            Self::NoTrustedRoots => "no_trusted_roots",
            Self::CertificateUntrusted => "certificate_untrusted",
            Self::CertificateIsAuthority => "certificate_is_authority",
            Self::CertificateExpired => "certificate_expired",
            Self::CertificateNotYetValid => "certificate_not_yet_valid",
            Self::CertificateName => "certificate_name",
            Self::CertificateInvalid => "certificate_invalid",
            Self::ClientCertificate => "client_certificate",
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
            Self::ProxyConnect => "cannot connect through the proxy",
            Self::ProxyAuthentication => "the proxy asks for a user and a password",
            Self::ProxyRefused => "the proxy refused the request",
            Self::Tls => "the TLS handshake failed",
            Self::NotTls => "the server does not speak TLS on this port",
            Self::TlsVersion => {
                "the server and this program have no TLS version or cipher in common"
            }
            Self::NoTrustedRoots => "no certificate authority is trusted",
            Self::CertificateUntrusted => {
                "the server's certificate is not signed by a trusted authority"
            }
            Self::CertificateIsAuthority => {
                "the server's certificate is that of a certificate authority"
            }
            Self::CertificateExpired => "the server's certificate has expired",
            Self::CertificateNotYetValid => "the server's certificate is not valid yet",
            Self::CertificateName => "the server's certificate belongs to another name",
            Self::CertificateInvalid => "the server's certificate cannot be accepted",
            Self::ClientCertificate => "the server asks for a client certificate",
            Self::BodyTooLarge => "the response is larger than allowed",
            Self::Redirect => "the server redirected the request",
            Self::Malformed => "the response is not valid HTTP",
            Self::Signing => "the request cannot be signed",
            Self::Other => "the transport failed",
        })
    }
}

impl std::error::Error for TransportFailure {}
