//! Ark `GetSeatAFPUsage` and `ListSeatAFPUsage`: the windows of seats of a team's Agent Plan.

use http::Response;
use serde::Serialize;

use super::Session;
use super::afp_windows::AfpWindowList;
use super::page::PageParameters;
use super::seats::{Seat, SeatKind, seat_ids};
use crate::behaviors::SeatMember;
use crate::data::{agent_models, fold_text, mix};
use crate::errors::Refusal;
use crate::parameters::Parameters;

const DEFAULT_PAGE_SIZE: i64 = 10;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SeatAfpUsage {
    #[serde(rename = "SeatID")]
    seat_id: String,
    #[serde(rename = "UserID")]
    user_id: u64,
    user_name: &'static str,
    plan_type: String,
    #[serde(flatten)]
    windows: AfpWindowList,
}

#[derive(Debug, Serialize)]
struct SeatAfpUsageList {
    #[serde(rename = "SeatAFPUsages")]
    usages: Vec<SeatAfpUsage>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SeatAfpUsagePage<'a> {
    total_count: usize,
    page_number: i64,
    page_size: i64,
    project_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<SeatAfpUsage>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Vec<SeatAfpUsage>>,
}

/// Answers `GetSeatAFPUsage`: the seats of every project that the key may see, in the order of the ids.
pub(super) fn get(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let ids = seat_ids(&body)?;
    let projects = session.catalogue.projects.iter();
    let visible = projects.filter(|project| session.account.sees(&project.name));
    let seats: Vec<Seat<'_>> =
        visible.flat_map(|project| SeatKind::Agent.seats(session, project)).collect();
    let named = |id: &str| seats.iter().find(|seat| seat.id == id);
    let found = ids.into_iter().filter_map(named);
    let usages = found.map(|seat| usage(session, seat)).collect();
    Ok(session.about.success(&SeatAfpUsageList { usages }))
}

/// Answers `ListSeatAFPUsage`.
pub(super) fn list(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let filter = body.object("Filter")?;
    let project_name = body.text("ProjectName")?;
    let project_name = project_name.ok_or_else(|| Refusal::missing_parameter("ProjectName"))?;
    let page = PageParameters::read(&body, "PageNumber", DEFAULT_PAGE_SIZE, 100)?;
    if page.size < 10 {
        return Err(Refusal::invalid_parameter("PageSize", "10 to 100 are expected"));
    }
    let project = session.project(Some(project_name))?;
    let wanted = [filter.texts("SeatIDs")?, filter.texts("UserNames")?, filter.texts("PlanType")?];
    let is_wanted = |seat: &Seat<'_>| {
        let values = [&seat.id, seat.user_name, seat.agent_plan(session).size.name];
        wanted.iter().zip(values).all(|(wanted, value)| {
            wanted.is_empty() || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
        })
    };
    let seats = SeatKind::Agent.seats(session, project).into_iter().filter(is_wanted).collect();
    let listing = session.behaviors.seats.listing;
    let found: Vec<Seat<'_>> = listing.existing(seats, || session.was_read(&project.name));
    let usages = Some(page.of(&found, &listing).iter().map(|seat| usage(session, seat)).collect());
    // The documents have `Items` here.
    let (items, data) = match session.behaviors.seats.list {
        SeatMember::Data => (usages, None),
        SeatMember::Items => (None, usages),
    };
    let total_count = listing.total(found.len());
    Ok(session.about.success(&SeatAfpUsagePage {
        total_count,
        page_number: page.number,
        page_size: page.size,
        project_name,
        items,
        data,
    }))
}

fn usage(session: &Session<'_>, seat: &Seat<'_>) -> SeatAfpUsage {
    let plan = seat.agent_plan(session);
    let seed = mix(session.seed, fold_text(0, &seat.id));
    let models = agent_models(seed, session.account.account_id, plan);
    SeatAfpUsage {
        seat_id: seat.id.clone(),
        user_id: seat.user_id,
        user_name: seat.user_name,
        plan_type: session.plan_type_text(plan.size.name),
        windows: AfpWindowList::of(session, plan, &models),
    }
}
