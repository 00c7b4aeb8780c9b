//! The result of `ListSeatInfoUsages`.

use serde::{Deserialize, Serialize};

use crate::OtherMembers;
use crate::get_seat_info_usage::SeatInfoUsage;
use crate::members::Members;

/// `Result` of `ListSeatInfoUsages`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct SeatInfoUsages {
    /// The number of seats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// The seats.
    #[serde(rename = "Data")]
    pub seats: Vec<SeatInfoUsage>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for SeatInfoUsages {
    fn from(mut members: Members) -> Self {
        Self {
            total: members.integer("Total").or_else(|| members.integer("TotalCount")),
            seats: members.list_of(&["Data", "Items"]).unwrap_or_default(),
            other: members.rest_without_keys(),
        }
    }
}
