//! The result of `GetSeatAFPUsage`.

use serde::{Deserialize, Serialize};

use crate::OtherMembers;
use crate::get_afp_usage::AfpWindows;
use crate::members::Members;

/// `Result` of `GetSeatAFPUsage`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct SeatAfpUsages {
    /// The seats, in the order of the request.
    #[serde(rename = "SeatAFPUsages")]
    pub seats: Vec<SeatAfpUsage>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for SeatAfpUsages {
    fn from(mut members: Members) -> Self {
        Self {
            seats: members.list_of(&["SeatAFPUsages", "Items", "Data"]).unwrap_or_default(),
            other: members.rest_without_keys(),
        }
    }
}

/// The quotas of a seat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct SeatAfpUsage {
    /// The seat.
    #[serde(rename = "SeatID", skip_serializing_if = "Option::is_none")]
    pub seat_id: Option<String>,
    /// The id of its user.
    #[serde(rename = "UserID", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name of its user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Such as `Small`, `Medium`, `Large` or `Max`, in any case.
    pub plan_type: String,
    /// The windows.
    #[serde(flatten)]
    pub windows: AfpWindows,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for SeatAfpUsage {
    fn from(mut members: Members) -> Self {
        Self {
            seat_id: members.text("SeatID"),
            user_id: members.text("UserID"),
            user_name: members.text("UserName"),
            plan_type: members.text("PlanType").unwrap_or_default(),
            windows: AfpWindows::take(&mut members),
            other: members.rest_without_keys(),
        }
    }
}
