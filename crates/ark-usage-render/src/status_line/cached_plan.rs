//! A plan in the cache of a status line.

use ark_usage_report::plan::{
    PlanKind, PlanNumber, PlanState, PlanStatus, PlanWindow, QuotaWindow,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A plan, with the numbers of its windows as text: every digit is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct CachedPlan {
    plan: String,
    state: String,
    plan_type: Option<String>,
    windows: Vec<CachedWindow>,
}

#[derive(Serialize, Deserialize)]
struct CachedWindow {
    window: String,
    used: Option<String>,
    quota: Option<String>,
    percent: Option<String>,
    /// Unix milliseconds.
    resets_at: Option<i64>,
}

const STATES: [PlanState; 4] =
    [PlanState::Active, PlanState::NotSubscribed, PlanState::NotAllowed, PlanState::Failed];

impl CachedPlan {
    /// Returns the part of a plan that lines show.
    pub(super) fn of(status: &PlanStatus) -> Self {
        let number = |number: Option<&PlanNumber>| number.map(|number| number.as_str().to_owned());
        let window = |window: &PlanWindow| CachedWindow {
            window: window.window.name().to_owned(),
            used: number(window.used.as_ref()),
            quota: number(window.quota.as_ref()),
            percent: number(window.reported_percent.as_ref()),
            resets_at: window.resets_at.map(Timestamp::as_millisecond),
        };
        Self {
            plan: status.plan.name().to_owned(),
            state: status.state.name().to_owned(),
            plan_type: status.plan_type.clone(),
            windows: status.windows.iter().map(window).collect(),
        }
    }

    /// Reads it back; `None` for a plan or a state that this version does not know.
    pub(super) fn status(self) -> Option<PlanStatus> {
        let state = STATES.into_iter().find(|state| state.name() == self.state)?;
        let number = |text: Option<String>| text.and_then(|text| PlanNumber::read(&text));
        let window = |cached: CachedWindow| {
            let kind = QuotaWindow::named(&cached.window);
            PlanWindow {
                used: number(cached.used),
                quota: number(cached.quota),
                reported_percent: number(cached.percent),
                resets_at: cached.resets_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
                ..PlanWindow::new(kind.unwrap_or(QuotaWindow::Other(cached.window)))
            }
        };
        Some(PlanStatus {
            plan_type: self.plan_type,
            windows: self.windows.into_iter().map(window).collect(),
            ..PlanStatus::new(PlanKind::named(&self.plan)?, state)
        })
    }
}
