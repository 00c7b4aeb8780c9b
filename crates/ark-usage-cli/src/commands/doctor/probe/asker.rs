//! The calls: counted, read-only, as values.

use std::cell::Cell;

use ark_usage_model::list_endpoints::ListEndpoints;
use ark_usage_model::{AccountId, GetUsage, Interval};
use ark_usage_transport::{CallError, ExchangeError};
use volc_openapi::{ApiError, ResponseError};

use super::seen::Seen;
use crate::commands::doctor::subject::Subject;
use crate::commands::{Context, refusal};
use crate::error::CliError;
use crate::text;

/// Asks `GetUsage` about one project, and counts how often.
pub(super) struct Asker<'a> {
    subject: &'a Subject,
    context: &'a Context<'a>,
    calls: Cell<u32>,
}

impl<'a> Asker<'a> {
    pub(super) fn new(subject: &'a Subject, context: &'a Context<'a>) -> Self {
        Self { subject, context, calls: Cell::new(0) }
    }

    pub(super) fn calls(&self) -> u32 {
        self.calls.get()
    }

    /// Days from the start of the first to the start of the last.
    pub(super) async fn days(&self, first: i64, last: i64) -> Result<Seen, CliError> {
        self.ask(&GetUsage::new(Interval::Day, first, last)).await
    }

    /// The same by hours.
    pub(super) async fn hours(&self, first: i64, last: i64) -> Result<Seen, CliError> {
        self.ask(&GetUsage::new(Interval::Hour, first, last)).await
    }

    /// Any question; a refusal ends the probe.
    pub(super) async fn ask(&self, question: &GetUsage) -> Result<Seen, CliError> {
        self.try_ask(question).await?.map_err(|error| refusal::refused(&error))
    }

    /// Any question; a refusal is an answer too.
    pub(super) async fn try_ask(
        &self,
        question: &GetUsage,
    ) -> Result<Result<Seen, ApiError>, CliError> {
        let question = GetUsage { project_name: self.subject.project.clone(), ..question.clone() };
        self.calls.set(self.calls.get() + 1);
        let (start, end) = (question.start_time, question.end_time);
        let interval = question.interval.name();
        self.context.detail(text!(
            "probe: by {interval} from {start} to {end}",
            "探测：按 {interval}，从 {start} 到 {end}"
        ));
        let base_url = &self.subject.base_url;
        match self.subject.ark().call(base_url, AccountId::default(), &question).await {
            Ok(answer) => Ok(Ok(Seen::new(&answer.result))),
            Err(CallError::Response(ResponseError::Api(error))) => Ok(Err(error)),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// An endpoint of the project, if these keys may list them.
    pub(super) async fn some_endpoint(&self) -> Option<String> {
        let list = ListEndpoints {
            project_name: self.subject.project.clone(),
            page_size: Some(1),
            ..ListEndpoints::default()
        };
        self.calls.set(self.calls.get() + 1);
        let base_url = &self.subject.base_url;
        let answer = self.subject.ark().call(base_url, AccountId::default(), &list).await.ok()?;
        answer.result.items.into_iter().next()?.id
    }

    fn failed(&self, error: CallError) -> CliError {
        let base_url = &self.subject.base_url;
        match error {
            CallError::Response(ResponseError::Gateway(error)) => {
                refusal::gateway(&error, base_url)
            }
            CallError::Response(ResponseError::Protocol(error)) => {
                refusal::not_understood(&error, base_url)
            }
            CallError::Exchange(ExchangeError::Sign(error)) => {
                refusal::unsigned().with_source(error)
            }
            error => refusal::unanswered(base_url).with_source(error).with_hint(text!(
                "`ark-usage doctor` looks for the reason",
                "可用 `ark-usage doctor` 查找原因"
            )),
        }
    }
}
