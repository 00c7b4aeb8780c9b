//! The plans of every account.

use ark_usage_model::Interval;
use ark_usage_model::get_afp_usage::GetAfpUsage;
use ark_usage_model::get_coding_plan_usage::GetCodingPlanUsage;
use ark_usage_model::get_personal_plan::GetPersonalPlan;
use ark_usage_model::get_usage_details::{GetUsageDetails, UsageDetails};
use ark_usage_report::plan::{
    PlanCallFailure, PlanKind, PlanState, PlanStatus, agent_plan, coding_plan,
};
use ark_usage_report::range::Range;
use ark_usage_report::text;
use ark_usage_transport::CallError;
use volc_openapi::{Action, BaseUrl, ResponseError};

use super::FetchContext;
use super::account::{self, Account};
use super::lists::is_final;
use crate::commands::call_error::from_call;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, TextOf as _};

/// Plans that were fetched.
#[derive(Debug)]
pub(crate) struct FetchedPlans {
    /// Both plans of each account, account by account.
    pub(crate) plans: Vec<PlanStatus>,
    /// Code and prose of each warning.
    pub(crate) warnings: Vec<(&'static str, Text)>,
    /// The first call that failed for another reason than a missing permission.
    pub(crate) failure: Option<CliError>,
}

impl FetchedPlans {
    /// Fails with the first failure if no plan could be read.
    pub(crate) fn require_any(mut self) -> Result<Self, CliError> {
        let is_nothing = self.plans.iter().all(|status| status.state == PlanState::Failed);
        match self.failure.take() {
            Some(failure) if is_nothing => Err(failure),
            failure => Ok(Self { failure, ..self }),
        }
    }

    /// Fails with the first failure if some plan could not be read for another reason than a missing permission.
    pub(crate) fn require_all(mut self) -> Result<Vec<PlanStatus>, CliError> {
        let has_failed = self.plans.iter().any(|status| status.state == PlanState::Failed);
        self.failure.take().filter(|_| has_failed).map_or(Ok(self.plans), Err)
    }
}

impl FetchContext<'_> {
    /// Fetches both plans of each account: neither hides the other.
    pub(crate) async fn plans(&self) -> Result<FetchedPlans, CliError> {
        let fetching = text!("fetching plans", "查询套餐");
        let fetch = Box::pin(async {
            let (ids, unverified) = self.account_ids().await?;
            let mut fetched = FetchedPlans {
                plans: Vec::new(),
                warnings: unverified.into_iter().collect(),
                failure: None,
            };
            for (account, account_id) in self.accounts.iter().zip(ids) {
                let mut calls = PlanCalls::new(account, &self.base_url, self.context);
                for status in calls.both().await {
                    let (account_id, profile) = (account_id.clone(), account.profile.clone());
                    fetched.plans.push(PlanStatus { account_id, profile, ..status });
                }
                fetched.failure = fetched.failure.or_else(|| calls.into_failure());
            }
            Ok(fetched)
        });
        self.context.within(self.request.options.deadline, &fetching, fetch).await
    }

    /// Fetches the usage of each active Agent Plan in a range, in as many calls as it needs; for a call that failed
    /// the reason.
    pub(crate) async fn plan_details<'p>(
        &self,
        plans: &'p [PlanStatus],
        range: &Range,
    ) -> Result<Vec<AgentDetails<'p>>, CliError> {
        let fetching = text!("fetching usage of plans", "查询套餐用量");
        let requests =
            GetUsageDetails::for_days(Interval::Day, range.window.first(), range.window.end());
        let fetch = Box::pin(async {
            let mut all = Vec::new();
            for (account, statuses) in self.accounts.iter().zip(plans.chunks(PlanKind::ALL.len())) {
                let is_wanted = |status: &&PlanStatus| {
                    status.plan == PlanKind::Agent && status.state == PlanState::Active
                };
                let Some(status) = statuses.iter().find(is_wanted) else { continue };
                let mut calls = PlanCalls::new(account, &self.base_url, self.context);
                let mut responses = Ok(Vec::new());
                for request in &requests {
                    match (&mut responses, calls.ask(request).await) {
                        (Ok(all), Ok(found)) => all.push(found),
                        (found, Err(failure)) => {
                            *found = Err(failure.words(GetUsageDetails::NAME));
                            break;
                        }
                        (Err(_), Ok(_)) => {}
                    }
                }
                all.push((status, responses));
            }
            Ok(all)
        });
        self.context.within(self.request.options.deadline, &fetching, fetch).await
    }

    /// Returns the number of each account, as far as STS says it. Several profiles have to be different
    /// accounts, as for usage.
    pub(super) async fn account_ids(&self) -> Result<AccountIds, CliError> {
        if let [only] = self.accounts.as_slice() {
            let number = only.number(&self.base_url, self.context).await?;
            return Ok((vec![number.map(|number| number.to_string())], None));
        }
        let found =
            account::identify(&self.accounts, self.request, &self.base_url, self.context).await?;
        Ok((found.ids, found.unverified))
    }
}

/// An Agent Plan with the responses about its usage, or the reason why there are none.
pub(crate) type AgentDetails<'p> = (&'p PlanStatus, Result<Vec<UsageDetails>, Text>);

/// The numbers of accounts, and the warning that accounts are only assumed to be different.
pub(super) type AccountIds = (Vec<Option<String>>, Option<(&'static str, Text)>);

/// The calls about the plans of one account.
pub(super) struct PlanCalls<'a> {
    account: &'a Account,
    base_url: &'a BaseUrl,
    context: &'a Context<'a>,
    /// The first failure, and true if all other calls would fail in the same way.
    failure: Option<(CliError, bool)>,
}

impl<'a> PlanCalls<'a> {
    pub(super) fn new(
        account: &'a Account,
        base_url: &'a BaseUrl,
        context: &'a Context<'a>,
    ) -> Self {
        Self { account, base_url, context, failure: None }
    }

    /// Returns the first failure.
    pub(super) fn into_failure(self) -> Option<CliError> {
        self.failure.map(|(error, _)| error)
    }
}

impl PlanCalls<'_> {
    async fn both(&mut self) -> [PlanStatus; 2] {
        let usage = self.ask(&GetAfpUsage::default()).await;
        let personal = self.ask(&GetPersonalPlan::agent()).await;
        let agent = agent_plan(usage, personal);
        let usage = self.ask(&GetCodingPlanUsage {}).await;
        let personal = self.ask(&GetPersonalPlan::coding()).await;
        [agent, coding_plan(usage, personal)]
    }

    /// Calls an action, unless an earlier failure is one of all calls.
    pub(super) async fn ask<A: Action + Sync>(
        &mut self,
        action: &A,
    ) -> Result<A::Response, PlanCallFailure> {
        self.ask_at(action, None).await
    }

    /// Calls an action of Ark, or one of another service at its address.
    pub(super) async fn ask_at<A: Action + Sync>(
        &mut self,
        action: &A,
        other: Option<&BaseUrl>,
    ) -> Result<A::Response, PlanCallFailure> {
        if let Some((error, true)) = &self.failure {
            return Err(PlanCallFailure::Failed(error.parts().0.clone()));
        }
        let id = self.account.id;
        let called = match other {
            None => self.account.ark().call(self.base_url, id, action).await,
            Some(address) => self.account.client(A::SERVICE).call(address, id, action).await,
        };
        self.context.detail(match &called {
            Ok(_) => text!("call {action}: 200 OK", "调用 {action}：200 OK", action = A::NAME),
            Err(error) => text!(
                "call {action}: {error}",
                "调用 {action}：{error}",
                action = A::NAME;
                error = Text::of_error(error)
            ),
        });
        called.map(|response| response.result).map_err(|error| self.failed(error, A::NAME))
    }

    fn failed(&mut self, error: CallError, action: &str) -> PlanCallFailure {
        if let CallError::Response(ResponseError::Api(refusal)) = &error
            && let Some(failure) = PlanCallFailure::of(refusal, action)
        {
            return failure;
        }
        let is_final = is_final(&error);
        let error = from_call(error, action, self.base_url);
        let reason = error.parts().0.clone();
        self.failure.get_or_insert((error, is_final));
        PlanCallFailure::Failed(reason)
    }
}
