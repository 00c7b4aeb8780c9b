//! Keys found with `volc-credentials`, kept with the signing key derived from them.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ark_usage_model::AccountId;
use futures_util::lock::Mutex as AsyncMutex;
use http::Request;
use volc_credentials::{Found, Freshness, NotFound, Refresher};
use volc_sign::{Signer, SigningKey, SigningTime};

use crate::credentials::now;
use crate::sign::KeptSigner;
use crate::{Clock, Sign, SignFailure, Transport, find_credentials};

/// Seconds after a refusal in which no other refusal starts a search: requests that were sent
/// together are refused one after the other.
const REFUSAL_PAUSE: i64 = 60;

/// Keys that a chain of `volc-credentials` finds: kept while they are good, searched for again
/// before they expire, one search at a time, and once when a server has refused them. The signing
/// key that is derived from them is kept beside them, behind the same lock.
///
/// Requests of a search go over the transports that are handed in; see [`find_credentials`] for
/// `direct`.
///
/// ```
/// use ark_usage_transport::{FoundKeys, SystemClock};
/// use volc_credentials::{Chain, Environment, Refresher, SourceContext};
///
/// # fn example(transport: impl ark_usage_transport::Transport + Sync, variables: Vec<(String, String)>) {
/// let context = SourceContext::new(Environment::from_variables(variables));
/// let keys = FoundKeys::new(Refresher::new(Chain::official(), context));
/// let clock = SystemClock::new();
/// let sign = keys.signer("cn-beijing", "ark", &transport, &transport, &clock);
/// # drop(sign);
/// # }
/// ```
pub struct FoundKeys {
    /// Held while a search runs.
    searching: AsyncMutex<()>,
    kept: Mutex<KeptKeys>,
    on_found: Option<Box<OnFound>>,
}

type OnFound = dyn Fn(&Found) + Send + Sync;

/// Everything that is kept between requests.
struct KeptKeys {
    refresher: Refresher,
    /// The signer of the credentials that the refresher has.
    signer: Option<KeptSigner>,
    /// The time of the last search that a refusal started.
    refused_at: Option<i64>,
}

impl FoundKeys {
    /// Keys that are searched for when they are first needed.
    pub fn new(refresher: Refresher) -> Self {
        let kept = KeptKeys { refresher, signer: None, refused_at: None };
        Self { searching: AsyncMutex::new(()), kept: Mutex::new(kept), on_found: None }
    }

    /// Calls `on_found` with all keys that are found, the first ones and those that replace them,
    /// before they are used: a program that masks secrets learns them here.
    #[must_use]
    pub fn on_found(self, on_found: impl Fn(&Found) + Send + Sync + 'static) -> Self {
        Self { on_found: Some(Box::new(on_found)), ..self }
    }

    /// The keys that are good now. With `refused` the previous keys are not valid any more: a
    /// server called them unknown or expired.
    ///
    /// While a search runs the others wait for it. When a search before the expiry fails, the old
    /// keys serve until they expire.
    ///
    /// # Errors
    ///
    /// [`NotFound`] lists every source that was searched, and the keys missing there.
    pub async fn get<T: Transport, D: Transport, C: Clock>(
        &self,
        refused: bool,
        transport: &T,
        direct: &D,
        clock: &C,
    ) -> Result<Found, NotFound> {
        let before = self.kept().refresher.current(now(clock)).cloned();
        let _guard = self.searching.lock().await;
        if let Some(before) = before.filter(|_| refused) {
            self.kept().reject(before.credentials.access_key_id(), now(clock));
        }
        let search = self.kept().refresher.begin_refresh(now(clock));
        let Some(search) = search else {
            // Another request has searched while this one waited; or the old keys are about to
            // expire, and a search that just failed is not repeated yet.
            return self
                .kept()
                .refresher
                .current(now(clock))
                .cloned()
                .ok_or_else(NotFound::default);
        };
        let result = find_credentials(search, transport, direct, clock).await;
        if let (Some(on_found), Ok(found)) = (&self.on_found, &result) {
            on_found(found);
        }
        self.kept().replace(result, now(clock))
    }

    /// Signs for a region and service with the keys that are good at the time, whatever the
    /// account.
    pub fn signer<'a, T, D, C>(
        &'a self,
        region: &str,
        service: &str,
        transport: &'a T,
        direct: &'a D,
        clock: &'a C,
    ) -> impl Sign + Sync + use<'a, T, D, C>
    where
        T: Transport + Sync,
        D: Transport + Sync,
        C: Clock + Sync,
    {
        let (region, service) = (region.into(), service.into());
        FoundSigner { keys: self, region, service, transport, direct, clock }
    }

    fn kept(&self) -> MutexGuard<'_, KeptKeys> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptKeys {
    /// Starts over after a refusal, unless keys were replaced for another one just now.
    fn reject(&mut self, access_key_id: &str, now: i64) {
        let is_late =
            self.refused_at.is_some_and(|at| now.abs_diff(at) < REFUSAL_PAUSE.unsigned_abs());
        if !is_late && self.refresher.reject(access_key_id) {
            self.refused_at = Some(now);
        }
    }

    fn replace(&mut self, result: Result<Found, NotFound>, now: i64) -> Result<Found, NotFound> {
        if result.is_ok() {
            self.signer = None;
        }
        self.refresher.finish_refresh(now, result).cloned()
    }
}

/// The [`Sign`] of [`FoundKeys`].
struct FoundSigner<'a, T, D, C> {
    keys: &'a FoundKeys,
    region: String,
    service: String,
    transport: &'a T,
    direct: &'a D,
    clock: &'a C,
}

impl<T, D, C: Clock> FoundSigner<'_, T, D, C> {
    /// The signer of the keys that are fresh, for this region and service, with its signing key.
    fn kept(&self, time: SigningTime) -> Option<(Arc<Signer>, Arc<SigningKey>)> {
        let mut kept = self.keys.kept();
        if kept.refresher.freshness(now(self.clock)) != Freshness::Fresh {
            return None;
        }
        let signer = kept.signer.as_mut().filter(|kept| {
            kept.signer().region() == self.region && kept.signer().service() == self.service
        })?;
        Some(signer.at(time))
    }

    /// Keeps a signer of the keys that are good now: those `found`, or others that another request
    /// has found since.
    fn keep(&self, found: Found, time: SigningTime) -> (Arc<Signer>, Arc<SigningKey>) {
        let mut kept = self.keys.kept();
        let current = kept.refresher.current(now(self.clock));
        let credentials = current.map_or(found.credentials, |found| found.credentials.clone());
        let signer = Signer::new(credentials, &*self.region, &*self.service);
        kept.signer.insert(KeptSigner::new(signer)).at(time)
    }
}

impl<T, D, C> Sign for FoundSigner<'_, T, D, C>
where
    T: Transport + Sync,
    D: Transport + Sync,
    C: Clock + Sync,
{
    async fn sign(
        &self,
        _: AccountId,
        mut request: Request<Vec<u8>>,
        time: SigningTime,
        refresh: bool,
    ) -> Result<Request<Vec<u8>>, SignFailure> {
        let kept = if refresh { None } else { self.kept(time) };
        let (signer, key) = if let Some(kept) = kept {
            kept
        } else {
            let found = self.keys.get(refresh, self.transport, self.direct, self.clock).await;
            self.keep(found.map_err(SignFailure::no_credentials)?, time)
        };
        signer.sign_request_with_key(&key, &mut request, time)?;
        Ok(request)
    }
}

impl fmt::Debug for FoundKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundKeys").finish_non_exhaustive()
    }
}
