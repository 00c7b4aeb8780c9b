//! Stage 1: the request as text.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use sha2::{Digest, Sha256};

use crate::canonical_query::Pick;
use crate::signable::{Found, Lookup};
use crate::signed_headers::is_token;
use crate::text::{ascii, trim};
use crate::{
    Ambiguity, PayloadHash, SignError, SignableRequest, SignedHeaders, canonical_query,
    canonical_uri, host,
};

/// The request as text, on which both sides must agree byte for byte:
///
/// ```text
/// METHOD
/// path
/// query
/// name:value          one line for each signed header, in the list's order
///                     (an empty line)
/// name;name;name
/// <hex SHA-256 of the body>
/// ```
///
/// Compare it with the server's line by line, or let
/// [`explain`](crate::explain) do it. Values of signed headers stand in it, a session token among
/// them: `Debug` therefore hides the token's line, `Display` prints everything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CanonicalRequest(String);

impl CanonicalRequest {
    /// The canonical form of a request that holds all its headers.
    ///
    /// ```
    /// use volc_sign::{Ambiguity, CanonicalRequest, PayloadHash, SignableRequest};
    ///
    /// let headers = [("X-Date", "20241119T021530Z")];
    /// let request = SignableRequest::from_text("GET", "https://iam.volcengineapi.com/?b=2&a=1", &headers);
    /// let canonical = CanonicalRequest::new(&request, &"x-date".parse()?, &PayloadHash::EMPTY, Ambiguity::Refuse)?;
    /// assert_eq!(canonical.query(), "a=1&b=2");
    /// # Ok::<(), volc_sign::SignError>(())
    /// ```
    ///
    /// # Errors
    /// A [`SignError`] for a shape `ambiguity` refuses, or a listed header that is missing.
    pub fn new(
        request: &SignableRequest<'_>,
        signed_headers: &SignedHeaders,
        payload: &PayloadHash,
        ambiguity: Ambiguity,
    ) -> Result<Self, SignError> {
        let payload = payload.to_hex();
        let source = Source::plain(*request);
        Self::build(&source, Pick::All, signed_headers, payload.as_str(), ambiguity)
    }

    /// The canonical form of a presigned URL: its query is exactly the parameters named in
    /// `X-SignedQueries`, or all but `X-Signature` when there is no such list.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn presigned(
        request: &SignableRequest<'_>,
        signed_headers: &SignedHeaders,
        payload: &PayloadHash,
        ambiguity: Ambiguity,
    ) -> Result<Self, SignError> {
        let list = canonical_query::signed_queries(request.query);
        let pick = list.as_deref().map_or(Pick::AllButSignature, Pick::Named);
        let payload = payload.to_hex();
        let source = Source::plain(*request);
        Self::build(&source, pick, signed_headers, payload.as_str(), ambiguity)
    }

    pub(crate) fn build(
        source: &Source<'_>,
        pick: Pick<'_>,
        signed_headers: &SignedHeaders,
        payload: &str,
        ambiguity: Ambiguity,
    ) -> Result<Self, SignError> {
        let mut text = String::with_capacity(384 + source.request.query.len());
        source.write(&mut text, pick, signed_headers.as_str(), ambiguity)?;
        text.push_str(payload);
        Ok(Self(text))
    }

    pub(crate) fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the text: the last line of the string to sign.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// First line.
    pub fn method(&self) -> &str {
        self.line(0)
    }

    /// Second line: the canonical path.
    pub fn path(&self) -> &str {
        self.line(1)
    }

    /// Third line: the canonical query.
    pub fn query(&self) -> &str {
        self.line(2)
    }

    /// The header lines, as names and values.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .split('\n')
            .skip(3)
            .take_while(|line| !line.is_empty())
            .map(|line| line.split_once(':').unwrap_or((line, "")))
    }

    /// Last line but one: the list of signed headers.
    pub fn signed_headers(&self) -> &str {
        self.0.rsplit('\n').nth(1).unwrap_or_default()
    }

    /// Last line: the hash of the body, in hex.
    pub fn payload(&self) -> &str {
        self.0.rsplit('\n').next().unwrap_or_default()
    }

    fn line(&self, index: usize) -> &str {
        self.0.split('\n').nth(index).unwrap_or_default()
    }
}

impl fmt::Display for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |f: &mut fmt::Formatter<'_>| {
            f.debug_list().entries(self.headers().map(|(name, _)| name)).finish()
        };
        f.debug_struct("CanonicalRequest")
            .field("method", &self.method())
            .field("path", &self.path())
            .field("headers", &fmt::from_fn(names))
            .field("payload", &self.payload())
            .finish_non_exhaustive()
    }
}

/// A request, and the headers it will hold once it is signed.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) request: SignableRequest<'a>,
    pub(crate) host: Option<&'a str>,
    pub(crate) x_date: Option<&'a str>,
    pub(crate) payload: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// A request that holds everything already.
    pub(crate) fn plain(request: SignableRequest<'a>) -> Self {
        Self { request, host: None, x_date: None, payload: None, token: None }
    }

    /// Writes everything but the last line.
    pub(crate) fn write(
        &self,
        out: &mut String,
        pick: Pick<'_>,
        signed_headers: &str,
        ambiguity: Ambiguity,
    ) -> Result<(), SignError> {
        if !is_token(self.request.method) {
            return Err(SignError::InvalidMethod);
        }
        out.push_str(self.request.method);
        out.push('\n');
        canonical_uri::write(out, self.request.path, ambiguity)?;
        out.push('\n');
        canonical_query::write(out, self.request.query, pick, ambiguity)?;
        out.push('\n');
        if signed_headers.is_empty() {
            // With no signed header the block is one newline (all official signers agree).
            out.push('\n');
        } else if self.write_usual_headers(out, signed_headers) {
            return Ok(());
        } else {
            let headers = self.request.lookup();
            for name in signed_headers.as_bytes().split(|&byte| byte == b';').map(ascii) {
                out.push_str(name);
                out.push(':');
                out.push_str(self.value(&headers, name, ambiguity)?);
                out.push('\n');
            }
        }
        out.push('\n');
        out.push_str(signed_headers);
        out.push('\n');
        Ok(())
    }

    /// Writes header lines and list if the list is the default one, whose values the signer makes
    /// itself, and returns whether it did: 6 % of a signature with a kept key.
    fn write_usual_headers(&self, out: &mut String, signed_headers: &str) -> bool {
        let (Some(host), Some(x_date), Some(payload)) = (self.host, self.x_date, self.payload)
        else {
            return false;
        };
        if signed_headers != SignedHeaders::WITHOUT_TOKEN.as_str() {
            return false;
        }
        out.push_str("host:");
        out.push_str(host);
        out.push_str("\nx-content-sha256:");
        out.push_str(payload);
        out.push_str("\nx-date:");
        out.push_str(x_date);
        out.push_str("\n\nhost;x-content-sha256;x-date\n");
        true
    }

    /// The canonical value of one signed header.
    fn value(
        &self,
        headers: &Lookup<'a>,
        name: &str,
        ambiguity: Ambiguity,
    ) -> Result<&'a str, SignError> {
        let added = match name {
            "host" => self.host,
            "x-date" => self.x_date,
            "x-content-sha256" => self.payload,
            "x-security-token" => self.token,
            _ => None,
        };
        if let Some(value) = added {
            return Ok(value);
        }
        let found = headers.find(name);
        if matches!(found, Found::Missing) {
            return self.missing(name);
        }
        let value = clear_value(name, found, ambiguity)?;
        Ok(if name == "host" { host::canonical(value) } else { value })
    }

    fn missing(&self, name: &str) -> Result<&'a str, SignError> {
        match self.request.authority {
            Some(authority) if name == "host" => Ok(host::canonical(authority)),
            _ => Err(SignError::MissingHeader { name: name.to_owned() }),
        }
    }
}

/// The trimmed value of a header, if all signers read it alike (R5) or `ambiguity` decides.
fn clear_value<'a>(
    name: &str,
    found: Found<'a>,
    ambiguity: Ambiguity,
) -> Result<&'a str, SignError> {
    let lower = || name.to_ascii_lowercase();
    let value = match (found, ambiguity) {
        (Found::One(value), _) | (Found::Many(value), Ambiguity::LikeGo) => value,
        (Found::Many(_), _) => return Err(SignError::RepeatedHeader { name: lower() }),
        (Found::Missing, _) => b"",
    };
    let value = core::str::from_utf8(trim(value))
        .map_err(|_| SignError::HeaderNotUtf8 { name: lower() })?;
    // A newline would let one text stand for two requests.
    if is_odd(value)
        && (value.contains('\n') || ambiguity == Ambiguity::Refuse && is_unclear(value))
    {
        return Err(SignError::HeaderWhitespace { name: lower() });
    }
    Ok(value)
}

/// Refuses a request with a header that some official signer signs and others would read in another
/// way, also when it is not signed here: the next signer on the way may be one of those.
pub(crate) fn refuse_unclear_headers(request: &SignableRequest<'_>) -> Result<(), SignError> {
    let headers = request.lookup();
    for name in request.header_names().filter(|name| officially_signed(name)) {
        clear_value(name, headers.find(name), Ambiguity::Refuse)?;
    }
    Ok(())
}

/// Returns true for headers that some official signer signs by default, except those that a signer
/// replaces anyway.
fn officially_signed(name: &str) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let custom = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    let replaced = || is("x-date") || is("x-content-sha256") || is("x-security-token");
    (custom && !replaced()) || is("content-type") || is("content-md5")
}

/// Returns true for a value with anything but visible ASCII in it; most have none and are not
/// searched again. Without a branch for each byte: 6 % of a verification with a kept key.
fn is_odd(value: &str) -> bool {
    value.as_bytes().iter().fold(false, |odd, byte| odd | !(b'!'..=b'~').contains(byte))
}

/// Returns true for a value that official signers read in different ways (R5).
fn is_unclear(value: &str) -> bool {
    value.contains("  ") || value.chars().any(char::is_control)
}
