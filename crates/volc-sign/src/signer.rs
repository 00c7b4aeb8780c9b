//! The signer: one access key, one region, one service.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use http::{HeaderValue, Request, header, request};

use crate::canonical_query::Pick;
use crate::canonical_request::{Source, refuse_unclear_headers};
use crate::credential_scope::Scope;
use crate::signable::Found;
use crate::signed::SignatureHeaders;
use crate::signing_key::KeyedHmac;
use crate::text::trim;
use crate::{
    ALGORITHM, Ambiguity, CanonicalRequest, Credentials, PayloadHash, SessionToken, SignError,
    SignableRequest, Signature, Signed, SignedHeaders, SigningKey, SigningTime, StringToSign,
    credential_scope, host, signing_time,
};

/// Signs requests with one access key for one region and service.
///
/// A plain value without a cache: it derives the key for every signature, unless one is
/// [given](Self::sign_request_with_key). The time is always an argument.
///
/// ```
/// use volc_sign::{Credentials, Signer, SigningTime};
///
/// let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
/// let signer = Signer::new(credentials, "cn-beijing", "ark");
///
/// let mut request = http::Request::post("https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01")
///     .body("{}")?;
/// signer.sign_request(&mut request, "20241119T021530Z".parse()?)?;
/// assert_eq!(request.headers()["host"], "open.volcengineapi.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Signer {
    pub(crate) credentials: Credentials,
    /// `/region/service/request`
    scope: String,
    /// Length of the region.
    region: usize,
    /// The list that replaces the default one.
    signed_headers: Option<SignedHeaders>,
    pub(crate) ambiguity: Ambiguity,
    /// The first setting that cannot be sent, if any.
    unsendable: Option<&'static str>,
}

impl Signer {
    /// A signer for this key, region (`cn-beijing`) and service (`ark`).
    pub fn new(
        credentials: Credentials,
        region: impl Into<String>,
        service: impl Into<String>,
    ) -> Self {
        let (region, service) = (region.into(), service.into());
        let parts = [
            ("access key id", credentials.access_key_id()),
            ("region", region.as_str()),
            ("service", service.as_str()),
        ];
        let unsendable =
            parts.into_iter().find_map(|(what, part)| (!is_scope_part(part)).then_some(what));
        Self {
            scope: credential_scope::rest(&region, &service),
            region: region.len(),
            credentials,
            signed_headers: None,
            ambiguity: Ambiguity::Refuse,
            unsendable,
        }
    }

    /// Signs exactly these headers, in this order, in place of the default list.
    ///
    /// The list then also decides whether `X-Content-Sha256` is sent at all, and whether the
    /// session token, which is always sent, is signed: it takes the place of rules R4, R8 and R9.
    /// Presigned URLs sign it too; there the headers it names, but for `host`, must be in the
    /// request.
    ///
    /// ```
    /// # use volc_sign::{Credentials, Signer};
    /// # let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    /// // What the official Java SDK signs.
    /// let signer = Signer::new(credentials, "cn-beijing", "ark").with_signed_headers("x-date".parse()?);
    /// # Ok::<(), volc_sign::SignError>(())
    /// ```
    #[must_use]
    pub fn with_signed_headers(mut self, list: SignedHeaders) -> Self {
        self.signed_headers = Some(list);
        self
    }

    /// Sets the treatment of shapes that official signers read in different ways. The default is to
    /// refuse them.
    #[must_use]
    pub fn with_ambiguity(mut self, ambiguity: Ambiguity) -> Self {
        self.ambiguity = ambiguity;
        self
    }

    /// The access key.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The region of the scope.
    pub fn region(&self) -> &str {
        credential_scope::names(&self.scope, self.region).0
    }

    /// The service of the scope.
    pub fn service(&self) -> &str {
        credential_scope::names(&self.scope, self.region).1
    }

    /// Signs a whole request: adds `Host` (unless there is one), `X-Date`, `X-Content-Sha256`,
    /// `X-Security-Token` (if there is a token) and `Authorization`.
    ///
    /// Headers of an earlier signature are replaced, so a request can be signed again before it is
    /// sent again, as a retry must do. After an error the request is unchanged. The URI never
    /// changes.
    ///
    /// # Errors
    /// A [`SignError`] when the request has a shape that is not safe to sign, or the server's name
    /// is missing.
    pub fn sign_request<B: AsRef<[u8]>>(
        &self,
        request: &mut Request<B>,
        time: SigningTime,
    ) -> Result<(), SignError> {
        self.sign_whole(None, request, time)
    }

    /// Signs as [`sign_request`](Self::sign_request), with a key that was derived before: for
    /// programs that sign often. The key must come from [this signer](Self::signing_key) or one
    /// with the same secret.
    ///
    /// ```
    /// # use volc_sign::{Credentials, Signer, SigningTime};
    /// # let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    /// # let signer = Signer::new(credentials, "cn-beijing", "ark");
    /// # let clock = ["20241119T235959Z", "20241120T000000Z"].map(|now| now.parse::<SigningTime>().unwrap());
    /// let mut key = signer.signing_key(clock[0]);
    /// for now in clock {
    ///     let mut request = http::Request::get("https://iam.volcengineapi.com/?Action=ListUsers").body("")?;
    ///     if !signer.accepts_key(&key, now) {
    ///         key = signer.signing_key(now); // a new day
    ///     }
    ///     signer.sign_request_with_key(&key, &mut request, now)?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SignError::WrongSigningKey`] when the key is for another day, region or service; else as
    /// [`sign_request`](Self::sign_request).
    pub fn sign_request_with_key<B: AsRef<[u8]>>(
        &self,
        key: &SigningKey,
        request: &mut Request<B>,
        time: SigningTime,
    ) -> Result<(), SignError> {
        self.sign_whole(Some(key), request, time)
    }

    /// As [`sign_request`](Self::sign_request), for parts whose body was hashed elsewhere.
    ///
    /// # Errors
    /// As [`sign_request`](Self::sign_request).
    pub fn sign_parts(
        &self,
        parts: &mut request::Parts,
        payload: &PayloadHash,
        time: SigningTime,
    ) -> Result<(), SignError> {
        self.sign_head(None, parts, payload, time)
    }

    /// As [`sign_request_with_key`](Self::sign_request_with_key), for parts whose body was hashed
    /// elsewhere.
    ///
    /// # Errors
    /// As [`sign_request_with_key`](Self::sign_request_with_key).
    pub fn sign_parts_with_key(
        &self,
        key: &SigningKey,
        parts: &mut request::Parts,
        payload: &PayloadHash,
        time: SigningTime,
    ) -> Result<(), SignError> {
        self.sign_head(Some(key), parts, payload, time)
    }

    /// Derives the signing key of the day `time` falls on, in UTC.
    pub fn signing_key(&self, time: SigningTime) -> SigningKey {
        let x_date = time.to_ascii();
        SigningKey::derive(self.credentials.secret(), &self.scope(x_date.as_str()).to_owned())
    }

    /// Returns true if the key is for this signer's region and service and for the day of `time`.
    pub fn accepts_key(&self, key: &SigningKey, time: SigningTime) -> bool {
        key.scope().borrowed() == self.scope(time.to_ascii().as_str())
    }

    /// Signs and returns every stage, without a change to the request: for clients without `http`
    /// types, and to see what is signed.
    ///
    /// ```
    /// # use volc_sign::{Credentials, PayloadHash, SignableRequest, Signer};
    /// # let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    /// # let signer = Signer::new(credentials, "cn-north-1", "iam");
    /// let request = SignableRequest::from_text("GET", "https://iam.volcengineapi.com/?Action=ListUsers", &[]);
    /// let signed = signer.sign(&request, &PayloadHash::EMPTY, "20241119T021530Z".parse()?)?;
    /// println!("{}\n\n{}\n", signed.canonical_request(), signed.string_to_sign());
    /// for (name, value) in signed.headers() {
    ///     println!("{name}: {value}");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`sign_request`](Self::sign_request).
    pub fn sign(
        &self,
        request: &SignableRequest<'_>,
        payload: &PayloadHash,
        time: SigningTime,
    ) -> Result<Signed, SignError> {
        self.stages(None, request, payload, time)
    }

    fn sign_whole<B: AsRef<[u8]>>(
        &self,
        key: Option<&SigningKey>,
        request: &mut Request<B>,
        time: SigningTime,
    ) -> Result<(), SignError> {
        let payload = PayloadHash::of(request.body());
        let signed = self.stages(key, &SignableRequest::from_request(request), &payload, time)?;
        signed.headers.insert_into(request.headers_mut());
        Ok(())
    }

    fn sign_head(
        &self,
        key: Option<&SigningKey>,
        parts: &mut request::Parts,
        payload: &PayloadHash,
        time: SigningTime,
    ) -> Result<(), SignError> {
        let view = SignableRequest::from_parts(&parts.method, &parts.uri, &parts.headers);
        let signed = self.stages(key, &view, payload, time)?;
        signed.headers.insert_into(&mut parts.headers);
        Ok(())
    }

    /// Signs with the given key, or with one that is derived for this signature.
    fn stages(
        &self,
        key: Option<&SigningKey>,
        request: &SignableRequest<'_>,
        payload: &PayloadHash,
        time: SigningTime,
    ) -> Result<Signed, SignError> {
        let (x_date, hash) = (time.to_ascii(), payload.to_hex());
        let plan = self.plan(request, hash.as_str(), x_date.as_str())?;
        let canonical_request = CanonicalRequest::build(
            &plan.source(request, &self.credentials),
            Pick::All,
            plan.list,
            plan.payload,
            self.ambiguity,
        )?;
        let scope = self.scope(plan.x_date);
        let keyed = match key {
            None => self.derive(scope),
            Some(key) if key.scope().borrowed() == scope => key.hmac(),
            Some(_) => return Err(SignError::WrongSigningKey),
        };
        let digest = canonical_request.digest();
        let string_to_sign = StringToSign::from_digest(plan.x_date, scope, &digest);
        let signature = keyed.sign(string_to_sign.as_str().as_bytes());
        Ok(Signed {
            canonical_request,
            string_to_sign,
            signature,
            list: plan.list.clone(),
            headers: self.headers(&plan, signature)?,
        })
    }

    /// Decides what is sent and signed, before anything is hashed.
    fn plan<'a>(
        &'a self,
        request: &SignableRequest<'a>,
        payload: &'a str,
        x_date: &'a str,
    ) -> Result<Plan<'a>, SignError> {
        self.check()?;
        if self.ambiguity == Ambiguity::Refuse {
            refuse_unclear_headers(request)?;
        }
        let list = self.list();
        let host = self.host(request)?;
        if host.is_none() && (self.signed_headers.is_none() || list.contains("host")) {
            return Err(SignError::MissingHost);
        }
        Ok(Plan {
            list,
            host,
            x_date,
            payload,
            sends_payload: self.signed_headers.is_none() || list.contains("x-content-sha256"),
        })
    }

    pub(crate) fn check(&self) -> Result<(), SignError> {
        self.unsendable.map_or(Ok(()), |what| Err(SignError::Unsendable { what }))
    }

    /// The chosen list, if one was chosen.
    pub(crate) fn chosen_list(&self) -> Option<&SignedHeaders> {
        self.signed_headers.as_ref()
    }

    fn list(&self) -> &SignedHeaders {
        const WITHOUT_TOKEN: &SignedHeaders = &SignedHeaders::WITHOUT_TOKEN;
        const WITH_TOKEN: &SignedHeaders = &SignedHeaders::WITH_TOKEN;
        match (&self.signed_headers, self.credentials.session_token()) {
            (Some(list), _) => list,
            (None, None) => WITHOUT_TOKEN,
            (None, Some(_)) => WITH_TOKEN,
        }
    }

    /// The host as signed, and whether a Host header must be added for it.
    pub(crate) fn host<'a>(
        &self,
        request: &SignableRequest<'a>,
    ) -> Result<Option<Host<'a>>, SignError> {
        let given = match request.header(header::HOST) {
            Found::Missing => {
                let Some(authority) = request.authority.filter(|name| !name.is_empty()) else {
                    return Ok(None);
                };
                let value = host::of_authority(authority)?;
                return Ok(Some(Host { value, is_new: true }));
            }
            Found::Many(_) if self.ambiguity != Ambiguity::LikeGo => {
                return Err(SignError::RepeatedHeader { name: "host".into() });
            }
            Found::One(given) | Found::Many(given) => given,
        };
        let given = core::str::from_utf8(trim(given))
            .map_err(|_| SignError::HeaderNotUtf8 { name: "host".into() })?;
        match request.authority {
            _ if given.is_empty() => Err(SignError::MissingHost),
            Some(authority) if authority.bytes().any(|byte| byte == b'@') => {
                Err(SignError::UserInfo)
            }
            Some(authority) if !host::agree(given, authority) => Err(SignError::HostMismatch),
            _ => Ok(Some(Host { value: Cow::Borrowed(host::canonical(given)), is_new: false })),
        }
    }

    /// The scope of an X-Date (R7).
    pub(crate) fn scope<'a>(&'a self, x_date: &'a str) -> Scope<'a> {
        Scope { date: signing_time::date_of(x_date), rest: &self.scope, region: self.region }
    }

    /// HMAC keyed for a scope.
    pub(crate) fn derive(&self, scope: Scope<'_>) -> KeyedHmac {
        KeyedHmac::derive(self.credentials.secret().expose().as_bytes(), scope)
    }

    fn headers(
        &self,
        plan: &Plan<'_>,
        signature: Signature,
    ) -> Result<SignatureHeaders, SignError> {
        let host = plan.host.as_ref().filter(|host| host.is_new);
        Ok(SignatureHeaders {
            host: host.map(|host| value("host", &host.value)).transpose()?,
            x_date: value("time", plan.x_date)?,
            payload: plan.sends_payload.then(|| value("payload hash", plan.payload)).transpose()?,
            token: self.token()?,
            keeps_token: self.signed_headers.is_some() && plan.list.contains("x-security-token"),
            authorization: self.authorization(plan, signature)?,
        })
    }

    fn token(&self) -> Result<Option<HeaderValue>, SignError> {
        let Some(token) = self.credentials.session_token() else {
            return Ok(None);
        };
        let what = "session token";
        let token = token.expose();
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SignError::Unsendable { what });
        }
        let mut value = value(what, token)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    fn authorization(
        &self,
        plan: &Plan<'_>,
        signature: Signature,
    ) -> Result<HeaderValue, SignError> {
        let signature = signature.to_hex();
        let pieces = [
            ALGORITHM.as_bytes(),
            b" Credential=",
            self.credentials.access_key_id().as_bytes(),
            b"/",
            signing_time::date_of(plan.x_date).as_bytes(),
            self.scope.as_bytes(),
            b", SignedHeaders=",
            plan.list.as_str().as_bytes(),
            b", Signature=",
            signature.as_bytes(),
        ];
        // One piece of memory, which the header value takes over.
        let mut value = HeaderValue::try_from(pieces.concat())
            .map_err(|_| SignError::Unsendable { what: "credential scope" })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("credentials", &self.credentials)
            .field("region", &self.region())
            .field("service", &self.service())
            .field("signed_headers", &self.signed_headers)
            .field("ambiguity", &self.ambiguity)
            .finish_non_exhaustive()
    }
}

/// Host as it is signed.
pub(crate) struct Host<'a> {
    pub(crate) value: Cow<'a, str>,
    is_new: bool,
}

/// Everything that is decided before a signature is made.
struct Plan<'a> {
    list: &'a SignedHeaders,
    host: Option<Host<'a>>,
    x_date: &'a str,
    payload: &'a str,
    sends_payload: bool,
}

impl Plan<'_> {
    fn source<'a>(
        &'a self,
        request: &SignableRequest<'a>,
        credentials: &'a Credentials,
    ) -> Source<'a> {
        Source {
            request: *request,
            host: self.host.as_ref().map(|host| &*host.value),
            x_date: Some(self.x_date),
            payload: Some(self.payload),
            token: credentials.session_token().map(SessionToken::expose),
        }
    }
}

fn value(what: &'static str, text: &str) -> Result<HeaderValue, SignError> {
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| SignError::Unsendable { what })
}

/// Returns true for a text that can be between the slashes of `Credential=`.
fn is_scope_part(part: &str) -> bool {
    !part.is_empty()
        && !part.chars().any(|letter| {
            letter.is_control() || letter.is_whitespace() || matches!(letter, '/' | ',' | ';')
        })
}
