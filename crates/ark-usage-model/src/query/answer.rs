//! Takes in the outcome of an exchange: keep, retry, split or give up.

use std::time::Duration;

use volc_openapi::{
    Attempt, CodeClass, Failure, ResponseError, ServerHints, TransportFailure, Verdict,
};

use crate::TargetId;
use crate::action::{CollectorScope, DecodedResponse, PointCollector, UsageAction};
use crate::query::account_queue::Throttling;
use crate::query::end_time::EndTimeObservation;
use crate::query::job::{Job, Kind, Refused};
use crate::query::{ExchangeId, Now, Out, Progress, StoredLines, UsageQuery};
use crate::report::{Call, CallFailure, Gap, GapReason};

/// The time after which an account that was throttled only is stopped.
const THROTTLED_FOR_GOOD: Duration = Duration::from_secs(30);

/// The failure of an exchange.
#[derive(Clone, Debug)]
pub(super) enum ResponseFault {
    Response(ResponseError),
    Transport(TransportFailure),
}

impl ResponseFault {
    pub(super) fn failure(&self) -> Failure<'_> {
        match self {
            Self::Response(error) => Failure::Response(error),
            Self::Transport(failure) => Failure::Transport(*failure),
        }
    }

    /// The class of a typed error's code.
    pub(super) fn class(&self) -> Option<CodeClass<'_>> {
        match self {
            Self::Response(ResponseError::Api(error)) => Some(error.error_code().class()),
            Self::Response(_) | Self::Transport(_) => None,
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Response(error) => Some(error.status().as_u16()),
            Self::Transport(_) => None,
        }
    }

    fn request_id(&self) -> Option<String> {
        match self {
            Self::Response(error) => error.request_id().map(str::to_owned),
            Self::Transport(_) => None,
        }
    }
}

impl From<ResponseFault> for CallFailure {
    fn from(fault: ResponseFault) -> Self {
        match fault {
            ResponseFault::Response(error) => error.into(),
            ResponseFault::Transport(failure) => Self::Transport(failure),
        }
    }
}

/// The calls that a final failure ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FailureScope {
    Job,
    Target,
    Account,
}

impl UsageQuery {
    /// Takes in the outcome of an exchange: an HTTP answer of any kind, or none. Outcomes may come
    /// in any order; one that is no longer waited for is ignored. A response with [`StoredLines`]
    /// among its extensions is the answer of a store; its body is not read.
    pub fn on_response<B: AsRef<[u8]>>(
        &mut self,
        id: ExchangeId,
        now: Now,
        outcome: Result<&http::Response<B>, TransportFailure>,
    ) -> Progress {
        self.unix = now.unix;
        let Some(out) = self.out.remove(&id) else { return Progress::Ignored };
        if let Some(queue) = self.queues.get_mut(out.queue) {
            queue.out = queue.out.saturating_sub(1);
            queue.answered |= outcome.is_ok();
            if queue.refreshing == Some(id) {
                queue.refreshing = None;
            }
        }
        let response = match outcome {
            Ok(response) => response,
            Err(failure) => {
                return self.failed(
                    out,
                    now,
                    ResponseFault::Transport(failure),
                    ServerHints::default(),
                );
            }
        };
        if let Some(stored) = response.extensions().get::<StoredLines>() {
            return self.accepted_stored(out, stored);
        }
        // Only the service's own answers tell its time: what stands before it has another clock.
        let mut server_clock = self.server_clock;
        let answered_at = server_clock.observe(response.headers(), out.sent, out.clock_offset, now);
        let mut points = PointCollector::new(self.collector_scope(&out, answered_at));
        match self.action.decode(&borrowed(response), &mut points) {
            Ok(metadata) => {
                self.server_clock = server_clock;
                self.accepted(out, metadata.request_id, points.finish())
            }
            Err(error) => {
                if matches!(error, ResponseError::Api(_)) {
                    self.server_clock = server_clock;
                }
                let hints = ServerHints::from_headers(response.headers(), now.unix);
                self.failed(out, now, ResponseFault::Response(error), hints)
            }
        }
    }

    fn collector_scope(&self, out: &Out, answered_at: i64) -> CollectorScope {
        let seconds = self.window.interval().seconds();
        let (wanted, unit) = (out.job.window, out.job.unit);
        CollectorScope {
            whole: self.window,
            wanted,
            named: (
                wanted.start_of_unit(unit, wanted.first()),
                wanted.next_unit(unit, wanted.last()),
            ),
            open_ends: self.action.open_questions().end_time,
            repeated: self.action.repeated_rows(),
            watch: out.job.window.last() + out.further * seconds,
            label_shift: if self.labels_are_ends() { -seconds } else { 0 },
            // By the server's clock, which says how much of a bucket had passed.
            stamp: self.store.stamp(answered_at),
        }
    }

    fn accepted(
        &mut self,
        out: Out,
        request_id: Option<String>,
        decoded: DecodedResponse,
    ) -> Progress {
        let Out { mut job, queue: place, further, .. } = out;
        job.tried.request_id = request_id;
        if let Some(queue) = self.queues.get_mut(place) {
            queue.pace.succeeded();
            queue.throttling = None;
            queue.worked(&job);
        }
        if let Kind::Probe(refused) = job.kind {
            return self.too_large(place, *refused);
        }
        let last = job.window.last();
        let observed = EndTimeObservation {
            further,
            last: decoded.has(self.window.index_of(last)),
            end: decoded.watched,
        };
        let points = self.store.take(&job, decoded, &self.targets);
        self.record(&job, None);
        let (next, doubt) = match job.kind {
            Kind::Tail => (self.end_time.tail_answered(observed), false),
            Kind::Part | Kind::Probe(_) => self.end_time.part_answered(&job, observed),
        };
        for tail in next {
            self.push_ready(tail);
        }
        if doubt {
            Progress::AskingFurther { points, bucket: last }
        } else {
            Progress::Accepted { points }
        }
    }

    fn failed(&mut self, out: Out, now: Now, fault: ResponseFault, hints: ServerHints) -> Progress {
        let Out { mut job, queue: place, sent, clock_offset, generation, further } = out;
        if let Some(id) = fault.request_id() {
            job.tried.request_id = Some(id);
        }
        job.tried.timeouts += u32::from(fault.failure().is_timeout());
        if self.asked_too_far(&fault, &job, further) {
            job.tried.stay = true;
            job.due = now.elapsed;
            self.push_ready(job);
            return Progress::Retrying { after: Duration::ZERO, why: fault.into() };
        }
        if let Some((axis, known)) = super::narrow::too_much(self.action, &fault, &job) {
            return self.narrow(place, job, axis, known, fault);
        }
        let attempt = Attempt {
            retries: job.tried.retries,
            clock_corrected: job.tried.clock_corrected,
            credentials_refreshed: job.tried.credentials_refreshed,
            jitter: self.random.next_u64(),
        };
        let verdict = self.options.retry.decide(fault.failure(), attempt, hints);
        let why = CallFailure::from(fault.clone());
        if fault.failure().is_throttle() && self.throttled_for_good(place, now, hints) {
            let cancelled = self.stop(place, None, &job, &why);
            return Progress::AccountStopped { cancelled, why };
        }
        match verdict {
            Verdict::Retry { after, throttled } => {
                job.tried.retries += 1;
                job.due = now.elapsed.saturating_add(after);
                if let (true, Some(queue)) = (throttled, self.queues.get_mut(place)) {
                    queue.pace.throttled(now.elapsed, sent, after);
                }
                self.push_ready(job);
                Progress::Retrying { after, why }
            }
            Verdict::RefreshCredentials => self.refresh(place, job, generation, now, why),
            Verdict::CorrectClock { offset } => {
                // Another exchange may have corrected it while this one was out.
                if clock_offset == self.clock_offset {
                    self.correct_clock(offset);
                }
                job.tried.clock_corrected = true;
                job.due = now.elapsed;
                self.push_ready(job);
                Progress::CorrectingClock { offset: self.clock_offset }
            }
            _ => self.finally_failed(place, job, &fault),
        }
    }

    /// Counts a throttled response. True when an account gets nothing else for so long that each of its
    /// calls would fail like this one, or the server asks for a pause that is not waited for.
    fn throttled_for_good(&mut self, place: usize, now: Now, hints: ServerHints) -> bool {
        let retry = &self.options.retry;
        let Some(queue) = self.queues.get_mut(place) else { return false };
        let throttling =
            queue.throttling.get_or_insert(Throttling { since: now.elapsed, times: 0 });
        throttling.times = throttling.times.saturating_add(1);
        let enough = retry.max_retries.saturating_add(1).saturating_mul(2);
        let lasts = now.elapsed.saturating_sub(throttling.since) >= THROTTLED_FOR_GOOD;
        hints.retry_after.is_some_and(|asked| retry.is_too_long(asked))
            || lasts && throttling.times >= enough
    }

    /// Sends a job again after a refusal of its credentials: refreshing them first, unless that was
    /// done while it was out.
    fn refresh(
        &mut self,
        place: usize,
        mut job: Job,
        generation: u32,
        now: Now,
        why: CallFailure,
    ) -> Progress {
        let current = self.queues.get(place).map_or(0, |queue| queue.generation);
        if current == generation {
            job.tried.credentials_refreshed = true;
            job.tried.refresh_next = true;
            // What is sent after this job waits for it.
            if let Some(queue) = self.queues.get_mut(place) {
                queue.generation += 1;
            }
        }
        job.due = now.elapsed;
        job.tried.last_failure = Some(why.clone());
        self.push_ready(job);
        Progress::RefreshingCredentials { why }
    }

    fn correct_clock(&mut self, offset: i64) {
        self.clock_offset = offset;
        let direction = if offset.is_negative() { "ahead of" } else { "behind" };
        self.store.warn("clock_skew", 1, || {
            format!(
                "this machine's clock is {} s {direction} the server's; requests were signed with \
                 the server's time",
                offset.unsigned_abs()
            )
        });
    }

    /// A failure that will not get better.
    fn finally_failed(&mut self, place: usize, job: Job, fault: &ResponseFault) -> Progress {
        let mut why = CallFailure::from(fault.clone());
        if matches!(fault, ResponseFault::Transport(TransportFailure::Signing))
            && let Some(earlier) = job.tried.last_failure.clone()
        {
            // The credentials cannot be refreshed, so that the refusal before stands.
            why = earlier;
        }
        let answered = self.queues.get(place).is_some_and(|queue| queue.answered);
        let scope = match scope_of(self.action, fault, answered) {
            // Permissions may differ from project to project.
            FailureScope::Account
                if fault.class() == Some(CodeClass::Permission) && self.names_projects(&job) =>
            {
                FailureScope::Target
            }
            scope => scope,
        };
        match scope {
            FailureScope::Account => {
                let cancelled = self.stop(place, None, &job, &why);
                Progress::AccountStopped { cancelled, why }
            }
            FailureScope::Target => {
                let cancelled = self.stop(place, Some(job.target), &job, &why);
                Progress::TargetStopped { cancelled, why }
            }
            FailureScope::Job => match job.kind {
                Kind::Probe(refused) => self.probe_failed(place, *refused, fault),
                Kind::Tail if super::narrow::is_refusal(self.action, fault) => {
                    // The service does not let one ask so far; the bucket counts as not returned.
                    self.record(&job, None);
                    self.tail_failed();
                    Progress::Accepted { points: 0 }
                }
                Kind::Part | Kind::Tail => {
                    self.fail_job(&job, &why);
                    Progress::Failed(why)
                }
            },
        }
    }

    /// Stops an account or one of its targets: what waits or is out fails as stopped.
    fn stop(
        &mut self,
        place: usize,
        target: Option<TargetId>,
        job: &Job,
        why: &CallFailure,
    ) -> Vec<ExchangeId> {
        self.fail_job(job, why);
        let stopped = CallFailure::Stopped(Box::new(why.clone()));
        let hit = |job: &Job| target.is_none_or(|target| job.target == target);
        let mut cancelled = Vec::new();
        let mut jobs = Vec::new();
        let mut probe_lost = matches!(job.kind, Kind::Probe(_));
        self.out.retain(|id, out| {
            let stop = out.queue == place && hit(&out.job);
            if stop {
                cancelled.push(*id);
                probe_lost |= matches!(out.job.kind, Kind::Probe(_));
                jobs.push(out.job.clone());
            }
            !stop
        });
        if let Some(queue) = self.queues.get_mut(place) {
            let account = queue.account;
            queue.out = queue.out.saturating_sub(cancelled.len());
            queue.refreshing = queue.refreshing.filter(|id| !cancelled.contains(id));
            jobs.extend(queue.take_all(target));
            if probe_lost {
                queue.probe_done();
            }
            jobs.extend(self.end_time.take(|job| job.account == account && hit(job)));
        }
        for job in &jobs {
            self.fail_job(job, &stopped);
        }
        cancelled
    }

    /// Gives up all that is queued or out.
    pub(super) fn give_up(&mut self, why: &CallFailure) {
        let server_now = self.server_now();
        let mut jobs: Vec<Job> =
            std::mem::take(&mut self.out).into_values().map(|out| out.job).collect();
        for queue in &mut self.queues {
            queue.drop_future(server_now);
            queue.out = 0;
            queue.refreshing = None;
            // Taking a queued probe may queue the next.
            while !queue.is_idle() {
                jobs.extend(queue.take_all(None));
            }
        }
        jobs.extend(self.end_time.take(|_| true));
        for job in &jobs {
            self.fail_job(job, why);
        }
    }

    /// Notes that nothing came of a job.
    pub(super) fn fail_job(&mut self, job: &Job, why: &CallFailure) {
        let job = match &job.kind {
            Kind::Probe(refused) => &refused.job,
            Kind::Part | Kind::Tail => job,
        };
        self.record(job, Some(why.clone()));
        self.failed.push(Gap {
            target: job.target,
            metric: None,
            ids: job.ids.clone(),
            start: job.window.first(),
            end: job.window.end(),
            reason: GapReason::CallFailed(why.clone()),
        });
        if matches!(job.kind, Kind::Tail) {
            self.tail_failed();
        }
    }

    pub(super) fn tail_failed(&mut self) {
        for tail in self.end_time.tail_failed() {
            self.push_ready(tail);
        }
    }

    pub(super) fn record(&mut self, job: &Job, error: Option<CallFailure>) {
        self.calls.push(Call {
            target: job.target,
            window: job.window,
            ids: job.ids.clone(),
            attempts: job.tried.attempts,
            request_id: job.tried.request_id.clone(),
            error,
        });
    }

    /// Returns true if a job is about one of several projects of its account.
    fn names_projects(&self, job: &Job) -> bool {
        let Some(target) = self.targets.get(job.target.index()) else { return false };
        let mut others = self.targets.iter().filter(|other| other.account == target.account);
        target.project.is_some() && others.any(|other| other.project != target.project)
    }

    /// The first refused job, whose probe has shown that it is not wrong but too large, is halved,
    /// and so are those of its target that waited for this answer.
    pub(super) fn too_large(&mut self, place: usize, refused: Refused) -> Progress {
        let Refused { job, axis, .. } = refused;
        let from = job.size(axis);
        let Some(queue) = self.queues.get_mut(place) else { return Progress::Ignored };
        let to = queue.halve(&job, axis);
        for waiting in queue.take_parked(job.target, axis) {
            queue.halve(&waiting.job, axis);
        }
        queue.probe_done();
        Progress::Narrowed { axis, from, to }
    }
}

/// The same response, its body borrowed.
fn borrowed<B: AsRef<[u8]>>(response: &http::Response<B>) -> http::Response<&[u8]> {
    let mut borrowed = http::Response::new(response.body().as_ref());
    *borrowed.status_mut() = response.status();
    *borrowed.headers_mut() = response.headers().clone();
    borrowed
}

/// Returns the calls that a final failure ends.
fn scope_of(action: &dyn UsageAction, fault: &ResponseFault, answered: bool) -> FailureScope {
    if let Some(class) = fault.class() {
        match class {
            CodeClass::Permission
            | CodeClass::Signature
            | CodeClass::Credential
            | CodeClass::ClockSkew
            | CodeClass::UnknownAction
            | CodeClass::Account => return FailureScope::Account,
            CodeClass::ProjectPermission => return FailureScope::Target,
            CodeClass::BadParameter(Some(name)) | CodeClass::NotFound(Some(name))
                if super::narrow::axis_of(action, name).is_none() =>
            {
                return FailureScope::Target;
            }
            _ => {}
        }
    }
    match fault {
        ResponseFault::Transport(TransportFailure::Signing) => FailureScope::Account,
        // A server that was never reached will not be reached by the next call either.
        ResponseFault::Transport(failure)
            if !answered
                && (failure.is_before_server() || *failure == TransportFailure::Redirect) =>
        {
            FailureScope::Account
        }
        _ if matches!(fault.status(), Some(401 | 403)) => FailureScope::Account,
        _ => FailureScope::Job,
    }
}
