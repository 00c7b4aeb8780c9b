//! Signers of requests, just before they are sent.

mod accounts;
mod kept_signer;
mod provided;
mod unsigned;

use std::error::Error;

use ark_usage_model::AccountId;
use http::Request;
use volc_sign::{SignError, Signer, SigningTime};

#[cfg(feature = "credentials")]
pub(crate) use self::kept_signer::KeptSigner;
pub use self::provided::{Keys, ProvidedKeys};
pub use self::unsigned::Unsigned;

/// Signs requests in the name of accounts.
///
/// The driver asks right before each attempt, so that a retry carries a fresh date. Implemented by
///
/// - [`Signer`]: one account, keys at hand; derives the signing key for each request;
/// - `Vec<S>` and `BTreeMap<AccountId, S>`: one signer per account;
/// - [`ProvidedKeys`]: keys from a closure, requested when first needed and when refused; keeps
///   them and their signing key;
/// - `FoundKeys::signer` (feature `credentials`): keys that `volc-credentials` finds, kept likewise;
/// - closures: a signer in another process or machine, a token of another kind;
/// - [`Unsigned`]: nobody; the transport signs by itself.
///
/// A closure that asks a remote signer:
///
/// ```
/// use ark_usage_model::AccountId;
/// use ark_usage_transport::{Sign, SignFailure};
/// use volc_sign::SigningTime;
///
/// fn remote() -> impl Sign {
///     |_: AccountId, mut request: http::Request<Vec<u8>>, time: SigningTime, _refresh: bool| {
///         async move {
///             let authorization = ask_the_vault(&request, time).map_err(SignFailure::other)?;
///             request.headers_mut().insert("X-Date", time.to_string().parse().map_err(SignFailure::other)?);
///             request.headers_mut().insert("Authorization", authorization);
///             Ok::<_, SignFailure>(request)
///         }
///     }
/// }
/// # fn ask_the_vault(_: &http::Request<Vec<u8>>, _: SigningTime) -> Result<http::HeaderValue, std::io::Error> {
/// #     Ok(http::HeaderValue::from_static("HMAC-SHA256 …"))
/// # }
/// # let _ = remote();
/// ```
pub trait Sign {
    /// Adds a signature of `account` at `time` to `request`; nothing else about it may change.
    ///
    /// `refresh` says that the server refused the credentials that were used last: get new ones
    /// if they can be had, otherwise go on with those.
    ///
    /// # Errors
    ///
    /// [`SignFailure`] when there are no keys, or the request cannot be signed.
    fn sign(
        &self,
        account: AccountId,
        request: Request<Vec<u8>>,
        time: SigningTime,
        refresh: bool,
    ) -> impl Future<Output = Result<Request<Vec<u8>>, SignFailure>> + Send;
}

/// The reason a request was not signed, and so not sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignFailure {
    /// Nobody signs for this account. Give the driver a signer for each account of its query.
    #[error("no signer for account {}", account.0)]
    UnknownAccount {
        /// The account that was asked for.
        account: AccountId,
    },
    /// Keys could not be got or refreshed. The cause says where they were looked for.
    #[error("no credentials")]
    NoCredentials(#[source] Box<dyn Error + Send + Sync>),
    /// The clock shows an instant that no date can be written for. Set the clock.
    #[error("the time cannot be written as a date")]
    Time(#[from] volc_sign::SigningTimeError),
    /// The request cannot be signed. Its text says what to change.
    #[error("the request cannot be signed")]
    Refused(#[from] SignError),
    /// A signer of one's own failed.
    #[error("the signer failed")]
    Other(#[source] Box<dyn Error + Send + Sync>),
}

impl SignFailure {
    /// A failure of a signer of one's own.
    pub fn other(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Other(source.into())
    }

    /// Keys that could not be got.
    pub fn no_credentials(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::NoCredentials(source.into())
    }
}

/// The same keys for every account.
impl Sign for Signer {
    async fn sign(
        &self,
        _: AccountId,
        mut request: Request<Vec<u8>>,
        time: SigningTime,
        _: bool,
    ) -> Result<Request<Vec<u8>>, SignFailure> {
        self.sign_request(&mut request, time)?;
        Ok(request)
    }
}

impl<F, Signed> Sign for F
where
    F: Fn(AccountId, Request<Vec<u8>>, SigningTime, bool) -> Signed,
    Signed: Future<Output = Result<Request<Vec<u8>>, SignFailure>> + Send,
{
    fn sign(
        &self,
        account: AccountId,
        request: Request<Vec<u8>>,
        time: SigningTime,
        refresh: bool,
    ) -> impl Future<Output = Result<Request<Vec<u8>>, SignFailure>> + Send {
        self(account, request, time, refresh)
    }
}
