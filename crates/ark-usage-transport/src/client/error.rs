//! Why a call came to nothing.

use volc_openapi::{RequestError, ResponseError, TransportFailure};

use crate::{SignFailure, TransportError};

/// Why an exchange brought no answer: it was not signed, or not carried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// It was not signed, and so not sent.
    #[error(transparent)]
    Sign(#[from] SignFailure),
    /// It was sent, or nearly so, and no whole answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl ExchangeError {
    /// What kind of failure it was: what the retry policy knows of it.
    pub const fn kind(&self) -> TransportFailure {
        match self {
            Self::Sign(_) => TransportFailure::Signing,
            Self::Transport(error) => error.kind(),
        }
    }
}

/// Why a call of a single action came to nothing, after all retries.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The parameters do not make a request. Nothing was sent.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// No answer came.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The answer is a refusal, or makes no sense.
    #[error(transparent)]
    Response(#[from] ResponseError),
}
