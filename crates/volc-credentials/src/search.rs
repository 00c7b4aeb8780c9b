//! A search through sources, as a machine without input or output of its own.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use http::Response;
use volc_openapi::TransportFailure;

use crate::error::SourceError;
use crate::exchange::{Exchange, Provider, ProviderStep};
use crate::found::{Attempt, Found, NotFound, Origin};
use crate::key_problem::KeyProblem;
use crate::outcome::Outcome;
use crate::profile::ProfileSettings;
use crate::source::{Candidate, Located, Probe, Source};
use crate::source_context::SourceContext;
use crate::temporary::Temporary;

/// A search for credentials: returns the next request, takes its response, ends with a result.
///
/// Requests are the caller's to send. One is out at a time:
///
/// ```text
///            poll                    poll                 poll
///   Looking ------> Send(exchange) ------> Wait   ...  ------> Done(Found or NotFound)
///                         |                  ^
///                         `-- on_response ---'  (the next request, the next source, or the end)
/// ```
///
/// [`run`](Self::run) is that loop for a function that sends.
pub struct Search {
    context: SourceContext,
    /// With their positions in the chain.
    remaining: VecDeque<(usize, Source)>,
    strict: bool,
    attempts: Vec<Attempt>,
    state: SearchState,
    /// Tells the one who handed the search out that it was not dropped.
    _alive: Option<Arc<()>>,
}

/// The next step of a search.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver that ignores a step is wrong")]
#[expect(clippy::large_enum_variant, reason = "a step is taken apart where it is made")]
pub enum Step {
    /// Send this request and hand its outcome to [`Search::on_response`].
    Send(Exchange),
    /// A request is out: its outcome is needed first.
    Wait,
    /// The result. Polling again returns the same.
    Done(Result<Found, NotFound>),
}

#[expect(clippy::large_enum_variant, reason = "one value a search, which moves it seldom")]
enum SearchState {
    /// At the next source, if there is one.
    Looking,
    /// An exchange with a service is under way.
    Exchanging {
        log: SearchLog,
        provider: Provider,
    },
    Done(Result<Found, NotFound>),
}

/// The facts about a source while its credentials are fetched.
struct SearchLog {
    position: usize,
    attempt: Attempt,
    origin: Origin,
    settings: Option<ProfileSettings>,
}

impl Search {
    /// Returns the next step. `now` is in Unix seconds, for signatures and expiry.
    ///
    /// Reads files and, for an external process, waits for it up to a minute: an async program that
    /// uses one calls this where it may block.
    pub fn poll(&mut self, now: i64) -> Step {
        loop {
            match &mut self.state {
                SearchState::Done(result) => return Step::Done(result.clone()),
                SearchState::Looking => self.try_next_source(now),
                SearchState::Exchanging { provider, .. } => match provider.poll(now) {
                    ProviderStep::Send(exchange) => return Step::Send(exchange),
                    ProviderStep::Wait => return Step::Wait,
                    ProviderStep::Done(result) => {
                        self.exchange_done(result.map_err(SourceError::from));
                    }
                },
            }
        }
    }

    /// Takes the answer to the request that is out, or why there is none. Without a request out it
    /// does nothing.
    pub fn on_response<B: AsRef<[u8]>>(
        &mut self,
        now: i64,
        outcome: Result<&Response<B>, TransportFailure>,
    ) {
        if let SearchState::Exchanging { provider, .. } = &mut self.state {
            provider.on_response(now, outcome);
        }
    }

    /// Runs to the end with a function that waits [`Exchange::wait`], sends and reads the answer.
    ///
    /// # Errors
    ///
    /// [`NotFound`] when no source has credentials.
    pub fn run<B: AsRef<[u8]>>(
        mut self,
        now: impl Fn() -> i64,
        mut send: impl FnMut(Exchange) -> Result<Response<B>, TransportFailure>,
    ) -> Result<Found, NotFound> {
        loop {
            match self.poll(now()) {
                Step::Send(exchange) => {
                    let response = send(exchange);
                    self.on_response(now(), response.as_ref().map_err(|failure| *failure));
                }
                // Cannot be: every request is answered before the next poll.
                Step::Wait => self.on_response::<B>(now(), Err(TransportFailure::Other)),
                Step::Done(result) => return result,
            }
        }
    }

    /// The sources tried so far; at the end all of them.
    pub fn attempts(&self) -> &[Attempt] {
        match &self.state {
            SearchState::Done(Ok(found)) => &found.attempts,
            SearchState::Done(Err(not_found)) => &not_found.attempts,
            SearchState::Looking | SearchState::Exchanging { .. } => &self.attempts,
        }
    }

    /// Looks at these sources in order. A strict search ends at one that is set up but broken.
    pub(crate) fn new(
        remaining: VecDeque<(usize, Source)>,
        strict: bool,
        context: &SourceContext,
    ) -> Self {
        Self {
            context: context.clone(),
            remaining,
            strict,
            attempts: Vec::new(),
            state: SearchState::Looking,
            _alive: None,
        }
    }

    /// Keeps a value alive as long as the search.
    pub(crate) fn keeping(self, alive: Arc<()>) -> Self {
        Self { _alive: Some(alive), ..self }
    }

    fn try_next_source(&mut self, now: i64) {
        let Some((position, source)) = self.remaining.pop_front() else {
            let attempts = std::mem::take(&mut self.attempts);
            self.state = SearchState::Done(Err(NotFound { attempts }));
            return;
        };
        let mut probe = Probe::new(&self.context, now);
        let candidate = source.locate(&mut probe);
        let mut attempt = self.attempt(&source);
        attempt.files = probe.reader.into_facts();
        match candidate {
            Ok(Candidate { origin, settings, located }) => {
                // Now it is known which profile was meant.
                attempt.place = origin.clone();
                let log = SearchLog { position, attempt, origin, settings };
                match located {
                    Located::Ready(temporary) => self.came(log, temporary),
                    Located::ByExchange(provider) => {
                        let provider = provider.with_max_retries(self.context.max_retries());
                        self.state = SearchState::Exchanging { log, provider }
                    }
                }
            }
            Err(outcome) => {
                attempt.outcome = outcome;
                self.skipped(attempt);
            }
        }
    }

    fn exchange_done(&mut self, result: Result<Temporary, SourceError>) {
        match (std::mem::replace(&mut self.state, SearchState::Looking), result) {
            (SearchState::Exchanging { log, .. }, Ok(temporary)) => self.came(log, temporary),
            (SearchState::Exchanging { mut log, .. }, Err(error)) => {
                log.attempt.outcome = error.into();
                self.skipped(log.attempt);
            }
            (state, _) => self.state = state,
        }
    }

    /// Uses the keys, unless they cannot be right.
    fn came(&mut self, mut log: SearchLog, temporary: Temporary) {
        match KeyProblem::of(&temporary.credentials) {
            None => self.won(log, temporary),
            Some(problem) => {
                log.attempt.outcome = SourceError::from(problem).into();
                self.skipped(log.attempt);
            }
        }
    }

    fn won(&mut self, log: SearchLog, temporary: Temporary) {
        let mut attempts = std::mem::take(&mut self.attempts);
        attempts.push(Attempt { outcome: Outcome::Won, ..log.attempt });
        let rest = std::mem::take(&mut self.remaining);
        attempts.extend(rest.iter().map(|(_, source)| self.attempt(source)));
        self.state = SearchState::Done(Ok(Found {
            credentials: temporary.credentials,
            origin: log.origin,
            expires: temporary.expires,
            settings: log.settings,
            attempts,
            position: log.position,
        }));
    }

    /// Returns an attempt that was not tried; the caller sets its outcome.
    fn attempt(&self, source: &Source) -> Attempt {
        Attempt {
            source: source.kind(),
            place: source.place(&self.context),
            files: Vec::new(),
            outcome: Outcome::NotTried,
        }
    }

    fn skipped(&mut self, attempt: Attempt) {
        self.state = SearchState::Looking;
        // A profile that is not in this file may be in the next one.
        let unknown =
            matches!(attempt.outcome, Outcome::Failed(SourceError::UnknownProfile { .. }));
        let ends = attempt.outcome.ends_search();
        if ends || (self.strict && attempt.outcome.is_broken() && !unknown) {
            self.remaining.clear();
        }
        self.attempts.push(attempt);
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("remaining", &self.remaining)
            .field("attempts", &self.attempts())
            .finish_non_exhaustive()
    }
}
