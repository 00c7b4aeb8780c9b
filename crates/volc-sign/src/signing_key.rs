//! Stage 3: the key of one day, region and service, and the signatures it makes.

use core::fmt;

use hmac::digest::CtOutput;
use hmac::digest::zeroize::Zeroizing;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::credential_scope::Scope;
use crate::text::Hex;
use crate::{CredentialScope, SecretKey, StringToSign};

type HmacSha256 = Hmac<Sha256>;

/// The key derived from a secret for one [scope](CredentialScope):
///
/// ```text
/// HMAC(HMAC(HMAC(HMAC(secret, date), region), service), "request")
/// ```
///
/// with no prefix before the secret, unlike other vendors' scheme of the same shape. It is valid
/// for its day, region and service. Deriving one costs about as much as a signature, so a program
/// that signs often keeps it: see
/// [`Signer::sign_request_with_key`](crate::Signer::sign_request_with_key). Redacted in `Debug`,
/// wiped when dropped.
///
/// ```
/// use volc_sign::{CredentialScope, SecretKey, SigningKey};
///
/// # let time = "20241119T021530Z".parse()?;
/// let scope = CredentialScope::new(time, "cn-beijing", "ark");
/// let key = SigningKey::derive(&SecretKey::new("fake-secret-for-tests-only-0001"), &scope);
/// assert_eq!(key.scope().to_string(), "20241119/cn-beijing/ark/request");
/// assert!(!format!("{key:?}").contains("fake-secret"));
/// # Ok::<(), volc_sign::SigningTimeError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    scope: CredentialScope,
    keyed: KeyedHmac,
}

impl SigningKey {
    /// Derives the key of one scope.
    pub fn derive(secret: &SecretKey, scope: &CredentialScope) -> Self {
        let keyed = KeyedHmac::derive(secret.expose().as_bytes(), scope.borrowed());
        Self { scope: scope.clone(), keyed }
    }

    /// The day, region and service the key is valid for.
    pub fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// Signs a string to sign.
    pub fn sign(&self, string_to_sign: &StringToSign) -> Signature {
        self.hmac().sign(string_to_sign.as_str().as_bytes())
    }

    pub(crate) fn hmac(&self) -> KeyedHmac {
        self.keyed.clone()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// HMAC with the derived key in it: a clone signs, and saves the two compressions that keying
/// takes. Wiped when dropped, which is what the feature `zeroize` of sha2 is for.
#[derive(Clone)]
pub(crate) struct KeyedHmac(HmacSha256);

impl KeyedHmac {
    pub(crate) fn derive(secret: &[u8], scope: Scope<'_>) -> Self {
        scope.parts().into_iter().fold(Self::keyed(secret), |mac, part| {
            Self::keyed(&*Zeroizing::new(mac.digest(part.as_bytes())))
        })
    }

    /// Derives a key in other steps, from the bytes of the one before or from their hex digits.
    pub(crate) fn derive_in_steps(secret: &[u8], steps: &[&str], through_hex: bool) -> Self {
        steps.iter().fold(Self::keyed(secret), |mac, step| {
            let digest = Zeroizing::new(mac.digest(step.as_bytes()));
            if through_hex {
                Self::keyed(Hex::of(&digest).as_bytes())
            } else {
                Self::keyed(&*digest)
            }
        })
    }

    pub(crate) fn sign(self, string_to_sign: &[u8]) -> Signature {
        Signature(self.digest(string_to_sign))
    }

    fn keyed(key: &[u8]) -> Self {
        #[expect(clippy::expect_used, reason = "the error exists for other MACs")]
        let mac = HmacSha256::new_from_slice(key).expect("HMAC takes keys of every length");
        Self(mac)
    }

    fn digest(mut self, message: &[u8]) -> [u8; 32] {
        self.0.update(message);
        self.0.finalize().into_bytes().into()
    }
}

/// A signature: prints as 64 lower-case hex digits.
///
/// It has no `PartialEq`, so that none is checked with `==`, whose timing tells an attacker how
/// much of a guess was right. Use [`Presented::verify`](crate::Presented::verify). `Debug` does not show it.
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

impl Signature {
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Compares in constant time.
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

#[cfg(test)]
mod tests {
    use hmac::digest::zeroize::ZeroizeOnDrop;

    use super::*;

    /// Holds when it compiles: `Hmac` promises the same of its states only by their own types.
    #[test]
    fn hash_states_are_wiped_when_dropped() {
        fn wiped<T: ZeroizeOnDrop>() {}
        wiped::<Sha256>();
    }
}
