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
//! - Each account has a lane of its own: its queue, its pace (halved on throttling, growing back)
//!   and what it has learnt about sizes. A lane that is refused for good is stopped; others go on.
//! - All targets of a lane move through time together, oldest buckets first.
//! - `poll` gives the same answer until something is fed, but that each exchange is handed out once.

mod answer;
mod end_time;
mod finish;
mod job;
mod lane;
mod narrow;
mod options;
mod pace;
mod plan;
mod random;
mod step;
mod store;

use std::collections::BTreeMap;
use std::time::Duration;

use volc_openapi::{Action, BaseUrl};

use crate::get_usage::GetUsage;
use crate::report::{Call, Gap};
use crate::{CallFailure, Interval, Target, TargetId, Window};

use end_time::EndTime;
use job::{Job, Kind};
use lane::{House, Lane, Offer};
use pace::Pace;
use random::Random;
use store::Store;

pub use options::{HourLabels, QueryOptions};
pub use plan::PlanError;
pub use step::{Axis, Exchange, ExchangeId, Now, Progress, Step};

/// A query: targets times a window, as a state machine. See the example on the crate's first page.
///
/// A driver calls [`poll`](Self::poll) until it says [`Step::Done`], signs and sends what it is
/// handed, and feeds each outcome to [`on_response`](Self::on_response), in any order.
#[derive(Clone, Debug)]
pub struct UsageQuery {
    targets: Vec<Target>,
    window: Window,
    /// What was not taken yet.
    rest: Window,
    base_url: BaseUrl,
    options: QueryOptions,
    random: Random,
    /// By account.
    lanes: Vec<Lane>,
    /// The lane that is asked first.
    turn: usize,
    out: BTreeMap<ExchangeId, Out>,
    next_id: u64,
    end_time: EndTime,
    /// The server's clock less ours, in seconds.
    clock_offset: i64,
    /// The wall clock, as last told.
    unix: i64,
    store: Store,
    calls: Vec<Call>,
    /// What failed calls asked for.
    failed: Vec<Gap>,
}

/// An exchange that is out.
#[derive(Clone, Debug)]
struct Out {
    job: Job,
    lane: usize,
    sent: Duration,
    /// The clock offset it was signed with.
    clock_offset: i64,
    /// The lane's generation of credentials it was signed with.
    generation: u32,
    /// How many intervals beyond its last bucket it asks.
    further: i64,
}

impl UsageQuery {
    /// A query over all targets and the whole window. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When there is no target, two of them share usage, or an option lets nothing be sent.
    pub fn new(
        targets: Vec<Target>,
        window: Window,
        base_url: BaseUrl,
        options: QueryOptions,
    ) -> Result<Self, PlanError> {
        let targets = plan::checked(targets, &options)?;
        let max_buckets = plan::max_buckets(&options, window.interval());
        let mut lanes: Vec<Lane> = Vec::new();
        for job in plan::jobs(&targets, window) {
            let place = lanes.iter().position(|lane| lane.account == job.account);
            if let Some(lane) = place.and_then(|place| lanes.get_mut(place)) {
                lane.push_piece(job);
            } else {
                let pace = Pace::new(options.concurrency, options.rate);
                let max_ids = plan::size(options.max_ids);
                let mut lane = Lane::new(job.account, pace, max_buckets, max_ids);
                lane.push_piece(job);
                lanes.push(lane);
            }
        }
        Ok(Self {
            random: Random::new(options.seed),
            // Any instant near the answers does.
            store: Store::new(window, window.last()),
            targets,
            window,
            rest: window,
            base_url,
            options,
            lanes,
            turn: 0,
            out: BTreeMap::new(),
            next_id: 0,
            end_time: EndTime::default(),
            clock_offset: 0,
            unix: i64::MIN,
            calls: Vec::new(),
            failed: Vec::new(),
        })
    }

    /// What was asked about, repeated ids dropped. Positions in exchanges refer to it.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The buckets asked for.
    pub fn window(&self) -> Window {
        self.window
    }

    /// What to do next.
    pub fn poll(&mut self, now: Now) -> Step {
        self.unix = now.unix;
        if self.options.deadline.is_some_and(|deadline| now.elapsed >= deadline) {
            self.give_up(&CallFailure::Deadline);
        }
        let mut wake;
        loop {
            match self.offer(now) {
                Offer::Job((job, place)) => match self.send(job, place, now) {
                    Some(exchange) => return Step::Send(exchange),
                    // It could not be written, which is the job's own affair.
                    None => continue,
                },
                Offer::NotBefore(due) => wake = Some(due),
                Offer::Blocked => wake = None,
                Offer::Empty => {
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

    /// The next job of any lane, each taking its turn.
    fn offer(&mut self, now: Now) -> Offer<(Job, usize)> {
        let house = House {
            began: self.began(),
            full: self.out.len() >= plan::size(self.options.max_in_flight),
            doubt: self.end_time.is_first_doubt(),
        };
        let mut offer = if self.out.is_empty() { Offer::Empty } else { Offer::Blocked };
        for turn in 0..self.lanes.len() {
            let place = (self.turn + turn) % self.lanes.len();
            let Some(lane) = self.lanes.get_mut(place) else { continue };
            offer = match (lane.next(now.elapsed, house), offer) {
                (Offer::Job(job), _) => return Offer::Job((job, place)),
                (Offer::NotBefore(due), Offer::NotBefore(other)) => {
                    Offer::NotBefore(due.min(other))
                }
                (Offer::NotBefore(due), _) => Offer::NotBefore(due),
                (Offer::Blocked, Offer::Empty) => Offer::Blocked,
                (_, offer) => offer,
            };
        }
        offer
    }

    /// Ends the query with what came: all that is queued or out is given up as interrupted.
    pub fn finish_early(&mut self) {
        self.give_up(&CallFailure::Interrupted);
    }

    /// The server's time: buckets that start later have not begun.
    fn began(&self) -> i64 {
        self.unix.saturating_add(self.clock_offset)
    }

    fn push_ready(&mut self, job: Job) {
        if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.account == job.account) {
            lane.push_ready(job);
        }
    }

    /// Writes the request of a job and hands it out.
    fn send(&mut self, mut job: Job, place: usize, now: Now) -> Option<Exchange> {
        let further = match job.kind {
            _ if job.tried.stay => 0,
            Kind::Tail => 1,
            Kind::Part | Kind::Probe(_) => self.end_time.further(),
        };
        let action = self.action(&job, further);
        let request = match action.to_http(&self.base_url) {
            Ok(request) => request,
            Err(error) => {
                self.fail_job(&job, &CallFailure::Request(error.to_string()));
                if let (Kind::Probe(_), Some(lane)) = (&job.kind, self.lanes.get_mut(place)) {
                    lane.probe_done();
                }
                return None;
            }
        };
        let id = ExchangeId(self.next_id);
        self.next_id += 1;
        self.turn = place + 1;
        job.tried.attempts += 1;
        let refresh_credentials = std::mem::take(&mut job.tried.refresh_next);
        let lane = self.lanes.get_mut(place)?;
        lane.out += 1;
        lane.pace.sent(now.elapsed);
        if refresh_credentials {
            lane.refreshing = Some(id);
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
            lane: place,
            sent: now.elapsed,
            clock_offset: self.clock_offset,
            generation: lane.generation,
            further,
        };
        self.out.insert(id, out);
        Some(exchange)
    }

    fn action(&self, job: &Job, further: i64) -> GetUsage {
        let interval = self.window.interval();
        let beyond = further + i64::from(self.labels_are_ends() && !job.tried.stay);
        let end_time = job.window.last() + beyond * interval.seconds();
        let action = GetUsage::new(interval, job.window.first(), end_time);
        let Some(target) = self.target(job.target) else { return action };
        GetUsage {
            project_name: target.project.clone(),
            endpoint_ids: target.endpoint_ids.get(job.ids.clone()).unwrap_or_default().to_vec(),
            scenes: target.scenes.clone(),
            batch_job_id: target.batch_job_id.clone(),
            ..action
        }
    }

    fn target(&self, id: TargetId) -> Option<&Target> {
        self.targets.get(id.index())
    }

    /// Whether a timestamp is the end of its bucket. Such a query asks one interval further, so
    /// that it is right whether `EndTime` is compared with labels or with starts; what comes too
    /// much is dropped.
    fn labels_are_ends(&self) -> bool {
        self.window.interval() == Interval::Hour && self.options.hour_labels == HourLabels::End
    }
}
