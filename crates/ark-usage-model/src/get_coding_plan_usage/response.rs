//! The result of `GetCodingPlanUsage`.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{Decimal, OtherMembers, UnixSeconds};

/// `Result` of `GetCodingPlanUsage`. Members may be missing, null, numbers or text; unknown ones are
/// kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct CodingPlanUsage {
    /// Such as `Running`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The instant of the numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_timestamp: Option<UnixSeconds>,
    /// The windows, in no certain order.
    pub quota_usage: Vec<CodingPlanWindow>,
    /// True when part of a window was a reward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_reward: Option<bool>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl CodingPlanUsage {
    /// Returns false without a plan: there are no windows.
    pub fn is_subscribed(&self) -> bool {
        !self.quota_usage.is_empty()
    }
}

impl From<Members> for CodingPlanUsage {
    fn from(mut members: Members) -> Self {
        Self {
            status: members.text("Status"),
            update_timestamp: members.seconds("UpdateTimestamp"),
            quota_usage: members.list("QuotaUsage").unwrap_or_default(),
            has_reward: members.boolean("HasReward"),
            other: members.rest(),
        }
    }
}

/// A window of a Coding Plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct CodingPlanWindow {
    /// `session` (five hours), `weekly` or `monthly`, in any case.
    pub level: String,
    /// The part that is used, from 0 to 100 as it comes: 0.000029 is less than a ten-thousandth
    /// percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The end of the window; -1 or 0 when it has not begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_timestamp: Option<UnixSeconds>,
    /// The percentage at which the plan stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<Decimal>,
    /// The percentage that was a reward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reward_total_percent: Option<Decimal>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for CodingPlanWindow {
    fn from(mut members: Members) -> Self {
        Self {
            level: members.text("Level").unwrap_or_default(),
            percent: members.decimal("Percent"),
            reset_timestamp: members.seconds("ResetTimestamp"),
            cap: members.decimal("Cap"),
            reward_total_percent: members.decimal("RewardTotalPercent"),
            other: members.rest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_answers_are_read() {
        let json = r#"{"Status":"Running","UpdateTimestamp":1787809945,"HasReward":false,"QuotaUsage":[
            {"Level":"weekly","Percent":24.4,"ResetTimestamp":1788105600,"Cap":100,"RewardTotalPercent":0},
            {"Level":"session","Percent":0.0,"ResetTimestamp":-1},
            {"Level":"Daily","Percent":"0.000029","ResetTimestamp":"0","Note":"new"},null]}"#;
        let usage: CodingPlanUsage = serde_json::from_str(json).unwrap();
        assert_eq!(usage.update_timestamp, Some(UnixSeconds(1_787_809_945)));
        let levels: Vec<_> = usage.quota_usage.iter().map(|window| window.level.as_str()).collect();
        assert_eq!(levels, ["weekly", "session", "Daily"]);
        let percents =
            usage.quota_usage.iter().filter_map(|window| Some(window.percent.as_ref()?.as_str()));
        assert_eq!(percents.collect::<Vec<_>>(), ["24.4", "0.0", "0.000029"]);
        let resets = usage.quota_usage.iter().map(|window| window.reset_timestamp?.instant());
        assert_eq!(resets.collect::<Vec<_>>(), [Some(1_788_105_600), None, None]);
        assert!(usage.is_subscribed() && usage.other.is_empty());
        let again = serde_json::from_str(&serde_json::to_string(&usage).unwrap());
        assert_eq!(again.ok(), Some(usage));
    }

    #[test]
    fn no_windows_are_no_plan() {
        for json in ["{}", r#"{"QuotaUsage":[]}"#, r#"{"QuotaUsage":null}"#] {
            let usage: CodingPlanUsage = serde_json::from_str(json).unwrap();
            assert!(!usage.is_subscribed(), "{json}");
        }
    }
}
