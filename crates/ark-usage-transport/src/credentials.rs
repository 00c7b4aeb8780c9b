//! Looking for keys with `volc-credentials`: its requests carried by a transport of this crate.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use futures_util::lock::Mutex as AsyncMutex;
use http::Response;
use volc_credentials::{Exchange, Found, NotFound, Refresher, Search, Step};
use volc_openapi::TransportFailure;

use crate::{Clock, Keys, Transport};

/// Keys that a chain of `volc-credentials` finds: kept while they are good, looked for again ahead
/// of their end, one search at a time, and once when a server has refused them.
///
/// What a search needs the network for goes over the transports that are handed in; see
/// [`find_credentials`] for `direct`.
///
/// ```
/// use ark_usage_model::AccountId;
/// use ark_usage_transport::{FoundKeys, ProvidedKeys, SystemClock};
/// use volc_credentials::{Chain, Environment, Refresher, SourceContext};
///
/// # fn example(transport: impl ark_usage_transport::Transport + Sync, variables: Vec<(String, String)>) {
/// let context = SourceContext::new(Environment::from_variables(variables));
/// let keys = FoundKeys::new(Refresher::new(Chain::official(), context));
/// let clock = SystemClock::new();
/// let sign = ProvidedKeys::new("cn-beijing", "ark", |_: AccountId, refused: bool| {
///     keys.get(refused, &transport, &transport, &clock)
/// });
/// # drop(sign);
/// # }
/// ```
pub struct FoundKeys {
    /// Held while a search runs.
    searching: AsyncMutex<()>,
    refresher: Mutex<Refresher>,
}

impl FoundKeys {
    /// Nothing is looked at yet.
    pub fn new(refresher: Refresher) -> Self {
        Self { searching: AsyncMutex::new(()), refresher: Mutex::new(refresher) }
    }

    /// What is good now. With `refused` what was given before is not good any more: a server called
    /// it unknown or expired.
    ///
    /// While a search is out the others wait for it. When a search ahead of the end fails, the old
    /// keys serve as long as they last.
    ///
    /// # Errors
    ///
    /// [`NotFound`] lists everywhere it looked, and what was missing there.
    pub async fn get<T: Transport, D: Transport, C: Clock>(
        &self,
        refused: bool,
        transport: &T,
        direct: &D,
        clock: &C,
    ) -> Result<Found, NotFound> {
        let before = self.refresher().current(now(clock)).cloned();
        let _guard = self.searching.lock().await;
        if let Some(before) = before.filter(|_| refused) {
            self.refresher().reject(before.credentials.access_key_id());
        }
        let search = self.refresher().begin_refresh(now(clock));
        let Some(search) = search else {
            // Somebody else has looked while this one waited; or the old keys are about to end, and
            // what failed a moment ago is left alone.
            return self.refresher().current(now(clock)).cloned().ok_or_else(NotFound::default);
        };
        let result = find_credentials(search, transport, direct, clock).await;
        self.refresher().finish_refresh(now(clock), result).cloned()
    }

    fn refresher(&self) -> MutexGuard<'_, Refresher> {
        self.refresher.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FoundKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundKeys").finish_non_exhaustive()
    }
}

/// Runs a search for keys to its end.
///
/// Most searches need no network at all. `direct` carries what must not go through a proxy: the
/// metadata service of a cloud server. Where no proxy is set it may be the same as `transport`.
///
/// ```
/// use ark_usage_model::AccountId;
/// use ark_usage_transport::{ProvidedKeys, SystemClock, find_credentials};
/// use volc_credentials::{Chain, Environment, SourceContext};
///
/// # fn example(transport: impl ark_usage_transport::Transport + Sync, variables: Vec<(String, String)>) {
/// let context = SourceContext::new(Environment::from_variables(variables));
/// let clock = SystemClock::new();
/// let keys = ProvidedKeys::new("cn-beijing", "ark", |_: AccountId, _refresh: bool| {
///     find_credentials(Chain::official().search(&context), &transport, &transport, &clock)
/// });
/// # drop(keys);
/// # }
/// ```
///
/// # Errors
///
/// [`NotFound`] lists everywhere it looked, and what was missing there.
pub async fn find_credentials<T: Transport, D: Transport, C: Clock>(
    mut search: Search,
    transport: &T,
    direct: &D,
    clock: &C,
) -> Result<Found, NotFound> {
    loop {
        let outcome = match search.poll(now(clock)) {
            Step::Send(exchange) if exchange.bypass_proxy => carry(exchange, direct, clock).await,
            Step::Send(exchange) => carry(exchange, transport, clock).await,
            // Not said by a search whose every request is answered.
            Step::Wait => Err(TransportFailure::Other),
            Step::Done(result) => return result,
        };
        search.on_response(now(clock), outcome.as_ref().map_err(|failure| *failure));
    }
}

/// Credentials that were found, to be replaced before they end.
impl From<Found> for Keys {
    fn from(found: Found) -> Self {
        let refresh_at = found.refresh_at();
        Self { credentials: found.credentials, refresh_at }
    }
}

async fn carry(
    exchange: Exchange,
    transport: &impl Transport,
    clock: &impl Clock,
) -> Result<Response<Vec<u8>>, TransportFailure> {
    let Exchange { request, wait, connect_timeout, read_timeout, .. } = exchange;
    if !wait.is_zero() {
        clock.sleep(wait).await;
    }
    let mut answer = pin!(transport.send(request));
    let mut late = pin!(clock.sleep(connect_timeout.saturating_add(read_timeout)));
    poll_fn(|context| {
        if let Poll::Ready(answer) = answer.as_mut().poll(context) {
            return Poll::Ready(answer.map_err(|error| error.kind()));
        }
        late.as_mut().poll(context).map(|()| Err(TransportFailure::ReadTimeout))
    })
    .await
}

fn now(clock: &impl Clock) -> i64 {
    i64::try_from(clock.unix_seconds()).unwrap_or(i64::MAX)
}
