//! Request signing (HMAC-SHA256) for every Volcengine and BytePlus OpenAPI service, over the types
//! of the [`http`] crate: [sign](Signer), [presign](Signer::presign), [verify](Presented), and
//! [explain] a refused signature.
//!
//! ```
//! use volc_sign::{Credentials, Signer, SigningTime};
//!
//! let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
//! let signer = Signer::new(credentials, "cn-beijing", "ark");
//!
//! let mut request = http::Request::post("https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01")
//!     .header("content-type", "application/json; charset=UTF-8")
//!     .body(r#"{"StartTime":1731945600,"EndTime":1732031999,"Interval":86400}"#)?;
//! signer.sign_request(&mut request, SigningTime::from_unix(1_731_982_530)?)?;
//!
//! let authorization = request.headers()["authorization"].to_str()?;
//! assert!(authorization.ends_with("Signature=07dbe3b0ad1c520a2acc0c2b6647efbb920c7e150537592d4f677782fa12284a"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Contract
//!
//! - The URL comes in as it goes over the wire; header signing never rewrites it. The bytes hashed
//!   are the bytes sent.
//! - The time is an argument. There is no clock in here, no environment, no file and no socket:
//!   `no_std` proves it.
//! - A shape that official signers read differently is [refused](SignError) by
//!   [default](Ambiguity).
//! - A request is changed completely or not at all. Signing again replaces the earlier signature,
//!   as retries need.
//! - Nothing is cached. A program that signs often keeps the [`SigningKey`] of the day.
//! - Nothing prints a secret, a token or a signature by accident.
//!
//! # Contents
//!
//! The module [protocol] teaches the protocol from the bottom up, with a worked example, the rules,
//! and the table of disagreements between official signers.
//!
//! | stage | |
//! |---|---|
//! | input | [`SignableRequest`], [`PayloadHash`], [`SignedHeaders`], [`Ambiguity`] |
//! | keys and time | [`Credentials`], [`SecretKey`], [`SessionToken`], [`SigningTime`] |
//! | canonical request | [`CanonicalRequest`] |
//! | string to sign | [`StringToSign`], [`CredentialScope`] |
//! | key and signature | [`SigningKey`], [`Signature`] |
//! | all stages | [`Signer`], [`Signed`], [`Presigned`] |
//! | verifying | [`Presented`], [`VerifyPolicy`], [`Verified`], [`VerifyError`] |
//! | failures | [`explain`] |
//!
#![doc = include_str!("../docs/clients.md")]
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
mod parameters;
mod payload_hash;
mod percent;
mod presign;
mod signable;
mod signed;
mod signed_headers;
mod signer;
mod signing_key;
mod signing_time;
mod string_to_sign;
mod text;
mod verify;

pub mod explain;
#[doc = include_str!("../docs/protocol.md")]
pub mod protocol {}

pub use ambiguity::Ambiguity;
pub use canonical_request::CanonicalRequest;
pub use credential_scope::CredentialScope;
pub use credentials::{Credentials, SecretKey, SessionToken};
pub use error::SignError;
pub use payload_hash::{PayloadHash, PayloadHashError};
pub use presign::Presigned;
pub use signable::SignableRequest;
pub use signed::Signed;
pub use signed_headers::SignedHeaders;
pub use signer::Signer;
pub use signing_key::{Signature, SigningKey};
pub use signing_time::{SigningTime, SigningTimeError};
pub use string_to_sign::StringToSign;
pub use verify::{Presented, Verified, VerifyError, VerifyErrorKind, VerifyPolicy};

/// The only algorithm.
const ALGORITHM: &str = "HMAC-SHA256";

/// Keeps the examples of the README honest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
