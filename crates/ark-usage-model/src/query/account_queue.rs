//! The requests of one account that wait to be sent, and the sizes they may have.

use std::collections::VecDeque;
use std::time::Duration;

use crate::query::ExchangeId;
use crate::query::job::{Job, Kind, Refused};
use crate::query::pace::Pace;
use crate::{AccountId, Axis, TargetId};

/// One account's work.
#[derive(Clone, Debug)]
pub(super) struct AccountQueue {
    pub(super) account: AccountId,
    pub(super) pace: Pace,
    /// Parts not asked for yet, as large as they come.
    pieces: VecDeque<Job>,
    /// Jobs to be sent as they are: retries, halves, tails, probes.
    ready: Vec<Job>,
    /// Refused jobs that wait for a probe.
    parked: VecDeque<Refused>,
    /// True when a probe is queued or out.
    probing: bool,
    /// Exchanges out.
    pub(super) out: usize,
    /// The exchange that refreshes the credentials: nothing else is sent meanwhile.
    pub(super) refreshing: Option<ExchangeId>,
    /// The number of times the credentials were refreshed.
    pub(super) generation: u32,
    /// The server answered at least once.
    pub(super) answered: bool,
    /// The throttled responses since the last success.
    pub(super) throttling: Option<Throttling>,
    buckets: AdaptiveLimit,
    ids: AdaptiveLimit,
}

/// Throttled responses in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Throttling {
    /// The time of the first.
    pub(super) since: Duration,
    pub(super) times: u32,
}

/// The amount that may be asked for at once.
#[derive(Clone, Copy, Debug)]
struct AdaptiveLimit {
    /// Most.
    limit: usize,
    /// The most that worked.
    worked: usize,
}

impl AdaptiveLimit {
    fn worked(&mut self, size: usize) {
        self.worked = self.worked.max(size);
        self.limit = self.limit.max(self.worked);
    }
}

/// The state of the query as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct SchedulerState {
    /// Buckets that start later are not asked for.
    pub(super) server_now: i64,
    /// As much is out as may be.
    pub(super) at_capacity: bool,
    /// New parts wait for an answer about `EndTime`.
    pub(super) end_time_unknown: bool,
}

/// The next action of a queue.
#[derive(Debug)]
pub(super) enum NextAction<J> {
    /// Send this now.
    Job(J),
    /// Not before.
    NotBefore(Duration),
    /// Only after an answer.
    Blocked,
    /// Nothing is left.
    Empty,
}

impl AccountQueue {
    pub(super) fn new(account: AccountId, pace: Pace, max_units: usize, max_ids: usize) -> Self {
        Self {
            account,
            pace,
            pieces: VecDeque::new(),
            ready: Vec::new(),
            parked: VecDeque::new(),
            probing: false,
            out: 0,
            refreshing: None,
            generation: 0,
            answered: false,
            throttling: None,
            buckets: AdaptiveLimit { limit: max_units, worked: 0 },
            ids: AdaptiveLimit { limit: max_ids, worked: 0 },
        }
    }

    /// Adds a part of any size.
    pub(super) fn push_piece(&mut self, job: Job) {
        self.pieces.push_back(job);
    }

    /// Adds a job to be sent as it is.
    pub(super) fn push_ready(&mut self, job: Job) {
        self.ready.push(job);
    }

    /// True when nothing waits to be sent.
    pub(super) fn is_idle(&self) -> bool {
        self.pieces.is_empty() && self.ready.is_empty() && self.parked.is_empty()
    }

    /// The next job, if it may be sent.
    pub(super) fn next(&mut self, now: Duration, state: SchedulerState) -> NextAction<Job> {
        self.hold_future(state.server_now);
        let begun = |piece: &Job| piece.window.first() <= state.server_now;
        let has_pieces = self.pieces.iter().any(begun);
        if !has_pieces && self.ready.is_empty() && self.parked.is_empty() {
            return NextAction::Empty;
        }
        if state.at_capacity || self.refreshing.is_some() || !self.pace.has_room(self.out) {
            return NextAction::Blocked;
        }
        let piece_waits =
            has_pieces && !self.probing && !state.end_time_unknown && !self.is_unreached();
        // Fresh credentials first: whatever else is sent before would be refused like the last.
        let urgency = |(_, job): &(usize, &Job)| (!job.tried.refresh_next, job.due);
        let earliest = self.ready.iter().enumerate().min_by_key(urgency);
        let (place, due) = match earliest {
            Some((place, job)) if job.due <= now || !piece_waits => (Some(place), job.due),
            _ if piece_waits => (None, Duration::ZERO),
            _ => return NextAction::Blocked,
        };
        let due = due.max(self.pace.next());
        if due > now {
            return NextAction::NotBefore(due);
        }
        let job = match place {
            Some(place) => Some(self.ready.remove(place)),
            None => self.next_piece(state.server_now),
        };
        job.map_or(NextAction::Blocked, NextAction::Job)
    }

    /// True when the server was never reached and a first exchange is tried again: others would fail
    /// like it.
    fn is_unreached(&self) -> bool {
        !self.answered && self.ready.iter().any(|job| job.tried.retries > 0)
    }

    /// Cuts the next job off. What remains of its time goes to the back, so that all targets move
    /// through time together.
    fn next_piece(&mut self, server_now: i64) -> Option<Job> {
        let place = self.pieces.iter().position(|piece| piece.window.first() <= server_now)?;
        let mut piece = self.pieces.remove(place)?;
        self.pieces.extend(cut_future(&mut piece, server_now));
        let (head, later) = piece.split(Axis::Buckets, self.buckets.limit);
        self.pieces.extend(later);
        let (job, others) = head.split(Axis::EndpointIds, self.ids.limit);
        if let Some(others) = others {
            self.pieces.push_front(others);
        }
        Some(job)
    }

    /// Puts back what was to be sent again and has not begun after all: there is nothing to know
    /// about it, and the service may refuse to be asked. An answer may show that this machine's
    /// clock is ahead, or behind, so that it is kept until the end.
    fn hold_future(&mut self, server_now: i64) {
        for mut job in std::mem::take(&mut self.ready) {
            if !matches!(job.kind, Kind::Part) || job.window.last() <= server_now {
                self.ready.push(job);
            } else if job.window.first() > server_now {
                self.pieces.push_back(job);
            } else {
                self.pieces.extend(cut_future(&mut job, server_now));
                self.ready.push(job);
            }
        }
    }

    /// Drops what has not begun: no call failed to ask for it.
    pub(super) fn drop_future(&mut self, server_now: i64) {
        self.hold_future(server_now);
        self.pieces.retain_mut(|piece| {
            let _not_begun = cut_future(piece, server_now);
            piece.window.first() <= server_now
        });
    }

    /// The start of the first bucket that still waits to be asked for.
    pub(super) fn first_waiting(&self) -> Option<i64> {
        let parked = self.parked.iter().map(|refused| refused.job.first());
        let jobs = self.pieces.iter().chain(&self.ready).map(Job::first);
        jobs.chain(parked).min()
    }

    /// Remembers that a job of this size works.
    pub(super) fn worked(&mut self, job: &Job) {
        self.buckets.worked(job.size(Axis::Buckets));
        self.ids.worked(job.size(Axis::EndpointIds));
    }

    /// The most that worked.
    pub(super) fn largest(&self, axis: Axis) -> usize {
        match axis {
            Axis::Buckets => self.buckets.worked,
            Axis::EndpointIds => self.ids.worked,
        }
    }

    /// Cuts a job in two and, if nothing as large ever worked, everything that follows as well.
    /// Returns the size of the parts.
    pub(super) fn halve(&mut self, job: &Job, axis: Axis) -> usize {
        let size = job.size(axis);
        let half = size.div_ceil(2);
        let limit = match axis {
            Axis::Buckets => &mut self.buckets,
            Axis::EndpointIds => &mut self.ids,
        };
        if size > limit.worked {
            limit.limit = limit.limit.min(half.max(limit.worked));
        }
        let (one, other) = job.split(axis, half);
        self.ready.push(one);
        self.ready.extend(other);
        half
    }

    /// Sends a probe for a refused job, now or when the current probe is answered.
    pub(super) fn park(&mut self, refused: Refused) {
        self.parked.push_back(refused);
        self.probe_next();
    }

    /// The probe is answered; the next may go.
    pub(super) fn probe_done(&mut self) {
        self.probing = false;
        self.probe_next();
    }

    /// Takes the refused jobs of a target that wait for an answer about this axis.
    pub(super) fn take_parked(&mut self, target: TargetId, axis: Axis) -> VecDeque<Refused> {
        let waits = |refused: &Refused| refused.job.target == target && refused.axis == axis;
        let (taken, kept) = std::mem::take(&mut self.parked).into_iter().partition(waits);
        self.parked = kept;
        taken
    }

    fn probe_next(&mut self) {
        if !self.probing
            && let Some(refused) = self.parked.pop_front()
        {
            self.probing = true;
            self.ready.push(refused.probe());
        }
    }

    /// Takes out all that waits, or all of one target.
    pub(super) fn take_all(&mut self, target: Option<TargetId>) -> Vec<Job> {
        let wanted = |job: &Job| target.is_none_or(|target| job.target == target);
        let mut taken = Vec::new();
        let parked: VecDeque<Refused>;
        (parked, self.parked) =
            std::mem::take(&mut self.parked).into_iter().partition(|one| wanted(&one.job));
        taken.extend(parked.into_iter().map(|refused| refused.job));
        let ready: Vec<Job>;
        (ready, self.ready) = std::mem::take(&mut self.ready).into_iter().partition(wanted);
        self.probing &= !ready.iter().any(|job| matches!(job.kind, Kind::Probe(_)));
        taken.extend(ready);
        let pieces: VecDeque<Job>;
        (pieces, self.pieces) = std::mem::take(&mut self.pieces).into_iter().partition(wanted);
        taken.extend(pieces);
        self.probe_next();
        taken
    }
}

/// Cuts the buckets off a job that have not begun, if others have; returns a job for them.
fn cut_future(job: &mut Job, server_now: i64) -> Option<Job> {
    let next = job.window.next_start(server_now);
    let (begun, later) = job.window.cut_before(next)?;
    let later = job.part(later, job.ids.clone());
    job.window = begun;
    Some(later)
}
