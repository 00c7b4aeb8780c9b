//! The result of `GetSeatInfoUsage`.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{Decimal, OtherMembers, UnixMilliseconds};

/// The usage of a seat: `Result` of `GetSeatInfoUsage` itself, or its member `SeatInfoUsage`. Members may
/// be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct SeatInfoUsage {
    /// The seat.
    #[serde(rename = "SeatID", skip_serializing_if = "Option::is_none")]
    pub seat_id: Option<String>,
    /// The account that pays for it.
    #[serde(rename = "AccountID", skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The id of its user.
    #[serde(rename = "UserID", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name of its user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Five hours, in percent; may exceed 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_term_usage: Option<Decimal>,
    /// A week, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_usage: Option<Decimal>,
    /// A month, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_usage: Option<Decimal>,
    /// The end of the five hours; -1 when they have not begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_term_reset_milestone: Option<UnixMilliseconds>,
    /// The end of the week; -1 when it has not begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_reset_milestone: Option<UnixMilliseconds>,
    /// The end of the month; -1 when it has not begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_reset_milestone: Option<UnixMilliseconds>,
    /// The beginning of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_subscribe_milestone: Option<UnixMilliseconds>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for SeatInfoUsage {
    fn from(members: Members) -> Self {
        let mut members = members.unwrapped("SeatInfoUsage");
        Self {
            seat_id: members.text("SeatID"),
            account_id: members.text("AccountID"),
            user_id: members.text("UserID"),
            user_name: members.text("UserName"),
            short_term_usage: members.decimal("ShortTermUsage"),
            weekly_usage: members.decimal("WeeklyUsage"),
            monthly_usage: members.decimal("MonthlyUsage"),
            short_term_reset_milestone: members.milliseconds("ShortTermResetMilestone"),
            weekly_reset_milestone: members.milliseconds("WeeklyResetMilestone"),
            monthly_reset_milestone: members.milliseconds("MonthlyResetMilestone"),
            monthly_subscribe_milestone: members.milliseconds("MonthlySubscribeMilestone"),
            other: members.rest_without_keys(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_are_read_alike() {
        let fields = r#""SeatID":"s1","AccountID":2100000001,"UserID":7,"UserName":"ann","ShortTermUsage":101,
            "WeeklyUsage":24.4000,"ShortTermResetMilestone":-1,"MonthlyResetMilestone":1788105600000"#;
        let direct: SeatInfoUsage = serde_json::from_str(&format!("{{{fields}}}")).unwrap();
        let wrapped = fields.replace(":101", ":\"101\"").replace(":24.4000", ":\"24.4000\"");
        let wrapped = format!("{{\"SeatInfoUsage\":{{{wrapped}}}}}");
        assert_eq!(serde_json::from_str::<SeatInfoUsage>(&wrapped).unwrap(), direct);
        assert_eq!(direct.user_id.as_deref(), Some("7"));
        assert_eq!(direct.weekly_usage.as_ref().map(Decimal::as_str), Some("24.4000"));
        assert_eq!(direct.short_term_reset_milestone.and_then(UnixMilliseconds::instant), None);
        let reset = direct.monthly_reset_milestone.and_then(UnixMilliseconds::instant);
        assert_eq!((reset, direct.monthly_usage), (Some(1_788_105_600), None));
    }
}
