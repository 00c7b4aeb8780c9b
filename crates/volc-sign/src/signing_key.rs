//! Stage 3: the key of one day, region and service, and what it makes.

use core::fmt;

use hmac::digest::zeroize::Zeroizing;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::credential_scope::Scope;
use crate::text::Hex;
use crate::{CredentialScope, SecretKey, StringToSign};

pub(crate) type HmacSha256 = Hmac<Sha256>;

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
pub struct SigningKey(Zeroizing<[u8; 32]>);

impl SigningKey {
    /// Derives the key of one scope.
    pub fn derive(secret: &SecretKey, scope: &CredentialScope) -> Self {
        Self::derive_for(secret.expose().as_bytes(), scope.borrowed())
    }

    /// The signature of a string to sign.
    pub fn sign(&self, string_to_sign: &StringToSign) -> Signature {
        let mut mac = self.mac();
        mac.update(string_to_sign.as_str().as_bytes());
        Signature::of(mac)
    }

    pub(crate) fn derive_for(secret: &[u8], scope: Scope<'_>) -> Self {
        let [date, rest @ ..] = scope.parts();
        let mut key = digest(secret, date);
        for part in rest {
            key = digest(key.as_slice(), part);
        }
        Self(key)
    }

    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn mac(&self) -> HmacSha256 {
        mac_of(self.0.as_slice())
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
    pub(crate) fn of(mac: HmacSha256) -> Self {
        Self(mac.finalize().into_bytes().into())
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
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

fn digest(key: &[u8], message: &str) -> Zeroizing<[u8; 32]> {
    let mut mac = mac_of(key);
    mac.update(message.as_bytes());
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[expect(
    clippy::expect_used,
    reason = "HMAC takes keys of every length; the error exists for other MACs"
)]
fn mac_of(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("HMAC takes keys of every length")
}
