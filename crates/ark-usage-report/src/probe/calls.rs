//! The calls of a probe, as something else sends them.

use std::future::Future;

use volc_openapi::{Action, ApiError};

use crate::lang::Text;

/// Sends the calls of a probe.
pub trait ProbeCalls {
    /// The failure of a call that is no refusal.
    type Error;

    /// Sends a call, which `about` describes.
    ///
    /// # Errors
    ///
    /// [`ProbeError::Refused`] when the service refuses it.
    fn send<A: Action>(
        &self,
        action: &A,
        about: Text,
    ) -> impl Future<Output = Result<A::Response, ProbeError<Self::Error>>>;
}

/// The end of a call without a result.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a refusal or not")]
pub enum ProbeError<E> {
    /// The service refused it, which may answer a question as well.
    Refused(ApiError),
    /// It failed.
    Failed(E),
}

/// Returns a refusal as a result.
pub(super) fn or_refused<T, E>(
    end: Result<T, ProbeError<E>>,
) -> Result<Result<T, ApiError>, ProbeError<E>> {
    match end {
        Ok(result) => Ok(Ok(result)),
        Err(ProbeError::Refused(error)) => Ok(Err(error)),
        Err(error) => Err(error),
    }
}
