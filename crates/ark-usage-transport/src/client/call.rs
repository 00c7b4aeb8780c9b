//! Single calls with the retries of the policy.

use ark_usage_model::AccountId;
use http::{Request, Response};
use volc_openapi::{
    Action, Answer, Attempt, BaseUrl, Failure, ResponseError, RetryPolicy, ServerHints, SplitMix64,
    Verdict, read_envelope,
};

use super::{CallError, Client, ExchangeError};
use crate::{Clock, Sign, Transport};

impl<T: Transport, S: Sign, C: Clock> Client<T, S, C> {
    /// Calls one action, with the retries of the [policy](Self::with_retry).
    ///
    /// # Errors
    ///
    /// [`CallError`] of the last attempt.
    pub async fn call<A: Action>(
        &self,
        base_url: &BaseUrl,
        account: AccountId,
        action: &A,
    ) -> Result<Answer<A::Response>, CallError> {
        let request = action.to_http(base_url)?;
        let (_, read) = self.ask(account, &request, &self.retry, A::from_http).await?;
        Ok(read?)
    }

    /// Sends one request of any kind, with the retries of the [policy](Self::with_retry), and returns
    /// the response as it is, refusals too.
    ///
    /// For an action that changes something use a policy without retries:
    /// `RetryPolicy { max_retries: 0, ..RetryPolicy::default() }`. It still corrects the clock and
    /// refreshes credentials, because a request refused for those has changed nothing.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`] without a response.
    pub async fn call_raw(
        &self,
        account: AccountId,
        request: &Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, ExchangeError> {
        let (response, _) = self.ask(account, request, &self.retry, read_envelope).await?;
        Ok(response)
    }

    /// Returns the last response, as it is and as `read` parses it.
    async fn ask<R>(
        &self,
        account: AccountId,
        request: &Request<Vec<u8>>,
        policy: &RetryPolicy,
        read: impl Fn(&Response<Vec<u8>>) -> Result<R, ResponseError>,
    ) -> Result<(Response<Vec<u8>>, Result<R, ResponseError>), ExchangeError> {
        let mut jitter = SplitMix64::new(self.seed);
        let mut attempt = Attempt::default();
        let (mut offset, mut refresh) = (0, false);
        loop {
            attempt.jitter = jitter.next_u64();
            let outcome = self.attempt(account, request.clone(), offset, refresh).await;
            let answer = outcome.map(|response| {
                let read = read(&response);
                (response, read)
            });
            let verdict = match &answer {
                Ok((_, Ok(_))) => return answer,
                Ok((response, Err(error))) => {
                    let hints = ServerHints::from_headers(response.headers(), self.unix_now());
                    policy.decide(Failure::Response(error), attempt, hints)
                }
                Err(error) => policy.decide(error.kind().into(), attempt, ServerHints::default()),
            };
            refresh = false;
            match verdict {
                Verdict::Retry { after, .. } => {
                    attempt.retries += 1;
                    self.clock.sleep(after).await;
                }
                Verdict::CorrectClock { offset: seconds } => {
                    attempt.clock_corrected = true;
                    offset = seconds;
                }
                Verdict::RefreshCredentials => {
                    attempt.credentials_refreshed = true;
                    refresh = true;
                }
                _ => return answer,
            }
        }
    }

    pub(super) fn unix_now(&self) -> i64 {
        i64::try_from(self.clock.unix_seconds()).unwrap_or(i64::MAX)
    }
}
