//! The query as a state machine.

mod options;
mod step;

use std::collections::{BTreeMap, VecDeque};

use volc_openapi::{Action, BaseUrl, TransportFailure, read_with};

use crate::get_usage::{Decoder, GetUsage};
use crate::report::{Call, CallFailure, Coverage, Gap, GapReason, UsageReport, UsageSeries};
use crate::{AccountId, Metric, Points, Tags, Target, TargetId, Window};

pub use options::{HourLabels, QueryOptions};
pub use step::{Axis, Exchange, ExchangeId, Now, Progress, Step};

/// A query: targets times windows, as a state machine.
#[derive(Debug)]
pub struct UsageQuery {
    targets: Vec<Target>,
    window: Window,
    base_url: BaseUrl,
    options: QueryOptions,
    queue: VecDeque<Job>,
    out: BTreeMap<ExchangeId, Job>,
    next_id: u64,
    series: BTreeMap<(TargetId, Metric, Tags), Points>,
    calls: Vec<Call>,
    gaps: Vec<Gap>,
    epoch: Option<i64>,
}

#[derive(Clone, Debug)]
struct Job {
    target: TargetId,
    account: AccountId,
    window: Window,
    attempts: u32,
}

/// A query that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Nothing is asked about.
    #[error("no target: nothing is asked about")]
    NoTarget,
}

impl UsageQuery {
    /// A query over all targets and the whole window.
    ///
    /// # Errors
    ///
    /// [`PlanError`].
    pub fn new(
        targets: Vec<Target>,
        window: Window,
        base_url: BaseUrl,
        options: QueryOptions,
    ) -> Result<Self, PlanError> {
        if targets.is_empty() {
            return Err(PlanError::NoTarget);
        }
        let mut queue = VecDeque::new();
        let size = usize::try_from(match window.interval() {
            crate::Interval::Day => options.max_window_days,
            crate::Interval::Hour => options.max_window_hours,
        })
        .unwrap_or(1);
        for (index, target) in targets.iter().enumerate() {
            let id = TargetId(u32::try_from(index).unwrap_or(u32::MAX));
            let mut rest = Some(window);
            while let Some(all) = rest {
                let (head, tail) = all.split_at(size);
                queue.push_back(Job {
                    target: id,
                    account: target.account,
                    window: head,
                    attempts: 0,
                });
                rest = tail;
            }
        }
        Ok(Self {
            targets,
            window,
            base_url,
            options,
            queue,
            out: BTreeMap::new(),
            next_id: 0,
            series: BTreeMap::new(),
            calls: Vec::new(),
            gaps: Vec::new(),
            epoch: None,
        })
    }

    /// What to do next.
    pub fn poll(&mut self, now: Now) -> Step {
        self.epoch.get_or_insert(now.unix);
        if self.out.len() >= usize::try_from(self.options.concurrency).unwrap_or(1) {
            return Step::Wait;
        }
        let Some(mut job) = self.queue.pop_front() else {
            return if self.out.is_empty() { Step::Done } else { Step::Wait };
        };
        job.attempts += 1;
        let id = ExchangeId(self.next_id);
        self.next_id += 1;
        let Some(target) = self.targets.get(job.target.index()) else { return Step::Done };
        let action = GetUsage {
            project_name: target.project.clone(),
            endpoint_ids: target.endpoint_ids.clone(),
            scenes: target.scenes.clone(),
            batch_job_id: target.batch_job_id.clone(),
            ..GetUsage::new(self.window.interval(), job.window.first(), job.window.last())
        };
        let Ok(request) = action.to_http(&self.base_url) else { return Step::Done };
        let exchange = Exchange {
            id,
            account: job.account,
            target: job.target,
            window: job.window,
            ids: 0..target.endpoint_ids.len(),
            attempt: job.attempts,
            clock_offset: 0,
            refresh_credentials: false,
            request,
        };
        self.out.insert(id, job);
        Step::Send(exchange)
    }

    /// Takes in the outcome of an exchange.
    pub fn on_response<B: AsRef<[u8]>>(
        &mut self,
        id: ExchangeId,
        now: Now,
        outcome: Result<&http::Response<B>, TransportFailure>,
    ) -> Progress {
        let Some(job) = self.out.remove(&id) else { return Progress::Ignored };
        let epoch = *self.epoch.get_or_insert(now.unix);
        let mut call = Call {
            target: job.target,
            window: job.window,
            ids: 0..0,
            attempts: job.attempts,
            request_id: None,
            error: None,
        };
        let failure = match outcome {
            Ok(response) => {
                let decoder = Decoder {
                    whole: self.window,
                    wanted: job.window,
                    label_shift: 0,
                    stamp: Points::stamp(epoch, now.unix),
                };
                match read_with(response, decoder) {
                    Ok(answer) => {
                        call.request_id = answer.metadata.request_id;
                        self.calls.push(call);
                        let mut points = 0;
                        for item in answer.result.items {
                            points += item.slots.len();
                            self.series
                                .entry((job.target, item.metric, item.tags))
                                .or_insert_with(|| Points::new(self.window, epoch))
                                .merge(item.slots);
                        }
                        return Progress::Accepted { points };
                    }
                    Err(error) => CallFailure::from(error),
                }
            }
            Err(failure) => CallFailure::Transport(failure),
        };
        call.error = Some(failure.clone());
        self.calls.push(call);
        self.gaps.push(Gap {
            target: job.target,
            metric: None,
            ids: 0..0,
            start: job.window.first(),
            end: job.window.end(),
            reason: GapReason::CallFailed(failure.clone()),
        });
        Progress::Failed(failure)
    }

    /// Ends the query with what came: what is still out or queued is given up as interrupted.
    pub fn finish_early(&mut self) {
        self.queue.clear();
        self.out.clear();
    }

    /// Everything that was found out.
    pub fn into_report(self) -> UsageReport {
        let failed = !self.gaps.is_empty();
        UsageReport {
            window: self.window,
            targets: self.targets,
            series: self
                .series
                .into_iter()
                .map(|((target, metric, tags), points)| UsageSeries {
                    target,
                    metric,
                    tags,
                    points,
                })
                .collect(),
            coverage: Coverage { complete: !failed, failed, missing: self.gaps },
            calls: self.calls,
            warnings: Vec::new(),
            settle: self.options.settle,
        }
    }
}
