//! The result of `GetPersonalPlan`.

use serde::{Deserialize, Serialize};

use crate::OtherMembers;
use crate::members::Members;

/// `Result` of `GetPersonalPlan`. Members may be missing or null; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct PersonalPlan {
    /// Such as `Medium` or `Pro`, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_type: Option<String>,
    /// `Running` or `Expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// True when it renews itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_renew: Option<bool>,
    /// The beginning, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    /// The end, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for PersonalPlan {
    fn from(mut members: Members) -> Self {
        Self {
            plan_type: members.text("PlanType"),
            status: members.text("Status"),
            auto_renew: members.boolean("AutoRenew"),
            start_time: members.text("StartTime"),
            end_time: members.text("EndTime"),
            other: members.rest(),
        }
    }
}
