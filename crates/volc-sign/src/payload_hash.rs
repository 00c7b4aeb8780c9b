//! Stage 1a: the hash of the body.

use core::fmt;
use core::str::FromStr;

use sha2::{Digest, Sha256};

use crate::text::{Hex, bytes_of_hex};

/// SHA-256 of the body: the last line of the canonical request and the value of `X-Content-Sha256`.
///
/// Prints as 64 lower-case hex digits. No body and an empty body are the same thing,
/// [`PayloadHash::EMPTY`]. A streamed body is hashed elsewhere:
///
/// ```
/// use sha2::{Digest, Sha256};
/// use volc_sign::PayloadHash;
///
/// let mut hasher = Sha256::new();
/// for chunk in ["{\"Inter", "val\":86400}"] {
///     hasher.update(chunk);
/// }
/// let streamed = PayloadHash::from_digest(hasher.finalize().into());
/// assert_eq!(streamed, PayloadHash::of(b"{\"Interval\":86400}"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PayloadHash([u8; 32]);

impl PayloadHash {
    /// Hash of the empty body, `e3b0c442…b855`.
    pub const EMPTY: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9,
        0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52,
        0xb8, 0x55,
    ]);

    /// Hash of these bytes, which must be the bytes sent.
    pub fn of(body: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// A SHA-256 digest computed elsewhere.
    pub const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn to_hex(self) -> Hex {
        Hex::of(&self.0)
    }
}

impl fmt::Display for PayloadHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.to_hex().as_str())
    }
}

impl fmt::Debug for PayloadHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PayloadHash({self})")
    }
}

impl FromStr for PayloadHash {
    type Err = PayloadHashError;

    /// Reads 64 lower-case hex digits.
    fn from_str(digits: &str) -> Result<Self, PayloadHashError> {
        bytes_of_hex(digits).map(Self).ok_or(PayloadHashError)
    }
}

/// A text that is not a SHA-256 hash: 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PayloadHashError;

impl fmt::Display for PayloadHashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("payload hash is not 64 lower-case hex digits")
    }
}

impl core::error::Error for PayloadHashError {}
