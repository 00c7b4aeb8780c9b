//! Everything an action answers a request from.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use http::Response;
use serde::Serialize;

use crate::account::Account;
use crate::behaviors::{Behaviors, Extras};
use crate::data::{Adjustment, Catalogue, Endpoint, Metric, Project, Workload, hour_value};
use crate::envelope::About;
use crate::errors::Refusal;

/// A request whose signature was verified, and everything an action answers it from.
#[derive(Debug)]
pub struct Session<'a> {
    pub(crate) about: &'a About,
    pub(crate) account: &'a Account,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) behaviors: &'a Behaviors,
    pub(crate) adjustments: &'a [Adjustment],
    pub(crate) extras: Extras,
    /// The seed of temporary keys.
    pub(crate) seed: u64,
    /// The emulator's clock, in unix seconds.
    pub(crate) now: i64,
    /// Query pairs, decoded.
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a [u8],
    pub(crate) lists: &'a ReadLists,
}

/// The lists of which a page was given, by account and name.
#[derive(Debug, Default)]
pub(crate) struct ReadLists(Mutex<BTreeSet<(u64, String, String)>>);

impl Session<'_> {
    /// The emulator's clock, unix seconds.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// The body of the request.
    pub fn body(&self) -> &[u8] {
        self.body
    }

    /// The answers to open questions, scripted changes included.
    pub fn behaviors(&self) -> &Behaviors {
        self.behaviors
    }

    /// A response with this `Result`.
    pub fn success(&self, result: &impl Serialize) -> Response<Vec<u8>> {
        self.about.success(result)
    }

    /// The sources of usage in a project (`default` when none is given), endpoint by endpoint.
    ///
    /// # Errors
    ///
    /// When there is no such project, or the account may not see it.
    pub fn sources(&self, project: Option<&str>) -> Result<Vec<UsageSource<'_>>, Refusal> {
        let project = self.project(project)?;
        let source = |endpoint| move |workload| UsageSource { session: self, endpoint, workload };
        let sources = project.endpoints.iter().flat_map(|it| it.workloads.iter().map(source(it)));
        Ok(sources.collect())
    }

    /// True when a page of this list was given before; from now on it is.
    pub(super) fn was_read(&self, name: &str) -> bool {
        let action = self.about.action().to_owned();
        let list = (self.account.account_id, action, name.to_owned());
        !self.lists.0.lock().unwrap_or_else(PoisonError::into_inner).insert(list)
    }

    /// The project of that name (`default` when none is given), if the account may see it.
    pub(super) fn project(&self, name: Option<&str>) -> Result<&Project, Refusal> {
        let name = name.unwrap_or("default");
        let project = self.catalogue.project(name);
        let project = project.ok_or_else(|| Refusal::not_found("ProjectName", name))?;
        if self.account.sees(name) {
            return Ok(project);
        }
        let resource = format!("trn:iam::{}:project/{name}", self.account.account_id);
        Err(Refusal::access_denied(&self.about.iam_action(), &resource))
    }

    /// Refuses a range whose first bucket is older than the service keeps usage.
    pub(super) fn refuse_old(&self, first: i64) -> Result<(), Refusal> {
        let oldest = self.behaviors.max_age.map(|age| self.now - age);
        if oldest.is_some_and(|oldest| first < oldest) {
            return Err(Refusal::invalid_parameter("StartTime", "usage of this time is not kept"));
        }
        Ok(())
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// One source of usage: a scene of an endpoint, and within the batch scenes a job.
#[derive(Clone, Copy, Debug)]
pub struct UsageSource<'a> {
    session: &'a Session<'a>,
    endpoint: &'a Endpoint,
    workload: &'a Workload,
}

/// The tokens of one source in one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HourTokens {
    /// Prompt tokens.
    pub prompt: u64,
    /// Completion tokens.
    pub completion: u64,
}

impl UsageSource<'_> {
    /// `EndpointId`
    pub fn endpoint_id(&self) -> &str {
        &self.endpoint.id
    }

    /// `Scene`
    pub fn scene(&self) -> &str {
        self.workload.scene
    }

    /// `BatchJobId`, inside batch jobs.
    pub fn batch_job_id(&self) -> Option<&str> {
        self.workload.batch_job_id.as_deref()
    }

    /// The usage of the hour that starts at an instant, as far as it is known by now.
    pub fn hour(&self, start: i64) -> HourTokens {
        let Session { now, adjustments, .. } = *self.session;
        let value = |metric| hour_value(self.workload, start, metric, now, adjustments);
        HourTokens {
            prompt: value(Metric::PromptTokens),
            completion: value(Metric::CompletionTokens),
        }
    }
}
