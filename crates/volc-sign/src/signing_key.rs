//! Stage 3: the key of one day, region and service, and what it makes.

use core::fmt;

use hmac::digest::CtOutput;
use hmac::digest::zeroize::Zeroizing;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::credential_scope::Scope;
use crate::keyed_hash::KeyedHash;
use crate::text::Hex;
use crate::{CredentialScope, SecretKey, StringToSign};

type HmacSha256 = Hmac<Sha256>;

/// The key derived from a secret for one [scope](CredentialScope):
///
/// ```text
/// HMAC(HMAC(HMAC(HMAC(secret, date), region), service), "request")
/// ```
///
/// with no prefix before the secret, unlike other vendors' scheme of the same shape. It is good for
/// its day, region and service and can be kept as long; a [`Signer`](crate::Signer) does so by
/// itself. Redacted in `Debug`, wiped when dropped.
///
/// ```
/// use volc_sign::{CredentialScope, SecretKey, SigningKey};
///
/// # let time = "20241119T021530Z".parse()?;
/// let scope = CredentialScope::new(time, "cn-beijing", "ark");
/// let key = SigningKey::derive(&SecretKey::new("fake-secret-for-tests-only-0001"), &scope);
/// assert_eq!(format!("{key:?}"), "SigningKey(redacted)");
/// # Ok::<(), volc_sign::SigningTimeError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey(KeyedHash);

impl SigningKey {
    /// Derives the key of one scope.
    pub fn derive(secret: &SecretKey, scope: &CredentialScope) -> Self {
        Self::derive_for(secret.expose().as_bytes(), scope.borrowed())
    }

    /// The signature of a string to sign.
    pub fn sign(&self, string_to_sign: &StringToSign) -> Signature {
        self.sign_bytes(string_to_sign.as_str().as_bytes())
    }

    pub(crate) fn derive_for(secret: &[u8], scope: Scope<'_>) -> Self {
        let [date, rest @ ..] = scope.parts();
        let mut key = KeyedHash::new(&keyed_by_secret(secret, date));
        for part in rest {
            key = KeyedHash::new(&Zeroizing::new(key.digest(part.as_bytes())));
        }
        Self(key)
    }

    pub(crate) fn from_hash(hash: KeyedHash) -> Self {
        Self(hash)
    }

    pub(crate) fn as_hash(&self) -> &KeyedHash {
        &self.0
    }

    pub(crate) fn sign_bytes(&self, string_to_sign: &[u8]) -> Signature {
        Signature(self.0.digest(string_to_sign))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

/// A signature: prints as 64 lower-case hex digits.
///
/// It has no `PartialEq`, so that nobody checks one with `==`, which tells an attacker by its
/// timing how far a guess was right; checking is [`Presented::verify`](crate::Presented::verify)'s
/// work. `Debug` does not show it.
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

impl Signature {
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Whether they are the same, in constant time.
    pub(crate) fn matches(self, other: Self) -> bool {
        let output = |Self(bytes): Self| CtOutput::<HmacSha256>::new(bytes.into());
        output(self) == output(other)
    }

    pub(crate) fn to_hex(self) -> Hex {
        Hex::of(&self.0)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.to_hex().as_str())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

/// The first step, whose key is a text of any length.
fn keyed_by_secret(secret: &[u8], date: &str) -> Zeroizing<[u8; 32]> {
    #[expect(clippy::expect_used, reason = "the error exists for other MACs")]
    let mut mac = HmacSha256::new_from_slice(secret).expect("HMAC takes keys of every length");
    mac.update(date.as_bytes());
    Zeroizing::new(mac.finalize().into_bytes().into())
}
