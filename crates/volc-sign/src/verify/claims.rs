//! The claims of a request: their places and values.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use http::HeaderName;

use super::VerifyError;
use super::authorization::Authorization;
use crate::canonical_query::{Pair, Pick};
use crate::signable::Found;
use crate::signed::{X_DATE, X_SECURITY_TOKEN};
use crate::signing_time::XDate;
use crate::text::trim;
use crate::{
    ALGORITHM, CredentialScope, SignError, SignableRequest, SignedHeaders, SigningTime, parameters,
};

/// The claims that are kept once they are proved.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) access_key_id: String,
    pub(crate) scope: CredentialScope,
    pub(crate) time: SigningTime,
    pub(crate) x_date: XDate,
    pub(crate) signed_headers: SignedHeaders,
    pub(crate) form: Form,
    pub(crate) covers_body: bool,
    /// `X-SignedQueries`.
    pub(crate) signed_queries: Option<Vec<u8>>,
}

/// The place of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Header,
    Query,
}

impl Claims {
    pub(super) fn parse(texts: &Texts<'_>) -> Result<Self, VerifyError> {
        let (id, scope) =
            texts.credential.split_once('/').ok_or(VerifyError::MalformedCredential)?;
        let scope = CredentialScope::parse(scope).ok_or(VerifyError::MalformedCredential)?;
        let (time, x_date) = XDate::parse(texts.x_date).map_err(|_| VerifyError::MalformedDate)?;
        if id.is_empty() {
            return Err(VerifyError::MalformedCredential);
        }
        Ok(Self {
            access_key_id: id.to_owned(),
            scope,
            time,
            x_date,
            signed_headers: signed_headers(texts.signed_headers)?,
            form: texts.form,
            covers_body: texts.covers_body,
            signed_queries: texts.signed_queries.map(<[u8]>::to_vec),
        })
    }

    /// The parameters that are signed.
    pub(crate) fn pick(&self) -> Pick<'_> {
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

/// The claims as text, from the one form or the other.
pub(super) struct Texts<'a> {
    form: Form,
    credential: &'a str,
    pub(super) signed_headers: &'a str,
    pub(super) signature: &'a str,
    x_date: &'a str,
    pub(super) token: Option<&'a str>,
    /// Bytes, since the names of parameters need not be text.
    signed_queries: Option<&'a [u8]>,
    covers_body: bool,
}

impl<'a> Texts<'a> {
    /// Finds the claims of a request whose decoded parameters are given, too.
    pub(super) fn find(
        request: &SignableRequest<'a>,
        pairs: &'a [Pair<'_>],
    ) -> Result<Self, VerifyError> {
        let claims = [parameters::SIGNATURE, parameters::CREDENTIAL, parameters::ALGORITHM_NAME];
        let in_url =
            pairs.iter().any(|(name, _)| claims.iter().any(|claim| **name == *claim.as_bytes()));
        match request.header(http::header::AUTHORIZATION) {
            Found::Missing if in_url => Self::from_query(pairs),
            Found::Missing => Err(VerifyError::MissingAuthorization),
            Found::Many(_) => Err(VerifyError::RepeatedClaim { name: "Authorization" }),
            Found::One(_) if in_url => Err(VerifyError::TwoSignatures),
            Found::One(value) => Self::from_header(request, &Authorization::parse(value)?),
        }
    }

    fn from_header(
        request: &SignableRequest<'a>,
        authorization: &Authorization<'a>,
    ) -> Result<Self, VerifyError> {
        Ok(Self {
            form: Form::Header,
            credential: authorization.credential,
            signed_headers: authorization.signed_headers,
            signature: authorization.signature,
            x_date: header(request, &X_DATE, "X-Date")?.ok_or(VerifyError::MissingDate)?,
            token: header(request, &X_SECURITY_TOKEN, "X-Security-Token")?,
            signed_queries: None,
            covers_body: true,
        })
    }

    fn from_query(pairs: &'a [Pair<'_>]) -> Result<Self, VerifyError> {
        let required = |name| parameter(pairs, name)?.ok_or(VerifyError::MissingClaim { name });
        if required(parameters::ALGORITHM_NAME)? != ALGORITHM {
            return Err(VerifyError::UnsupportedAlgorithm);
        }
        Ok(Self {
            form: Form::Query,
            credential: required(parameters::CREDENTIAL)?,
            signed_headers: required(parameters::SIGNED_HEADERS)?,
            signature: parameter(pairs, parameters::SIGNATURE)?
                .ok_or(VerifyError::MissingSignature)?,
            x_date: parameter(pairs, parameters::DATE)?.ok_or(VerifyError::MissingDate)?,
            token: parameter(pairs, parameters::SECURITY_TOKEN)?,
            signed_queries: parameter_bytes(pairs, parameters::SIGNED_QUERIES)?,
            covers_body: parameter(pairs, parameters::NOT_SIGN_BODY)?.is_none(),
        })
    }
}

/// The text of a header that may be there once.
pub(super) fn header<'a>(
    request: &SignableRequest<'a>,
    known: &HeaderName,
    name: &'static str,
) -> Result<Option<&'a str>, VerifyError> {
    match request.header(known) {
        Found::Missing => Ok(None),
        Found::Many(_) => Err(VerifyError::RepeatedClaim { name }),
        Found::One(value) => core::str::from_utf8(trim(value)).map(Some).map_err(|_| {
            VerifyError::Unclear(SignError::HeaderNotUtf8 { name: known.as_str().to_owned() })
        }),
    }
}

/// Seconds of `X-Expires`, if it is there.
pub(super) fn expiry(pairs: &[Pair<'_>]) -> Result<Option<u64>, VerifyError> {
    let Some(seconds) = parameter_bytes(pairs, parameters::EXPIRES)? else {
        return Ok(None);
    };
    parameters::seconds(seconds).map(Some).ok_or(VerifyError::MalformedExpiry)
}

/// The text of a parameter that may be there once.
fn parameter<'a>(
    pairs: &'a [Pair<'_>],
    name: &'static str,
) -> Result<Option<&'a str>, VerifyError> {
    parameter_bytes(pairs, name)?
        .map(core::str::from_utf8)
        .transpose()
        .map_err(|_| VerifyError::MalformedAuthorization)
}

/// As [`parameter`], text or not.
fn parameter_bytes<'a>(
    pairs: &'a [Pair<'_>],
    name: &'static str,
) -> Result<Option<&'a [u8]>, VerifyError> {
    let mut values =
        pairs.iter().filter(|(given, _)| **given == *name.as_bytes()).map(|(_, value)| &**value);
    let first = values.next();
    if values.next().is_some() {
        return Err(VerifyError::RepeatedClaim { name });
    }
    Ok(first)
}

fn signed_headers(list: &str) -> Result<SignedHeaders, VerifyError> {
    if list.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(VerifyError::MalformedSignedHeaders);
    }
    list.parse().map_err(|_| VerifyError::MalformedSignedHeaders)
}
