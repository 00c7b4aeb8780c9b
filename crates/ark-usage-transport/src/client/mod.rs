//! The client: keys, a transport and a clock, put together.

mod call;
mod in_flight;
mod run;

use std::fmt;

use ark_usage_model::AccountId;
use http::{Request, Response};
use volc_openapi::RetryPolicy;
use volc_sign::SigningTime;

pub use self::run::Finished;
use crate::call_error::{CallError, ExchangeError};
use crate::{Clock, Sign, SystemClock, Transport, random_seed};

/// Signs and sends requests, with the retries of the query or of the retry policy.
///
/// It needs no particular runtime: it runs where its transport does.
///
/// ```
/// use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
/// use ark_usage_transport::{Client, FrozenClock, TransportError};
/// use volc_sign::{Credentials, Signer};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
/// let transport = |request: http::Request<Vec<u8>>| async move {
///     assert!(request.headers().contains_key("authorization"));
///     let body = r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"UsageResults":[
///         {"Name":"PromptTokens","MetricItems":[{"Values":[{"Timestamp":1731945600,"Value":7}]}]}
///     ]}}"#;
///     Ok::<_, TransportError>(http::Response::new(body.as_bytes().to_vec()))
/// };
/// let client = Client::new(transport, Signer::new(keys, "cn-beijing", "ark"))
///     .with_clock(FrozenClock::new(1_731_984_930));
///
/// let window = Window::new(Interval::Day, 1_731_945_600, 1_731_945_600)?;
/// let query = UsageQuery::new(
///     vec![Target::new(AccountId(0))],
///     window,
///     "https://open.volcengineapi.com".parse()?,
///     QueryOptions::default(),
/// )?;
/// let report = client.run(query, &mut ()).await;
/// assert!(report.coverage.complete);
/// assert_eq!(report.calls.len(), 1);
/// # Ok(())
/// # }
/// # std::pin::pin!(example()).poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
/// #     .map(Result::unwrap);
/// ```
#[derive(Clone)]
pub struct Client<T, S, C = SystemClock> {
    transport: T,
    sign: S,
    clock: C,
    retry: RetryPolicy,
    seed: u64,
}

impl<T, S> Client<T, S> {
    /// A client with the system's clock.
    pub fn new(transport: T, sign: S) -> Self {
        let clock = SystemClock::new();
        Self { transport, sign, clock, retry: RetryPolicy::default(), seed: random_seed() }
    }
}

impl<T, S, C> Client<T, S, C> {
    /// Sets the clock.
    #[must_use]
    pub fn with_clock<D>(self, clock: D) -> Client<T, S, D> {
        let Self { transport, sign, clock: _, retry, seed } = self;
        Client { transport, sign, clock, retry, seed }
    }

    /// Sets the retry policy of single calls. (A query has a policy of its own.)
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the seed of the delays of single calls; random by default.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The clock.
    pub const fn clock(&self) -> &C {
        &self.clock
    }
}

impl<T: Transport, S: Sign, C: Clock> Client<T, S, C> {
    /// Signs and sends, once.
    async fn attempt(
        &self,
        account: AccountId,
        request: Request<Vec<u8>>,
        clock_offset: i64,
        refresh: bool,
    ) -> Result<Response<Vec<u8>>, ExchangeError> {
        let now = self.clock.unix_seconds().saturating_add_signed(clock_offset);
        let time = SigningTime::from_unix(now).map_err(crate::SignFailure::from)?;
        let mut signed = self.sign.sign(account, request, time, refresh).await?;
        // For transports that tell accounts apart, such as recordings; never on the wire.
        signed.extensions_mut().insert(account);
        Ok(self.transport.send(signed).await?)
    }
}

impl<T, S, C: fmt::Debug> fmt::Debug for Client<T, S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("clock", &self.clock).finish_non_exhaustive()
    }
}
