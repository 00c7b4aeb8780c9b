//! Writing a recording. Each line is written when its exchange has ended, so that a run that is killed
//! leaves a recording too.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ark_usage_model::AccountId;
use http::{Request, Response};
use serde::Serialize;

use super::file::{
    RecordedEvent, RecordedExchange, RecordedFailure, RecordedRequest, RecordedResponse,
    header_line, instant_to_text, line,
};
use crate::api_keys::{find_api_keys, mask_api_keys};
use crate::secrets::Secrets;
use crate::{BlockingTransport, Clock, SystemClock, Transport, TransportError};

/// Writes exchanges to a sink, and is the clock of the run that is recorded.
///
/// Give it to the client as its clock as well: the wall clock it shows moves only when the run is
/// woken (by a response, the end of a delay, an interruption), and each of these instants is
/// recorded, so that a replay shows the same times. Clones write to the same sink.
///
/// Nothing is written before [`start`](Self::start).
pub struct Recorder<C = SystemClock> {
    shared: Arc<RecorderParts<C>>,
}

struct RecorderParts<C> {
    clock: C,
    state: Mutex<RecorderState>,
}

struct RecorderState {
    /// The wall clock when the run was last woken, since 1970.
    now: Duration,
    /// The start of the recording, by [`Clock::elapsed`].
    began: Duration,
    last_us: u64,
    requests: u64,
    sink: Option<Box<dyn Write + Send>>,
    failed: Option<io::Error>,
    /// Values that no line may hold, beside those the requests carry.
    hidden: Vec<String>,
    /// API keys among them that exchanges named.
    learned: usize,
}

/// API keys that are remembered from one exchange to the next.
const MOST_LEARNED: usize = 256;

impl<C: Clock> Recorder<C> {
    /// Shows the time of `clock`; writes nothing yet.
    pub fn new(clock: C) -> Self {
        let state = RecorderState {
            now: clock.unix_time(),
            began: Duration::ZERO,
            last_us: 0,
            requests: 0,
            sink: None,
            failed: None,
            hidden: Vec::new(),
            learned: 0,
        };
        Self { shared: Arc::new(RecorderParts { clock, state: Mutex::new(state) }) }
    }

    /// Starts the recording with its first line, which carries `metadata`: any value that serialises
    /// to a JSON object. [`ReplayTransport::metadata`](super::ReplayTransport::metadata) returns it.
    ///
    /// # Errors
    ///
    /// The line cannot be written, or `metadata` is no object.
    pub fn start(
        &self,
        mut sink: impl Write + Send + 'static,
        metadata: &impl Serialize,
    ) -> io::Result<()> {
        let mut state = self.state();
        let began = self.shared.clock.elapsed();
        let spent_us = u64::try_from(began.as_micros()).unwrap_or(u64::MAX);
        sink.write_all(&header_line(state.now, spent_us, metadata)?)?;
        sink.flush()?;
        state.sink = Some(Box::new(sink));
        state.began = began;
        state.last_us = 0;
        Ok(())
    }

    /// Masks a value wherever it appears from now on. Values of fewer than eight bytes are not
    /// masked, because they appear by chance.
    ///
    /// Key ids, tokens and signatures that requests carry in `Authorization` and `X-Security-Token`
    /// are masked anyway, and so is everything that looks like an access key id. So are API keys, in
    /// members whose names say that they hold one, and wherever the recording repeats them.
    pub fn hide(&self, secret: impl Into<String>) {
        self.state().hidden.push(secret.into());
    }

    /// Records that the caller ended the run.
    pub fn interrupted(&self) {
        self.woken(|at_us, now| RecordedEvent::Interrupted { at_us, now });
    }

    /// Ends the recording.
    ///
    /// # Errors
    ///
    /// Not all of it could be written.
    pub fn finish(&self) -> io::Result<()> {
        let mut state = self.state();
        state.sink = None;
        state.failed.take().map_or(Ok(()), Err)
    }

    /// The clock without the recording.
    pub fn clock(&self) -> &C {
        &self.shared.clock
    }

    /// Notes that a request is being sent.
    fn sent(&self, request: &Request<Vec<u8>>) -> Sent<C> {
        let mut state = self.state();
        state.learn(request.body());
        let secrets = Secrets::of(request.headers(), &state.hidden);
        state.requests += 1;
        let exchange = RecordedExchange {
            number: state.requests,
            account: account_of(request),
            sent_us: state.tick(self.shared.clock.elapsed()),
            ended_us: 0,
            now: String::new(),
            request: RecordedRequest {
                method: request.method().to_string(),
                url: secrets.url(request.uri()),
                headers: secrets.headers(request.headers()),
                body: mask_api_keys(secrets.body(request.body().clone())).into(),
            },
            response: None,
            failure: None,
        };
        drop(state);
        Sent { recorder: self.clone(), secrets, exchange: Some(exchange) }
    }

    /// Moves the wall clock on and writes why.
    fn woken(&self, event: impl FnOnce(u64, String) -> RecordedEvent) {
        let clock = &self.shared.clock;
        let mut state = self.state();
        state.now = clock.unix_time();
        let at_us = state.tick(clock.elapsed());
        let event = event(at_us, instant_to_text(state.now));
        state.write(&event);
    }
}

impl<C> Recorder<C> {
    /// A poisoned lock is as good: no change is ever left half done.
    fn state(&self) -> MutexGuard<'_, RecorderState> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RecorderState {
    /// Microseconds since the beginning; no two instants are the same, so that order is kept.
    fn tick(&mut self, elapsed: Duration) -> u64 {
        let us = elapsed.saturating_sub(self.began).as_micros();
        self.last_us = u64::try_from(us).unwrap_or(u64::MAX).max(self.last_us.saturating_add(1));
        self.last_us
    }

    /// Remembers the API keys that a document names: a later one may repeat them elsewhere.
    fn learn(&mut self, document: &[u8]) {
        for text in find_api_keys(document) {
            if self.learned < MOST_LEARNED && !self.hidden.contains(&text) {
                self.learned += 1;
                self.hidden.push(text);
            }
        }
    }

    /// Writes a line. After the first failure nothing more: a line is whole or the last one.
    fn write(&mut self, event: &RecordedEvent) {
        let Some(sink) = &mut self.sink else { return };
        let written = line(event).map_err(io::Error::from).and_then(|line| {
            sink.write_all(&line)?;
            sink.flush()
        });
        if let Err(error) = written {
            self.sink = None;
            self.failed = Some(error);
        }
    }
}

impl<C> Clone for Recorder<C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<C> fmt::Debug for Recorder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("now", &self.state().now).finish_non_exhaustive()
    }
}

impl<C: Clock + Sync + Send> Clock for Recorder<C> {
    fn unix_seconds(&self) -> u64 {
        self.unix_time().as_secs()
    }

    fn unix_time(&self) -> Duration {
        self.state().now
    }

    fn elapsed(&self) -> Duration {
        self.shared.clock.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        self.shared.clock.sleep(duration).await;
        self.woken(|at_us, now| RecordedEvent::Woke { at_us, now });
    }

    fn pause(&self, duration: Duration) {
        self.shared.clock.pause(duration);
        self.woken(|at_us, now| RecordedEvent::Woke { at_us, now });
    }
}

/// Sends with another transport, and records each request with its outcome.
///
/// The caller gets what was recorded: a response in which secrets are masked, as a replay gives it.
/// Responses that are secret (new credentials, say) therefore do not go through here: hand the inner
/// transport to [`FoundKeys`](crate::FoundKeys).
#[derive(Clone, Debug)]
pub struct RecordingTransport<T, C = SystemClock> {
    inner: T,
    recorder: Recorder<C>,
}

impl<T, C> RecordingTransport<T, C> {
    /// Records what `inner` sends and receives.
    pub const fn new(inner: T, recorder: Recorder<C>) -> Self {
        Self { inner, recorder }
    }
}

impl<T: Transport + Sync, C: Clock + Send + Sync> Transport for RecordingTransport<T, C> {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let sent = self.recorder.sent(&request);
        sent.ended(self.inner.send(request).await)
    }
}

impl<T: BlockingTransport, C: Clock> BlockingTransport for RecordingTransport<T, C> {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let sent = self.recorder.sent(&request);
        sent.ended(self.inner.send(request))
    }
}

/// The account a request is signed for, as the client noted on it; never on the wire.
pub(super) fn account_of(request: &Request<Vec<u8>>) -> u32 {
    request.extensions().get().map_or(0, |AccountId(account)| *account)
}

/// A request without its outcome. Dropped, it was given up.
struct Sent<C: Clock> {
    recorder: Recorder<C>,
    secrets: Secrets,
    exchange: Option<RecordedExchange>,
}

impl<C: Clock> Sent<C> {
    /// Records the outcome, and returns it as it was recorded.
    fn ended(
        mut self,
        outcome: Result<Response<Vec<u8>>, TransportError>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let Some(mut exchange) = self.exchange.take() else { return outcome };
        match outcome {
            Ok(response) => {
                self.recorder.state().learn(response.body());
                let recorded = RecordedResponse::new(response, &self.secrets);
                let returned = recorded.to_http();
                exchange.response = Some(recorded);
                self.write(exchange);
                returned.ok_or_else(|| TransportError::other("the response cannot be recorded"))
            }
            Err(error) => {
                exchange.failure = Some(RecordedFailure::new(&error, &self.secrets));
                self.write(exchange);
                Err(error)
            }
        }
    }

    fn write(&self, exchange: RecordedExchange) {
        self.recorder.woken(|at_us, now| {
            RecordedEvent::Exchange(Box::new(RecordedExchange { ended_us: at_us, now, ..exchange }))
        });
    }
}

impl<C: Clock> Drop for Sent<C> {
    fn drop(&mut self) {
        if let Some(exchange) = self.exchange.take() {
            self.write(exchange);
        }
    }
}
