//! Ark `GetPersonalPlan`: one plan of the account.

use http::Response;
use serde::Serialize;

use super::Session;
use crate::calendar::{DAY, day_of_month, rfc3339_beijing};
use crate::data::PlanWindow;
use crate::errors::Refusal;
use crate::parameters::Parameters;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PersonalPlan {
    plan_type: String,
    status: &'static str,
    auto_renew: bool,
    start_time: String,
    end_time: String,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let plan = body.text("Plan")?.ok_or_else(|| Refusal::missing_parameter("Plan"))?;
    let bought = match plan {
        "AgentPlan" => session
            .agent_plan_bought()
            .map(|plan| (session.plan_type_text(plan.size.name), plan.since)),
        "CodingPlan" => session.coding_plan_bought().map(|plan| (plan.name.to_owned(), plan.since)),
        _ => {
            let why = "AgentPlan or CodingPlan is expected";
            return Err(Refusal::invalid_parameter("Plan", why));
        }
    };
    let (plan_type, since) = bought.ok_or_else(|| Refusal::resource_not_found("Plan", plan))?;
    let has_ended = session.plans_have_ended();
    let month = PlanWindow::month(session.now, day_of_month(since));
    // One that has ended did so when the month began.
    let end = if has_ended { month.start.max(since + DAY) } else { month.end };
    Ok(session.about.success(&PersonalPlan {
        plan_type,
        status: if has_ended { "Expired" } else { "Running" },
        auto_renew: !has_ended,
        start_time: rfc3339_beijing(since),
        end_time: rfc3339_beijing(end),
    }))
}
