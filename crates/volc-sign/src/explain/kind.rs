//! The part of a signature that a cause is about, and what to do about it.

use core::fmt;

use super::RequestField;
use crate::{SignError, VerifyError};

/// The part of a signature that a [`Cause`](super::Cause) is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CauseKind {
    /// The request is not signed, or its claims cannot be read.
    Claims,
    /// The policy wants more than the signature covers.
    Policy,
    /// One of the clocks is wrong, or the request was sent too late.
    Clock,
    /// The credential names another access key.
    AccessKey,
    /// The secret.
    Secret,
    /// The session token.
    Token,
    /// The region.
    Region,
    /// The service.
    Service,
    /// The date of the scope, or a clock read twice.
    Date,
    /// The method.
    Method,
    /// The path and its encoding.
    Path,
    /// The encoding of the query.
    QueryEncoding,
    /// The order of the query, or parameters left out of it.
    QueryOrder,
    /// Host and its port.
    Host,
    /// Content-Type was signed and changed on the way.
    ContentType,
    /// The normalisation of header values.
    HeaderValue,
    /// The list of signed headers.
    SignedHeaders,
    /// The body, or what was hashed for it.
    Body,
    /// The signature's own spelling.
    Signature,
    /// A header that was signed and not sent.
    NotSent,
    /// The steps in which the key is derived.
    SigningKey,
    /// The lines of the canonical request or of the string to sign.
    Layout,
    /// None of the known ways to get it wrong.
    Unknown,
}

impl CauseKind {
    /// The remedy, as an imperative sentence.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Claims => {
                "sign the request with HMAC-SHA256, in the Authorization header or in the URL"
            }
            Self::Policy => "sign every part that the server requires",
            Self::Clock => "correct the clock, and sign again for every attempt",
            Self::AccessKey => "use the secret that belongs to the id in the credential",
            Self::Secret => {
                "use the secret as it was given: its text, without whitespace, not decoded"
            }
            Self::Token => "send the token that belongs to the temporary key",
            Self::Region => {
                "use one region in the scope and for the key, as documented for the service"
            }
            Self::Service => {
                "use one service name in the scope and for the key, as documented for the service"
            }
            Self::Date => "take X-Date and the scope's date from one reading of the clock, in UTC",
            Self::Method => "sign the method as it is sent",
            Self::Path => "decode each segment of the path once and encode it again, nothing more",
            Self::QueryEncoding => {
                "write a space as %20 and encode all but A-Z a-z 0-9 - _ . ~ in upper case"
            }
            Self::QueryOrder => {
                "sort by the decoded names' bytes, keep equal names in order, omit nothing"
            }
            Self::Host => {
                "sign Host as it is sent, without :80 and :443, and keep proxies from changing it"
            }
            Self::ContentType => {
                "do not sign Content-Type, or keep the HTTP client from changing it"
            }
            Self::HeaderValue => {
                "sign values as they are sent, trimmed at both ends, each header once"
            }
            Self::SignedHeaders => "write the header lines in the order of the list, and sort both",
            Self::Body => {
                "hash the very bytes that are sent, and do not serialise again after signing"
            }
            Self::Signature => "write the signature as 64 digits 0-9 and a-f in lower case",
            Self::NotSent => "send every header that the list of signed headers names",
            Self::SigningKey => {
                "derive the key by HMAC over date, region, service and the word request, each with the raw bytes of the one before"
            }
            Self::Layout => {
                "write the lines as documented: names in lower case, LF between them, a blank line behind the headers, nothing at the end, and the hash in lower-case hex"
            }
            Self::Unknown => "compare the canonical requests, and check the secret",
        }
    }
}

impl fmt::Display for CauseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Claims => "claims",
            Self::Policy => "policy",
            Self::Clock => "clock",
            Self::AccessKey => "access key",
            Self::Secret => "secret",
            Self::Token => "session token",
            Self::Region => "region",
            Self::Service => "service",
            Self::Date => "date",
            Self::Method => "method",
            Self::Path => "path",
            Self::QueryEncoding => "query encoding",
            Self::QueryOrder => "query order",
            Self::Host => "host",
            Self::ContentType => "content type",
            Self::HeaderValue => "header value",
            Self::SignedHeaders => "signed headers",
            Self::Body => "body",
            Self::Signature => "signature",
            Self::NotSent => "header not sent",
            Self::SigningKey => "signing key",
            Self::Layout => "layout",
            Self::Unknown => "unknown",
        })
    }
}

pub(super) fn kind_of_error(error: &VerifyError) -> CauseKind {
    match error {
        VerifyError::WrongRegion { .. } => CauseKind::Region,
        VerifyError::WrongService { .. } => CauseKind::Service,
        VerifyError::MissingDate | VerifyError::MalformedDate | VerifyError::ScopeDateMismatch => {
            CauseKind::Date
        }
        VerifyError::ClockSkew { .. } | VerifyError::MalformedExpiry => CauseKind::Clock,
        VerifyError::MalformedPayloadHash | VerifyError::PayloadMismatch => CauseKind::Body,
        VerifyError::Unclear(SignError::HostMismatch) => CauseKind::Host,
        VerifyError::MissingSignature | VerifyError::MalformedSignature => CauseKind::Signature,
        VerifyError::Unclear(SignError::MissingHeader { name }) => match name.as_str() {
            "x-security-token" => CauseKind::Token,
            _ => CauseKind::NotSent,
        },
        VerifyError::UnsignedHeader { .. }
        | VerifyError::UnsignedParameter { .. }
        | VerifyError::UnsortedHeaders
        | VerifyError::Unclear(_) => CauseKind::Policy,
        _ => CauseKind::Claims,
    }
}

pub(super) fn kind_of_field(field: &RequestField) -> CauseKind {
    match field {
        RequestField::Method => CauseKind::Method,
        RequestField::Path => CauseKind::Path,
        RequestField::Query => CauseKind::QueryEncoding,
        RequestField::SignedHeaders => CauseKind::SignedHeaders,
        RequestField::PayloadHash => CauseKind::Body,
        RequestField::Header { name } => match name.as_str() {
            "host" => CauseKind::Host,
            "content-type" => CauseKind::ContentType,
            "x-date" => CauseKind::Date,
            "x-security-token" => CauseKind::Token,
            "x-content-sha256" => CauseKind::Body,
            _ => CauseKind::HeaderValue,
        },
    }
}
