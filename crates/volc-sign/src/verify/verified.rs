//! Claims that proved true.

use alloc::sync::Arc;

use super::claims::Claims;
use crate::{CredentialScope, SignedHeaders, SigningTime};

/// Proof that a request was signed with the key it names: only
/// [`Presented::verify`](crate::Presented::verify) makes one, and has an example. Let what is only
/// for trusted requests take it as an argument.
#[derive(Clone, Debug)]
pub struct Verified(pub(super) Arc<Claims>);

impl Verified {
    /// Whose key it is.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The day, region and service the signature is good for.
    pub fn scope(&self) -> &CredentialScope {
        &self.0.scope
    }

    /// When it was signed.
    pub fn time(&self) -> SigningTime {
        self.0.time
    }

    /// The headers that are covered. Do not trust others.
    pub fn signed_headers(&self) -> &SignedHeaders {
        &self.0.signed_headers
    }

    /// Whether the body is covered: it is, but for a presigned URL.
    pub fn covers_body(&self) -> bool {
        self.0.covers_body
    }

    /// Whether a query parameter, by its decoded name, is covered. In the header form all are.
    pub fn covers_parameter(&self, name: &str) -> bool {
        self.0.covers_parameter(name.as_bytes())
    }
}
