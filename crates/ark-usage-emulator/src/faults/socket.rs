//! Faults that a response cannot express: they are what happens to its bytes.

/// How a server mistreats the response that carries this in its
/// [extensions](http::Extensions).
///
/// [`Emulator::handle`](crate::Emulator::handle) answers with the response that is to be
/// mistreated; the `serve` feature carries the fault out. A simulation without sockets reads it
/// and reports to its client what a transport would have seen.
///
/// ```
/// use ark_usage_emulator::SocketFault;
///
/// fn never_arrives(response: &http::Response<Vec<u8>>) -> bool {
///     matches!(response.extensions().get(), Some(SocketFault::ResetBeforeBody))
/// }
/// # assert!(!never_arrives(&http::Response::default()));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketFault {
    /// The connection is reset before a byte is answered.
    ResetBeforeBody,
    /// The connection is reset after the head and half of the body.
    ResetInBody,
    /// The connection is reset after the whole answer.
    ResetAfterBody,
    /// The head and so many bytes of the body come, then nothing, on an open connection; `None`:
    /// not even the head.
    Stall {
        /// Bytes of the body that come before.
        after: Option<u64>,
    },
    /// The body comes `bytes` at a time, `millis` apart.
    SlowDrip {
        /// Bytes at a time.
        bytes: u64,
        /// Milliseconds between them.
        millis: u64,
    },
    /// `Content-Length` is `off_by` more than what comes; then the connection closes.
    ContentLength {
        /// Positive: bytes are missing. Negative: there are more than announced.
        off_by: i64,
    },
    /// The body is followed by white space until it has so many bytes.
    HugeBody {
        /// Size of the whole body.
        bytes: u64,
    },
    /// The answer comes whole, so many milliseconds later.
    Delay {
        /// Milliseconds.
        millis: u64,
    },
}
