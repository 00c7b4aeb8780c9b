//! Stage 2: what the key is applied to.

use alloc::string::String;
use core::fmt;

use crate::credential_scope::Scope;
use crate::text::{Hex, Scratch, Sink};
use crate::{CanonicalRequest, CredentialScope, SigningTime};

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
        Self::from_digest(time, scope.borrowed(), &canonical_request.digest())
    }

    pub(crate) fn from_digest(time: SigningTime, scope: Scope<'_>, digest: &[u8; 32]) -> Self {
        let mut text = String::with_capacity(128 + scope.rest.len());
        write(&mut text, time.to_ascii().as_str(), scope, digest);
        Self(text)
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

/// The first line.
const ALGORITHM_LINE: &str = "HMAC-SHA256\n";

/// The text for one signature, on the stack unless the scope is very long.
pub(crate) fn scratch(x_date: &str, scope: Scope<'_>, digest: &[u8; 32]) -> Scratch<192> {
    let mut text = Scratch::new();
    write(&mut text, x_date, scope, digest);
    text
}

fn write(out: &mut impl Sink, x_date: &str, scope: Scope<'_>, digest: &[u8; 32]) {
    out.text(ALGORITHM_LINE);
    out.text(x_date);
    out.ascii(b'\n');
    scope.write(out);
    out.ascii(b'\n');
    out.hex(&Hex::of(digest));
}
