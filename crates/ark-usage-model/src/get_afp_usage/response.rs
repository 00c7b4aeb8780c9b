//! The result of `GetAFPUsage`.

use serde::{Deserialize, Serialize};

use crate::OtherMembers;
use crate::get_afp_usage::AfpWindows;
use crate::members::Members;

/// `Result` of `GetAFPUsage`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct AfpUsage {
    /// Such as `Small`, `Medium`, `Large` or `Max`, in any case.
    pub plan_type: String,
    /// The windows.
    #[serde(flatten)]
    pub windows: AfpWindows,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl AfpUsage {
    /// Returns false without a plan: no type, and a quota in no window.
    pub fn is_subscribed(&self) -> bool {
        !self.plan_type.trim().is_empty() || self.windows.iter().any(|(_, window)| window.applies())
    }
}

impl From<Members> for AfpUsage {
    fn from(mut members: Members) -> Self {
        Self {
            plan_type: members.text("PlanType").unwrap_or_default(),
            windows: AfpWindows::take(&mut members),
            other: members.rest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMilliseconds;

    fn read(json: &str) -> AfpUsage {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn decimals_come_as_numbers_or_text() {
        let usage = read(
            r#"{"PlanType":"medium","AFPFiveHour":{"Quota":10000,"Used":1.9221,"SubscribeTime":1778788800000,
            "ResetTime":"1778806800000"},"AFPMonthly":{"Quota":"100000","Used":"100000.5000","ResetTime":null},
            "AFPYearly":{"Quota":5},"Level":{"A":1}}"#,
        );
        let five_hour = usage.windows.five_hour.as_ref().unwrap();
        assert_eq!(five_hour.used.as_ref().unwrap().as_str(), "1.9221");
        assert_eq!(five_hour.reset_time, Some(UnixMilliseconds(1_778_806_800_000)));
        let monthly = usage.windows.monthly.as_ref().unwrap();
        assert_eq!(monthly.used.as_ref().unwrap().as_str(), "100000.5000");
        assert_eq!((monthly.reset_time, &usage.windows.weekly), (None, &None));
        assert_eq!(usage.windows.unknown.keys().collect::<Vec<_>>(), ["AFPYearly"]);
        assert_eq!(usage.other.iter().collect::<Vec<_>>(), [("Level", "{\"A\":1}")]);
        let again = serde_json::to_string(&usage).unwrap();
        assert_eq!(read(&again), usage, "{again}");
    }

    #[test]
    fn no_type_and_no_quota_is_no_plan() {
        for (json, is_subscribed) in [
            ("{}", false),
            (r#"{"PlanType":"","AFPWeekly":{"Quota":0,"Used":0}}"#, false),
            (r#"{"PlanType":null,"AFPWeekly":{"Quota":"0.00"}}"#, false),
            (r#"{"PlanType":"","AFPWeekly":{}}"#, false),
            (r#"{"PlanType":"","AFPWeekly":{"Quota":5}}"#, true),
            (r#"{"PlanType":"Small","AFPWeekly":{"Quota":0}}"#, true),
        ] {
            assert_eq!(read(json).is_subscribed(), is_subscribed, "{json}");
        }
    }
}
