//! Ark `ListSeatInfos`: the seats of a team's Coding Plan, one for each API key of the project.
//!
//! As the real one does, it answers with the keys in clear text; a client masks them.

use http::Response;
use serde::Serialize;

use super::Session;
use super::page::PageParameters;
use crate::behaviors::Listing;
use crate::calendar::DAY;
use crate::data::{ApiKey, Project};
use crate::errors::Refusal;
use crate::parameters::Parameters;

const DEFAULT_PAGE_SIZE: i64 = 20;
const MAX_PAGE_SIZE: i64 = 100;
/// `BillingStatus` of a seat that is paid for.
const RUNNING: i64 = 2;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SeatList<'a> {
    total: usize,
    data: &'a [ListedSeat<'a>],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedSeat<'a> {
    #[serde(rename = "SeatID")]
    seat_id: String,
    #[serde(rename = "AccountID")]
    account_id: String,
    project_name: &'a str,
    biz_info: &'static str,
    billing_status: i64,
    seat_status: &'static str,
    api_key: &'a str,
    /// Unix seconds, as for every time of a seat.
    order_time: i64,
    expired_time: i64,
    create_time: i64,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    if !body.has("Filter") {
        return Err(Refusal::missing_parameter("Filter"));
    }
    let filter = body.object("Filter")?;
    let page = PageParameters::read(&body, "PageNum", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)?;
    let project = session.project(body.text("ProjectName")?)?;
    let wanted = filter.texts("SeatIDs")?;
    let seats = project.api_keys.iter().map(|key| seat(session, project, key));
    let seats: Vec<ListedSeat<'_>> =
        seats.filter(|seat| wanted.is_empty() || wanted.contains(&seat.seat_id.as_str())).collect();
    let data = page.of(&seats, &Listing::default());
    Ok(session.about.success(&SeatList { total: seats.len(), data }))
}

fn seat<'a>(session: &Session<'_>, project: &'a Project, key: &'a ApiKey) -> ListedSeat<'a> {
    ListedSeat {
        seat_id: key.id.replacen("apikey-", "seat-", 1),
        account_id: session.account.account_id.to_string(),
        project_name: &project.name,
        biz_info: "coding_plan_enterprise_lite",
        billing_status: RUNNING,
        seat_status: "Assigned",
        api_key: &key.text,
        order_time: key.created,
        expired_time: key.created + 365 * DAY,
        create_time: key.created,
    }
}
