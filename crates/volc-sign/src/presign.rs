//! Presigned URLs: the signature in the query.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use http::Uri;

use crate::canonical_query::{self, Pick};
use crate::canonical_request::Source;
use crate::parameters::{
    ALGORITHM_NAME, CREDENTIAL, DATE, EXPIRES, NOT_SIGN_BODY, SECURITY_TOKEN, SIGNATURE,
    SIGNED_HEADERS, SIGNED_QUERIES, seconds,
};
use crate::percent::encode;
use crate::{
    ALGORITHM, Ambiguity, CanonicalRequest, PayloadHash, SignError, SignableRequest, Signature,
    SignedHeaders, Signer, SigningTime, StringToSign,
};

const SIGNED_HEADERS_PAIR: &str = "&X-SignedHeaders=";

/// Parameters presigning adds and a bare URL therefore must not have.
const RESERVED: [&str; 8] = [
    ALGORITHM_NAME,
    CREDENTIAL,
    DATE,
    NOT_SIGN_BODY,
    SECURITY_TOKEN,
    SIGNED_HEADERS,
    SIGNED_QUERIES,
    SIGNATURE,
];

impl Signer {
    /// Makes a URL that carries its own signature, as the official Go, Python and Java SDKs do:
    /// `host` signed (unless [another list was chosen](Signer::with_signed_headers)), the body not
    /// covered, every parameter named in `X-SignedQueries`, that one included; a session token is
    /// in the URL but not signed.
    ///
    /// The URL is valid for `expires_in` seconds (`X-Expires`) or, without that, for the server's
    /// 900. Anybody who has the URL can send the request: keep it secret until it expires.
    ///
    /// ```
    /// use volc_sign::{Credentials, SignableRequest, Signer};
    ///
    /// let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    /// let signer = Signer::new(credentials, "cn-north-1", "iam");
    /// let url = "https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01";
    /// let presigned = signer.presign(
    ///     &SignableRequest::from_text("GET", url, &[]),
    ///     Some(300),
    ///     "20241119T021530Z".parse()?,
    /// )?;
    /// assert!(presigned.url().starts_with(url));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A [`SignError`], as in [`sign_request`](Signer::sign_request), and when the URL is presigned
    /// already.
    pub fn presign(
        &self,
        request: &SignableRequest<'_>,
        expires_in: Option<u32>,
        time: SigningTime,
    ) -> Result<Presigned, SignError> {
        self.check()?;
        let host = self.host(request)?.ok_or(SignError::MissingHost)?;
        let list = self.chosen_list().cloned().unwrap_or(SignedHeaders::HOST);
        let x_date = time.to_ascii();
        let scope = self.scope(x_date.as_str());

        let mut query = self.unsigned_query(request, expires_in, time, &list)?;
        let names = signed_names(&query, self.ambiguity)?;
        push(&mut query, SIGNED_QUERIES, &names);

        let source = Source {
            request: SignableRequest { query: &query, ..*request },
            host: Some(&host.value),
            // The other values are parameters here and no headers: a list that names them wants
            // headers given.
            x_date: None,
            payload: None,
            token: None,
        };
        let canonical_request = CanonicalRequest::build(
            &source,
            Pick::Named(&names),
            &list,
            PayloadHash::EMPTY.to_hex().as_str(),
            self.ambiguity,
        )?;
        let string_to_sign =
            StringToSign::from_digest(x_date.as_str(), scope, &canonical_request.digest());
        let signature = self.derive(scope).sign(string_to_sign.as_str().as_bytes());
        insert_signature(&mut query, signature.to_hex().as_str());
        Ok(Presigned {
            url: url(request, &query),
            canonical_request,
            string_to_sign,
            signature,
            signed_headers: list,
        })
    }

    /// The given query and the parameters that are known before the list of names is.
    fn unsigned_query(
        &self,
        request: &SignableRequest<'_>,
        expires_in: Option<u32>,
        time: SigningTime,
        list: &SignedHeaders,
    ) -> Result<String, SignError> {
        check_parameters(request.query, expires_in.is_some())?;
        let x_date = time.to_ascii();
        let mut credential = String::from(self.credentials.access_key_id());
        credential.push('/');
        let scope = self.scope(x_date.as_str());
        credential.extend([scope.date, scope.rest]);

        let mut query = String::with_capacity(request.query.len() + 640);
        query.push_str(request.query.trim_end_matches('&'));
        push(&mut query, ALGORITHM_NAME, ALGORITHM.as_bytes());
        push(&mut query, CREDENTIAL, credential.as_bytes());
        push(&mut query, DATE, x_date.as_str().as_bytes());
        if let Some(seconds) = expires_in {
            push(&mut query, EXPIRES, alloc::format!("{seconds}").as_bytes());
        }
        push(&mut query, NOT_SIGN_BODY, b"");
        if let Some(token) = self.credentials.session_token() {
            push(&mut query, SECURITY_TOKEN, token.expose().as_bytes());
        }
        push(&mut query, SIGNED_HEADERS, list.as_str().as_bytes());
        Ok(query)
    }
}

/// A URL that carries its own signature, with every stage that led to it. Made by
/// [`Signer::presign`]. `Debug` hides the URL.
#[derive(Clone)]
pub struct Presigned {
    url: String,
    canonical_request: CanonicalRequest,
    string_to_sign: StringToSign,
    signature: Signature,
    signed_headers: SignedHeaders,
}

impl Presigned {
    /// The URL: the given one, its host in lower case, with the parameters of the signature
    /// appended.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL as `http` has it.
    ///
    /// # Errors
    /// [`SignError::InvalidUri`] when the URL was given as text with characters `http::Uri` does
    /// not take.
    pub fn to_uri(&self) -> Result<Uri, SignError> {
        self.url.parse().map_err(|_| SignError::InvalidUri)
    }

    /// Stage 1.
    pub fn canonical_request(&self) -> &CanonicalRequest {
        &self.canonical_request
    }

    /// Stage 2.
    pub fn string_to_sign(&self) -> &StringToSign {
        &self.string_to_sign
    }

    /// Stage 3.
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// The headers that were signed.
    pub fn signed_headers(&self) -> &SignedHeaders {
        &self.signed_headers
    }
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigned")
            .field("canonical_request", &self.canonical_request)
            .field("string_to_sign", &self.string_to_sign)
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

/// Refuses parameters that presigning adds, and an X-Expires that means nothing.
fn check_parameters(query: &str, adds_expiry: bool) -> Result<(), SignError> {
    let pairs = canonical_query::pairs(query, Ambiguity::AsSent)?;
    let mut adds = RESERVED.into_iter().chain(adds_expiry.then_some(EXPIRES));
    let clash = adds.find(|added| pairs.iter().any(|(name, _)| **name == *added.as_bytes()));
    if let Some(name) = clash {
        return Err(SignError::ReservedParameter { name: name.to_owned() });
    }
    let mut expiries = pairs.iter().filter(|(name, _)| **name == *EXPIRES.as_bytes());
    match (expiries.next(), expiries.next()) {
        (None, _) => Ok(()),
        (Some((_, value)), None) if seconds(value).is_some() => Ok(()),
        _ => Err(SignError::InvalidExpiry),
    }
}

/// The value of `X-SignedQueries`: every name in the query but the token's, and its own, sorted,
/// once each.
fn signed_names(query: &str, ambiguity: Ambiguity) -> Result<Vec<u8>, SignError> {
    let pairs = canonical_query::pairs(query, ambiguity)?;
    let mut names: Vec<&[u8]> = pairs.iter().map(|(name, _)| &**name).collect();
    if names.iter().any(|name| name.contains(&b';')) {
        // The list could not tell such a name from two.
        return Err(SignError::Semicolon);
    }
    names.push(SIGNED_QUERIES.as_bytes());
    names.retain(|name| *name != SECURITY_TOKEN.as_bytes());
    names.sort_unstable();
    names.dedup();
    Ok(names.join(&b';'))
}

/// Puts the signature where the Go, Python and Java SDKs have it: all that is added is sorted.
fn insert_signature(query: &mut String, signature: &str) {
    let mut pair = String::with_capacity(SIGNATURE.len() + signature.len() + 2);
    push(&mut pair, SIGNATURE, signature.as_bytes());
    pair.push('&');
    // The names of the list are reserved, so the last one is the one that was added.
    let at = query.rfind(SIGNED_HEADERS_PAIR).map_or(query.len(), |at| at + 1);
    query.insert_str(at, &pair);
}

fn push(query: &mut String, name: &str, value: &[u8]) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    encode(query, value);
}

/// The URL of a request with another query. The host is lower case in it, as it is in what is
/// signed.
fn url(request: &SignableRequest<'_>, query: &str) -> String {
    let mut url = String::new();
    if let Some(authority) = request.authority {
        url.push_str(request.scheme.unwrap_or("https"));
        url.push_str("://");
        url.push_str(&authority.to_ascii_lowercase());
    }
    url.push_str(if request.path.is_empty() { "/" } else { request.path });
    url.push('?');
    url.push_str(query);
    url
}
