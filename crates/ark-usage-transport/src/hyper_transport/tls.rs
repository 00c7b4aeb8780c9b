//! Whom TLS trusts: the operating system's roots, a bundle of one's own, or both.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore};

/// The trusted certificate authorities.
///
/// The operating system's are found when TLS is first spoken, not before: plain HTTP to loopback
/// costs nothing and works on machines without any. (On Unix the variables `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` say where they are, as for OpenSSL.)
#[derive(Clone)]
pub struct TlsRoots {
    system: bool,
    bundle: Vec<CertificateDer<'static>>,
}

impl TlsRoots {
    /// The operating system's.
    pub const fn system() -> Self {
        Self { system: true, bundle: Vec::new() }
    }

    /// Trusts the certificates of this PEM text too: what `--ca-bundle` names.
    ///
    /// # Errors
    ///
    /// [`CaBundleError`] when the text holds no certificate, or one that cannot be read.
    pub fn with_bundle(mut self, pem: &[u8]) -> Result<Self, CaBundleError> {
        let certificates = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(CaBundleError::Malformed)?;
        if certificates.is_empty() {
            return Err(CaBundleError::Empty);
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store.add(certificate.clone()).map_err(CaBundleError::Unusable)?;
        }
        self.bundle.extend(certificates);
        Ok(self)
    }

    /// The number of trusted certificate authorities. Reads the operating system's, which takes a
    /// moment.
    pub fn count(&self) -> usize {
        let system =
            if self.system { rustls_native_certs::load_native_certs().certs } else { Vec::new() };
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(system);
        store.add_parsable_certificates(self.bundle.iter().cloned());
        store.len()
    }

    /// No longer trusts the operating system's, only what a bundle brought.
    #[must_use]
    pub fn without_system(mut self) -> Self {
        self.system = false;
        self
    }
}

impl Default for TlsRoots {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for TlsRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsRoots")
            .field("system", &self.system)
            .field("bundle", &self.bundle.len())
            .finish()
    }
}

/// A bundle of certificates that cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum CaBundleError {
    /// No `-----BEGIN CERTIFICATE-----` in it. The file must be PEM, not DER.
    Empty,
    /// Begins like PEM but does not go on so.
    Malformed(pem::Error),
    /// PEM, but not a certificate that could be trusted.
    Unusable(rustls::Error),
}

impl fmt::Display for CaBundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the CA bundle contains no certificate in PEM format",
            Self::Malformed(_) => "the CA bundle is not well-formed PEM",
            Self::Unusable(_) => "the CA bundle contains an unusable certificate",
        })
    }
}

impl Error for CaBundleError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Empty => None,
            Self::Malformed(source) => Some(source),
            Self::Unusable(source) => Some(source),
        }
    }
}

/// The TLS configuration, made when it is first asked for.
#[derive(Debug)]
pub(super) struct LazyTls {
    roots: TlsRoots,
    /// Offered to the server, best first.
    protocols: Vec<Vec<u8>>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl LazyTls {
    pub(super) const fn new(roots: TlsRoots, protocols: Vec<Vec<u8>>) -> Self {
        Self { roots, protocols, config: OnceLock::new() }
    }

    /// The configuration; a failure is not kept, the next call tries again.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, TlsSetupError> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(client_config(&self.roots, &self.protocols)?);
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }
}

/// TLS cannot be spoken at all.
#[derive(Debug, thiserror::Error)]
pub(super) enum TlsSetupError {
    #[error("no trusted root certificates found; install ca-certificates or pass a CA bundle")]
    NoRoots,
    #[error("the TLS library refused its configuration")]
    Refused(#[source] rustls::Error),
}

fn client_config(roots: &TlsRoots, protocols: &[Vec<u8>]) -> Result<ClientConfig, TlsSetupError> {
    let mut store = RootCertStore::empty();
    if roots.system {
        // Odd certificates are common in system stores; those that can be read are enough.
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    store.add_parsable_certificates(roots.bundle.iter().cloned());
    if store.is_empty() {
        return Err(TlsSetupError::NoRoots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsSetupError::Refused)?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = protocols.to_vec();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_without_a_usable_certificate_are_refused() {
        let with = |pem: &str| TlsRoots::system().with_bundle(pem.as_bytes()).unwrap_err();
        assert!(matches!(with(""), CaBundleError::Empty));
        assert!(matches!(with("hello"), CaBundleError::Empty));
        let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        assert!(matches!(with(cut), CaBundleError::Malformed(_)));
        let odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(with(odd), CaBundleError::Unusable(_)));
        assert!(with(odd).source().is_some());
    }

    #[test]
    fn without_trusted_certificates_there_is_no_tls() {
        let tls = LazyTls::new(TlsRoots::system().without_system(), Vec::new());
        assert!(matches!(tls.config(), Err(TlsSetupError::NoRoots)));
        assert_eq!(TlsRoots::system().without_system().count(), 0);
    }
}
