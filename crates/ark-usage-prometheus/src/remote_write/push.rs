//! The push: a machine without sockets and clocks.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use ark_usage_history::{Sample, Store, StoreError};

use super::message::body;
use super::plan::{PlannedSample, plan};
use super::{PushPlan, SampleKind, WriteResponse};

/// Samples of one request, unless [`Push::batch`] says otherwise.
const BATCH: usize = 2_000;

/// Limits of retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers set each")]
pub struct RetryLimits {
    /// Retries of one request (5).
    pub retries: u32,
    /// The longest first delay (1 s); doubles with each retry, and is never less than half.
    pub base: Duration,
    /// No delay is longer (30 s), but for what the receiver asks for.
    pub cap: Duration,
    /// A `Retry-After` longer than this (2 min) is not waited for.
    pub max_retry_after: Duration,
}

impl Default for RetryLimits {
    fn default() -> Self {
        Self {
            retries: 5,
            base: Duration::from_secs(1),
            cap: Duration::from_secs(30),
            max_retry_after: Duration::from_mins(2),
        }
    }
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to do each")]
pub enum PushStep {
    /// Send this body, and report the [response](Push::on_response) or its [absence](Push::on_failure).
    Send(Vec<u8>),
    /// Wait.
    Wait(Duration),
    /// Everything is sent, or the push [stopped](Push::stop).
    End,
}

/// The reason for which a push stopped early.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller tells each from the others")]
pub enum PushStop {
    /// The receiver refuses a request.
    Refused {
        /// The status.
        status: u16,
        /// The first line of the body.
        line: String,
    },
    /// The receiver was not able to take a request, and retries did not help.
    Unable {
        /// The status.
        status: u16,
        /// The first line of the body.
        line: String,
    },
    /// There was no response.
    Unreached,
}

/// The number of samples by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PushCounts {
    /// Confirmed first values.
    pub new: u64,
    /// Confirmed corrections.
    pub corrections: u64,
    /// Confirmed samples that were sent again.
    pub again: u64,
    /// Samples that are still to be sent.
    pub left: u64,
    /// Values that a float does not hold exactly, and that are left out.
    pub too_large: u64,
    /// Requests, with retries.
    pub requests: u64,
}

/// The state of the request at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
enum RequestState {
    None,
    Sent,
    Waiting(Duration),
    Due,
    Confirmed,
}

/// Sends what a receiver lacks, batch by batch.
#[derive(Clone, Debug)]
pub struct Push {
    /// Limits of retries.
    pub limits: RetryLimits,
    /// The most samples of one request.
    pub batch: usize,
    /// Mixes the delays; evenly distributed over all 64 bits.
    pub jitter: u64,
    receiver: String,
    range: RangeInclusive<i64>,
    plan: Option<PushPlan>,
    /// The samples of the plan that are confirmed, and the end of the request at hand.
    done: usize,
    end: usize,
    state: RequestState,
    retries: u32,
    counts: PushCounts,
    series: BTreeSet<String>,
    stop: Option<PushStop>,
}

impl Push {
    /// A push to a receiver, by the name that the list of deliveries has for it, of buckets that end in a
    /// range.
    pub fn new(receiver: impl Into<String>, range: RangeInclusive<i64>) -> Self {
        Self {
            limits: RetryLimits::default(),
            batch: BATCH,
            jitter: 0,
            receiver: receiver.into(),
            range,
            plan: None,
            done: 0,
            end: 0,
            state: RequestState::None,
            retries: 0,
            counts: PushCounts::default(),
            series: BTreeSet::new(),
            stop: None,
        }
    }

    /// Says what to do next. Writes down in the store what is about to be sent, and what was confirmed.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing more may be sent.
    pub fn next(&mut self, store: &mut dyn Store) -> Result<PushStep, StoreError> {
        if self.state == RequestState::Confirmed {
            store.complete_delivery(&self.receiver, &self.at_hand())?;
            self.count();
            (self.done, self.state, self.retries) = (self.end, RequestState::None, 0);
        }
        if self.stop.is_some() {
            return Ok(PushStep::End);
        }
        if let RequestState::Waiting(delay) = self.state {
            self.state = RequestState::Due;
            return Ok(PushStep::Wait(delay));
        }
        if self.state == RequestState::None && !self.has_more(store)? {
            return Ok(PushStep::End);
        }
        if self.state == RequestState::None {
            self.end = self.planned().len().min(self.done.saturating_add(self.batch.max(1)));
            store.begin_delivery(&self.receiver, &self.at_hand())?;
        }
        self.state = RequestState::Sent;
        self.counts.requests += 1;
        let samples = self.planned().get(self.done..self.end).unwrap_or_default();
        Ok(PushStep::Send(self.plan.as_ref().map(|plan| body(plan, samples)).unwrap_or_default()))
    }

    /// Takes the response to the body sent last.
    pub fn on_response(&mut self, response: WriteResponse) {
        match response {
            WriteResponse::Received => self.state = RequestState::Confirmed,
            WriteResponse::Refused { status, line } => {
                self.stop = Some(PushStop::Refused { status, line });
            }
            WriteResponse::Later { status, line, retry_after } => {
                self.retry(retry_after, PushStop::Unable { status, line });
            }
        }
    }

    /// Takes the absence of a response. One that is not `temporary` is not tried again.
    pub fn on_failure(&mut self, is_temporary: bool) {
        if is_temporary {
            self.retry(None, PushStop::Unreached);
        } else {
            self.stop = Some(PushStop::Unreached);
        }
    }

    /// The reason for which it stopped early.
    pub fn stop(&self) -> Option<&PushStop> {
        self.stop.as_ref()
    }

    /// The samples so far, by what became of them.
    pub fn counts(&self) -> PushCounts {
        let left = self.planned().len().saturating_sub(self.done);
        PushCounts { left: u64::try_from(left).unwrap_or(u64::MAX), ..self.counts }
    }

    /// The number of series of which samples were confirmed.
    pub fn series(&self) -> usize {
        self.series.len()
    }

    /// Looks for samples: first those in flight, and then, once, all others.
    fn has_more(&mut self, store: &dyn Store) -> Result<bool, StoreError> {
        loop {
            if self.done < self.planned().len() {
                return Ok(true);
            }
            let was_again = |plan: &PushPlan| plan.count(SampleKind::Again) > 0;
            if !self.plan.as_ref().is_none_or(was_again) {
                return Ok(false);
            }
            let next = plan(store, &self.receiver, &self.range)?;
            self.counts.too_large = next.too_large;
            (self.done, self.end) = (0, 0);
            self.plan = Some(next);
        }
    }

    fn retry(&mut self, asked: Option<Duration>, reason: PushStop) {
        let asked = asked.unwrap_or_default();
        if self.retries >= self.limits.retries || asked > self.limits.max_retry_after {
            self.stop = Some(reason);
            return;
        }
        let factor = 1_u32.checked_shl(self.retries).unwrap_or(u32::MAX);
        let half = self.limits.base.saturating_mul(factor).min(self.limits.cap) / 2;
        // A part of the half, by the upper bits of the jitter, which changes from retry to retry.
        let part = u32::try_from(self.jitter >> 48).unwrap_or(0);
        self.jitter = self.jitter.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
        self.retries += 1;
        self.state = RequestState::Waiting((half + half * part / (1 << 16)).max(asked));
    }

    fn planned(&self) -> &[PlannedSample] {
        self.plan.as_ref().map_or(&[], |plan| &plan.samples)
    }

    /// The samples of the request at hand, as the list of deliveries has them.
    fn at_hand(&self) -> Vec<Sample> {
        let Some(plan) = &self.plan else { return Vec::new() };
        let names: Vec<String> = plan.series.iter().map(super::SeriesName::text).collect();
        let planned = plan.samples.get(self.done..self.end).unwrap_or_default().iter();
        let sample = |one: &PlannedSample| {
            let series = names.get(one.series)?.clone();
            Some(Sample { series, at: one.at, value: one.value })
        };
        planned.filter_map(sample).collect()
    }

    fn count(&mut self) {
        let Some(plan) = &self.plan else { return };
        for sample in plan.samples.get(self.done..self.end).unwrap_or_default() {
            *match sample.kind {
                SampleKind::New => &mut self.counts.new,
                SampleKind::Correction => &mut self.counts.corrections,
                SampleKind::Again => &mut self.counts.again,
            } += 1;
            let name = plan.series.get(sample.series).map(super::SeriesName::text);
            self.series.extend(name);
        }
    }
}
