//! Claims that were proved.

use alloc::sync::Arc;

use super::claims::Claims;
use crate::{CredentialScope, SignedHeaders, SigningTime};

/// Proof that a request was signed with the key it names: only
/// [`Presented::verify`](crate::Presented::verify) makes one, and has an example. Functions
/// that are for trusted requests only can take it as an argument.
#[derive(Clone, Debug)]
pub struct Verified(pub(super) Arc<Claims>);

impl Verified {
    /// The id of the key that signed.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The day, region and service the signature is valid for.
    pub fn scope(&self) -> &CredentialScope {
        &self.0.scope
    }

    /// The signing time.
    pub fn time(&self) -> SigningTime {
        self.0.time
    }

    /// The headers that are covered. Do not trust others.
    pub fn signed_headers(&self) -> &SignedHeaders {
        &self.0.signed_headers
    }

    /// Returns true if the signature covers the body, which that of a presigned URL does not.
    pub fn covers_body(&self) -> bool {
        self.0.covers_body
    }

    /// Returns true if the signature covers the query parameter of this decoded name. In the header
    /// form it covers all of them.
    pub fn covers_parameter(&self, name: &str) -> bool {
        self.0.covers_parameter(name.as_bytes())
    }
}
