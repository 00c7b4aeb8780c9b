//! The result of `ListSeatInfos`.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{OtherMembers, UnixSeconds};

/// `Result` of `ListSeatInfos`. Members may be missing, null, numbers or text; unknown ones are kept, but
/// for those that hold API keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct SeatInfos {
    /// Seats on all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// The seats of this page.
    #[serde(rename = "Data")]
    pub seats: Vec<SeatInfo>,
    /// The token of the next page, where the service pages by tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for SeatInfos {
    fn from(mut members: Members) -> Self {
        Self {
            total: members.integer("Total").or_else(|| members.integer("TotalCount")),
            seats: members.list_of(&["Data", "Items"]).unwrap_or_default(),
            next_token: members.text("NextToken"),
            other: members.rest_without_keys(),
        }
    }
}

/// A seat. The text of its API key is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct SeatInfo {
    /// Its id.
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
    /// Its project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_name: Option<String>,
    /// Its size, such as `Lite` or `Pro`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biz_info: Option<String>,
    /// 1 not paid for, 2 running, 3 expired, 4 taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_status: Option<i64>,
    /// 1 idle, 2 active; may be a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat_status: Option<String>,
    /// The instant of its order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_time: Option<UnixSeconds>,
    /// The instant at which it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_time: Option<UnixSeconds>,
    /// The instant at which it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<UnixSeconds>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for SeatInfo {
    fn from(mut members: Members) -> Self {
        Self {
            seat_id: members.text("SeatID"),
            account_id: members.text("AccountID"),
            user_id: members.text("UserID").or_else(|| members.text("IdentityId")),
            user_name: members.text("UserName").or_else(|| members.text("IdentityDetail")),
            project_name: members.text("ProjectName"),
            biz_info: members.text("BizInfo"),
            billing_status: members.integer("BillingStatus"),
            seat_status: members.text("SeatStatus"),
            order_time: members.seconds("OrderTime"),
            expired_time: members.seconds("ExpiredTime"),
            create_time: members.seconds("CreateTime"),
            other: members.rest_without_keys(),
        }
    }
}

impl SeatInfo {
    /// [`billing_status`](Self::billing_status) of a seat that runs.
    pub const RUNNING: i64 = 2;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_read_without_its_key() {
        let json = r#"{"Total":"12","BizSummaries":[{"BizInfo":"Pro","TotalCount":10}],"Data":[{"SeatID":"s1",
            "AccountID":2100000001,"ProjectName":"default","BizInfo":"Pro","BillingStatus":"2","SeatStatus":2,
            "OrderTime":1756800000,"ExpiredTime":"1759392000","IdentityId":"7","IdentityDetail":"ann",
            "ApiKey":"fake-secret-1","ApiKeySID":"apikey-1","Note":"key fake-secret-1","Api_Key":["fake-secret-2"],
            "Extra":{"apiKey":"fake-secret-3"},"Sneaky":{"\u0041piKey":"fake-secret-4"},"AutoRenew":true,
            "RateLimit":{"RPM":0}}]}"#;
        let list: SeatInfos = serde_json::from_str(json).unwrap();
        let seat = list.seats.first().unwrap();
        assert_eq!((list.total, seat.billing_status), (Some(12), Some(SeatInfo::RUNNING)));
        assert_eq!((seat.seat_status.as_deref(), seat.user_id.as_deref()), (Some("2"), Some("7")));
        assert_eq!(seat.user_name.as_deref(), Some("ann"));
        assert_eq!(seat.expired_time, Some(UnixSeconds(1_759_392_000)));
        let names: Vec<_> = seat.other.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["AutoRenew", "RateLimit"]);
        let printed = format!("{list:?} {}", serde_json::to_string(&list).unwrap());
        assert!(!printed.contains("secret"), "{printed}");
        assert_eq!(
            serde_json::from_str::<SeatInfos>(&serde_json::to_string(&list).unwrap()).unwrap(),
            list
        );
    }

    #[test]
    fn items_are_seats_too() {
        let list: SeatInfos = serde_json::from_str(
            r#"{"TotalCount":1,"Items":[{"SeatID":"s1","UserID":5}],"NextToken":"n"}"#,
        )
        .unwrap();
        assert_eq!((list.seats.len(), list.total), (1, Some(1)));
        assert_eq!(list.next_token.as_deref(), Some("n"));
    }
}
