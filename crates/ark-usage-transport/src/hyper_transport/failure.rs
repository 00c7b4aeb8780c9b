//! The kind of failure behind an error of hyper.

use std::error::Error;
use std::io;

use volc_openapi::TransportFailure;

use super::connector::{ConnectTimedOut, LookupFailed};
use super::tls::TlsSetupError;
use crate::TransportError;
use crate::error::kind_of_io;

/// The error of sending, or of receiving the head of the response.
pub(super) fn of_request(error: hyper_util::client::legacy::Error) -> TransportError {
    let kind = if error.is_connect() { of_connecting(&error) } else { of_waiting(&error) };
    TransportError::new(kind).with_source(error)
}

/// The error of receiving the body.
pub(super) fn of_body(error: hyper::Error) -> TransportError {
    let kind = match first(&error, |cause| cause.downcast_ref::<io::Error>().map(io::Error::kind)) {
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
    TransportError::new(kind).with_source(error)
}

fn of_connecting(error: &(dyn Error + 'static)) -> TransportFailure {
    first(error, |cause| {
        if cause.is::<LookupFailed>() {
            Some(TransportFailure::Dns)
        } else if cause.is::<ConnectTimedOut>() {
            Some(TransportFailure::ConnectTimeout)
        } else if cause.is::<rustls::Error>() || cause.is::<TlsSetupError>() {
            Some(TransportFailure::Tls)
        } else {
            // A wrapper says `Other`; what it wraps is looked at next.
            match cause.downcast_ref::<io::Error>()?.kind() {
                io::ErrorKind::TimedOut => Some(TransportFailure::ConnectTimeout),
                // Cut off while TLS was negotiated.
                io::ErrorKind::UnexpectedEof => Some(TransportFailure::Reset),
                kind => Some(kind_of_io(kind)).filter(|kind| *kind != TransportFailure::Other),
            }
        }
    })
    .unwrap_or(TransportFailure::Connect)
}

fn of_waiting(error: &(dyn Error + 'static)) -> TransportFailure {
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
    by_hyper.or_else(by_socket).unwrap_or(TransportFailure::Other)
}

/// Returns what `find` makes of the outermost cause it knows.
fn first<T>(
    error: &(dyn Error + 'static),
    find: impl Fn(&(dyn Error + 'static)) -> Option<T>,
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
