//! The result of `ListSeatAFPUsage`.

use serde::{Deserialize, Serialize};

use crate::OtherMembers;
use crate::get_seat_afp_usage::SeatAfpUsage;
use crate::members::Members;

/// `Result` of `ListSeatAFPUsage`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct SeatAfpUsagePage {
    /// Seats on all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    /// This page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<i64>,
    /// Seats of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// The project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// The seats of this page.
    #[serde(rename = "Items")]
    pub seats: Vec<SeatAfpUsage>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for SeatAfpUsagePage {
    fn from(mut members: Members) -> Self {
        Self {
            total_count: members.integer("TotalCount").or_else(|| members.integer("Total")),
            page_number: members.integer("PageNumber"),
            page_size: members.integer("PageSize"),
            project_name: members.text("ProjectName"),
            seats: members.list_of(&["Items", "Data", "SeatAFPUsages"]).unwrap_or_default(),
            other: members.rest_without_keys(),
        }
    }
}
