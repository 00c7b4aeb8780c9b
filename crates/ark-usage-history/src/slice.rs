//! The question behind stored usage, apart from account, project, endpoint and time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use ark_usage_model::{DimensionFilter, Scene, Tags, Target};
use serde::{Deserialize, Serialize};

/// The question behind stored usage, apart from account, project, endpoint and time: the action, the
/// filters with their values, and the keys it was grouped by. Points of two slices are never added.
///
/// ```
/// use ark_usage_history::Slice;
/// use ark_usage_model::{AccountId, Target};
///
/// let target = Target { scenes: vec!["Batch".into()], ..Target::new(AccountId(0)) };
/// let slice = Slice::of("GetUsage", &target);
/// let text = r#"{"action":"GetUsage","filters":{"Scene":["Batch"]},"group_by":[]}"#;
/// assert_eq!(slice.to_string(), text);
/// assert_eq!(text.parse(), Ok(slice));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slice {
    action: String,
    filters: BTreeMap<String, BTreeSet<String>>,
    group_by: BTreeSet<String>,
}

impl Slice {
    /// The slice of everything: no filters, no groups.
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), filters: BTreeMap::new(), group_by: BTreeSet::new() }
    }

    /// The slice that a target of an action asks about.
    pub fn of(action: &str, target: &Target) -> Self {
        let mut slice = Self::new(action);
        let scenes = target.scenes.iter().map(|scene| scene.as_str().to_owned());
        slice.filter(Tags::SCENE, scenes);
        slice.filter(Tags::BATCH_JOB_ID, target.batch_job_id.clone());
        for filter in &target.filters {
            if filter.values.is_empty() {
                slice.group_by.insert(filter.key.clone());
            }
            slice.filter(&filter.key, filter.values.clone());
        }
        // A key with values needs no grouping: the service names the value either way.
        slice.group_by.retain(|key| !slice.filters.contains_key(key));
        slice
    }

    fn filter(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        let values: BTreeSet<String> = values.into_iter().collect();
        if !values.is_empty() {
            self.filters.entry(key.to_owned()).or_default().extend(values);
        }
    }

    /// The same action, limited to values and grouped by keys.
    pub(crate) fn with(
        mut self,
        filters: BTreeMap<String, BTreeSet<String>>,
        group_by: BTreeSet<String>,
    ) -> Self {
        self.filters = filters;
        self.group_by = group_by;
        self
    }

    /// The name of the action, such as `GetUsage`.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The values it is limited to, by key. Scenes and batch jobs are filters like others.
    pub fn filters(&self) -> impl Iterator<Item = (&str, &BTreeSet<String>)> {
        self.filters.iter().map(|(key, values)| (key.as_str(), values))
    }

    /// The keys by whose values its lines are told apart.
    pub fn group_by(&self) -> impl Iterator<Item = &str> {
        self.group_by.iter().map(String::as_str)
    }

    /// True when its lines are told apart by this key.
    pub fn groups(&self, key: &str) -> bool {
        self.group_by.contains(key)
    }

    /// The values of a filter.
    pub fn values(&self, key: &str) -> Option<&BTreeSet<String>> {
        self.filters.get(key)
    }

    /// Writes filters and groups into a target.
    pub(crate) fn write_to(&self, target: &mut Target) {
        for (key, values) in &self.filters {
            match (key.as_str(), values.first()) {
                (Tags::SCENE, _) => {
                    target.scenes = values.iter().cloned().map(Scene::new).collect();
                }
                (Tags::BATCH_JOB_ID, Some(only)) if values.len() == 1 => {
                    target.batch_job_id = Some(only.clone());
                }
                _ => target.filters.push(DimensionFilter {
                    key: key.clone(),
                    values: values.iter().cloned().collect(),
                }),
            }
        }
        let groups = self.group_by.iter();
        target
            .filters
            .extend(groups.map(|key| DimensionFilter { key: key.clone(), values: Vec::new() }));
    }
}

/// The canonical text: JSON with sorted keys and values.
impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Slice {
    type Err = SliceError;

    fn from_str(text: &str) -> Result<Self, SliceError> {
        serde_json::from_str(text).map_err(|_| SliceError { text: text.to_owned() })
    }
}

/// Not the text of a slice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the text of a slice: {text:?}")]
pub struct SliceError {
    text: String,
}
