//! Errors of calls.

use volc_openapi::{RequestError, ResponseError, TransportFailure};

use crate::{SignFailure, TransportError};

/// The reason an exchange has no response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The request was not signed, so it was not sent.
    #[error(transparent)]
    Sign(#[from] SignFailure),
    /// The transport has no complete response.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl ExchangeError {
    /// The kind of failure, by which retries are decided.
    pub const fn kind(&self) -> TransportFailure {
        match self {
            Self::Sign(_) => TransportFailure::Signing,
            Self::Transport(error) => error.kind(),
        }
    }
}

/// The reason a single call failed, after all retries.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The parameters do not make a request, so nothing was sent.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// There is no response.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The response is a refusal, or not as documented.
    #[error(transparent)]
    Response(#[from] ResponseError),
}
