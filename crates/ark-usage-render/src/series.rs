//! Series of a time series database: the names and labels that OpenMetrics and Prometheus share.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Unit, label_value, unique_name, unreserved_name};
use ark_usage_report::prices::Cost;
use ark_usage_report::view::ViewRow;

/// The metrics of one unit. Undeclared units have always been among the tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Tokens,
    Other(String),
}

impl Family {
    /// Returns the family of a unit.
    pub(crate) fn of(unit: &Unit) -> Self {
        match unit {
            Unit::Tokens | Unit::Unknown => Self::Tokens,
            other => Self::Other(unreserved_name(other.name(), &["tokens", "cost"])),
        }
    }

    /// Returns the end of its name.
    pub(crate) fn unit(&self) -> &str {
        match self {
            Self::Tokens => "tokens",
            Self::Other(unit) => unit,
        }
    }

    /// Returns the words its help begins with.
    pub(crate) fn used(&self) -> String {
        match self {
            Self::Tokens => "Tokens used".to_owned(),
            Self::Other(unit) => format!("Usage in {unit}"),
        }
    }
}

/// Labels by name.
pub(crate) type Labels = BTreeMap<String, String>;

/// Returns the labels that name the usage of a row. An empty label is the same as none.
pub(crate) fn row_labels(row: &ViewRow) -> Labels {
    let mut labels = Labels::new();
    let known = [
        ("metric", Some(row.metric.as_str())),
        ("profile", row.profile.as_deref()),
        ("account_id", row.account_id.as_deref()),
        ("project", row.project.as_deref()),
        ("endpoint_id", row.endpoint_id.as_deref()),
        ("endpoint_name", row.endpoint_name.as_deref()),
        ("model", row.model.as_deref()),
        ("scene", row.scene.as_deref()),
        ("batch_job_id", row.batch_job_id.as_deref()),
        ("model_version", row.model_version.as_deref()),
        ("api_key_id", row.api_key_id.as_deref()),
        ("api_key_name", row.api_key_name.as_deref()),
        ("billing_status", row.billing_status.as_deref()),
        ("batch_type", row.batch_type.as_deref()),
        ("model_unit_id", row.model_unit_id.as_deref()),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            labels.insert(name.to_owned(), value.to_owned());
        }
    }
    if let Some(others) = row.others {
        labels.insert("others".to_owned(), others.to_string());
    }
    // Tags of the service come last, because their values count where an endpoint has the same tag.
    let given = row.endpoint_tags.iter().flatten();
    let tags = given.chain(&row.tags).map(|pair| ("tag", pair));
    let own = row.labels.iter().flatten().map(|pair| ("label", pair));
    for (kind, (key, value)) in tags.chain(own) {
        labels.insert(format!("{kind}_{}", unique_name(key)), value.clone());
    }
    labels.retain(|_, value| !value.is_empty());
    labels
}

/// Returns the labels that name the accounts whose usage is added up, by profile, in one order.
pub(crate) fn profile_labels(profiles: &[Option<String>]) -> Labels {
    let names: BTreeSet<&str> = profiles.iter().flatten().map(String::as_str).collect();
    let name = if names.len() > 1 { "profiles" } else { "profile" };
    let names = names.into_iter().collect::<Vec<_>>().join(",");
    if names.is_empty() { Labels::new() } else { Labels::from([(name.to_owned(), names)]) }
}

/// Returns the label of made-up data.
pub(crate) fn demo_label(demo: bool) -> Labels {
    let label = ("demo".to_owned(), "true".to_owned());
    if demo { Labels::from([label]) } else { Labels::new() }
}

/// Returns labels as they stand between braces.
pub(crate) fn label_pairs(labels: &Labels) -> String {
    let pairs = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", label_value(value)));
    pairs.collect::<Vec<_>>().join(",")
}

/// Returns true if everything in it has a price.
pub(crate) const fn is_whole(cost: &Cost) -> bool {
    cost.unpriced == 0
}
