//! Transports: a request in, a response out.

use http::{Request, Response};

use crate::TransportError;

/// Sends one request and returns its response: the interface to another HTTP library.
///
/// An implementation keeps these rules:
///
/// - The request is sent as it is: the URI is wire-ready, `Host` is among the headers, and the
///   body's bytes are the ones that were hashed. Headers may be added; those that are there must
///   not be changed.
/// - Every response of the server is an `Ok`, whatever its status. Redirects are responses too: the
///   signature would not fit the other host, and the request may carry a session token.
/// - A failure is a [`TransportError`], whose kind decides about a retry.
/// - The body is read to its end, up to a limit of the implementation's choice.
///
/// Closures implement it, so does everything that can be called from one:
///
/// ```
/// use ark_usage_transport::{Transport, TransportError};
///
/// fn canned() -> impl Transport {
///     |request: http::Request<Vec<u8>>| async move {
///         assert!(request.uri().query().is_some());
///         Ok::<_, TransportError>(http::Response::new(b"{}".to_vec()))
///     }
/// }
/// # let _ = canned();
/// ```
pub trait Transport {
    /// Sends `request` and reads the whole response.
    ///
    /// # Errors
    ///
    /// [`TransportError`] without a complete response.
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Response<Vec<u8>>, TransportError>> + Send;
}

impl<F, Answer> Transport for F
where
    F: Fn(Request<Vec<u8>>) -> Answer,
    Answer: Future<Output = Result<Response<Vec<u8>>, TransportError>> + Send,
{
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Response<Vec<u8>>, TransportError>> + Send {
        self(request)
    }
}

/// [`Transport`] for programs without a runtime: sends the request while the caller waits. For
/// [`BlockingClient`](crate::BlockingClient).
///
/// The same rules apply. Closures implement it; [`TransportError`] is made from an
/// [`std::io::Error`] by `?`.
///
/// ```
/// use ark_usage_transport::{BlockingTransport, TransportError};
///
/// fn canned() -> impl BlockingTransport {
///     |_: http::Request<Vec<u8>>| Ok::<_, TransportError>(http::Response::new(b"{}".to_vec()))
/// }
/// # let _ = canned();
/// ```
pub trait BlockingTransport {
    /// Sends `request` and reads the whole response.
    ///
    /// # Errors
    ///
    /// [`TransportError`] without a complete response.
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError>;
}

impl<F> BlockingTransport for F
where
    F: Fn(Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError>,
{
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        self(request)
    }
}
