//! Ark `GetAFPUsage`: the windows of the account's Agent Plan.

use http::Response;
use serde::Serialize;

use super::Session;
use super::afp_windows::AfpWindowList;
use crate::behaviors::AbsentAgentPlan;
use crate::data::agent_models;
use crate::errors::Refusal;
use crate::parameters::Parameters;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AfpUsage {
    plan_type: String,
    #[serde(flatten)]
    windows: AfpWindowList,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    Parameters::from_body(session.body)?;
    let Some(plan) = session.agent_plan() else {
        return Ok(match session.behaviors.plans.afp_absent {
            AbsentAgentPlan::Zero => session.about.success(&AfpUsage {
                plan_type: String::new(),
                windows: AfpWindowList::without_plan(session),
            }),
            AbsentAgentPlan::Null => session.about.success(&None::<()>),
            AbsentAgentPlan::Missing => session.about.without_result(),
        });
    };
    let models = agent_models(session.seed, session.account.account_id, plan);
    let windows = AfpWindowList::of(session, plan, &models);
    let plan_type = session.plan_type_text(plan.size.name);
    Ok(session.about.success(&AfpUsage { plan_type, windows }))
}
