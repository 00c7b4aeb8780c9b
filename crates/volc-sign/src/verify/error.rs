//! The error of verifying.

use alloc::string::String;
use core::fmt;

use crate::{SignError, SigningTime};

/// A signature that is not accepted.
///
/// ```
/// use volc_sign::{Presented, VerifyError, VerifyErrorKind};
///
/// let request = http::Request::get("https://iam.volcengineapi.com/?Action=ListUsers").body(())?;
/// let error = Presented::from_request(&request).unwrap_err();
/// assert_eq!(error, VerifyError::MissingAuthorization);
/// assert_eq!(error.kind(), VerifyErrorKind::MissingAuthenticationToken);
/// assert_eq!(error.kind().code(), "MissingAuthenticationToken");
/// # Ok::<(), http::Error>(())
/// ```
///
/// Tell the client no more than the code of its [`kind`](Self::kind); the rest is for the server's
/// log. None displays a secret, a token or a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// Neither an Authorization header nor the parameters of a presigned URL. Sign the request.
    MissingAuthorization,
    /// Signed twice, in the header and in the URL. Drop one of them.
    TwoSignatures,
    /// Another scheme or algorithm than `HMAC-SHA256`, such as a bearer key.
    UnsupportedAlgorithm,
    /// The Authorization header cannot be read.
    MalformedAuthorization,
    /// A part of the claims is missing: `Credential`, `SignedHeaders`, or the X- parameter of that
    /// name.
    MissingClaim {
        /// Name of the part.
        name: &'static str,
    },
    /// A part of the claims, or the header or parameter that carries it, is there twice.
    RepeatedClaim {
        /// Name of the part.
        name: &'static str,
    },
    /// `Credential` is not `id/date/region/service/request`.
    MalformedCredential,
    /// The list of signed headers holds something that is no lower-case header name, or one twice.
    MalformedSignedHeaders,
    /// No signature.
    MissingSignature,
    /// The signature is not 64 lower-case hex digits.
    MalformedSignature,
    /// No X-Date.
    MissingDate,
    /// X-Date is not `YYYYMMDDTHHMMSSZ`.
    MalformedDate,
    /// X-Expires is not a whole number of seconds.
    MalformedExpiry,
    /// The scope's date is not the day of X-Date.
    ScopeDateMismatch,
    /// The scope names another region than this server's.
    WrongRegion {
        /// The server's region.
        expected: String,
        /// The claimed one.
        presented: String,
    },
    /// The scope names another service than this server's.
    WrongService {
        /// The server's service.
        expected: String,
        /// The claimed one.
        presented: String,
    },
    /// X-Date is too far from the server's clock, or the presigned URL has expired. Correct the
    /// client's clock; sign again for every attempt.
    ClockSkew {
        /// The signing time the request claims.
        presented: SigningTime,
        /// The server's clock.
        now: SigningTime,
    },
    /// A header the policy wants signed is not.
    UnsignedHeader {
        /// Lower-case name.
        name: &'static str,
    },
    /// The policy wants the list of signed headers sorted.
    UnsortedHeaders,
    /// A parameter the policy wants signed is not.
    UnsignedParameter {
        /// Name of the parameter, if it is text.
        name: String,
    },
    /// X-Content-Sha256 is not 64 lower-case hex digits.
    MalformedPayloadHash,
    /// The body is not the one X-Content-Sha256 was made from. Send the very bytes that were
    /// hashed.
    PayloadMismatch,
    /// The request has a shape whose canonical form the policy does not want to guess, or that has
    /// none.
    Unclear(SignError),
    /// Everything is in order but the signature: something signed was changed on the way, or
    /// canonicalised differently, or the secret is another one. [`explain`](crate::explain) finds
    /// out which.
    SignatureMismatch,
}

impl VerifyError {
    /// The class of error a client is told.
    pub const fn kind(&self) -> VerifyErrorKind {
        match self {
            Self::MissingAuthorization => VerifyErrorKind::MissingAuthenticationToken,
            Self::MissingClaim { .. } | Self::MissingDate => VerifyErrorKind::MissingRequestInfo,
            Self::MissingSignature => VerifyErrorKind::MissingSignature,
            Self::MalformedDate | Self::MalformedExpiry | Self::ClockSkew { .. } => {
                VerifyErrorKind::InvalidTimestamp
            }
            Self::MalformedCredential
            | Self::ScopeDateMismatch
            | Self::WrongRegion { .. }
            | Self::WrongService { .. } => VerifyErrorKind::InvalidCredential,
            Self::TwoSignatures
            | Self::UnsupportedAlgorithm
            | Self::MalformedAuthorization
            | Self::RepeatedClaim { .. }
            | Self::MalformedSignedHeaders
            | Self::MalformedSignature => VerifyErrorKind::InvalidAuthorization,
            Self::UnsignedHeader { .. }
            | Self::UnsortedHeaders
            | Self::UnsignedParameter { .. }
            | Self::MalformedPayloadHash
            | Self::PayloadMismatch
            | Self::Unclear(_)
            | Self::SignatureMismatch => VerifyErrorKind::SignatureDoesNotMatch,
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingAuthorization => f.write_str("request is not signed"),
            Self::TwoSignatures => f.write_str("request is signed in the header and in the URL"),
            Self::UnsupportedAlgorithm => f.write_str("authorization scheme is not HMAC-SHA256"),
            Self::MalformedAuthorization => f.write_str("Authorization header cannot be read"),
            Self::MissingClaim { name } => write!(f, "{name} is missing"),
            Self::RepeatedClaim { name } => write!(f, "{name} is given more than once"),
            Self::MalformedCredential => {
                f.write_str("credential is not of the form id/date/region/service/request")
            }
            Self::MalformedSignedHeaders => f.write_str("list of signed headers cannot be read"),
            Self::MissingSignature => f.write_str("signature is missing"),
            Self::MalformedSignature => f.write_str("signature is not 64 lower-case hex digits"),
            Self::MissingDate => f.write_str("X-Date is missing"),
            Self::MalformedDate => f.write_str("X-Date is not of the form YYYYMMDDTHHMMSSZ"),
            Self::MalformedExpiry => f.write_str("X-Expires is not a number of seconds"),
            Self::ScopeDateMismatch => f.write_str("date of the scope is not the day of X-Date"),
            Self::WrongRegion { expected, presented } => {
                write!(f, "scope is for region {presented:?}, not {expected:?}")
            }
            Self::WrongService { expected, presented } => {
                write!(f, "scope is for service {presented:?}, not {expected:?}")
            }
            Self::ClockSkew { presented, now } => {
                write!(f, "signed at {presented}, which is not acceptable at {now}")
            }
            Self::UnsignedHeader { name } => write!(f, "header {name:?} is not signed"),
            Self::UnsortedHeaders => f.write_str("list of signed headers is not sorted"),
            Self::UnsignedParameter { name } => write!(f, "query parameter {name:?} is not signed"),
            Self::MalformedPayloadHash => {
                f.write_str("X-Content-Sha256 is not 64 lower-case hex digits")
            }
            Self::PayloadMismatch => {
                f.write_str("body does not match the hash in X-Content-Sha256")
            }
            Self::Unclear(_) => f.write_str("request has no clear canonical form"),
            Self::SignatureMismatch => f.write_str("signature does not match"),
        }
    }
}

impl core::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unclear(source) => Some(source),
            _ => None,
        }
    }
}

/// The classes of refusal, named as the vendor's gateway names them. [`VerifyError`] has an
/// example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VerifyErrorKind {
    /// The request is not signed.
    MissingAuthenticationToken,
    /// X-Date or a part of the claims is missing.
    MissingRequestInfo,
    /// The claims hold no signature.
    MissingSignature,
    /// X-Date cannot be read, is too old or in the future.
    InvalidTimestamp,
    /// The credential cannot be read or is for another day, region or service.
    InvalidCredential,
    /// The Authorization header or the parameters cannot be read.
    InvalidAuthorization,
    /// The signature is not that of this request.
    SignatureDoesNotMatch,
}

impl VerifyErrorKind {
    /// The gateway's error code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "MissingAuthenticationToken",
            Self::MissingRequestInfo => "MissingRequestInfo",
            Self::MissingSignature => "MissingSignature",
            Self::InvalidTimestamp => "InvalidTimestamp",
            Self::InvalidCredential => "InvalidCredential",
            Self::InvalidAuthorization => "InvalidAuthorization",
            Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
        }
    }
}

impl fmt::Display for VerifyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}
