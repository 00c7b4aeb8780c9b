//! The usage of plans by model: `GetUsageDetails` for the Agent Plan, `GetInferenceUsage` for the Coding Plan.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::get_usage_details::{UsageDetail, UsageDetails};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::{PlanKind, PlanStatus};
use crate::lang::Lang;
use crate::view::ViewRow;

/// The billing status of usage that a Coding Plan pays for: the only known way to its tokens.
pub const CODING_PLAN_BILLING: &str = "free_for_coding_plan";

/// The usage of one model in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanUsageRow {
    /// The plan.
    pub plan: PlanKind,
    /// The number of the account.
    pub account_id: Option<String>,
    /// The profile of the account, where one was named.
    pub profile: Option<String>,
    /// The start of the day, unix seconds; `None` for a sum of days, and where the service does not say it.
    pub start: Option<i64>,
    /// The model or tool.
    pub object: String,
    /// The unit as the service names it, such as `Tokens`; of the Coding Plan the metric, such as `InputTokens`.
    pub unit: String,
    /// The billing type or status as the service names it.
    pub billing: String,
    /// The exact sum; `None` where some of it could not be read.
    pub value: Option<i128>,
}

impl PlanUsageRow {
    /// Returns the billing for people.
    pub fn billing_words(&self, lang: Lang) -> &str {
        match self.billing.as_str() {
            UsageDetail::WITHIN_PLAN | CODING_PLAN_BILLING => lang.pick("in plan", "套餐内"),
            UsageDetail::OUTSIDE_OF_PLAN => lang.pick("out of plan", "套餐外"),
            other => other,
        }
    }

    /// Everything but the day and the value.
    fn key(&self) -> (PlanKind, Option<&str>, Option<&str>, &str, &str, &str) {
        (
            self.plan,
            self.profile.as_deref(),
            self.account_id.as_deref(),
            &self.object,
            &self.billing,
            &self.unit,
        )
    }
}

/// Returns the rows of an Agent Plan from the responses of all calls. The service repeats rows: they are added up by
/// time, model, unit and billing type.
pub fn agent_usage(status: &PlanStatus, responses: &[UsageDetails]) -> Vec<PlanUsageRow> {
    let mut sums: BTreeMap<_, Option<i128>> = BTreeMap::new();
    for (key, value) in responses.iter().flat_map(UsageDetails::sums) {
        sums.entry(key)
            .and_modify(|sum| *sum = sum.zip(value).and_then(|(one, two)| one.checked_add(two)))
            .or_insert(value);
    }
    let row =
        |(key, value): (ark_usage_model::get_usage_details::UsageDetailKey, _)| PlanUsageRow {
            plan: PlanKind::Agent,
            account_id: status.account_id.clone(),
            profile: status.profile.clone(),
            start: key.time.and_then(ark_usage_model::UnixMilliseconds::instant),
            object: key.object_name,
            unit: key.unit,
            billing: key.billing_type,
            value,
        };
    sums.into_iter().map(row).collect()
}

/// Returns the rows of Coding Plans from usage by day, model and, where there are several, profile.
pub fn coding_usage(rows: &[ViewRow], plans: &[PlanStatus]) -> Vec<PlanUsageRow> {
    let account = |profile: &Option<String>| {
        let mut found = plans.iter().filter(|status| {
            status.plan == PlanKind::Coding && (profile.is_none() || status.profile == *profile)
        });
        found.next()
    };
    let row = |row: &ViewRow| {
        let status = account(&row.profile);
        PlanUsageRow {
            plan: PlanKind::Coding,
            account_id: status.and_then(|status| status.account_id.clone()),
            profile: row.profile.clone().or_else(|| status?.profile.clone()),
            start: Some(row.start),
            object: row.model.clone().unwrap_or_default(),
            unit: row.metric.as_str().to_owned(),
            billing: CODING_PLAN_BILLING.to_owned(),
            value: row.value,
        }
    };
    rows.iter().map(row).collect()
}

/// Returns the sums over all days, one for each account, plan, model, billing and unit. A day without a value counts
/// nothing; a sum is unknown where no day has one. [`incomplete_objects`] names what lacks days.
pub fn usage_totals(rows: &[PlanUsageRow]) -> Vec<PlanUsageRow> {
    let mut totals: BTreeMap<_, PlanUsageRow> = BTreeMap::new();
    for row in rows {
        match totals.get_mut(&row.key()) {
            Some(total) => {
                total.value = match (total.value, row.value) {
                    (Some(one), Some(two)) => Some(one.saturating_add(two)),
                    (one, two) => one.or(two),
                };
            }
            None => drop(totals.insert(row.key(), PlanUsageRow { start: None, ..row.clone() })),
        }
    }
    totals.into_values().collect()
}

/// Returns the models of which some day has no value, sorted.
pub fn incomplete_objects(rows: &[PlanUsageRow]) -> BTreeSet<&str> {
    rows.iter().filter(|row| row.value.is_none()).map(|row| row.object.as_str()).collect()
}

/// Returns the first instant that the service keeps details of: six months ago, at midnight UTC+8.
pub fn details_since(now: Timestamp) -> Option<Timestamp> {
    let zone = TimeZone::fixed(Offset::from_hours(8).ok()?);
    let date = now.to_zoned(zone.clone()).date();
    let first = date.checked_sub(jiff::Span::new().try_months(6).ok()?).ok()?;
    first.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::PlanState;

    fn details(json: &str) -> UsageDetails {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn repeated_rows_are_added_up_and_kinds_are_not_mixed() {
        let responses = [
            details(
                r#"{"Details":[
                {"Time":1731859200000,"ObjectName":"m","Usage":5,"Unit":"Tokens","BillingType":"WithinPlan"},
                {"Time":1731859200000,"ObjectName":"m","Usage":"7","Unit":"Tokens","BillingType":"WithinPlan"},
                {"Time":1731859200000,"ObjectName":"m","Usage":1,"Unit":"Tokens","BillingType":"OutsideOfPlan"},
                {"Time":1731859200000,"ObjectName":"m","Usage":2,"Unit":"Images","BillingType":"WithinPlan"}]}"#,
            ),
            details(
                r#"{"Details":[
                {"Time":1731945600000,"ObjectName":"m","Usage":30,"Unit":"Tokens","BillingType":"WithinPlan"},
                {"Time":1731945600000,"ObjectName":"n","Usage":"many","Unit":"Tokens","BillingType":"WithinPlan"}]}"#,
            ),
        ];
        let status = PlanStatus::new(PlanKind::Agent, PlanState::Active);
        let rows = agent_usage(&status, &responses);
        assert_eq!(rows.len(), 5);
        let found = rows.iter().find(|row| row.value == Some(12)).unwrap();
        assert_eq!((found.start, found.object.as_str()), (Some(1_731_859_200), "m"));
        let totals = usage_totals(&rows);
        let shown: Vec<_> = totals
            .iter()
            .map(|row| {
                (row.object.as_str(), row.billing_words(Lang::En), row.unit.as_str(), row.value)
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("m", "out of plan", "Tokens", Some(1)),
                ("m", "in plan", "Images", Some(2)),
                ("m", "in plan", "Tokens", Some(42)),
                ("n", "in plan", "Tokens", None),
            ]
        );
    }

    #[test]
    fn a_day_without_a_value_does_not_hide_the_others() {
        let day = |start, value| PlanUsageRow {
            plan: PlanKind::Coding,
            account_id: None,
            profile: None,
            start: Some(start),
            object: "m".to_owned(),
            unit: "ReqCnt".to_owned(),
            billing: CODING_PLAN_BILLING.to_owned(),
            value,
        };
        let rows = [day(0, Some(5)), day(86_400, None), day(172_800, Some(7))];
        let totals: Vec<_> = usage_totals(&rows).into_iter().map(|row| row.value).collect();
        assert_eq!(totals, [Some(12)]);
        assert!(incomplete_objects(&rows).contains("m"));
        assert!(incomplete_objects(&rows[..1]).is_empty());
    }

    #[test]
    fn details_go_back_six_months() {
        let since = |now: &str| details_since(now.parse().unwrap()).unwrap().to_string();
        assert_eq!(since("2024-11-20T04:00:00Z"), "2024-05-19T16:00:00Z");
        assert_eq!(since("2026-08-31T00:00:00Z"), "2026-02-27T16:00:00Z");
    }
}
