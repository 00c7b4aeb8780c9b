//! Looking for keys with `volc-credentials`: its requests carried by a transport of this crate.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use http::Response;
use volc_credentials::{Exchange, Found, NotFound, Search, Step};
use volc_openapi::TransportFailure;

use crate::{Clock, Keys, Transport};

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

pub(crate) fn now(clock: &impl Clock) -> i64 {
    i64::try_from(clock.unix_seconds()).unwrap_or(i64::MAX)
}
