//! The calls of the probe: read-only and counted.

use std::cell::Cell;

use ark_usage_model::AccountId;
use ark_usage_model::list_projects::ListProjects;
use ark_usage_report::Text;
use ark_usage_report::probe::{ProbeCalls, ProbeError};
use ark_usage_transport::CallError;
use volc_openapi::{Action, ResponseError};

use crate::commands::call_error;
use crate::commands::doctor::target::DoctorTarget;
use crate::context::Context;
use crate::error::CliError;
use crate::settings::service_url;

/// Sends calls with the credentials of the target, and counts them.
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
}

impl ProbeCalls for ProbeClient<'_> {
    type Error = CliError;

    async fn send<A: Action>(
        &self,
        action: &A,
        about: Text,
    ) -> Result<A::Response, ProbeError<CliError>> {
        self.calls.set(self.calls.get() + 1);
        self.context.detail(about);
        let target = self.target;
        // The service that signs for Ark may be another one.
        let is_other = A::SERVICE == ListProjects::SERVICE;
        let service = if is_other { A::SERVICE } else { &target.server.service.value };
        let base_url = if is_other {
            service_url(&target.base_url, A::SERVICE)
        } else {
            target.base_url.clone()
        };
        match target.client(service).call(&base_url, AccountId::default(), action).await {
            Ok(response) => Ok(response.result),
            Err(CallError::Response(ResponseError::Api(error))) => Err(ProbeError::Refused(error)),
            Err(error) => Err(ProbeError::Failed(call_error::from_call(error, A::NAME, &base_url))),
        }
    }
}
