//! One part of the query: what to ask, and what was tried.

use std::ops::Range;
use std::time::Duration;

use crate::report::CallFailure;
use crate::{AccountId, Axis, Interval, TargetId, Window};

/// A part of the query that is asked for in one call.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) target: TargetId,
    pub(super) account: AccountId,
    pub(super) window: Window,
    /// The unit in which requests name their range: the window is cut between units only.
    pub(super) unit: Interval,
    /// The range of the target's endpoint ids, by position.
    pub(super) ids: Range<usize>,
    pub(super) kind: Kind,
    /// Not to be sent before.
    pub(super) due: Duration,
    pub(super) tried: Tried,
}

/// The purpose of a job.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// For its points.
    Part,
    /// For one bucket that did not come, one interval further on.
    Tail,
    /// To tell a request that is too large from one that is wrong. Its points are not kept: the
    /// part it stands for is asked for again.
    Probe(Box<Refused>),
}

/// A job that was refused, and why.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) job: Job,
    pub(super) axis: Axis,
    pub(super) why: CallFailure,
    /// One probe has failed already.
    pub(super) second: bool,
}

/// The attempts made for a job.
#[derive(Clone, Debug, Default)]
pub(super) struct Tried {
    /// Exchanges sent.
    pub(super) attempts: u32,
    /// Those that were retries after a delay.
    pub(super) retries: u32,
    /// Those that took too long.
    pub(super) timeouts: u32,
    /// Not to be asked beyond its last bucket: the service refuses what has not begun.
    pub(super) stay: bool,
    pub(super) clock_corrected: bool,
    pub(super) credentials_refreshed: bool,
    /// The next exchange refreshes the credentials first.
    pub(super) refresh_next: bool,
    /// The failure of the last exchange.
    pub(super) last_failure: Option<CallFailure>,
    pub(super) request_id: Option<String>,
}

impl Job {
    pub(super) fn new(
        target: TargetId,
        account: AccountId,
        window: Window,
        unit: Interval,
        ids: Range<usize>,
    ) -> Self {
        Self {
            target,
            account,
            window,
            unit,
            ids,
            kind: Kind::Part,
            due: Duration::ZERO,
            tried: Tried::default(),
        }
    }

    /// The same, asked from the start for another part.
    pub(super) fn part(&self, window: Window, ids: Range<usize>) -> Self {
        Self::new(self.target, self.account, window, self.unit, ids)
    }

    /// The start of the first bucket that waits for it.
    pub(super) fn first(&self) -> i64 {
        match &self.kind {
            Kind::Probe(refused) => refused.job.window.first(),
            Kind::Part | Kind::Tail => self.window.first(),
        }
    }

    /// Its size in units of time or in endpoint ids.
    pub(super) fn size(&self, axis: Axis) -> usize {
        match axis {
            Axis::Buckets => self.window.units(self.unit),
            Axis::EndpointIds => self.ids.len(),
        }
    }

    /// The first `size` of it and the rest.
    pub(super) fn split(&self, axis: Axis, size: usize) -> (Self, Option<Self>) {
        let size = size.max(1);
        match axis {
            Axis::Buckets => {
                let (head, rest) = self.window.split_at(self.unit, size);
                let rest = rest.map(|window| self.part(window, self.ids.clone()));
                (self.part(head, self.ids.clone()), rest)
            }
            Axis::EndpointIds if self.ids.len() <= size => {
                (self.part(self.window, self.ids.clone()), None)
            }
            Axis::EndpointIds => {
                let middle = self.ids.start.saturating_add(size);
                let rest = self.part(self.window, middle..self.ids.end);
                (self.part(self.window, self.ids.start..middle), Some(rest))
            }
        }
    }

    /// Its last bucket, asked for once more.
    pub(super) fn tail(&self) -> Self {
        let part = self.part(self.window.last_bucket(), self.ids.clone());
        Self { kind: Kind::Tail, ..part }
    }
}

impl Refused {
    /// The smallest request within what was refused: one unit of time and one id. The newest unit,
    /// because the oldest may be beyond what the service keeps; the first id, then the last.
    pub(super) fn probe(self) -> Job {
        let ids = &self.job.ids;
        let ids = if ids.is_empty() {
            ids.clone()
        } else if self.second {
            ids.end - 1..ids.end
        } else {
            ids.start..ids.start + 1
        };
        let part = self.job.part(self.job.window.last_unit(self.job.unit), ids);
        Job { kind: Kind::Probe(Box::new(self)), ..part }
    }
}
