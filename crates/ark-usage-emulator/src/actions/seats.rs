//! The seats of a project: one of a Coding Plan and one of an Agent Plan for each of its API keys.

use super::Session;
use crate::behaviors::SeatHolding;
use crate::calendar::DAY;
use crate::data::{AccountPlans, AgentPlan, ApiKey, PlanWindow, Project};
use crate::errors::Refusal;
use crate::parameters::Parameters;

/// The most seats that a call may name.
const MAX_SEATS: usize = 1_000;

/// A seat.
#[derive(Clone, Debug)]
pub(super) struct Seat<'a> {
    pub(super) id: String,
    pub(super) project: &'a Project,
    pub(super) key: &'a ApiKey,
    pub(super) user_id: u64,
    pub(super) user_name: &'static str,
    pub(super) nth: usize,
}

/// The two kinds of seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeatKind {
    Coding,
    Agent,
}

const USERS: [&str; 8] = ["ann", "bo", "chen", "dai", "erik", "fang", "guo", "hua"];

impl SeatKind {
    /// The kind of a scene; a scene that is none has no seats.
    pub(super) fn of_scene(scene: Option<&str>) -> Option<Self> {
        match scene {
            None | Some("coding_plan_enterprise") => Some(Self::Coding),
            Some("agent_plan_enterprise") => Some(Self::Agent),
            Some(_) => None,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Coding => "seat-",
            Self::Agent => "seat-agent-",
        }
    }

    /// The seats of a project.
    pub(super) fn seats<'a>(self, session: &Session<'_>, project: &'a Project) -> Vec<Seat<'a>> {
        if session.behaviors.seats.holding == SeatHolding::None {
            return Vec::new();
        }
        let seat = |(nth, key): (usize, &'a ApiKey)| Seat {
            id: key.id.replacen("apikey-", self.prefix(), 1),
            project,
            key,
            user_id: 310_000_000 + nth as u64,
            user_name: USERS.get(nth % USERS.len()).copied().unwrap_or_default(),
            nth,
        };
        project.api_keys.iter().enumerate().map(seat).collect()
    }
}

impl Seat<'_> {
    /// The size of a Coding Plan.
    pub(super) fn coding_size(&self) -> &'static str {
        if self.nth.is_multiple_of(2) { "Lite" } else { "Pro" }
    }

    /// The Agent Plan of the seat. It began on the day its API key was made.
    pub(super) fn agent_plan(&self, session: &Session<'_>) -> AgentPlan {
        let since = PlanWindow::day(self.key.created).start;
        let size = AccountPlans::size_of_seat(session.seed, self.nth);
        AgentPlan { size, since }
    }

    /// The instant until which it is paid for.
    pub(super) fn expires(&self) -> i64 {
        self.key.created + 4 * 365 * DAY
    }
}

/// Reads the ids of seats that a call names.
pub(super) fn seat_ids(body: &Parameters) -> Result<Vec<&str>, Refusal> {
    let ids = body.texts("SeatIDs")?;
    if ids.is_empty() {
        return Err(Refusal::missing_parameter("SeatIDs"));
    }
    if ids.len() > MAX_SEATS {
        return Err(Refusal::invalid_parameter("SeatIDs", "at most 1000 are taken"));
    }
    Ok(ids)
}
