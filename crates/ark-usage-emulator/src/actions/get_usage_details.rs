//! Ark `GetUsageDetails`: the usage of the account's Agent Plan by model.

use http::Response;
use serde::Serialize;

use super::Session;
use super::wire_number::WireNumber;
use crate::behaviors::DetailRows;
use crate::calendar::{DAY, HOUR, day_start};
use crate::data::{AgentModel, PlanWindow, agent_models};
use crate::errors::Refusal;
use crate::parameters::Parameters;

const MAX_DAYS: i64 = 31;
/// Six months.
const HISTORY: i64 = 184 * DAY;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct UsageDetailList {
    details: Vec<UsageDetail>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct UsageDetail {
    /// Milliseconds.
    time: i64,
    object_name: &'static str,
    usage: WireNumber,
    unit: &'static str,
    billing_type: &'static str,
}

/// The parameters, checked.
struct DetailsRequest<'a> {
    width: i64,
    window: PlanWindow,
    objects: Vec<&'a str>,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let filter = body.object("Filter")?;
    let request = read(session, &body, &filter)?;
    let account = session.account.account_id;
    let plan = session.agent_plan();
    let models = plan.map(|plan| agent_models(session.seed, account, plan)).unwrap_or_default();
    let details = rows(session, &request, &models);
    Ok(session.about.success(&UsageDetailList { details }))
}

fn read<'a>(
    session: &Session<'_>,
    body: &Parameters,
    filter: &'a Parameters,
) -> Result<DetailsRequest<'a>, Refusal> {
    let width = match body.text("QueryInterval")? {
        Some("Day") => DAY,
        Some("Hour") => HOUR,
        Some(_) => {
            return Err(Refusal::invalid_parameter("QueryInterval", "Day or Hour is expected"));
        }
        None => return Err(Refusal::missing_parameter("QueryInterval")),
    };
    let day = |name: &str| {
        let text = filter.text(name)?;
        let text = text.ok_or_else(|| Refusal::missing_parameter(&format!("Filter.{name}")))?;
        let wrong = || Refusal::invalid_parameter(name, "a day is expected, yyyy-MM-dd");
        day_start(text).ok_or_else(wrong)
    };
    let (start, last) = (day("StartTime")?, day("EndTime")?);
    if last < start {
        return Err(Refusal::invalid_parameter("EndTime", "it is before StartTime"));
    }
    if last - start >= MAX_DAYS * DAY {
        return Err(Refusal::invalid_parameter("EndTime", "at most 31 days can be asked for"));
    }
    if start < session.now - HISTORY {
        return Err(Refusal::invalid_parameter("StartTime", "it is more than 6 months ago"));
    }
    let window = PlanWindow { start, end: last + DAY };
    Ok(DetailsRequest { width, window, objects: filter.texts("ObjectName")? })
}

fn rows(
    session: &Session<'_>,
    request: &DetailsRequest<'_>,
    models: &[AgentModel],
) -> Vec<UsageDetail> {
    let mut rows = Vec::new();
    let count = (request.window.end - request.window.start) / request.width;
    let buckets = (0..count).map(|nth| request.window.start + nth * request.width);
    for start in buckets.take_while(|start| *start < session.now) {
        let bucket = PlanWindow { start, end: start + request.width };
        for model in models {
            if !request.objects.is_empty() && !request.objects.contains(&model.name) {
                continue;
            }
            let parts = bucket
                .hours(session.now)
                .map(|hour| model.hour(hour, session.now, session.adjustments))
                .fold((0, 0), |sum: (u64, u64), part| (sum.0 + part.0, sum.1 + part.1));
            for (billing, usage) in [("WithinPlan", parts.0), ("OutsideOfPlan", parts.1)] {
                rows.extend(split(session, usage).into_iter().map(|usage| UsageDetail {
                    time: start * 1000,
                    object_name: model.name,
                    usage: WireNumber::new(usage, 0, session.behaviors.seats.details_values),
                    unit: model.unit,
                    billing_type: billing,
                }));
            }
        }
    }
    rows
}

/// The parts in which a usage comes; none of 0.
fn split(session: &Session<'_>, usage: u64) -> Vec<u64> {
    match session.behaviors.seats.details_rows {
        _ if usage == 0 => Vec::new(),
        DetailRows::Whole => vec![usage],
        DetailRows::Split => vec![usage / 3, usage - usage / 3],
    }
}
