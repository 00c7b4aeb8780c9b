//! Authentication: the claims in a request, then their proof.

use std::borrow::Cow;

use http::Request;
use volc_sign::{Presented, SessionToken, SigningTime, VerifyError, VerifyErrorKind, VerifyPolicy};

use crate::account::Account;
use crate::accounts::Accounts;
use crate::errors::Refusal;

/// The claims of a request about its sender, not yet proven.
#[derive(Debug)]
pub(crate) struct Claims(Presented);

impl Claims {
    /// Reads the signature of the request: in its headers, or in its query.
    pub(crate) fn read<B>(request: &Request<B>) -> Result<Self, Refusal> {
        Presented::from_request(request).map(Self).map_err(|error| refusal(&error))
    }

    pub(crate) fn access_key_id(&self) -> &str {
        self.0.access_key_id()
    }

    pub(crate) fn region(&self) -> &str {
        self.0.scope().region()
    }

    pub(crate) fn service(&self) -> &str {
        self.0.scope().service()
    }

    /// The account whose key made the signature over just this request, about `now`.
    ///
    /// Lenient as the service must be, since its own clients differ: any order of signed headers,
    /// unsigned `Host`, no `X-Content-Sha256`.
    pub(crate) fn prove<'a>(
        &self,
        accounts: &'a Accounts,
        body: &[u8],
        now: i64,
    ) -> Result<Cow<'a, Account>, Refusal> {
        let account = accounts.find(self.access_key_id(), self.0.session_token(), now)?;
        let expected = account.credentials.session_token().map(SessionToken::expose);
        if self.0.session_token().map(SessionToken::expose) != expected {
            return Err(Refusal::invalid_secret_token());
        }
        let now = u64::try_from(now).ok().and_then(|now| SigningTime::from_unix(now).ok());
        let now = now.ok_or_else(Refusal::invalid_timestamp)?;
        let policy = VerifyPolicy::official_clients();
        self.0
            .verify(account.credentials.secret(), body, now, &policy)
            .map_err(|error| refusal(&error))?;
        Ok(account)
    }
}

fn refusal(error: &VerifyError) -> Refusal {
    match error.kind() {
        VerifyErrorKind::MissingAuthenticationToken => Refusal::missing_authentication_token(),
        VerifyErrorKind::MissingRequestInfo => Refusal::missing_request_info(missing(error)),
        VerifyErrorKind::MissingSignature => Refusal::missing_signature(),
        VerifyErrorKind::InvalidTimestamp => Refusal::invalid_timestamp(),
        VerifyErrorKind::InvalidCredential => Refusal::invalid_credential(),
        VerifyErrorKind::SignatureDoesNotMatch => Refusal::signature_does_not_match(),
        // InvalidAuthorization, and whatever classes may come.
        _ => Refusal::invalid_authorization(),
    }
}

fn missing(error: &VerifyError) -> &'static str {
    match error {
        VerifyError::MissingClaim { name } => name,
        _ => "X-Date",
    }
}
