//! Nobody signs.

use ark_usage_model::AccountId;
use http::Request;
use volc_sign::SigningTime;

use super::{Sign, SignFailure};

/// Leaves requests as they are: for a transport that signs by itself, or that talks to something
/// which asks for no signature.
///
/// Such a transport dates requests by its own clock; a clock offset that the query has learned
/// does not reach it.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to it")]
pub struct Unsigned;

impl Sign for Unsigned {
    async fn sign(
        &self,
        _: AccountId,
        request: Request<Vec<u8>>,
        _: SigningTime,
        _: bool,
    ) -> Result<Request<Vec<u8>>, SignFailure> {
        Ok(request)
    }
}
