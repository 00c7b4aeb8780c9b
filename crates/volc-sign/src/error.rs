//! The error of signing.

use alloc::string::String;
use core::fmt;

/// A request that cannot be signed, or has no canonical form.
///
/// ```
/// use volc_sign::{Ambiguity, CanonicalRequest, PayloadHash, SignError, SignableRequest, SignedHeaders};
///
/// let request = SignableRequest::from_text("GET", "/buckets/a%2Fb", &[]);
/// let (list, payload) = (SignedHeaders::NONE, PayloadHash::EMPTY);
/// let canonical = |ambiguity| CanonicalRequest::new(&request, &list, &payload, ambiguity);
/// assert_eq!(canonical(Ambiguity::Refuse).unwrap_err(), SignError::EncodedSlash);
/// assert_eq!(canonical(Ambiguity::LikeGo)?.path(), "/buckets/a/b");
/// # Ok::<(), SignError>(())
/// ```
///
/// The request is unchanged when one of these is returned. None displays a secret, a token, or a
/// header's value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The method is empty, or holds characters that HTTP methods cannot have.
    InvalidMethod,
    /// The path holds `%2F`, which every second official signer reads as `/`. Use an API path
    /// without it.
    EncodedSlash,
    /// A `%` in the path or query is not followed by two hex digits. Write a literal percent sign
    /// as `%25`.
    InvalidEscape {
        /// `path` or `query`.
        part: &'static str,
    },
    /// The escapes of the path are not UTF-8. Encode the path's UTF-8 bytes.
    PathNotUtf8,
    /// The query holds `;`, which some take for a separator. Write it as `%3B`.
    Semicolon,
    /// Neither a Host header nor the URI names the server. Give one.
    MissingHost,
    /// The Host header names another server than the URI. Make them agree, or leave Host to the
    /// signer.
    HostMismatch,
    /// The URI contains a user name or password, which would take the place of the Authorization
    /// header. Remove it.
    UserInfo,
    /// A header of the chosen list is not in the request. Add it, or take it off the list.
    MissingHeader {
        /// Lower-case name.
        name: String,
    },
    /// A signed header is repeated. Send it once.
    RepeatedHeader {
        /// Lower-case name.
        name: String,
    },
    /// A signed header's value has a tab, a control character, or a run of spaces inside. Write
    /// single spaces.
    HeaderWhitespace {
        /// Lower-case name.
        name: String,
    },
    /// A signed header's value is not UTF-8. Encode it, or do not sign it.
    HeaderNotUtf8 {
        /// Lower-case name.
        name: String,
    },
    /// A list of signed headers holds an invalid name, a name twice, or `authorization`.
    InvalidSignedHeaders {
        /// The invalid name.
        name: String,
    },
    /// The access key id, region, service or token is empty or holds a character that has no place
    /// in the header or scope it goes into (white space, control characters; `/` or `,` in scope
    /// parts). Correct the setting.
    Unsendable {
        /// The name of the setting.
        what: &'static str,
    },
    /// The signing key is for another day, region or service than the signature. Derive it again.
    WrongSigningKey,
    /// The URL to presign holds a parameter that presigning adds. Presign the bare URL.
    ReservedParameter {
        /// Name of the parameter.
        name: String,
    },
    /// The URL to presign holds an `X-Expires` that is not a number of seconds, or two of them. Correct
    /// it.
    InvalidExpiry,
    /// The presigned URL is not a valid URI: too long, or made from text with raw characters.
    InvalidUri,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidMethod => f.write_str("method is not an HTTP method"),
            Self::EncodedSlash => f.write_str("path contains an encoded slash (%2F)"),
            Self::InvalidEscape { part } => {
                write!(f, "{part} contains an invalid percent escape")
            }
            Self::PathNotUtf8 => f.write_str("path escapes are not UTF-8"),
            Self::Semicolon => f.write_str("query contains a semicolon; write it as %3B"),
            Self::MissingHost => f.write_str("neither Host header nor URI names the host"),
            Self::HostMismatch => f.write_str("Host header and URI name different hosts"),
            Self::UserInfo => f.write_str("URI contains a user name or password"),
            Self::MissingHeader { name } => {
                write!(f, "header {name:?} must be signed but is missing")
            }
            Self::RepeatedHeader { name } => write!(f, "signed header {name:?} is repeated"),
            Self::HeaderWhitespace { name } => write!(
                f,
                "signed header {name:?} contains a tab, a control character or a run of spaces"
            ),
            Self::HeaderNotUtf8 { name } => write!(f, "signed header {name:?} is not UTF-8"),
            Self::InvalidSignedHeaders { name } => {
                write!(f, "{name:?} cannot be in this list of signed headers")
            }
            Self::Unsendable { what } => {
                write!(f, "{what} is empty or contains a character that cannot be sent")
            }
            Self::WrongSigningKey => {
                f.write_str("signing key is for another date, region or service")
            }
            Self::ReservedParameter { name } => {
                write!(f, "URL already contains {name:?}, which presigning adds")
            }
            Self::InvalidExpiry => f.write_str("X-Expires of the URL is not one number of seconds"),
            Self::InvalidUri => f.write_str("presigned URL is not a valid URI"),
        }
    }
}

impl core::error::Error for SignError {}
