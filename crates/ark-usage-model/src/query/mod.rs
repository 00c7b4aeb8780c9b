//! The query as a state machine: it says what to send, is told what came, and knows nothing of
//! sockets, keys, clocks or sleep.
//!
//! ```text
//!  targets x window
//!        │ UsageQuery::new
//!        ▼
//!   ┌─────────┐ cut to a size  ┌─────────┐     poll: Send      ┌─────────┐
//!   │ pieces  ├───────────────►│  job    ├────────────────────►│   out   │
//!   └─────────┘                └─────────┘                     └────┬────┘
//!                                   ▲                               │ on_response
//!          retry: later, throttled, │                               ▼
//!          clock corrected,         │         ┌────────────── which answer? ─────────────┐
//!          credentials refreshed    ├─────────┤ failure that may pass                    │
//!                                   │         │                                          │
//!          two halves ◄── probe ok  │         │ refused or too slow, larger than one     │
//!                   ◄───────────────┴─ probe ◄┤ bucket and one id (narrow.rs)            │
//!                                             │                                          │
//!          the last bucket once more ◄────────┤ points, but for the last bucket          │
//!          (end_time.rs)                      │ (end_time.rs)                            │
//!                                             │ points ──────────────► store             │
//!                                             │ failure ─────────────► gap: of the job,  │
//!                                             │              the target, or the account  │
//!                                             └──────────────────────────────────────────┘
//!   Done: nothing queued, nothing out ──► into_report
//! ```
//!
//! - Each account has a queue of its own: its queue, its pace (halved on throttling, growing back)
//!   and what it has learnt about sizes. A queue that is refused for good is stopped; others go on.
//! - All targets of a queue move through time together, oldest buckets first.
//! - `poll` gives the same answer until something is fed, but that each exchange is handed out once.
//! - A request says in its extensions what it asks for, and a response may carry lines in place of a
//!   body (`stored_lines.rs`): a store of earlier responses answers queries of any action.

mod account_queue;
mod answer;
mod coverage_scan;
mod end_time;
mod finish;
mod job;
mod narrow;
mod options;
mod pace;
mod plan;
mod server_clock;
mod step;
mod store;
mod stored_lines;

use std::collections::BTreeMap;
use std::time::Duration;

use volc_openapi::{BaseUrl, SplitMix64};

use crate::action::{RequestPart, UsageAction};
use crate::report::{Call, CallFailure, Gap};
use crate::{Interval, Target, TargetId, Window};

use account_queue::{AccountQueue, NextAction, SchedulerState};
use end_time::EndTime;
use job::{Job, Kind};
use pace::Pace;
use store::Store;

pub use options::{HourLabels, QueryOptions};
pub use plan::{OptionRange, PlanError};
pub use server_clock::ServerClock;
pub use step::{Exchange, ExchangeId, Now, Progress, Step};
pub use stored_lines::{RequestedUsage, StoredGap, StoredLine, StoredLines};

/// A query: targets times a window, as a state machine. See the example on the crate's first page.
///
/// A driver calls [`poll`](Self::poll) until it says [`Step::Done`], signs and sends what it is
/// handed, and feeds each outcome to [`on_response`](Self::on_response), in any order.
#[derive(Clone, Debug)]
pub struct UsageQuery {
    action: &'static dyn UsageAction,
    targets: Vec<Target>,
    window: Window,
    /// The part of the window that was not taken yet.
    rest: Window,
    base_url: BaseUrl,
    options: QueryOptions,
    random: SplitMix64,
    /// By account.
    queues: Vec<AccountQueue>,
    /// The queue that is asked first.
    turn: usize,
    out: BTreeMap<ExchangeId, Out>,
    next_id: u64,
    end_time: EndTime,
    /// Seconds to add to the signing time; 0 until a signature is refused for its time.
    clock_offset: i64,
    /// The server's clock, as its answers show it.
    server_clock: ServerClock,
    /// The wall clock, as last told.
    unix: i64,
    store: Store,
    calls: Vec<Call>,
    /// The gaps that were not answered for: of failed calls, and what a store does not have.
    failed: Vec<Gap>,
}

/// An exchange that is out.
#[derive(Clone, Debug)]
struct Out {
    job: Job,
    queue: usize,
    sent: Duration,
    /// The clock offset it was signed with.
    clock_offset: i64,
    /// The queue's generation of credentials it was signed with.
    generation: u32,
    /// The number of intervals beyond its last bucket it asks.
    further: i64,
}

impl UsageQuery {
    /// A query of any usage action over all targets and the whole window. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When there is no target, two of them share usage, one filters or groups by a dimension that
    /// the action does not know, or an option lets nothing be sent.
    pub fn with_action(
        action: &'static dyn UsageAction,
        targets: Vec<Target>,
        window: Window,
        base_url: BaseUrl,
        options: QueryOptions,
    ) -> Result<Self, PlanError> {
        let targets = plan::checked(targets, action, &options)?;
        let limits = action.limits();
        let alignment = limits.alignment(window.interval());
        let max_units = plan::max_units(&limits, &options, window.interval());
        let max_ids = plan::max_ids(&limits, &options);
        let mut queues: Vec<AccountQueue> = Vec::new();
        for job in plan::jobs(&targets, window, alignment) {
            let place = queues.iter().position(|queue| queue.account == job.account);
            if let Some(queue) = place.and_then(|place| queues.get_mut(place)) {
                queue.push_piece(job);
            } else {
                let pace = Pace::new(options.concurrency, options.rate);
                let mut queue = AccountQueue::new(job.account, pace, max_units, max_ids);
                queue.push_piece(job);
                queues.push(queue);
            }
        }
        let open = action.open_questions();
        Ok(Self {
            action,
            random: SplitMix64::new(options.seed),
            // Any instant near the answers does.
            store: Store::new(window, window.last()),
            targets,
            window,
            rest: window,
            base_url,
            options,
            queues,
            turn: 0,
            out: BTreeMap::new(),
            next_id: 0,
            end_time: EndTime::new(open.end_time),
            clock_offset: 0,
            server_clock: ServerClock::default(),
            unix: i64::MIN,
            calls: Vec::new(),
            failed: Vec::new(),
        })
    }

    /// Sets the server's clock as earlier answers have shown it. Without it the query takes this
    /// machine's clock for the server's until its first answer, and does not ask for buckets that
    /// have not begun by it.
    #[must_use]
    pub fn with_server_clock(mut self, clock: ServerClock) -> Self {
        self.server_clock = clock;
        self
    }

    /// The targets, repeated ids dropped. Positions in exchanges refer to it.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The action it asks.
    pub fn action(&self) -> &'static dyn UsageAction {
        self.action
    }

    /// The buckets asked for.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The number of calls as planned from the sizes that the options and the action allow; splits and
    /// retries come on top.
    pub fn planned_calls(&self) -> u64 {
        let interval = self.window.interval();
        let limits = self.action.limits();
        let max_units = plan::max_units(&limits, &self.options, interval);
        let max_ids = plan::max_ids(&limits, &self.options);
        let in_time = self.window.units(limits.alignment(interval)).div_ceil(max_units);
        let calls = |target: &Target| target.endpoint_ids.len().max(1).div_ceil(max_ids);
        let calls: usize = self.targets.iter().map(calls).sum();
        u64::try_from(calls.saturating_mul(in_time)).unwrap_or(u64::MAX)
    }

    /// Returns the next step.
    pub fn poll(&mut self, now: Now) -> Step {
        self.unix = now.unix;
        if self.options.deadline.is_some_and(|deadline| now.elapsed >= deadline) {
            self.give_up(&CallFailure::Deadline);
        }
        let mut wake;
        loop {
            match self.next_action(now) {
                NextAction::Job((job, place)) => match self.send(job, place, now) {
                    Some(exchange) => return Step::Send(exchange),
                    // It could not be written, which is the job's own affair.
                    None => continue,
                },
                NextAction::NotBefore(due) => wake = Some(due),
                NextAction::Blocked => wake = None,
                NextAction::Empty => {
                    // Doubts that were held back are settled when nothing else is left to do.
                    let tails = self.end_time.release();
                    if tails.is_empty() {
                        return Step::Done;
                    }
                    for tail in tails {
                        self.push_ready(tail);
                    }
                    continue;
                }
            }
            break;
        }
        if let Some(deadline) = self.options.deadline {
            wake = Some(wake.map_or(deadline, |wake| wake.min(deadline)));
        }
        wake.map_or(Step::Wait, Step::WakeAt)
    }

    /// The next job of any queue, each taking its turn.
    fn next_action(&mut self, now: Now) -> NextAction<(Job, usize)> {
        let state = SchedulerState {
            server_now: self.server_now(),
            at_capacity: self.out.len() >= plan::size(self.options.max_in_flight),
            end_time_unknown: self.end_time.is_first_doubt(),
        };
        let mut next_action =
            if self.out.is_empty() { NextAction::Empty } else { NextAction::Blocked };
        for turn in 0..self.queues.len() {
            let place = (self.turn + turn) % self.queues.len();
            let Some(queue) = self.queues.get_mut(place) else { continue };
            next_action = match (queue.next(now.elapsed, state), next_action) {
                (NextAction::Job(job), _) => return NextAction::Job((job, place)),
                (NextAction::NotBefore(due), NextAction::NotBefore(other)) => {
                    NextAction::NotBefore(due.min(other))
                }
                (NextAction::NotBefore(due), _) => NextAction::NotBefore(due),
                (NextAction::Blocked, NextAction::Empty) => NextAction::Blocked,
                (_, next_action) => next_action,
            };
        }
        next_action
    }

    /// Ends the query with what came: all that is queued or out is given up as interrupted.
    pub fn finish_early(&mut self) {
        self.give_up(&CallFailure::Interrupted);
    }

    /// The server's time: buckets that start later have not begun.
    fn server_now(&self) -> i64 {
        self.server_clock.at(self.unix)
    }

    fn push_ready(&mut self, job: Job) {
        if let Some(queue) = self.queues.iter_mut().find(|queue| queue.account == job.account) {
            queue.push_ready(job);
        }
    }

    /// Writes the request of a job and hands it out.
    fn send(&mut self, mut job: Job, place: usize, now: Now) -> Option<Exchange> {
        let further = match job.kind {
            _ if job.tried.stay => 0,
            Kind::Tail => 1,
            Kind::Part | Kind::Probe(_) => self.end_time.further(),
        };
        let request = match self.request(&job, further) {
            Ok(request) => request,
            Err(error) => {
                self.fail_job(&job, &CallFailure::Request(error));
                if let (Kind::Probe(_), Some(queue)) = (&job.kind, self.queues.get_mut(place)) {
                    queue.probe_done();
                }
                return None;
            }
        };
        let id = ExchangeId(self.next_id);
        self.next_id += 1;
        self.turn = place + 1;
        job.tried.attempts += 1;
        let refresh_credentials = std::mem::take(&mut job.tried.refresh_next);
        let queue = self.queues.get_mut(place)?;
        queue.out += 1;
        queue.pace.sent(now.elapsed);
        if refresh_credentials {
            queue.refreshing = Some(id);
        }
        let exchange = Exchange {
            id,
            account: job.account,
            target: job.target,
            window: job.window,
            ids: job.ids.clone(),
            attempt: job.tried.attempts,
            clock_offset: self.clock_offset,
            refresh_credentials,
            request,
        };
        let out = Out {
            job,
            queue: place,
            sent: now.elapsed,
            clock_offset: self.clock_offset,
            generation: queue.generation,
            further,
        };
        self.out.insert(id, out);
        Some(exchange)
    }

    fn request(&self, job: &Job, further: i64) -> Result<http::Request<Vec<u8>>, String> {
        let Some(target) = self.target(job.target) else {
            return Err(format!("there is no target {}", job.target.0));
        };
        let part = RequestPart {
            target,
            endpoint_ids: target.endpoint_ids.get(job.ids.clone()).unwrap_or_default(),
            window: job.window,
            beyond: further + i64::from(self.labels_are_ends() && !job.tried.stay),
        };
        let request = self.action.request(&part, &self.base_url);
        let mut request = request.map_err(|error| error.to_string())?;
        // For transports that know usage and not this action's words.
        let asked = RequestedUsage::new(self.action, &part, self.options.settle);
        request.extensions_mut().insert(asked);
        Ok(request)
    }

    fn target(&self, id: TargetId) -> Option<&Target> {
        self.targets.get(id.index())
    }

    /// True when a timestamp is the end of its bucket. Such a query asks one interval further, so
    /// that it is right whether `EndTime` is compared with labels or with starts; buckets beyond
    /// the window are dropped.
    fn labels_are_ends(&self) -> bool {
        self.window.interval() == Interval::Hour
            && self.action.open_questions().hour_labels
            && self.options.hour_labels == HourLabels::End
    }
}
