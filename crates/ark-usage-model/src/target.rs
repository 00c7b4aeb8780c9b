//! Targets of a query: an account, a project, endpoints, scenes.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// An account of the query's user: an opaque number that the driver maps to keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u32);

/// The position of a [`Target`] in its query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetId(pub u32);

impl TargetId {
    /// The position as an index.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// One thing to ask about. Targets are counted side by side: two that overlap count twice.
///
/// ```
/// use ark_usage_model::{AccountId, Target};
///
/// let target = Target { project: Some("default".to_owned()), ..Target::new(AccountId(0)) };
/// assert!(target.endpoint_ids.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// The account whose usage is fetched.
    pub account: AccountId,
    /// `ProjectName`; the service takes the default project when absent.
    pub project: Option<String>,
    /// `EndpointIds` (`ep-…`); all when empty. Asked for in batches.
    pub endpoint_ids: Vec<String>,
    /// `Scenes`; all when empty.
    pub scenes: Vec<Scene>,
    /// `BatchJobId`.
    pub batch_job_id: Option<String>,
    /// Filters and groupings by dimensions without a field of their own.
    pub filters: Vec<DimensionFilter>,
}

/// A filter or grouping by one dimension of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DimensionFilter {
    /// The dimension's [key](crate::Dimension::key).
    pub key: String,
    /// The values to count. Without any, usage is reported separately for each value.
    pub values: Vec<String>,
}

impl Target {
    /// Everything of an account's default project.
    pub fn new(account: AccountId) -> Self {
        Self { account, ..Self::default() }
    }

    /// The same usage of other endpoints. The own ids are not copied: in a list of thousands, each of which becomes a
    /// target, that would cost the square of its length.
    ///
    /// ```
    /// use ark_usage_model::{AccountId, Target};
    ///
    /// let endpoint_ids = vec!["ep-1".to_owned(), "ep-2".to_owned()];
    /// let target = Target { endpoint_ids, ..Target::new(AccountId(0)) };
    /// assert_eq!(target.with_endpoints(["ep-1".to_owned()]).endpoint_ids, ["ep-1"]);
    /// ```
    #[must_use]
    pub fn with_endpoints(&self, endpoint_ids: impl IntoIterator<Item = String>) -> Self {
        let Self { account, project, endpoint_ids: _, scenes, batch_job_id, filters } = self;
        Self {
            account: *account,
            project: project.clone(),
            endpoint_ids: endpoint_ids.into_iter().collect(),
            scenes: scenes.clone(),
            batch_job_id: batch_job_id.clone(),
            filters: filters.clone(),
        }
    }

    /// The only value that a filter leaves of a dimension without a field of its own.
    pub(crate) fn only_value(&self, key: &str) -> Option<&String> {
        let mut filters = self.filters.iter().filter(|filter| filter.key == key);
        filters.find_map(|filter| match filter.values.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }

    /// Returns the words for it: `project search`, `endpoint ep-1 of project search`, `3 endpoints of
    /// the default project`.
    pub(crate) fn describe(&self) -> String {
        let project = match &self.project {
            Some(project) => format!("project {project}"),
            None => "the default project".to_owned(),
        };
        match self.endpoint_ids.as_slice() {
            [] => project,
            [one] => format!("endpoint {one} of {project}"),
            several => format!("{} endpoints of {project}", several.len()),
        }
    }
}

/// A scene: one of the known ones, or any other text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scene(Cow<'static, str>);

impl Scene {
    /// Online inference.
    pub const ORDINARY: Self = Self(Cow::Borrowed("Ordinary"));
    /// Batch inference jobs.
    pub const BATCH: Self = Self(Cow::Borrowed("Batch"));
    /// Batch chat.
    pub const BATCH_CHAT: Self = Self(Cow::Borrowed("BatchChat"));

    /// The scenes that the service is known to count; it may count others.
    pub const KNOWN: [Self; 3] = [Self::ORDINARY, Self::BATCH, Self::BATCH_CHAT];

    /// A scene by its name on the wire.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self(name.into())
    }

    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Scene {
    fn from(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }
}
