//! Claims that are not yet trusted.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use http::{HeaderMap, Method, Request, Uri};

use super::VerifyError;
use super::claims::{Claims, Form, Texts, expiry, header};
use crate::canonical_query::{self, Pair};
use crate::canonical_request::Source;
use crate::signable::Found;
use crate::signed::X_CONTENT_SHA256;
use crate::signed_headers::is_token;
use crate::text::{bytes_of_hex, trim};
use crate::{
    Ambiguity, CanonicalRequest, CredentialScope, PayloadHash, PayloadHashError, SessionToken,
    SignError, SignableRequest, Signature, SignedHeaders, SigningTime, StringToSign, host,
    parameters,
};

/// The claims of a request about its signature, untrusted until [`verify`](Self::verify) has
/// proved them.
///
/// ```
/// use volc_sign::{Credentials, Presented, Signer, SigningTime, VerifyPolicy};
///
/// # let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
/// # let signer = Signer::new(credentials.clone(), "cn-beijing", "ark");
/// # let now: SigningTime = "20241119T021530Z".parse()?;
/// # let mut request = http::Request::post("https://open.volcengineapi.com/?Action=GetUsage").body("{}")?;
/// # signer.sign_request(&mut request, now)?;
/// let presented = Presented::from_request(&request)?;
/// // Look the secret up by the id that is claimed.
/// assert_eq!(presented.access_key_id(), credentials.access_key_id());
/// let secret = credentials.secret();
/// let verified = presented.verify(secret, request.body().as_bytes(), now, &VerifyPolicy::strict())?;
/// assert_eq!(verified.scope().service(), "ark");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Presented {
    pub(crate) claims: Arc<Claims>,
    pub(crate) signature: Signature,
    /// The canonical request up to the hash of the body.
    pub(crate) canonical_head: String,
    /// The objection of the strict reading to its canonical form, if any.
    pub(crate) unclear: Option<SignError>,
    /// X-Content-Sha256, when it binds.
    pub(crate) payload: Option<Result<PayloadHash, PayloadHashError>>,
    pub(crate) session_token: Option<SessionToken>,
    /// The first parameter that is not signed and not the token or the signature.
    pub(crate) unsigned_parameter: Option<String>,
    pub(crate) expires: Option<u64>,
}

impl Presented {
    /// Reads the claims of a request, from its Authorization header or from the parameters of a
    /// presigned URL.
    ///
    /// # Errors
    /// A [`VerifyError`] when there are none or they cannot be read.
    pub fn from_parts(
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Self, VerifyError> {
        Self::from_signable(&SignableRequest::from_parts(method, uri, headers))
    }

    /// Reads the claims of a whole request.
    ///
    /// # Errors
    /// As [`from_parts`](Self::from_parts).
    pub fn from_request<B>(request: &Request<B>) -> Result<Self, VerifyError> {
        Self::from_signable(&SignableRequest::from_request(request))
    }

    /// Reads the claims of a request in a server without `http` types.
    ///
    /// # Errors
    /// As [`from_parts`](Self::from_parts).
    pub fn from_signable(request: &SignableRequest<'_>) -> Result<Self, VerifyError> {
        Self::read(request, Ambiguity::AsSent)
    }

    /// Reads the claims; `lenient` is how the canonical request is made when it is not clear.
    pub(crate) fn read(
        request: &SignableRequest<'_>,
        lenient: Ambiguity,
    ) -> Result<Self, VerifyError> {
        let pairs = parameters(request.query)?;
        let texts = Texts::find(request, &pairs)?;
        check_length(request, texts.signed_headers)?;
        let claims = Claims::parse(&texts)?;
        let (canonical_head, unclear) = canonical_head(request, &claims, lenient)?;
        Ok(Self {
            signature: bytes_of_hex(texts.signature)
                .map(Signature::from_bytes)
                .ok_or(VerifyError::MalformedSignature)?,
            payload: claimed_payload(request, &claims)?,
            unsigned_parameter: unsigned_parameter(&claims, &pairs),
            session_token: texts.token.filter(|token| !token.is_empty()).map(SessionToken::new),
            expires: expiry(&pairs)?,
            claims: Arc::new(claims),
            canonical_head,
            unclear,
        })
    }

    /// The id of the key the request claims to be signed with: look up its secret.
    pub fn access_key_id(&self) -> &str {
        &self.claims.access_key_id
    }

    /// The scope the request claims.
    pub fn scope(&self) -> &CredentialScope {
        &self.claims.scope
    }

    /// The time the request claims.
    pub fn time(&self) -> SigningTime {
        self.claims.time
    }

    /// The headers the request claims to have signed, in its order.
    pub fn signed_headers(&self) -> &SignedHeaders {
        &self.claims.signed_headers
    }

    /// The session token, from X-Security-Token. The server decides whether it is
    /// valid.
    pub fn session_token(&self) -> Option<&SessionToken> {
        self.session_token.as_ref()
    }

    /// The canonical request as this server sees it.
    pub fn canonical_request(&self, body: &[u8]) -> CanonicalRequest {
        let mut text = self.canonical_head.clone();
        text.push_str(self.payload_of(body).to_hex().as_str());
        CanonicalRequest::from_text(text)
    }

    /// The string to sign as this server sees it.
    pub fn string_to_sign(&self, body: &[u8]) -> StringToSign {
        StringToSign::new(self.claims.time, &self.claims.scope, &self.canonical_request(body))
    }

    /// The hash that is signed: the body's, or the empty body's when the body is not covered.
    pub(crate) fn payload_of(&self, body: &[u8]) -> PayloadHash {
        if self.claims.covers_body { PayloadHash::of(body) } else { PayloadHash::EMPTY }
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("claims", &self.claims)
            .field("unclear", &self.unclear)
            .field("session_token", &self.session_token)
            .field("unsigned_parameter", &self.unsigned_parameter)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// The decoded parameters, if the signature can be among them; not decoding others is 8 % of a
/// verification with a kept key.
fn parameters(query: &str) -> Result<Vec<Pair<'_>>, VerifyError> {
    if query.contains("X-") || query.contains('%') {
        canonical_query::pairs(query, Ambiguity::AsSent).map_err(VerifyError::Unclear)
    } else {
        Ok(Vec::new())
    }
}

/// Refuses a list of more signed headers than the request carries, before anything is done for each
/// of them: a client that nobody knows yet must not decide how much work it causes.
fn check_length(request: &SignableRequest<'_>, list: &str) -> Result<(), VerifyError> {
    let carried = request.header_names().count() + usize::from(request.authority.is_some());
    let names = || list.split(';').take(carried + 1);
    if names().count() <= carried || list.is_empty() {
        return Ok(());
    }
    // So many names cannot all be there: one is missing or listed twice.
    let headers = request.lookup();
    let is_name = |name: &str| is_token(name) && !name.bytes().any(|b| b.is_ascii_uppercase());
    let absent = |name: &&str| matches!(headers.find(name), Found::Missing) && *name != "host";
    match names().find(absent) {
        Some(name) if is_name(name) => {
            Err(VerifyError::Unclear(SignError::MissingHeader { name: name.to_owned() }))
        }
        _ => Err(VerifyError::MalformedSignedHeaders),
    }
}

/// Writes the canonical request up to the body's hash: by the strict reading if it has one, else by
/// a lenient one together with what the strict reading objects to.
fn canonical_head(
    request: &SignableRequest<'_>,
    claims: &Claims,
    lenient: Ambiguity,
) -> Result<(String, Option<SignError>), VerifyError> {
    check_host(request)?;
    let source = Source::plain(*request);
    let list = claims.signed_headers.as_str();
    let mut text = String::with_capacity(384 + request.query.len());
    let Err(objection) = source.write(&mut text, claims.pick(), list, Ambiguity::Refuse) else {
        return Ok((text, None));
    };
    text.clear();
    source.write(&mut text, claims.pick(), list, lenient).map_err(VerifyError::Unclear)?;
    Ok((text, Some(objection)))
}

/// Refuses a request whose target and Host header name different servers: it could be verified for
/// one and served by the other.
fn check_host(request: &SignableRequest<'_>) -> Result<(), VerifyError> {
    let (Found::One(given), Some(authority)) =
        (request.header(http::header::HOST), request.authority)
    else {
        return Ok(());
    };
    let agrees = core::str::from_utf8(trim(given)).is_ok_and(|given| host::agree(given, authority));
    if agrees { Ok(()) } else { Err(VerifyError::Unclear(SignError::HostMismatch)) }
}

/// X-Content-Sha256, when it binds: in a presigned URL's request it only does when it is signed.
fn claimed_payload(
    request: &SignableRequest<'_>,
    claims: &Claims,
) -> Result<Option<Result<PayloadHash, PayloadHashError>>, VerifyError> {
    let binds = claims.form == Form::Header || claims.signed_headers.contains("x-content-sha256");
    let value = header(request, &X_CONTENT_SHA256, "X-Content-Sha256")?;
    Ok(value.filter(|_| binds).map(str::parse))
}

/// The first parameter of a presigned URL that is neither signed nor one of the two that need not
/// be.
fn unsigned_parameter(claims: &Claims, pairs: &[Pair<'_>]) -> Option<String> {
    let exempt = [parameters::SIGNATURE, parameters::SECURITY_TOKEN];
    let signed = claims.pick().chosen();
    let mut names = pairs.iter().map(|(name, _)| &**name);
    let unsigned = names.find(|name| {
        !signed.takes(name) && !exempt.iter().any(|exempt| *name == exempt.as_bytes())
    })?;
    Some(String::from_utf8_lossy(unsigned).into_owned())
}
