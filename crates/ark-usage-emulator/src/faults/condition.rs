//! The calls that a fault is about.

use serde::Deserialize;
use volc_openapi::ServiceDays;

use crate::calendar::{DAY, day_start_in};
use crate::parameters::Parameters;

/// Conditions, all of which must hold. None at all: every call.
///
/// `first`, `nth` and `from` count the calls for which the other conditions hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// The action, for example `GetUsage`.
    pub action: Option<String>,
    /// The project asked for; calls that name none are about `default`.
    pub project: Option<String>,
    /// One of the endpoints asked for, by `EndpointIds` or a filter.
    pub endpoint_id: Option<String>,
    /// The key that signed.
    pub access_key_id: Option<String>,
    /// The account of the key that signed.
    pub account_id: Option<u64>,
    /// Unix seconds that lie in one of the buckets asked for.
    pub window_contains: Option<i64>,
    /// At least that many buckets are asked for; whole days for `GetInferenceUsage`.
    pub min_buckets: Option<i64>,
    /// At least that many endpoints are asked for by their ids.
    pub min_ids: Option<usize>,
    /// Only the first so many calls.
    pub first: Option<u32>,
    /// Only this call, counted from 1.
    pub nth: Option<u32>,
    /// This call, counted from 1, and all later ones.
    pub from: Option<u32>,
}

impl When {
    /// True when all conditions but the counting ones hold.
    pub(super) fn holds(&self, call: &Call) -> bool {
        let same = |wanted: &Option<String>, value: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == value)
        };
        let has_id = |id: &String| call.endpoint_ids.contains(id);
        same(&self.action, &call.action)
            && same(&self.project, &call.project)
            && same(&self.access_key_id, &call.access_key_id)
            && self.account_id.is_none_or(|wanted| call.account_id == Some(wanted))
            && self.endpoint_id.as_ref().is_none_or(has_id)
            && self.window_contains.is_none_or(|instant| call.asks_for(instant))
            && self.min_buckets.is_none_or(|least| call.buckets().is_some_and(|n| n >= least))
            && self.min_ids.is_none_or(|least| call.endpoint_ids.len() >= least)
    }

    /// True when the `count`th such call is meant.
    pub(super) fn counts(&self, count: u32) -> bool {
        self.first.is_none_or(|first| count <= first)
            && self.nth.is_none_or(|nth| count == nth)
            && self.from.is_none_or(|from| count >= from)
    }
}

/// The properties of a call that conditions test. Read leniently: a fault may be about a bad
/// request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    action: String,
    access_key_id: String,
    account_id: Option<u64>,
    project: String,
    endpoint_ids: Vec<String>,
    interval: Option<i64>,
    start: Option<i64>,
    end: Option<i64>,
}

impl Call {
    pub(crate) fn new(
        action: &str,
        access_key_id: &str,
        account_id: Option<u64>,
        body: &[u8],
        days: ServiceDays,
    ) -> Self {
        let body = Parameters::from_body(body).unwrap_or_default();
        let integer = |name| body.integer(name).unwrap_or_default();
        // `GetInferenceUsage` names days.
        let start = |text: &str| day_start_in(days, text);
        let day = |name| body.text(name).unwrap_or_default().and_then(start);
        let is_by_day = day("StartTime").is_some();
        let project = body.text("ProjectName").unwrap_or_default();
        let ids = body.texts("EndpointIds").unwrap_or_default();
        let filters = body.objects("Filters").unwrap_or_default();
        let of_endpoint =
            |filter: &&Parameters| matches!(filter.text("Key"), Ok(Some("ModelEndpoint")));
        let filter = filters.iter().find(of_endpoint);
        let filtered = filter.and_then(|filter| filter.texts("Values").ok()).unwrap_or_default();
        Self {
            action: action.to_owned(),
            access_key_id: access_key_id.to_owned(),
            account_id,
            project: project.unwrap_or("default").to_owned(),
            endpoint_ids: ids.into_iter().chain(filtered).map(str::to_owned).collect(),
            interval: integer("Interval")
                .filter(|interval| *interval > 0)
                .or_else(|| is_by_day.then_some(DAY)),
            start: integer("StartTime").or_else(|| day("StartTime")),
            end: integer("EndTime").or_else(|| day("EndTime")),
        }
    }

    /// The number of buckets both ends span.
    fn buckets(&self) -> Option<i64> {
        let (interval, start, end) = (self.interval?, self.start?, self.end?);
        Some(end.saturating_sub(start).checked_div(interval)?.saturating_add(1))
    }

    fn asks_for(&self, instant: i64) -> bool {
        let (Some(interval), Some(start), Some(end)) = (self.interval, self.start, self.end) else {
            return false;
        };
        start <= instant && instant < end.saturating_add(interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"StartTime":86400,"EndTime":259200,"Interval":86400,
        "ProjectName":"search","EndpointIds":["ep-1","ep-2"]}"#;

    #[test]
    fn every_condition_must_hold() {
        let call = Call::new("GetUsage", "AK", Some(21), BODY, ServiceDays::Beijing);
        let base = When { action: Some("GetUsage".into()), ..When::default() };
        assert!(base.holds(&call));
        assert!(When { project: Some("search".into()), ..base.clone() }.holds(&call));
        assert!(!When { project: Some("default".into()), ..base.clone() }.holds(&call));
        assert!(When { endpoint_id: Some("ep-2".into()), ..base.clone() }.holds(&call));
        assert!(!When { endpoint_id: Some("ep-3".into()), ..base.clone() }.holds(&call));
        assert!(!When { access_key_id: Some("other".into()), ..base.clone() }.holds(&call));
        assert!(When { account_id: Some(21), ..base.clone() }.holds(&call));
        assert!(!When { account_id: Some(22), ..base.clone() }.holds(&call));
        assert!(When { window_contains: Some(345_599), ..base.clone() }.holds(&call));
        assert!(!When { window_contains: Some(345_600), ..base.clone() }.holds(&call));
        assert!(When { min_buckets: Some(3), min_ids: Some(2), ..base.clone() }.holds(&call));
        assert!(!When { min_buckets: Some(4), ..base.clone() }.holds(&call));
        assert!(!When { min_ids: Some(3), ..base }.holds(&call));
    }

    #[test]
    fn days_and_filters_are_understood() {
        let body = br#"{"StartTime":"2024-11-19","EndTime":"2024-11-20","QueryInterval":"Hour",
            "Filters":[{"Key":"ModelName","Values":[]},{"Key":"ModelEndpoint","Values":["ep-1"]}]}"#;
        let call = Call::new("GetInferenceUsage", "AK", None, body, ServiceDays::Beijing);
        let base = When::default();
        assert!(
            When { endpoint_id: Some("ep-1".into()), min_ids: Some(1), ..base.clone() }
                .holds(&call)
        );
        assert!(When { min_buckets: Some(2), ..base.clone() }.holds(&call));
        assert!(When { window_contains: Some(1_731_945_600), ..base.clone() }.holds(&call));
        assert!(!When { window_contains: Some(1_731_945_600 + 2 * DAY), ..base }.holds(&call));
    }

    #[test]
    fn counting_starts_at_one() {
        let counted = |when: &When| (1..=4).filter(|n| when.counts(*n)).collect::<Vec<_>>();
        assert_eq!(counted(&When { first: Some(2), ..When::default() }), [1, 2]);
        assert_eq!(counted(&When { nth: Some(2), ..When::default() }), [2]);
        assert_eq!(counted(&When { from: Some(3), ..When::default() }), [3, 4]);
        assert_eq!(counted(&When { from: Some(2), first: Some(3), ..When::default() }), [2, 3]);
    }

    #[test]
    fn a_body_that_is_no_json_is_a_call_without_a_window() {
        let call = Call::new("GetUsage", "AK", None, b"<html>", ServiceDays::Beijing);
        assert!(When::default().holds(&call));
        assert!(!When { window_contains: Some(0), ..When::default() }.holds(&call));
    }
}
