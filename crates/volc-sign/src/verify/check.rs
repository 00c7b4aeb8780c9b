//! Proving claims.

use alloc::sync::Arc;

use sha2::{Digest, Sha256};

use super::claims::Form;
use super::presented::Presented;
use super::{Verified, VerifyError, VerifyPolicy};
use crate::signing_key::KeyedHmac;
use crate::{PayloadHash, SecretKey, SigningKey, SigningTime, StringToSign, parameters};

impl Presented {
    /// Proves the claims with the secret of the key they name, or returns why they are wrong.
    ///
    /// In this order: region and service (if the policy names any), the scope's date, the clock,
    /// what must be signed, the hash of the body, and last the signature, compared in constant
    /// time.
    ///
    /// For an unknown key id, verify with a dummy secret: the time taken then does not reveal that the
    /// id is unknown.
    ///
    /// # Errors
    /// The first check that fails, as a [`VerifyError`].
    pub fn verify(
        &self,
        secret: &SecretKey,
        body: &[u8],
        now: SigningTime,
        policy: &VerifyPolicy,
    ) -> Result<Verified, VerifyError> {
        let derive = || KeyedHmac::derive(secret.expose().as_bytes(), self.scope().borrowed());
        self.verify_with(derive, body, now, policy)
    }

    /// As [`verify`](Self::verify), with a signing key the server has kept for
    /// [this scope](Self::scope); no signature matches with another one.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_with_key(
        &self,
        key: &SigningKey,
        body: &[u8],
        now: SigningTime,
        policy: &VerifyPolicy,
    ) -> Result<Verified, VerifyError> {
        self.verify_with(|| key.hmac(), body, now, policy)
    }

    fn verify_with(
        &self,
        keyed: impl FnOnce() -> KeyedHmac,
        body: &[u8],
        now: SigningTime,
        policy: &VerifyPolicy,
    ) -> Result<Verified, VerifyError> {
        self.check_scope(policy)?;
        self.check_clock(now, policy)?;
        self.check_coverage(policy)?;
        let payload = self.check_payload(body)?;
        self.check_signature(keyed(), &payload)?;
        Ok(Verified(Arc::clone(&self.claims)))
    }

    fn check_scope(&self, policy: &VerifyPolicy) -> Result<(), VerifyError> {
        let presented = self.scope();
        if let Some(expected) =
            policy.region.as_ref().filter(|region| *region != presented.region())
        {
            return Err(VerifyError::WrongRegion {
                expected: expected.clone(),
                presented: presented.region().into(),
            });
        }
        if let Some(expected) =
            policy.service.as_ref().filter(|service| *service != presented.service())
        {
            return Err(VerifyError::WrongService {
                expected: expected.clone(),
                presented: presented.service().into(),
            });
        }
        if presented.date() != self.claims.x_date.date() {
            return Err(VerifyError::ScopeDateMismatch);
        }
        Ok(())
    }

    pub(crate) fn check_clock(
        &self,
        now: SigningTime,
        policy: &VerifyPolicy,
    ) -> Result<(), VerifyError> {
        let (signed, clock) = (self.time().unix_seconds(), now.unix_seconds());
        let lifetime = self.expires.unwrap_or(policy.max_skew);
        if signed > clock.saturating_add(policy.max_skew) || clock > signed.saturating_add(lifetime)
        {
            return Err(VerifyError::ClockSkew { presented: self.time(), now });
        }
        Ok(())
    }

    /// Checks that everything is signed that must be.
    fn check_coverage(&self, policy: &VerifyPolicy) -> Result<(), VerifyError> {
        // Parameters that decide about lifetime and body must be signed.
        let binding = [
            (parameters::EXPIRES, self.expires.is_some()),
            (parameters::NOT_SIGN_BODY, !self.claims.covers_body),
        ];
        for (name, is_there) in binding {
            if is_there && !self.claims.covers_parameter(name.as_bytes()) {
                return Err(VerifyError::UnsignedParameter { name: name.into() });
            }
        }
        if !policy.is_strict {
            return Ok(());
        }
        if let Some(objection) = &self.unclear {
            return Err(VerifyError::Unclear(objection.clone()));
        }
        if let Some(name) = &self.unsigned_parameter {
            return Err(VerifyError::UnsignedParameter { name: name.clone() });
        }
        let signed = self.signed_headers();
        let required: &[&str] = match (self.claims.form, &self.session_token) {
            (Form::Query, _) => &["host"],
            (Form::Header, None) => &["host", "x-date", "x-content-sha256"],
            (Form::Header, Some(_)) => &["host", "x-date", "x-content-sha256", "x-security-token"],
        };
        if let Some(name) = required.iter().copied().find(|name| !signed.contains(name)) {
            return Err(VerifyError::UnsignedHeader { name });
        }
        if !signed.is_sorted() {
            return Err(VerifyError::UnsortedHeaders);
        }
        Ok(())
    }

    /// The hash that is signed, once it is known to be the body's.
    fn check_payload(&self, body: &[u8]) -> Result<PayloadHash, VerifyError> {
        let payload = self.payload_of(body);
        match self.payload {
            Some(Err(_)) => Err(VerifyError::MalformedPayloadHash),
            Some(Ok(claimed)) if self.claims.covers_body && claimed != payload => {
                Err(VerifyError::PayloadMismatch)
            }
            _ => Ok(payload),
        }
    }

    fn check_signature(&self, keyed: KeyedHmac, payload: &PayloadHash) -> Result<(), VerifyError> {
        let mut hash = Sha256::new();
        Digest::update(&mut hash, self.canonical_head.as_bytes());
        Digest::update(&mut hash, payload.to_hex().as_bytes());
        let (x_date, scope) = (self.claims.x_date.as_str(), self.scope().borrowed());
        let text = StringToSign::from_digest(x_date, scope, &hash.finalize().into());
        if keyed.sign(text.as_str().as_bytes()).matches(self.signature) {
            Ok(())
        } else {
            Err(VerifyError::SignatureMismatch)
        }
    }
}
