//! The names of counters and gauges.

use std::collections::BTreeMap;

use ark_usage_model::{Unit, unreserved_name};

use super::{SeriesKey, UsageTotals};
use crate::{Family, FamilyKind, Labels, SampleValue};

/// Units whose names would be those of other families.
const RESERVED: &[&str] = &["sync", "sync_calls", "sync_runs", "sync_call_failures"];

impl UsageTotals {
    /// Returns the families of usage, of what is known about it, and of names.
    pub fn families(&self) -> Vec<Family> {
        let mut families = BTreeMap::new();
        for (key, total) in &self.series {
            let SeriesKey { is_endpoint, unit, labels } = key;
            let (prefix, name) = (if *is_endpoint { "endpoint_" } else { "" }, unit_name(unit));
            let of = if *is_endpoint {
                "of endpoints, which are part of their projects"
            } else {
                "of projects"
            };
            let mut set = |name: String, kind, help: String, value| {
                let family = families.entry(name.clone());
                let family = family.or_insert_with(|| Family::new(&name, kind, &help));
                family.set(labels.clone(), SampleValue::Whole(value));
            };
            set(
                format!("ark_usage_{prefix}{name}_total"),
                FamilyKind::Counter,
                format!("Settled usage {of}, in {}; sum by metric.", unit.name()),
                total.counted,
            );
            if total.overcounted != 0 {
                set(
                    format!("ark_usage_{prefix}overcounted_{name}"),
                    FamilyKind::Gauge,
                    format!(
                        "The part of ark_usage_{prefix}{name}_total that was revised down later."
                    ),
                    total.overcounted,
                );
            }
            if let Some(month) = total.month {
                set(
                    format!("ark_usage_{prefix}month_to_date_{name}"),
                    FamilyKind::Gauge,
                    format!(
                        "Usage {of} in this calendar month so far, with what may still change, in {}.",
                        unit.name()
                    ),
                    month,
                );
            }
        }
        let known = [self.settled_until(), self.fetched_at()].into_iter().chain(self.names());
        families.into_values().chain(known).collect()
    }

    fn settled_until(&self) -> Family {
        let mut family = Family::new(
            "ark_usage_settled_until_timestamp_seconds",
            FamilyKind::Gauge,
            "End of the last bucket that has settled, in unix time.",
        );
        for (labels, end) in &self.settled_until {
            family.set(labels.clone(), SampleValue::Whole((*end).into()));
        }
        family
    }

    fn fetched_at(&self) -> Family {
        let mut family = Family::new(
            "ark_usage_last_fetch_timestamp_seconds",
            FamilyKind::Gauge,
            "Time of the latest answer in the history, in unix time.",
        );
        for (account, at) in &self.fetched_at {
            family.set(Labels::new().with("account_id", account), SampleValue::Whole((*at).into()));
        }
        family
    }

    /// Names change and usage stays, so that names are series of their own.
    fn names(&self) -> [Family; 3] {
        let info = |name, help| Family::new(name, FamilyKind::Gauge, help);
        let mut accounts = info("ark_usage_account_info", "The profile of an account.");
        let mut endpoints =
            info("ark_usage_endpoint_info", "The name and the model of an endpoint.");
        let mut api_keys = info("ark_usage_api_key_info", "The name of an API key.");
        for (account, names) in &self.names {
            let labels = Labels::new().with("account_id", account);
            let one = SampleValue::Whole(1);
            let profile = names.profile.as_deref().unwrap_or_default();
            accounts.set(labels.clone().with("profile", profile), one);
            for endpoint in &names.endpoints {
                let model = endpoint.model_reference.as_ref();
                let foundation = model.and_then(|model| model.foundation_model.as_ref());
                let custom = model.and_then(|model| model.custom_model_id.as_deref());
                let name = foundation.and_then(|model| model.name.as_deref());
                let endpoint_labels = labels
                    .clone()
                    .with("endpoint_id", endpoint.id.as_deref().unwrap_or_default())
                    .with("endpoint_name", endpoint.name.as_deref().unwrap_or_default())
                    .with("project", endpoint.project_name.as_deref().unwrap_or_default())
                    .with("model", name.or(custom).unwrap_or_default());
                endpoints.set(endpoint_labels, one);
            }
            for key in &names.api_keys {
                let key_labels = labels
                    .clone()
                    .with("api_key_id", key.sid.as_deref().unwrap_or_default())
                    .with("api_key_name", key.name.as_deref().unwrap_or_default());
                api_keys.set(key_labels, one);
            }
        }
        [accounts, endpoints, api_keys]
    }
}

/// The name of a unit at the end of names.
fn unit_name(unit: &Unit) -> String {
    unreserved_name(unit.name(), RESERVED)
}
