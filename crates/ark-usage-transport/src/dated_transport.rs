//! A transport that learns the server's clock from the responses that pass.

use std::sync::{Arc, Mutex, PoisonError};

use ark_usage_model::{Now, ServerClock};
use http::{Request, Response};
use volc_sign::SigningTime;

use crate::{Clock, Transport, TransportError};

/// Sends requests through another transport, and compares clocks by the `Date` of each response:
/// for programs that choose the buckets of "today" before they send a query. Clones learn together.
///
/// ```
/// use ark_usage_transport::{DatedTransport, FrozenClock, Transport, TransportError};
///
/// let server = |_: http::Request<Vec<u8>>| async {
///     let response = http::Response::builder().header("date", "Tue, 19 Nov 2024 00:00:00 GMT");
///     Ok::<_, TransportError>(response.body(Vec::new()).unwrap())
/// };
/// // This machine's clock is a minute ahead.
/// let transport = DatedTransport::new(server, FrozenClock::new(1_731_974_460));
/// assert_eq!(transport.server_clock().offset(), 0);
/// pollster::block_on(transport.send(http::Request::new(Vec::new())))?;
/// assert_eq!(transport.server_clock().offset(), -60);
/// # Ok::<_, TransportError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DatedTransport<T, C> {
    transport: T,
    clock: C,
    server: Arc<Mutex<ServerClock>>,
}

impl<T, C> DatedTransport<T, C> {
    /// Compares the server's clock with `clock`.
    pub fn new(transport: T, clock: C) -> Self {
        Self { transport, clock, server: Arc::default() }
    }

    /// The server's clock, as the responses so far show it.
    pub fn server_clock(&self) -> ServerClock {
        *self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Transport + Sync, C: Clock + Sync> Transport for DatedTransport<T, C> {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let (sent, sent_at) = (self.clock.elapsed(), unix_seconds(&self.clock));
        let signed_with = signed_at(&request).map_or(0, |at| at.saturating_sub(sent_at));
        let response = self.transport.send(request).await?;
        let now = Now { unix: unix_seconds(&self.clock), elapsed: self.clock.elapsed() };
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.observe(response.headers(), sent, signed_with, now);
        drop(server);
        Ok(response)
    }
}

fn unix_seconds(clock: &impl Clock) -> i64 {
    i64::try_from(clock.unix_seconds()).unwrap_or(i64::MAX)
}

/// Returns the time a request was signed with, unix seconds.
fn signed_at(request: &Request<Vec<u8>>) -> Option<i64> {
    let date = request.headers().get("x-date")?.to_str().ok()?;
    let time: SigningTime = date.parse().ok()?;
    i64::try_from(time.unix_seconds()).ok()
}
