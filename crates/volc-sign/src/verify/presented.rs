//! Claims not yet trusted.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use http::{HeaderMap, Method, Request, Uri};

use super::VerifyError;
use super::authorization::Authorization;
use crate::canonical_query::{self, Pair, Pick};
use crate::canonical_request::Source;
use crate::signable::Found;
use crate::text::{Sink, bytes_of_hex};
use crate::{
    ALGORITHM, Ambiguity, CanonicalRequest, CredentialScope, PayloadHash, SessionToken, SignError,
    SignableRequest, Signature, SignedHeaders, SigningTime, StringToSign, host, presign,
};

/// What a request claims about its signature: nothing of it is trusted until [`verify`](Self::verify) has proved it.
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
    pub(super) claims: Arc<Claims>,
    pub(super) signature: Signature,
    /// The canonical request up to the hash of the body.
    pub(super) canonical_head: String,
    /// Why its canonical form is a matter of opinion, if it is.
    pub(super) unclear: Option<SignError>,
    /// X-Content-Sha256, when it binds.
    pub(super) payload: Option<Result<PayloadHash, ()>>,
    pub(super) session_token: Option<SessionToken>,
    /// The first parameter that is not signed and not the token or the signature.
    pub(super) unsigned_parameter: Option<String>,
    pub(super) expires: Option<u64>,
}

/// The part of the claims that is worth keeping once they are proved.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) access_key_id: String,
    pub(super) scope: CredentialScope,
    pub(super) time: SigningTime,
    pub(super) signed_headers: SignedHeaders,
    pub(super) form: Form,
    pub(super) covers_body: bool,
    /// `X-SignedQueries`.
    pub(super) signed_queries: Option<Vec<u8>>,
}

/// Where the signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Header,
    Query,
}

impl Claims {
    fn pick(&self) -> Pick<'_> {
        match (self.form, &self.signed_queries) {
            (Form::Header, _) => Pick::All,
            (Form::Query, Some(list)) => Pick::Named(list),
            (Form::Query, None) => Pick::AllButSignature,
        }
    }

    pub(super) fn covers_parameter(&self, name: &[u8]) -> bool {
        self.pick().takes(name)
    }
}

impl Presented {
    /// Reads the claims of a request, from its Authorization header or from the parameters of a presigned URL.
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
        let in_url = has_signature_parameters(request.query);
        match request.header("authorization") {
            Found::Missing if in_url => Self::from_query(request),
            Found::Missing => Err(VerifyError::MissingAuthorization),
            Found::Many(_) => Err(VerifyError::RepeatedClaim { name: "Authorization" }),
            Found::One(_) if in_url => Err(VerifyError::TwoSignatures),
            Found::One(value) => Self::from_header(request, &Authorization::parse(value)?),
        }
    }

    /// Whose key the request claims to be signed with: look its secret up.
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

    /// The session token, from X-Security-Token. Whether it is a good one is for the server to know.
    pub fn session_token(&self) -> Option<&SessionToken> {
        self.session_token.as_ref()
    }

    /// The canonical request as this server sees it.
    pub fn canonical_request(&self, body: &[u8]) -> CanonicalRequest {
        let mut text = self.canonical_head.clone();
        text.text(self.payload_of(body).to_hex().as_str());
        CanonicalRequest::from_text(text)
    }

    /// The string to sign as this server sees it.
    pub fn string_to_sign(&self, body: &[u8]) -> StringToSign {
        StringToSign::new(self.claims.time, &self.claims.scope, &self.canonical_request(body))
    }

    /// The hash that is signed: the body's, or the empty body's when the body is not covered.
    pub(super) fn payload_of(&self, body: &[u8]) -> PayloadHash {
        if self.claims.covers_body { PayloadHash::of(body) } else { PayloadHash::EMPTY }
    }

    fn from_header(
        request: &SignableRequest<'_>,
        authorization: &Authorization<'_>,
    ) -> Result<Self, VerifyError> {
        let x_date = header(request, "x-date", "X-Date")?.ok_or(VerifyError::MissingDate)?;
        let time = x_date.parse().map_err(|_| VerifyError::MalformedDate)?;
        let (access_key_id, scope) = credential(authorization.credential)?;
        let expires = canonical_query::pairs(request.query, Ambiguity::AsSent)
            .map_err(VerifyError::Unclear)
            .and_then(|pairs| expiry(&pairs))?;
        let claims = Claims {
            access_key_id,
            scope,
            time,
            signed_headers: signed_headers(authorization.signed_headers)?,
            form: Form::Header,
            covers_body: true,
            signed_queries: None,
        };
        let token = header(request, "x-security-token", "X-Security-Token")?.map(ToOwned::to_owned);
        Self::assemble(request, claims, authorization.signature, token, expires, None)
    }

    fn from_query(request: &SignableRequest<'_>) -> Result<Self, VerifyError> {
        let pairs = canonical_query::pairs(request.query, Ambiguity::AsSent)
            .map_err(VerifyError::Unclear)?;
        let required = |name| parameter(&pairs, name)?.ok_or(VerifyError::MissingClaim { name });
        if required(presign::ALGORITHM_NAME)? != ALGORITHM {
            return Err(VerifyError::UnsupportedAlgorithm);
        }
        let (access_key_id, scope) = credential(required(presign::CREDENTIAL)?)?;
        let signature =
            parameter(&pairs, presign::SIGNATURE)?.ok_or(VerifyError::MissingSignature)?;
        let time = parameter(&pairs, presign::DATE)?
            .ok_or(VerifyError::MissingDate)?
            .parse()
            .map_err(|_| VerifyError::MalformedDate)?;
        let expires = expiry(&pairs)?;
        let claims = Claims {
            access_key_id,
            scope,
            time,
            signed_headers: signed_headers(required(presign::SIGNED_HEADERS)?)?,
            form: Form::Query,
            covers_body: parameter(&pairs, presign::NOT_SIGN_BODY)?.is_none(),
            signed_queries: parameter(&pairs, presign::SIGNED_QUERIES)?
                .map(|list| list.as_bytes().to_vec()),
        };
        let unsigned = unsigned_parameter(&claims, &pairs);
        let token = parameter(&pairs, presign::SECURITY_TOKEN)?.map(ToString::to_string);
        Self::assemble(request, claims, signature, token, expires, unsigned)
    }

    fn assemble(
        request: &SignableRequest<'_>,
        claims: Claims,
        signature: &str,
        session_token: Option<String>,
        expires: Option<u64>,
        unsigned_parameter: Option<String>,
    ) -> Result<Self, VerifyError> {
        let (canonical_head, unclear) = canonical_head(request, &claims)?;
        let binds =
            claims.form == Form::Header || claims.signed_headers.contains("x-content-sha256");
        let payload = header(request, "x-content-sha256", "X-Content-Sha256")?
            .filter(|_| binds)
            .map(|value| value.parse().map_err(|_| ()));
        Ok(Self {
            claims: Arc::new(claims),
            signature: bytes_of_hex(signature)
                .map(Signature::from_bytes)
                .ok_or(VerifyError::MalformedSignature)?,
            canonical_head,
            unclear,
            payload,
            session_token: session_token.filter(|token| !token.is_empty()).map(SessionToken::new),
            unsigned_parameter,
            expires,
        })
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

/// Writes the canonical request up to the body's hash: by the strict reading if it has one, else by the lenient one
/// together with what the strict reading objects to.
fn canonical_head(
    request: &SignableRequest<'_>,
    claims: &Claims,
) -> Result<(String, Option<SignError>), VerifyError> {
    check_host(request)?;
    let source = Source::plain(*request);
    let list = claims.signed_headers.as_str();
    let mut text = String::with_capacity(384 + request.query.len());
    match source.write(&mut text, claims.pick(), list, Ambiguity::Refuse) {
        Ok(()) => Ok((text, None)),
        Err(objection) => {
            text.clear();
            source
                .write(&mut text, claims.pick(), list, Ambiguity::AsSent)
                .map_err(VerifyError::Unclear)?;
            Ok((text, Some(objection)))
        }
    }
}

/// A request whose target and Host header name different servers could be verified for one and served by the other.
fn check_host(request: &SignableRequest<'_>) -> Result<(), VerifyError> {
    match (request.header("host"), request.authority) {
        (Found::One(given), Some(authority)) => {
            let agrees = core::str::from_utf8(given)
                .is_ok_and(|given| host::agree(given.trim_matches([' ', '\t']), authority));
            agrees.then_some(()).ok_or(VerifyError::Unclear(SignError::HostMismatch))
        }
        _ => Ok(()),
    }
}

/// The text of a header that may be there once.
fn header<'a>(
    request: &SignableRequest<'a>,
    lower_case: &str,
    name: &'static str,
) -> Result<Option<&'a str>, VerifyError> {
    match request.header(lower_case) {
        Found::Missing => Ok(None),
        Found::Many(_) => Err(VerifyError::RepeatedClaim { name }),
        Found::One(value) => {
            core::str::from_utf8(value).map(|value| Some(value.trim_matches([' ', '\t']))).map_err(
                |_| VerifyError::Unclear(SignError::HeaderNotUtf8 { name: lower_case.to_owned() }),
            )
        }
    }
}

/// The text of a parameter that may be there once.
fn parameter<'a>(
    pairs: &'a [Pair<'_>],
    name: &'static str,
) -> Result<Option<&'a str>, VerifyError> {
    let mut values =
        pairs.iter().filter(|(given, _)| **given == *name.as_bytes()).map(|(_, value)| value);
    let first = values.next();
    if values.next().is_some() {
        return Err(VerifyError::RepeatedClaim { name });
    }
    first
        .map(|value| core::str::from_utf8(value))
        .transpose()
        .map_err(|_| VerifyError::MalformedAuthorization)
}

fn has_signature_parameters(query: &str) -> bool {
    // Cheap, so that the header form need not decode anything for it.
    query.contains("X-")
        && canonical_query::pairs(query, Ambiguity::AsSent).is_ok_and(|pairs| {
            pairs.iter().any(|(name, _)| {
                [presign::SIGNATURE, presign::CREDENTIAL, presign::ALGORITHM_NAME]
                    .iter()
                    .any(|claim| **name == *claim.as_bytes())
            })
        })
}

fn credential(text: &str) -> Result<(String, CredentialScope), VerifyError> {
    let (id, scope) = text.split_once('/').ok_or(VerifyError::MalformedCredential)?;
    let scope = CredentialScope::parse(scope).ok_or(VerifyError::MalformedCredential)?;
    if id.is_empty() {
        return Err(VerifyError::MalformedCredential);
    }
    Ok((id.to_owned(), scope))
}

fn signed_headers(list: &str) -> Result<SignedHeaders, VerifyError> {
    if list.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(VerifyError::MalformedSignedHeaders);
    }
    list.parse().map_err(|_| VerifyError::MalformedSignedHeaders)
}

fn expiry(pairs: &[Pair<'_>]) -> Result<Option<u64>, VerifyError> {
    parameter(pairs, presign::EXPIRES)?
        .map(|seconds| {
            let digits = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| seconds.parse().ok()).flatten().ok_or(VerifyError::MalformedExpiry)
        })
        .transpose()
}

/// The first parameter that is neither signed nor one of the two that cannot or need not be.
fn unsigned_parameter(claims: &Claims, pairs: &[Pair<'_>]) -> Option<String> {
    let exempt = [presign::SIGNATURE, presign::SECURITY_TOKEN];
    pairs
        .iter()
        .map(|(name, _)| name)
        .find(|name| {
            !claims.covers_parameter(name)
                && !exempt.iter().any(|exempt| ***name == *exempt.as_bytes())
        })
        .map(|name| lossy(name))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
