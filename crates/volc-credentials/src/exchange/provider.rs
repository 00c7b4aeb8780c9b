//! Drives the exchanges with one service: retries temporary failures.

use std::time::Duration;

use http::header::DATE;
use http::{HeaderMap, Response};
use volc_openapi::{TransportFailure, parse_http_date};

use super::{Exchange, ExchangeError, ExchangeProblem, Flow, Progress};
use crate::temporary::Temporary;

/// The delay between attempts.
const INTERVAL: Duration = Duration::from_secs(1);

/// The exchanges with one service.
pub(crate) struct Provider {
    flow: Box<dyn Flow>,
    max_retries: u32,
    /// Tries of the request at hand, counting the one that is out.
    tries: u32,
    /// The server's clock minus this machine's, in seconds, known once the server has rejected the
    /// time of a signature.
    clock_offset: Option<i64>,
    state: ProviderState,
}

enum ProviderState {
    /// A request is to be sent.
    Ready,
    /// A request is out.
    Waiting,
    Done(Result<Temporary, ExchangeError>),
}

pub(crate) enum ProviderStep {
    Send(Exchange),
    Wait,
    Done(Result<Temporary, ExchangeError>),
}

impl Provider {
    pub(crate) fn new(flow: impl Flow + 'static) -> Self {
        Self {
            flow: Box::new(flow),
            max_retries: 0,
            tries: 0,
            clock_offset: None,
            state: ProviderState::Ready,
        }
    }

    /// Sets the number of retries of a request.
    pub(crate) fn with_max_retries(self, max_retries: u32) -> Self {
        Self { max_retries, ..self }
    }

    pub(crate) fn poll(&mut self, now: i64) -> ProviderStep {
        match &self.state {
            ProviderState::Ready => {}
            ProviderState::Waiting => return ProviderStep::Wait,
            ProviderState::Done(result) => return ProviderStep::Done(result.clone()),
        }
        match self.flow.request(self.server_time(now)) {
            Ok(request) => {
                self.tries += 1;
                self.state = ProviderState::Waiting;
                ProviderStep::Send(self.exchange(request))
            }
            Err(problem) => {
                let result = Err(self.error(problem));
                self.state = ProviderState::Done(result.clone());
                ProviderStep::Done(result)
            }
        }
    }

    /// Takes the answer to the request that is out; without one, does nothing.
    pub(crate) fn on_response<B: AsRef<[u8]>>(
        &mut self,
        now: i64,
        outcome: Result<&Response<B>, TransportFailure>,
    ) {
        if !matches!(self.state, ProviderState::Waiting) {
            return;
        }
        let progress = match outcome {
            Ok(response) => self.flow.read(&borrowed(response)),
            Err(failure) => Err(ExchangeProblem::Transport(failure)),
        };
        if let (Ok(response), Err(problem)) = (outcome, &progress)
            && self.corrects_clock(now, response.headers(), problem)
        {
            self.state = ProviderState::Ready;
            return;
        }
        self.state = match progress {
            Ok(Progress::More) => {
                self.tries = 0;
                ProviderState::Ready
            }
            Ok(Progress::Done(temporary)) => match temporary.expires {
                Some(expires) if expires <= self.server_time(now) => {
                    ProviderState::Done(Err(self.error(ExchangeProblem::Expired)))
                }
                _ => ProviderState::Done(Ok(temporary)),
            },
            Err(problem) if problem.is_temporary() && self.tries <= self.max_retries => {
                ProviderState::Ready
            }
            Err(problem) => ProviderState::Done(Err(self.error(problem))),
        };
    }

    /// True when only the time was rejected, and the request can be signed with the server's.
    fn corrects_clock(&mut self, now: i64, headers: &HeaderMap, problem: &ExchangeProblem) -> bool {
        if self.clock_offset.is_some() || !problem.is_clock_skew() {
            return false;
        }
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        self.clock_offset = date.and_then(parse_http_date).map(|server| server - now);
        self.clock_offset.is_some()
    }

    fn server_time(&self, now: i64) -> i64 {
        now.saturating_add(self.clock_offset.unwrap_or_default())
    }

    fn exchange(&self, request: http::Request<Vec<u8>>) -> Exchange {
        let (connect_timeout, read_timeout) = self.flow.timeouts();
        Exchange {
            request,
            purpose: self.flow.purpose(),
            attempt: self.tries,
            wait: if self.tries > 1 { INTERVAL } else { Duration::ZERO },
            connect_timeout,
            read_timeout,
            bypass_proxy: self.flow.bypass_proxy(),
        }
    }

    fn error(&self, problem: ExchangeProblem) -> ExchangeError {
        let command = self.flow.login_command().filter(|_| problem.blames_login());
        ExchangeError {
            purpose: self.flow.purpose(),
            tries: self.tries,
            command: command.map(str::to_owned),
            problem: without_secrets(problem, &self.flow.secrets()),
        }
    }
}

/// Borrows the body of a response, so that flows need not be generic.
fn borrowed<B: AsRef<[u8]>>(response: &Response<B>) -> Response<&[u8]> {
    let mut borrowed = Response::new(response.body().as_ref());
    *borrowed.status_mut() = response.status();
    *borrowed.headers_mut() = response.headers().clone();
    borrowed
}

/// A service may repeat in its message what it was sent.
fn without_secrets(mut problem: ExchangeProblem, secrets: &[&str]) -> ExchangeProblem {
    if let ExchangeProblem::Refused { code, message, request_id, .. } = &mut problem {
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            *message = message.replace(secret, "***");
            *code = code.replace(secret, "***");
            *request_id = request_id.take().map(|id| id.replace(secret, "***"));
        }
    }
    problem
}
