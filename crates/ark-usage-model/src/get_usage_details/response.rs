//! The result of `GetUsageDetails`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{OtherMembers, UnixMilliseconds};

/// `Result` of `GetUsageDetails`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct UsageDetails {
    /// Rows. Several may be about the same: see [`sums`](Self::sums).
    pub details: Vec<UsageDetail>,
    /// The last instant that is counted, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for UsageDetails {
    fn from(mut members: Members) -> Self {
        Self {
            details: members.list("Details").unwrap_or_default(),
            end_time: members.text("EndTime"),
            other: members.rest(),
        }
    }
}

impl UsageDetails {
    /// Adds up the rows about the same time, object, unit and kind of billing. `None` when the usage of
    /// one of them is not known.
    ///
    /// ```
    /// use ark_usage_model::get_usage_details::UsageDetails;
    ///
    /// let details: UsageDetails = serde_json::from_str(
    ///     r#"{"Details":[{"Time":1731945600000,"ObjectName":"a","Unit":"Tokens","Usage":5},
    ///         {"Time":1731945600000,"ObjectName":"a","Unit":"Tokens","Usage":"7"}]}"#,
    /// )?;
    /// assert_eq!(details.sums().into_values().collect::<Vec<_>>(), [Some(12)]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sums(&self) -> BTreeMap<UsageDetailKey, Option<i128>> {
        let mut sums: BTreeMap<_, Option<i128>> = BTreeMap::new();
        for detail in &self.details {
            let sum = sums.entry(detail.key()).or_insert(Some(0));
            let usage = detail.usage.map(i128::from);
            *sum = sum.zip(usage).and_then(|(sum, usage)| sum.checked_add(usage));
        }
        sums
    }
}

/// The usage of a model or tool in a day or hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct UsageDetail {
    /// The start of the day (00:00 in UTC+8) or hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<UnixMilliseconds>,
    /// The model or tool.
    pub object_name: String,
    /// Such as `Tokens` or `Images`.
    pub unit: String,
    /// [`WITHIN_PLAN`](Self::WITHIN_PLAN) or [`OUTSIDE_OF_PLAN`](Self::OUTSIDE_OF_PLAN).
    pub billing_type: String,
    /// The usage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<i64>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for UsageDetail {
    fn from(mut members: Members) -> Self {
        Self {
            time: members.milliseconds("Time"),
            object_name: members.text("ObjectName").unwrap_or_default(),
            unit: members.text("Unit").unwrap_or_default(),
            billing_type: members.text("BillingType").unwrap_or_default(),
            usage: members.integer("Usage"),
            other: members.rest(),
        }
    }
}

impl UsageDetail {
    /// Usage that the plan pays for.
    pub const WITHIN_PLAN: &'static str = "WithinPlan";
    /// Usage that is paid for besides.
    pub const OUTSIDE_OF_PLAN: &'static str = "OutsideOfPlan";

    /// The identity of a row: rows of one key are parts of one number.
    pub fn key(&self) -> UsageDetailKey {
        UsageDetailKey {
            time: self.time,
            object_name: self.object_name.clone(),
            unit: self.unit.clone(),
            billing_type: self.billing_type.clone(),
        }
    }
}

/// The identity of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "what rows are told apart by")]
pub struct UsageDetailKey {
    /// The start of the day or hour.
    pub time: Option<UnixMilliseconds>,
    /// The model or tool.
    pub object_name: String,
    /// Such as `Tokens`.
    pub unit: String,
    /// Within the plan or outside of it.
    pub billing_type: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_key_are_added_up() {
        let details: UsageDetails = serde_json::from_str(
            r#"{"EndTime":"2026-05-11T00:00:00Z","Details":[
            {"Time":1778428800000,"ObjectName":"a","Usage":5,"Unit":"Tokens","BillingType":"WithinPlan"},
            {"Time":1778428800000,"ObjectName":"a","Usage":"7","Unit":"Tokens","BillingType":"WithinPlan"},
            {"Time":1778428800000,"ObjectName":"a","Usage":1,"Unit":"Tokens","BillingType":"OutsideOfPlan"},
            {"Time":1778428800000,"ObjectName":"a","Usage":2,"Unit":"Images","BillingType":"WithinPlan"},
            {"Time":1778515200000,"ObjectName":"a","Usage":9223372036854775807,"Unit":"Tokens","BillingType":"WithinPlan"},
            {"Time":1778515200000,"ObjectName":"a","Usage":9223372036854775807,"Unit":"Tokens","BillingType":"WithinPlan"},
            {"ObjectName":"b","Usage":3},{"ObjectName":"b","Usage":"many"}]}"#,
        )
        .unwrap();
        let sums = details.sums();
        let values: Vec<_> = sums.values().copied().collect();
        let huge = 2 * i128::from(i64::MAX);
        assert_eq!(values, [None, Some(2), Some(1), Some(12), Some(huge)]);
        assert_eq!(
            details.details.last().unwrap().other.iter().next(),
            Some(("Usage", "\"many\""))
        );
    }
}
