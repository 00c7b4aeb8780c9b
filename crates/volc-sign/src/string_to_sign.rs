//! Stage 2: the text the key is applied to.

use alloc::string::String;
use core::fmt;

use crate::credential_scope::Scope;
use crate::text::Hex;
use crate::{ALGORITHM, CanonicalRequest, CredentialScope, SigningTime};

/// Algorithm, X-Date, scope and the hash of the canonical request, one a line:
///
/// ```text
/// HMAC-SHA256
/// 20241119T021530Z
/// 20241119/cn-beijing/ark/request
/// <hex SHA-256 of the canonical request>
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StringToSign(String);

impl StringToSign {
    /// The string to sign of a canonical request.
    pub fn new(
        time: SigningTime,
        scope: &CredentialScope,
        canonical_request: &CanonicalRequest,
    ) -> Self {
        let x_date = time.to_ascii();
        Self::from_digest(x_date.as_str(), scope.borrowed(), &canonical_request.digest())
    }

    pub(crate) fn from_digest(x_date: &str, scope: Scope<'_>, digest: &[u8; 32]) -> Self {
        let hash = Hex::of(digest);
        let lines = [ALGORITHM, "\n", x_date, "\n", scope.date, scope.rest, "\n", hash.as_str()];
        Self(lines.concat())
    }

    /// The text, as it is signed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
