//! The plans of an account: which it has, of which size, and since when.

use super::made_up::is_made_up;
use super::noise::{mix, pick};
use crate::calendar::DAY;

/// 2024-07-01T00:00:00+08:00: plans are bought in the month that follows.
const FIRST_SALE: i64 = 1_719_763_200;

/// The plans of an account; `None` for one that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AccountPlans {
    pub(crate) agent: Option<AgentPlan>,
    pub(crate) coding: Option<CodingPlan>,
}

/// A size of the Agent Plan: its name, and the quotas of its windows in AFP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AgentPlan {
    pub(crate) size: AgentSize,
    pub(crate) since: i64,
}

/// The quotas of an Agent Plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AgentSize {
    pub(crate) name: &'static str,
    pub(crate) session: u64,
    /// More than the week: it counts other models.
    pub(crate) day: u64,
    pub(crate) week: u64,
    pub(crate) month: u64,
}

/// `Medium` and `Large` have the quotas that were captured.
const AGENT_SIZES: [AgentSize; 4] = [
    AgentSize { name: "Medium", session: 10_000, day: 50_000, week: 35_000, month: 100_000 },
    AgentSize { name: "Small", session: 4000, day: 20_000, week: 14_000, month: 40_000 },
    AgentSize { name: "Large", session: 25_000, day: 87_500, week: 125_000, month: 250_000 },
    AgentSize { name: "Max", session: 50_000, day: 250_000, week: 175_000, month: 500_000 },
];

/// A Coding Plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CodingPlan {
    pub(crate) name: &'static str,
    pub(crate) since: i64,
}

impl AccountPlans {
    /// The plans of an account: the demo account has both; made-up ones have both, one or none, by
    /// their number.
    pub(crate) fn of(seed: u64, account_id: u64) -> Self {
        let seed = mix(mix(seed, account_id), 0x504C_414E);
        // From the 2nd to the 28th, so that every month has that day.
        let since = |salt| FIRST_SALE + DAY * i64::try_from(1 + mix(seed, salt) % 27).unwrap_or(1);
        let made_up = is_made_up(account_id);
        let size = if made_up { pick(mix(seed, 1), &AGENT_SIZES) } else { AGENT_SIZES.first() };
        let agent = size.map(|size| AgentPlan { size: *size, since: since(2) });
        let name = if made_up && mix(seed, 3).is_multiple_of(2) { "Lite" } else { "Pro" };
        let coding = Some(CodingPlan { name, since: since(4) });
        let (has_agent, has_coding) = match account_id % 4 {
            1 if made_up => (true, false),
            2 if made_up => (false, true),
            3 if made_up => (false, false),
            _ => (true, true),
        };
        Self { agent: agent.filter(|_| has_agent), coding: coding.filter(|_| has_coding) }
    }

    /// The size of a seat's Agent Plan, by its position.
    pub(crate) fn size_of_seat(seed: u64, nth: usize) -> AgentSize {
        let [first, ..] = AGENT_SIZES;
        pick(mix(mix(seed, 5), nth as u64), &AGENT_SIZES).copied().unwrap_or(first)
    }

    /// Both plans, whichever the account has.
    pub(crate) fn both(seed: u64, account_id: u64) -> Self {
        // The same number among accounts that have both.
        let own = Self::of(seed, account_id);
        let other = Self::of(seed, account_id - account_id % 4);
        Self { agent: own.agent.or(other.agent), coding: own.coding.or(other.coding) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::made_up_id;
    use super::*;

    #[test]
    fn accounts_have_both_one_or_none() {
        let demo = AccountPlans::of(7, crate::DEMO_ACCOUNT_ID);
        assert_eq!(demo.agent.map(|plan| plan.size.name), Some("Medium"));
        assert_eq!(demo.coding.map(|plan| plan.name), Some("Pro"));
        let kinds: std::collections::BTreeSet<_> = (2..50)
            .map(|number| AccountPlans::of(7, made_up_id(number)))
            .map(|plans| (plans.agent.is_some(), plans.coding.is_some()))
            .collect();
        assert_eq!(kinds.len(), 4);
        for number in 2..50 {
            let both = AccountPlans::both(7, made_up_id(number));
            assert!(both.agent.is_some() && both.coding.is_some());
        }
    }
}
