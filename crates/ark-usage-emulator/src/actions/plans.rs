//! The plans of the account that asks, as the behaviors have them.

use super::Session;
use crate::behaviors::PlanHolding;
use crate::data::{AccountPlans, AgentPlan, CodingPlan};

impl Session<'_> {
    /// The plans that were bought, ended ones included.
    fn plans(&self) -> AccountPlans {
        let (seed, account) = (self.seed, self.account.account_id);
        let both = || AccountPlans::both(seed, account);
        let plans = match self.behaviors.plans.plans {
            PlanHolding::Usual => AccountPlans::of(seed, account),
            PlanHolding::Both | PlanHolding::Expired => both(),
            PlanHolding::Agent => AccountPlans { coding: None, ..both() },
            PlanHolding::Coding => AccountPlans { agent: None, ..both() },
            PlanHolding::None => AccountPlans { agent: None, coding: None },
        };
        AccountPlans {
            agent: plans.agent.filter(|plan| plan.since <= self.now),
            coding: plans.coding.filter(|plan| plan.since <= self.now),
        }
    }

    /// True when plans have ended.
    pub(super) fn plans_have_ended(&self) -> bool {
        self.behaviors.plans.plans == PlanHolding::Expired
    }

    /// The Agent Plan that was bought.
    pub(super) fn agent_plan_bought(&self) -> Option<AgentPlan> {
        self.plans().agent
    }

    /// The Coding Plan that was bought.
    pub(super) fn coding_plan_bought(&self) -> Option<CodingPlan> {
        self.plans().coding
    }

    /// The Agent Plan that runs.
    pub(super) fn agent_plan(&self) -> Option<AgentPlan> {
        self.agent_plan_bought().filter(|_| !self.plans_have_ended())
    }

    /// The Coding Plan that runs.
    pub(super) fn coding_plan(&self) -> Option<CodingPlan> {
        self.coding_plan_bought().filter(|_| !self.plans_have_ended())
    }
}
