//! The client for programs without a runtime.
//!
//! It is the same driver as [`crate::Client`], run on the calling thread: one exchange after the
//! other, pauses slept through. It starts no thread of its own and needs nothing but `std`. Inside a
//! runtime it would hold up a thread of it: use [`crate::Client`] there.

use std::fmt;
use std::future::{poll_fn, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ark_usage_model::{AccountId, UsageQuery, UsageReport};
use http::{Request, Response};
use volc_openapi::{Action, Answer, BaseUrl, RetryPolicy};

use crate::{
    BlockingTransport, CallError, Clock, ExchangeError, Finished, Observer, Sign, SystemClock,
    Transport, TransportError,
};
use pollster::block_on;

/// The longest pause between two checks of `stop`.
const SLICE: Duration = Duration::from_millis(50);

/// Signs requests, sends them, and does so again as the query or the retry policy says, while the
/// caller waits.
///
/// ```
/// use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
/// use ark_usage_transport::{BlockingClient, TransportError};
/// use volc_sign::{Credentials, Signer};
///
/// let keys = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
/// let transport = |request: http::Request<Vec<u8>>| {
///     assert!(request.headers().contains_key("authorization"));
///     let body = r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"UsageResults":[
///         {"Name":"PromptTokens","MetricItems":[{"Values":[{"Timestamp":1731945600,"Value":7}]}]}
///     ]}}"#;
///     Ok::<_, TransportError>(http::Response::new(body.as_bytes().to_vec()))
/// };
/// let client = BlockingClient::new(transport, Signer::new(keys, "cn-beijing", "ark"));
///
/// let window = Window::new(Interval::Day, 1_731_945_600, 1_731_945_600)?;
/// let base_url = "https://open.volcengineapi.com".parse()?;
/// let targets = vec![Target::new(AccountId(0))];
/// let query = UsageQuery::new(targets, window, base_url, QueryOptions::default())?;
/// let report = client.run(query, &mut ());
/// assert!(report.coverage.complete);
/// assert_eq!(report.calls.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct BlockingClient<T, S, C = SystemClock> {
    inner: crate::Client<AtOnce<T>, S, Pausing<C>>,
}

impl<T, S> BlockingClient<T, S> {
    /// A client with the system's clock.
    pub fn new(transport: T, sign: S) -> Self {
        let inner = crate::Client::new(AtOnce(transport), sign);
        Self { inner: inner.with_clock(Pausing(SystemClock::new())) }
    }
}

impl<T, S, C> BlockingClient<T, S, C> {
    /// Sets the clock.
    #[must_use]
    pub fn with_clock<D>(self, clock: D) -> BlockingClient<T, S, D> {
        BlockingClient { inner: self.inner.with_clock(Pausing(clock)) }
    }

    /// Sets the retry policy of single calls. (A query has a policy of its own.)
    #[must_use]
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        Self { inner: self.inner.with_retry(retry) }
    }

    /// Sets the seed of the delays of single calls; random by default.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { inner: self.inner.with_seed(seed) }
    }
}

impl<T: BlockingTransport, S: Sign, C: Clock + Sync> BlockingClient<T, S, C> {
    /// Runs a query to its end.
    pub fn run<O: Observer>(&self, query: UsageQuery, observer: &mut O) -> UsageReport {
        block_on(self.inner.run(query, observer))
    }

    /// Runs a query to its end, or until `stop` returns true: it is called before each exchange and,
    /// during pauses, some times a second. Data received before is kept.
    pub fn run_until<O: Observer>(
        &self,
        query: UsageQuery,
        observer: &mut O,
        stop: impl Fn() -> bool,
    ) -> Finished {
        let stopped = poll_fn(|_| if stop() { Poll::Ready(()) } else { Poll::Pending });
        block_on(self.inner.run_until(query, observer, stopped))
    }

    /// Calls one action, with the retries of the policy.
    ///
    /// # Errors
    ///
    /// [`CallError`] of the last attempt.
    pub fn call<A: Action>(
        &self,
        base_url: &BaseUrl,
        account: AccountId,
        action: &A,
    ) -> Result<Answer<A::Response>, CallError> {
        block_on(self.inner.call(base_url, account, action))
    }

    /// Sends one request of any kind; see [`crate::Client::call_raw`].
    ///
    /// # Errors
    ///
    /// [`ExchangeError`] without a response.
    pub fn call_raw(
        &self,
        account: AccountId,
        request: &Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, ExchangeError> {
        block_on(self.inner.call_raw(account, request))
    }
}

impl<T, S, C: fmt::Debug> fmt::Debug for BlockingClient<T, S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BlockingClient").field(&self.inner).finish()
    }
}

/// A transport whose response is ready at once.
#[derive(Clone)]
struct AtOnce<T>(T);

impl<T: BlockingTransport> Transport for AtOnce<T> {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Response<Vec<u8>>, TransportError>> + Send {
        ready(self.0.send(request))
    }
}

/// A clock whose sleep blocks the thread.
#[derive(Clone, Debug)]
struct Pausing<C>(C);

impl<C: Clock + Sync> Clock for Pausing<C> {
    fn unix_seconds(&self) -> u64 {
        self.0.unix_seconds()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        Slices { clock: &self.0, left: duration }
    }
}

/// A pause in slices, between which other futures of the task are polled.
struct Slices<'a, C> {
    clock: &'a C,
    left: Duration,
}

impl<C: Clock> Future for Slices<'_, C> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let slice = self.left.min(SLICE);
        if !slice.is_zero() {
            self.clock.pause(slice);
            self.left -= slice;
        }
        if self.left.is_zero() {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
