//! Replaying a recording: the same responses in the same order, at once.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::future::{pending, poll_fn};
use std::io::Read;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use serde_json::{Map, Value};

use volc_openapi::few_letters;

use super::error::{NotRecorded, RecordingError};
use super::file::{RecordedEvent, RecordedExchange, RecordingFile, text_to_instant};
use super::recorder::account_of;
use crate::{BlockingTransport, Clock, Transport, TransportError};

/// Answers from a recording instead of the network, and is the clock of the replay.
///
/// Give it to the client as its clock as well, and run the whole with [`drive`](Self::drive): time
/// passes only when the run has nothing left to do; it then jumps to the next recorded response or
/// the end of the shortest delay. A [`BlockingClient`](crate::BlockingClient) needs no `drive`.
/// Clones answer from the same recording.
///
/// Two requests are the same when account, method, URL and body are; the first such request gets the
/// first such response, the second the second.
#[derive(Clone, Debug)]
pub struct ReplayTransport {
    shared: Arc<ReplayParts>,
}

#[derive(Debug)]
struct ReplayParts {
    metadata: Map<String, Value>,
    state: Mutex<ReplayState>,
}

#[derive(Debug)]
struct ReplayState {
    /// The time since the recording began.
    elapsed_us: u64,
    /// The time the recorded run had taken before.
    spent_us: u64,
    /// The wall clock, since 1970.
    now: Duration,
    /// The outcomes left, by request, in the order they were sent.
    exchanges: HashMap<RequestKey, VecDeque<ReplayedOutcome>>,
    /// The wall clock at the end of each delay.
    woke: VecDeque<Duration>,
    interrupted: Option<(u64, Duration)>,
    /// The instants the run waits for, each with a number of its own.
    waits: BTreeSet<(u64, u64)>,
    next_wait: u64,
    /// Nothing that was recorded can happen any more.
    over: bool,
    /// The first request that was not recorded.
    not_recorded: Option<NotRecorded>,
}

/// Identifies a request. Headers are left out, because signatures differ.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RequestKey {
    account: u32,
    method: String,
    url: String,
    body: Vec<u8>,
}

/// The end of a request.
#[derive(Debug)]
enum ReplayedOutcome {
    Ended {
        at_us: u64,
        now: Duration,
        result: Result<Response<Vec<u8>>, TransportError>,
    },
    /// Given up before its end.
    GivenUp,
}

impl ReplayTransport {
    /// Reads a recording from `input`, all of it.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] names the line that is wrong.
    pub fn from_reader(mut input: impl Read) -> Result<Self, RecordingError> {
        let mut text = String::new();
        input.read_to_string(&mut text)?;
        Self::parse(&text)
    }

    /// Parses the text of a recording, all of it.
    ///
    /// # Errors
    ///
    /// [`RecordingError`] names the line that is wrong.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let RecordingFile { now, spent_us, metadata, events } = RecordingFile::parse(text)?;
        let state = Mutex::new(ReplayState { spent_us, ..ReplayState::new(now, events)? });
        Ok(Self { shared: Arc::new(ReplayParts { metadata, state }) })
    }

    /// The metadata the recording was started with.
    pub fn metadata(&self) -> &Map<String, Value> {
        &self.shared.metadata
    }

    /// Runs a future whose requests and delays all go through this replay.
    ///
    /// # Errors
    ///
    /// [`NotRecorded`], as soon as a request is sent that the recording does not hold.
    pub async fn drive<F: Future>(&self, future: F) -> Result<F::Output, NotRecorded> {
        let mut future = pin!(future);
        poll_fn(|context| {
            let polled = future.as_mut().poll(context);
            let mut state = self.state();
            if let Some(not_recorded) = state.not_recorded.take() {
                return Poll::Ready(Err(not_recorded));
            }
            if polled.is_pending() && state.advance() {
                context.waker().wake_by_ref();
            }
            polled.map(Ok)
        })
        .await
    }

    /// Completes at the instant the recorded run was interrupted; never, if it was not.
    pub async fn interrupted(&self) {
        let interrupted = self.state().interrupted;
        let Some((at_us, now)) = interrupted else { return pending().await };
        self.wait_until(at_us).await;
        self.state().now = now;
    }

    fn wait_until(&self, at_us: u64) -> Wait<'_> {
        Wait { replay: self, until: Some(at_us), key: None }
    }

    fn the_end(&self) -> Wait<'_> {
        Wait { replay: self, until: None, key: None }
    }

    /// A poisoned lock is as good: no change is ever left half done.
    fn state(&self) -> MutexGuard<'_, ReplayState> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for ReplayTransport {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let outcome = self.state().take(&request);
        match outcome {
            Ok(ReplayedOutcome::Ended { at_us, now, result }) => {
                self.wait_until(at_us).await;
                self.state().now = now;
                result
            }
            Ok(ReplayedOutcome::GivenUp) => {
                self.the_end().await;
                Err(given_up())
            }
            Err(not_recorded) => {
                self.state().not_recorded.get_or_insert(not_recorded);
                // The run ends because of it, in `drive`.
                pending().await
            }
        }
    }
}

impl BlockingTransport for ReplayTransport {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let mut state = self.state();
        match state.take(&request).map_err(TransportError::other)? {
            ReplayedOutcome::Ended { at_us, now, result } => {
                state.elapsed_us = state.elapsed_us.max(at_us);
                state.now = now;
                result
            }
            ReplayedOutcome::GivenUp => Err(given_up()),
        }
    }
}

/// Shows the recorded times; delays take no time.
impl Clock for ReplayTransport {
    fn unix_seconds(&self) -> u64 {
        self.unix_time().as_secs()
    }

    fn unix_time(&self) -> Duration {
        self.state().now
    }

    fn elapsed(&self) -> Duration {
        let state = self.state();
        Duration::from_micros(state.spent_us.saturating_add(state.elapsed_us))
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.state().after(duration);
        self.wait_until(until).await;
        self.state().wake();
    }

    fn pause(&self, duration: Duration) {
        let mut state = self.state();
        state.elapsed_us = state.after(duration);
        state.wake();
    }
}

impl ReplayState {
    fn new(now: Duration, events: Vec<(usize, RecordedEvent)>) -> Result<Self, RecordingError> {
        let mut state = Self {
            elapsed_us: 0,
            spent_us: 0,
            now,
            exchanges: HashMap::new(),
            woke: VecDeque::new(),
            interrupted: None,
            waits: BTreeSet::new(),
            next_wait: 0,
            over: false,
            not_recorded: None,
        };
        let mut exchanges = Vec::new();
        for (line, event) in events {
            let damaged = |problem: String| RecordingError::damaged(line, problem);
            match event {
                RecordedEvent::Woke { at_us, now } => {
                    check_instant(at_us).map_err(damaged)?;
                    state.woke.push_back(text_to_instant(&now).map_err(damaged)?);
                }
                RecordedEvent::Interrupted { at_us, now } => {
                    check_instant(at_us).map_err(damaged)?;
                    state.interrupted = Some((at_us, text_to_instant(&now).map_err(damaged)?));
                }
                RecordedEvent::Exchange(exchange) => {
                    let number = exchange.number;
                    exchanges.push((number, key_and_outcome(*exchange).map_err(damaged)?));
                }
            }
        }
        // They were written as they ended.
        exchanges.sort_unstable_by_key(|(number, _)| *number);
        for (_, (key, outcome)) in exchanges {
            state.exchanges.entry(key).or_default().push_back(outcome);
        }
        Ok(state)
    }

    fn take(&mut self, request: &Request<Vec<u8>>) -> Result<ReplayedOutcome, NotRecorded> {
        let key = RequestKey {
            account: account_of(request),
            method: request.method().to_string(),
            url: request.uri().to_string(),
            body: request.body().clone(),
        };
        self.exchanges.get_mut(&key).and_then(VecDeque::pop_front).ok_or_else(|| {
            let body = String::from_utf8_lossy(&key.body);
            let request = format!("{} {} {body}", key.method, key.url);
            NotRecorded::new(request.trim_end().to_owned())
        })
    }

    /// The instant a delay ends. Rounded up: a sleeper that wakes too early sleeps again, for ever.
    fn after(&self, duration: Duration) -> u64 {
        let us = u64::try_from(duration.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX);
        self.elapsed_us.saturating_add(us)
    }

    /// Shows the wall clock at the end of the next delay.
    fn wake(&mut self) {
        if let Some(now) = self.woke.pop_front() {
            self.now = now;
        }
    }

    /// Moves time on to the next instant the run waits for. False when there is none, and the waits
    /// for the end know of it.
    fn advance(&mut self) -> bool {
        let later = self.elapsed_us.checked_add(1);
        let next = later.and_then(|later| self.waits.range((later, 0)..).next());
        if let Some((instant, _)) = next {
            self.elapsed_us = *instant;
            return true;
        }
        !std::mem::replace(&mut self.over, true)
    }
}

/// Ready at an instant, or at the end of the recording.
#[derive(Debug)]
struct Wait<'a> {
    replay: &'a ReplayTransport,
    until: Option<u64>,
    key: Option<(u64, u64)>,
}

impl Future for Wait<'_> {
    type Output = ();

    /// Keeps no waker: [`ReplayTransport::drive`] polls everything again when time has moved.
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let mut state = self.replay.state();
        let ready = match self.until {
            Some(until) => until <= state.elapsed_us,
            None => state.over,
        };
        if ready {
            return Poll::Ready(());
        }
        if let (None, Some(until)) = (self.key, self.until) {
            state.next_wait += 1;
            let key = (until, state.next_wait);
            state.waits.insert(key);
            drop(state);
            self.key = Some(key);
        }
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.replay.state().waits.remove(&key);
        }
    }
}

fn given_up() -> TransportError {
    let error = TransportError::new(volc_openapi::TransportFailure::Other);
    error.with_detail("the recording ends before this was answered")
}

/// The longest run that is replayed: sums of instants and delays stay far below 64 bits.
const TEN_YEARS_US: u64 = 10 * 366 * 86_400 * 1_000_000;

/// Refuses an instant, in microseconds since the recording began, that no recording reaches.
fn check_instant(at_us: u64) -> Result<(), String> {
    let is_reached = at_us <= TEN_YEARS_US;
    is_reached
        .then_some(())
        .ok_or_else(|| format!("{at_us} µs after the recording began is more than ten years"))
}

/// A recorded exchange as a request to recognise and its outcome, or the problem with it.
fn key_and_outcome(exchange: RecordedExchange) -> Result<(RequestKey, ReplayedOutcome), String> {
    let RecordedExchange { account, sent_us, ended_us: at_us, request, response, failure, .. } =
        exchange;
    check_instant(sent_us)?;
    check_instant(at_us)?;
    if sent_us > at_us {
        return Err("it ended before it was sent".to_owned());
    }
    let body = request.body.into_bytes().ok_or("the request's body is not hexadecimal")?;
    let key = RequestKey { account, method: request.method, url: request.url, body };
    let result = match (response, failure) {
        (Some(_), Some(_)) => return Err("it has both a response and a failure".to_owned()),
        (None, None) => return Ok((key, ReplayedOutcome::GivenUp)),
        (Some(response), None) => Ok(response.to_http().ok_or("the response is not valid")?),
        (None, Some(failure)) => {
            let unknown = || format!("no failure is of kind {:?}", few_letters(&failure.kind));
            Err(failure.to_error().ok_or_else(unknown)?)
        }
    };
    let now = text_to_instant(&exchange.now)?;
    Ok((key, ReplayedOutcome::Ended { at_us, now, result }))
}
