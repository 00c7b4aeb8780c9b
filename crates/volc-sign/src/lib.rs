//! Request signing for Volcengine and BytePlus.
#![no_std]
extern crate alloc;

mod ambiguity;
mod canonical_query;
mod canonical_request;
mod canonical_uri;
mod credential_scope;
mod credentials;
mod error;
mod host;
mod key_cache;
mod payload_hash;
mod percent;
mod presign;
mod signable;
mod signed_headers;
mod signer;
mod signing_key;
mod signing_time;
mod string_to_sign;
mod text;
mod verify;

pub mod explain;

/// Name of the one algorithm.
const ALGORITHM: &str = "HMAC-SHA256";

pub use ambiguity::Ambiguity;
pub use canonical_request::CanonicalRequest;
pub use credential_scope::CredentialScope;
pub use credentials::{Credentials, SecretKey, SessionToken};
pub use error::SignError;
pub use payload_hash::{PayloadHash, PayloadHashError};
pub use presign::Presigned;
pub use signable::SignableRequest;
pub use signed_headers::SignedHeaders;
pub use signer::{Signed, Signer};
pub use signing_key::{Signature, SigningKey};
pub use signing_time::{SigningTime, SigningTimeError};
pub use string_to_sign::StringToSign;
pub use verify::{Presented, Verified, VerifyError, VerifyErrorKind, VerifyPolicy};
