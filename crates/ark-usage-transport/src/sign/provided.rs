//! Keys from elsewhere, asked for when they are needed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ark_usage_model::AccountId;
use futures_util::lock::Mutex as AsyncMutex;
use http::Request;
use volc_sign::{Credentials, Signer, SigningKey, SigningTime};

use super::kept_signer::KeptSigner;
use super::{Sign, SignFailure};

/// Keys that were refreshed so few seconds ago are not refreshed again: several requests that were
/// out together are refused one after the other.
const FRESH: u64 = 60;

/// Signs with keys that a closure provides: when an account is first needed, when they are about to
/// end, and when the server refused what it gave before.
///
/// The closure is asked by one request at a time and account; the others wait for its answer.
///
/// ```
/// use ark_usage_model::AccountId;
/// use ark_usage_transport::ProvidedKeys;
/// use volc_sign::Credentials;
///
/// let sign = ProvidedKeys::new("cn-beijing", "ark", |account: AccountId, refresh: bool| async move {
///     // Ask the vault; `refresh` says that what it gave before was refused.
///     # let _ = (account, refresh);
///     let keys = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
///     Ok::<Credentials, std::io::Error>(keys.with_session_token("fake-token"))
/// });
/// # let _ = sign;
/// ```
pub struct ProvidedKeys<P> {
    region: String,
    service: String,
    provider: P,
    slots: Mutex<BTreeMap<AccountId, Arc<Slot>>>,
}

/// Keys, and until when to use them.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "keys and their end, nothing more")]
pub struct Keys {
    /// The key pair, with its session token when there is one.
    pub credentials: Credentials,
    /// From this instant on (Unix seconds) the provider is asked again; never, when absent.
    pub refresh_at: Option<i64>,
}

/// Keys that last.
impl From<Credentials> for Keys {
    fn from(credentials: Credentials) -> Self {
        Self { credentials, refresh_at: None }
    }
}

/// The facts known of one account.
#[derive(Default)]
struct Slot {
    /// Held while the provider is asked.
    asking: AsyncMutex<()>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    signer: KeptSigner,
    refresh_at: Option<i64>,
    refreshed: Option<SigningTime>,
}

impl<P> ProvidedKeys<P> {
    /// Signs for this region and service with what `provider` gives.
    pub fn new(region: impl Into<String>, service: impl Into<String>, provider: P) -> Self {
        Self { region: region.into(), service: service.into(), provider, slots: Mutex::default() }
    }

    fn slot(&self, account: AccountId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(account).or_default())
    }

    async fn signer<Asked, K, E>(
        &self,
        account: AccountId,
        time: SigningTime,
        refresh: bool,
    ) -> Result<(Arc<Signer>, Arc<SigningKey>), SignFailure>
    where
        P: Fn(AccountId, bool) -> Asked,
        Asked: Future<Output = Result<K, E>>,
        K: Into<Keys>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let slot = self.slot(account);
        if let Some(signer) = slot.signer(time, |kept| !refresh && !kept.is_due(time)) {
            return Ok(signer);
        }
        let _guard = slot.asking.lock().await;
        // Another request may have refreshed the keys while this one waited.
        if let Some(signer) = slot.signer(time, |kept| kept.still_serves(time, refresh)) {
            return Ok(signer);
        }
        let keys = (self.provider)(account, refresh).await.map_err(SignFailure::no_credentials)?;
        let Keys { credentials, refresh_at } = keys.into();
        let signer = KeptSigner::new(Signer::new(credentials, &*self.region, &*self.service));
        let refreshed = refresh.then_some(time);
        Ok(slot.keep(Kept { signer, refresh_at, refreshed }, time))
    }
}

impl Slot {
    /// The signer and its key, if what is kept `serves`.
    fn signer(
        &self,
        time: SigningTime,
        serves: impl FnOnce(&Kept) -> bool,
    ) -> Option<(Arc<Signer>, Arc<SigningKey>)> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Some(kept.as_mut().filter(|kept| serves(kept))?.signer.at(time))
    }

    fn keep(&self, kept: Kept, time: SigningTime) -> (Arc<Signer>, Arc<SigningKey>) {
        let mut place = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        place.insert(kept).signer.at(time)
    }
}

impl Kept {
    /// True when there is no need to ask the provider now.
    fn still_serves(&self, now: SigningTime, refused: bool) -> bool {
        !self.is_due(now) && (!refused || self.was_just_refreshed(now))
    }

    fn is_due(&self, now: SigningTime) -> bool {
        let now = i64::try_from(now.unix_seconds()).unwrap_or(i64::MAX);
        self.refresh_at.is_some_and(|instant| instant <= now)
    }

    fn was_just_refreshed(&self, now: SigningTime) -> bool {
        self.refreshed.is_some_and(|then| now.unix_seconds().abs_diff(then.unix_seconds()) < FRESH)
    }
}

impl<P> fmt::Debug for ProvidedKeys<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvidedKeys")
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl<P, Asked, K, E> Sign for ProvidedKeys<P>
where
    P: Fn(AccountId, bool) -> Asked + Sync,
    Asked: Future<Output = Result<K, E>> + Send,
    K: Into<Keys> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    async fn sign(
        &self,
        account: AccountId,
        mut request: Request<Vec<u8>>,
        time: SigningTime,
        refresh: bool,
    ) -> Result<Request<Vec<u8>>, SignFailure> {
        let (signer, key) = self.signer(account, time, refresh).await?;
        signer.sign_request_with_key(&key, &mut request, time)?;
        Ok(request)
    }
}
