//! The kind of failure behind an error of hyper or rustls, in words of this workspace.
//!
//! Texts of those libraries name their types, so that none of them is kept: the kind says what
//! failed, the detail names a host, a date or a proxy's answer, and the source is the system's error.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, OtherError};
use volc_openapi::{TransportFailure, format_http_date};

use super::connector::{ConnectTimedOut, LookupFailed};
use super::tls::TlsSetupError;
use super::tunnel::{ProxyRefusal, ProxyUnreached};
use crate::TransportError;
use crate::error::kind_of_io;

/// The error of sending, or of receiving the head of the response.
pub(super) fn of_request(error: &hyper_util::client::legacy::Error) -> TransportError {
    if error.is_connect() {
        return of_connecting(error);
    }
    let told = of_waiting(error);
    told.unwrap_or_else(|| with_system_error(TransportFailure::Other.into(), error))
}

/// The error of receiving the body.
pub(super) fn of_body(error: &hyper::Error) -> TransportError {
    let kind = match first(error, |cause| cause.downcast_ref::<io::Error>().map(io::Error::kind)) {
        Some(io::ErrorKind::TimedOut) => TransportFailure::ReadTimeout,
        // Hyper's word for chunks that are none.
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => {
            TransportFailure::Malformed
        }
        // Whatever the socket said: the answer had begun and did not end.
        Some(_) => TransportFailure::Truncated,
        None if error.is_incomplete_message() || error.is_closed() || error.is_canceled() => {
            TransportFailure::Truncated
        }
        None => TransportFailure::Other,
    };
    with_system_error(TransportError::new(kind), error)
}

fn of_connecting(error: &(dyn Error + 'static)) -> TransportError {
    let through = first(error, |cause| cause.downcast_ref::<ProxyUnreached>());
    let told = first(error, |cause| {
        if let Some(refusal) = cause.downcast_ref::<ProxyRefusal>() {
            Some(TransportError::new(refusal.failure).with_detail(refusal.to_string()))
        } else if let Some(LookupFailed { host, .. }) = cause.downcast_ref() {
            Some(TransportError::new(TransportFailure::Dns).with_detail(host))
        } else if let Some(ConnectTimedOut(limit)) = cause.downcast_ref() {
            let late = TransportError::new(TransportFailure::ConnectTimeout);
            Some(late.with_detail(format!("{limit:?}")))
        } else if let Some(error) = cause.downcast_ref::<rustls::Error>() {
            Some(of_tls(error))
        } else if let Some(error) = cause.downcast_ref::<TlsSetupError>() {
            Some(TransportError::new(match error {
                TlsSetupError::NoRoots => TransportFailure::NoTrustedRoots,
                TlsSetupError::Refused(_) => TransportFailure::Tls,
            }))
        } else {
            // A wrapper says `Other`; what it wraps is looked at next.
            let kind = match cause.downcast_ref::<io::Error>()?.kind() {
                io::ErrorKind::TimedOut => TransportFailure::ConnectTimeout,
                // Cut off while TLS was negotiated.
                io::ErrorKind::UnexpectedEof => TransportFailure::Reset,
                kind => kind_of_io(kind),
            };
            (kind != TransportFailure::Other).then(|| TransportError::new(kind))
        }
    });
    let told = told.unwrap_or_else(|| TransportError::new(TransportFailure::Connect));
    let told = match through {
        // A name that does not resolve is the proxy's, and shown already.
        Some(ProxyUnreached { proxy, .. }) if told.kind() != TransportFailure::Dns => {
            TransportError::new(TransportFailure::ProxyConnect).with_detail(proxy)
        }
        _ => told,
    };
    with_system_error(told, error)
}

fn of_waiting(error: &(dyn Error + 'static)) -> Option<TransportError> {
    let by_tls = first(error, |cause| cause.downcast_ref::<rustls::Error>().map(of_tls));
    if by_tls.is_some() {
        return by_tls;
    }
    let by_hyper = first(error, |cause| {
        let cause = cause.downcast_ref::<hyper::Error>()?;
        if cause.is_parse() {
            return Some(TransportFailure::Malformed);
        }
        let cut_off = cause.is_incomplete_message() || cause.is_closed() || cause.is_canceled();
        cut_off.then_some(TransportFailure::Reset)
    });
    let by_socket = || {
        first(error, |cause| match cause.downcast_ref::<io::Error>()?.kind() {
            // Nothing of the answer has come: that is no half of one.
            io::ErrorKind::UnexpectedEof => Some(TransportFailure::Reset),
            kind => Some(kind_of_io(kind)).filter(|kind| *kind != TransportFailure::Other),
        })
    };
    let kind = by_hyper.or_else(by_socket)?;
    Some(with_system_error(TransportError::new(kind), error))
}

fn of_tls(error: &rustls::Error) -> TransportError {
    let (kind, detail) = match error {
        rustls::Error::InvalidCertificate(problem) => return of_certificate(problem),
        rustls::Error::NoCertificatesPresented | rustls::Error::UnsupportedNameType => {
            (TransportFailure::CertificateInvalid, None)
        }
        rustls::Error::InvalidMessage(_) => (TransportFailure::NotTls, None),
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity
            | AlertDescription::HandshakeFailure,
        ) => (TransportFailure::TlsVersion, None),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
            (TransportFailure::ClientCertificate, None)
        }
        rustls::Error::AlertReceived(alert) => (TransportFailure::Tls, Some(format!("{alert:?}"))),
        _ => (TransportFailure::Tls, None),
    };
    with_detail(TransportError::new(kind), detail)
}

fn of_certificate(problem: &CertificateError) -> TransportError {
    let date = |seconds: u64| i64::try_from(seconds).ok().map(format_http_date);
    let (kind, detail) = match problem {
        CertificateError::Expired => (TransportFailure::CertificateExpired, None),
        CertificateError::ExpiredContext { not_after, .. } => {
            (TransportFailure::CertificateExpired, date(not_after.as_secs()))
        }
        CertificateError::NotValidYet => (TransportFailure::CertificateNotYetValid, None),
        CertificateError::NotValidYetContext { not_before, .. } => {
            (TransportFailure::CertificateNotYetValid, date(not_before.as_secs()))
        }
        // A bad signature is that of another authority of the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            (TransportFailure::CertificateUntrusted, None)
        }
        CertificateError::NotValidForName => (TransportFailure::CertificateName, None),
        CertificateError::NotValidForNameContext { presented, .. } => {
            (TransportFailure::CertificateName, Some(names(presented)))
        }
        CertificateError::Other(other) if is_authority(other) => {
            (TransportFailure::CertificateIsAuthority, None)
        }
        _ => (TransportFailure::CertificateInvalid, None),
    };
    with_detail(TransportError::new(kind), detail)
}

/// True for a certificate of an authority that a server shows as its own.
fn is_authority(problem: &OtherError) -> bool {
    let OtherError(problem) = problem;
    matches!(problem.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
}

/// The names of a certificate, out of `DnsName("a.example")`; the first of many.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inner.unwrap_or(name).trim_matches('"').to_owned()
    };
    presented.iter().take(4).map(bare).collect::<Vec<_>>().join(", ")
}

fn with_detail(error: TransportError, detail: Option<String>) -> TransportError {
    match detail.filter(|detail| !detail.is_empty()) {
        Some(detail) => error.with_detail(detail),
        None => error,
    }
}

/// Adds the error of the operating system among the causes, if there is one.
fn with_system_error(told: TransportError, error: &(dyn Error + 'static)) -> TransportError {
    let number = first(error, |cause| cause.downcast_ref::<io::Error>()?.raw_os_error());
    match number {
        Some(number) => told.with_source(io::Error::from_raw_os_error(number)),
        None => told,
    }
}

/// Returns what `find` makes of the outermost cause it knows.
fn first<'a, T>(
    error: &'a (dyn Error + 'static),
    find: impl Fn(&'a (dyn Error + 'static)) -> Option<T>,
) -> Option<T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = find(cause) {
            return Some(found);
        }
        next = inner(cause);
    }
    None
}

/// Returns the error inside another one. `source` of an I/O error skips the error it was made from.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match wrapped {
        Some(wrapped) => {
            let wrapped: &(dyn Error + 'static) = wrapped;
            Some(wrapped)
        }
        None => error.source(),
    }
}
