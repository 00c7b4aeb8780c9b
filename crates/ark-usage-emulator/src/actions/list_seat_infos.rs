//! Ark `ListSeatInfos`: the seats of a team's Coding Plan or Agent Plan.
//!
//! As the real one does, it answers with the keys in clear text; a client masks them.

use http::Response;
use serde::Serialize;

use super::Session;
use super::page::PageParameters;
use super::seats::{Seat, SeatKind};
use crate::behaviors::SeatMember;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Vec<ListedSeat<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<ListedSeat<'a>>>,
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
    identity_id: String,
    identity_detail: &'static str,
    #[serde(rename = "ApiKeySID")]
    api_key_sid: &'a str,
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
    let kind = SeatKind::of_scene(body.text("Scene")?);
    let wanted = filter.texts("SeatIDs")?;
    let seats = kind.map(|kind| kind.seats(session, project)).unwrap_or_default();
    let seats: Vec<Seat<'_>> = seats
        .into_iter()
        .filter(|seat| wanted.is_empty() || wanted.contains(&seat.id.as_str()))
        .collect();

    let listing = session.behaviors.seats.listing;
    let found = listing.existing(seats, || session.was_read(&format!("{} {kind:?}", project.name)));
    let page = page.of(&found, &listing);
    let listed = page.iter().map(|seat| listed(session, kind, seat)).collect();
    let (data, items) = match session.behaviors.seats.list {
        SeatMember::Data => (Some(listed), None),
        SeatMember::Items => (None, Some(listed)),
    };
    Ok(session.about.success(&SeatList { total: listing.total(found.len()), data, items }))
}

fn listed<'a>(session: &Session<'_>, kind: Option<SeatKind>, seat: &Seat<'a>) -> ListedSeat<'a> {
    ListedSeat {
        seat_id: seat.id.clone(),
        account_id: session.account.account_id.to_string(),
        project_name: &seat.project.name,
        biz_info: match kind {
            Some(SeatKind::Agent) => seat.agent_plan(session).size.name,
            _ => seat.coding_size(),
        },
        billing_status: RUNNING,
        seat_status: "2",
        identity_id: seat.user_id.to_string(),
        identity_detail: seat.user_name,
        api_key_sid: &seat.key.id,
        api_key: &seat.key.text,
        order_time: seat.key.created,
        expired_time: seat.expires(),
        create_time: seat.key.created,
    }
}
