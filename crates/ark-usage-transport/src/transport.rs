//! What carries a request to the server and brings the answer back.

use http::{Request, Response};

use crate::TransportError;

/// Carries one request to the server and brings its answer back: the one thing a client of
/// another HTTP library has to provide.
///
/// What an implementation owes the rest:
///
/// - The request is sent as it is: the URI is wire-ready, `Host` stands among the headers, and the
///   body's bytes are the ones that were hashed. Headers may be added; those that are there must
///   not be changed.
/// - Every answer of the server is an `Ok`, whatever its status. Redirects are answers too: the
///   signature would not fit the other place, and the request may carry a session token.
/// - Failing to get an answer is a [`TransportError`], whose kind decides whether the request is
///   worth repeating.
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
    /// Sends `request` and reads the whole answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when no complete answer came.
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

/// [`Transport`] for programs without a runtime: carries the request while the caller waits. For
/// [`BlockingClient`](crate::BlockingClient).
///
/// What is said there holds here too. Closures implement it; [`TransportError`] is made from an
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
    /// Sends `request` and reads the whole answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when no complete answer came.
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
