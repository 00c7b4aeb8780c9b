//! The calls: counted, read-only, as values.

use std::cell::Cell;

use ark_usage_model::list_endpoints::ListEndpoints;
use ark_usage_model::{AccountId, GetUsage, Interval};
use ark_usage_transport::{CallError, ExchangeError};
use volc_openapi::{ApiError, ResponseError};

use super::observation::UsageObservation;
use crate::commands::call_error;
use crate::commands::doctor::target::DoctorTarget;
use crate::context::Context;
use crate::error::CliError;
use crate::text;

/// Asks `GetUsage` about one project, and counts how often.
pub(super) struct ProbeClient<'a> {
    target: &'a DoctorTarget,
    context: &'a Context<'a>,
    calls: Cell<u32>,
}

impl<'a> ProbeClient<'a> {
    pub(super) fn new(target: &'a DoctorTarget, context: &'a Context<'a>) -> Self {
        Self { target, context, calls: Cell::new(0) }
    }

    pub(super) fn calls(&self) -> u32 {
        self.calls.get()
    }

    /// Days from the start of the first to the start of the last.
    pub(super) async fn days(&self, first: i64, last: i64) -> Result<UsageObservation, CliError> {
        self.fetch(&GetUsage::new(Interval::Day, first, last)).await
    }

    /// The same by hours.
    pub(super) async fn hours(&self, first: i64, last: i64) -> Result<UsageObservation, CliError> {
        self.fetch(&GetUsage::new(Interval::Hour, first, last)).await
    }

    /// Any question; a refusal ends the probe.
    pub(super) async fn fetch(&self, query: &GetUsage) -> Result<UsageObservation, CliError> {
        self.try_fetch(query).await?.map_err(|error| call_error::refused(&error))
    }

    /// Any question; a refusal is an answer too.
    pub(super) async fn try_fetch(
        &self,
        query: &GetUsage,
    ) -> Result<Result<UsageObservation, ApiError>, CliError> {
        let query = GetUsage { project_name: self.target.project.clone(), ..query.clone() };
        self.calls.set(self.calls.get() + 1);
        let (start, end) = (query.start_time, query.end_time);
        let interval = query.interval.name();
        self.context.detail(text!(
            "probe: by {interval} from {start} to {end}",
            "探测：按 {interval}，从 {start} 到 {end}"
        ));
        let base_url = &self.target.base_url;
        match self.target.ark().call(base_url, AccountId::default(), &query).await {
            Ok(answer) => Ok(Ok(UsageObservation::new(&answer.result))),
            Err(CallError::Response(ResponseError::Api(error))) => Ok(Err(error)),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// An endpoint of the project, if these keys may list them.
    pub(super) async fn some_endpoint(&self) -> Option<String> {
        let list = ListEndpoints {
            project_name: self.target.project.clone(),
            page_size: Some(1),
            ..ListEndpoints::default()
        };
        self.calls.set(self.calls.get() + 1);
        let base_url = &self.target.base_url;
        let answer = self.target.ark().call(base_url, AccountId::default(), &list).await.ok()?;
        answer.result.items.into_iter().next()?.id
    }

    fn failed(&self, error: CallError) -> CliError {
        let base_url = &self.target.base_url;
        match error {
            CallError::Response(ResponseError::Gateway(error)) => {
                call_error::gateway(&error, base_url)
            }
            CallError::Response(ResponseError::Protocol(error)) => {
                call_error::not_understood(&error, base_url)
            }
            CallError::Exchange(ExchangeError::Sign(error)) => {
                call_error::unsigned().with_source(error)
            }
            error => call_error::unanswered(base_url).with_source(error).with_hint(text!(
                "`ark-usage doctor` looks for the reason",
                "可用 `ark-usage doctor` 查找原因"
            )),
        }
    }
}
