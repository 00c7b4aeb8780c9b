//! The calls of the probe: read-only and counted.

use std::cell::Cell;

use ark_usage_model::list_endpoints::ListEndpoints;
use ark_usage_model::{AccountId, GetUsage, Interval};
use ark_usage_report::text;
use ark_usage_transport::CallError;
use volc_openapi::{Action as _, ApiError, ResponseError};

use super::observation::UsageObservation;
use crate::commands::call_error;
use crate::commands::doctor::target::DoctorTarget;
use crate::context::Context;
use crate::error::CliError;

/// Calls GetUsage for one project, and counts the calls.
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

    /// Fetches days, from the start of the first to the start of the last.
    pub(super) async fn days(&self, first: i64, last: i64) -> Result<UsageObservation, CliError> {
        self.fetch(&GetUsage::new(Interval::Day, first, last)).await
    }

    /// Fetches hours, from the start of the first to the start of the last.
    pub(super) async fn hours(&self, first: i64, last: i64) -> Result<UsageObservation, CliError> {
        self.fetch(&GetUsage::new(Interval::Hour, first, last)).await
    }

    /// Fetches any usage; a refusal is an error.
    pub(super) async fn fetch(&self, query: &GetUsage) -> Result<UsageObservation, CliError> {
        let result = self.try_fetch(query).await?;
        result.map_err(|error| {
            call_error::from_response(&error.into(), GetUsage::NAME, &self.target.base_url)
        })
    }

    /// Fetches any usage; a refusal is a result as well.
    pub(super) async fn try_fetch(
        &self,
        query: &GetUsage,
    ) -> Result<Result<UsageObservation, ApiError>, CliError> {
        let query = GetUsage { project_name: self.target.project.clone(), ..query.clone() };
        self.calls.set(self.calls.get() + 1);
        let (start, end) = (query.start_time, query.end_time);
        let interval = query.interval.name();
        self.context.detail(text!(
            "probe: by {interval}, from {start} to {end}",
            "探测：按 {interval}，从 {start} 到 {end}"
        ));
        let base_url = &self.target.base_url;
        match self.target.ark().call(base_url, AccountId::default(), &query).await {
            Ok(response) => Ok(Ok(UsageObservation::new(&response.result))),
            Err(CallError::Response(ResponseError::Api(error))) => Ok(Err(error)),
            Err(error) => Err(call_error::from_call(error, GetUsage::NAME, base_url)),
        }
    }

    /// Returns an endpoint of the project, if the credentials may list them.
    pub(super) async fn some_endpoint(&self) -> Option<String> {
        let list = ListEndpoints {
            project_name: self.target.project.clone(),
            page_size: Some(1),
            ..ListEndpoints::default()
        };
        self.calls.set(self.calls.get() + 1);
        let base_url = &self.target.base_url;
        let response = self.target.ark().call(base_url, AccountId::default(), &list).await.ok()?;
        response.result.items.into_iter().next()?.id
    }
}
