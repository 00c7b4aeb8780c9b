//! Reading the Authorization header.

use crate::{ALGORITHM, VerifyError};

/// The three parts of an Authorization value, as text.
pub(super) struct Authorization<'a> {
    pub(super) credential: &'a str,
    pub(super) signed_headers: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads `HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, the parts in any order.
    pub(super) fn parse(value: &'a [u8]) -> Result<Self, VerifyError> {
        let value = core::str::from_utf8(value).map_err(|_| VerifyError::MalformedAuthorization)?;
        let (algorithm, mut rest) = value.split_once(' ').unwrap_or((value, ""));
        if algorithm != ALGORITHM {
            return Err(VerifyError::UnsupportedAlgorithm);
        }
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        while !rest.is_empty() {
            let (part, after) = rest.split_once(',').unwrap_or((rest, ""));
            rest = after.trim_start_matches(' ');
            let (name, value) = part
                .trim_matches(' ')
                .split_once('=')
                .ok_or(VerifyError::MalformedAuthorization)?;
            let (place, name) = match name {
                "Credential" => (&mut credential, "Credential"),
                "SignedHeaders" => (&mut signed_headers, "SignedHeaders"),
                "Signature" => (&mut signature, "Signature"),
                _ => return Err(VerifyError::MalformedAuthorization),
            };
            if place.replace(value).is_some() {
                return Err(VerifyError::RepeatedClaim { name });
            }
        }
        Ok(Self {
            credential: credential.ok_or(VerifyError::MissingClaim { name: "Credential" })?,
            signed_headers: signed_headers
                .ok_or(VerifyError::MissingClaim { name: "SignedHeaders" })?,
            signature: signature.ok_or(VerifyError::MissingSignature)?,
        })
    }
}
