//! Hears a recording again: the same answers in the same order, at once.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use ark_usage_transport::TransportError;
use http::{Request, Response};
use jiff::Timestamp;
use volc_openapi::TransportFailure;

use super::format::{self, Event, Exchange, Header};
use crate::error::CliError;
use crate::text;

/// Answers in the network's place, and is the clock.
///
/// Time passes only when the program has nothing left to do: it then jumps to the next recorded
/// answer or the end of the shortest delay.
#[derive(Debug)]
pub(crate) struct Player {
    folder: PathBuf,
    header: Header,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    elapsed_us: u64,
    shown: Timestamp,
    /// What is not heard yet, by request, in the order it was sent.
    exchanges: HashMap<Asked, VecDeque<Outcome>>,
    /// The wall clock at the end of each delay.
    woke: VecDeque<Timestamp>,
    interrupted: Option<(u64, Timestamp)>,
    /// What the program waits for: the instant, and a number to tell equals apart.
    waits: BTreeSet<(u64, u64)>,
    next_wait: u64,
    /// Nothing that was recorded can happen any more.
    over: bool,
    /// The first request that was not recorded.
    unheard: Option<String>,
}

/// What makes two requests the same: who asks what. Headers differ, because signatures do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    account: u32,
    method: String,
    url: String,
    body: Vec<u8>,
}

/// How a request ended.
#[derive(Debug)]
enum Outcome {
    Came {
        at_us: u64,
        now: Timestamp,
        answer: Result<Response<Vec<u8>>, TransportError>,
    },
    /// Given up before anything came.
    GivenUp,
}

impl Player {
    /// Reads a recording, all of it.
    pub(super) fn open(folder: &Path) -> Result<Self, CliError> {
        let format::Read { path, header, events } = format::read(folder)?;
        let shown = instant(&header.now).map_err(|what| format::damaged(&path, 1, &what))?;
        let mut state = State {
            elapsed_us: 0,
            shown,
            exchanges: HashMap::new(),
            woke: VecDeque::new(),
            interrupted: None,
            waits: BTreeSet::new(),
            next_wait: 0,
            over: false,
            unheard: None,
        };
        let mut exchanges = Vec::new();
        for (line, event) in events {
            let damaged = |what: String| format::damaged(&path, line, &what);
            match event {
                Event::Woke { now, .. } => state.woke.push_back(instant(&now).map_err(damaged)?),
                Event::Interrupted { at_us, now } => {
                    state.interrupted = Some((at_us, instant(&now).map_err(damaged)?));
                }
                Event::Exchange(exchange) => {
                    let number = exchange.number;
                    exchanges.push((number, read(*exchange).map_err(damaged)?));
                }
            }
        }
        // They were written as they ended.
        exchanges.sort_unstable_by_key(|(number, _)| *number);
        for (_, (asked, outcome)) in exchanges {
            state.exchanges.entry(asked).or_default().push_back(outcome);
        }
        Ok(Self { folder: folder.to_owned(), header, state: Mutex::new(state) })
    }

    /// What the recording says of itself.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The wall clock as it was.
    pub(crate) fn now(&self) -> Timestamp {
        self.state().shown
    }

    /// Time since the recording began.
    pub(crate) fn elapsed(&self) -> Duration {
        Duration::from_micros(self.state().elapsed_us)
    }

    /// What came of this request then, once it is time.
    pub(super) async fn answer(
        &self,
        request: &Request<Vec<u8>>,
        account: u32,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let outcome = self.state().take(request, account);
        match outcome {
            Some(Outcome::Came { at_us, now, answer }) => {
                self.wait_until(at_us).await;
                self.state().shown = now;
                answer
            }
            Some(Outcome::GivenUp) => {
                self.the_end().await;
                let error = TransportError::new(TransportFailure::Other);
                Err(error.with_detail("the recording ends before this was answered"))
            }
            // The run ends because of it, in `drive`.
            None => std::future::pending().await,
        }
    }

    /// A delay; it takes no time.
    pub(crate) async fn sleep(&self, duration: Duration) {
        // Rounded up: who wakes too early sleeps again, for ever.
        let us = u64::try_from(duration.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX);
        let until = self.state().elapsed_us.saturating_add(us);
        self.wait_until(until).await;
        let mut state = self.state();
        if let Some(now) = state.woke.pop_front() {
            state.shown = now;
        }
    }

    /// Completes when Ctrl-C was pressed then.
    pub(super) async fn interrupted(&self) {
        let interrupted = self.state().interrupted;
        let Some((at_us, now)) = interrupted else { return std::future::pending().await };
        self.wait_until(at_us).await;
        self.state().shown = now;
    }

    /// Runs a future that waits for nothing but this. A request that was not recorded ends it.
    pub(super) async fn drive<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        let mut future = pin!(future);
        poll_fn(|context| {
            let polled = future.as_mut().poll(context);
            if let Some(request) = &self.state().unheard {
                return Poll::Ready(Err(self.not_recorded(request)));
            }
            if polled.is_pending() && self.state().advance() {
                context.waker().wake_by_ref();
            }
            polled
        })
        .await
    }

    fn wait_until(&self, at_us: u64) -> Wait<'_> {
        Wait { player: self, until: Some(at_us), key: None }
    }

    fn the_end(&self) -> Wait<'_> {
        Wait { player: self, until: None, key: None }
    }

    fn not_recorded(&self, request: &str) -> CliError {
        let Header { command, question, .. } = &self.header;
        CliError::usage(text!(
            "--replay {folder}: this request was not recorded:\n  {request}",
            "--replay {folder}：没有录制过这个请求：\n  {request}",
            folder = self.folder.display()
        ))
        .with_hint(text!(
            "the recording is of {command}: {question}",
            "该录制来自 {command}：{question}"
        ))
    }

    /// Nothing is ever left half done under the lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, request: &Request<Vec<u8>>, account: u32) -> Option<Outcome> {
        let asked = Asked {
            account,
            method: request.method().to_string(),
            url: request.uri().to_string(),
            body: request.body().clone(),
        };
        let outcome = self.exchanges.get_mut(&asked).and_then(VecDeque::pop_front);
        if outcome.is_none() {
            let body = String::from_utf8_lossy(&asked.body);
            let told = format!("{} {} {body}", asked.method, asked.url);
            self.unheard.get_or_insert_with(|| told.trim_end().to_owned());
        }
        outcome
    }

    /// The program waits: on to the next instant at which something happens. False when there is
    /// none, and it has been told so.
    fn advance(&mut self) -> bool {
        let later = (self.elapsed_us.saturating_add(1), 0);
        if let Some((instant, _)) = self.waits.range(later..).next() {
            self.elapsed_us = *instant;
            return true;
        }
        !std::mem::replace(&mut self.over, true)
    }
}

/// Ready at an instant, or when the recording is over.
#[derive(Debug)]
struct Wait<'a> {
    player: &'a Player,
    until: Option<u64>,
    key: Option<(u64, u64)>,
}

impl Future for Wait<'_> {
    type Output = ();

    /// Keeps no waker: [`Player::drive`] polls everything again when time has moved.
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let mut state = self.player.state();
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
            self.player.state().waits.remove(&key);
        }
    }
}

/// A line of the file as a request to be heard again; what is wrong with it in words.
fn read(exchange: Exchange) -> Result<(Asked, Outcome), String> {
    let Exchange { account, ended_us: at_us, request, response, failure, .. } = exchange;
    let body = request.body.into_bytes().ok_or("the request's body is not hexadecimal")?;
    let asked = Asked { account, method: request.method, url: request.url, body };
    let answer = match (response, failure) {
        (Some(_), Some(_)) => return Err("it has both a response and a failure".to_owned()),
        (None, None) => return Ok((asked, Outcome::GivenUp)),
        (Some(response), None) => Ok(response.to_http().ok_or("the response is not one")?),
        (None, Some(failure)) => {
            let unknown = || format!("no failure is of kind {:?}", failure.kind);
            Err(failure.to_error().ok_or_else(unknown)?)
        }
    };
    Ok((asked, Outcome::Came { at_us, now: instant(&exchange.now)?, answer }))
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("{text:?} is not an instant"))
}
