//! Names as they were last seen: for people, never for telling usage apart.

use ark_usage_model::list_api_keys::ApiKeyName;
use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::list_projects::Project;

/// The names of one account as the service's lists last had them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The profile whose keys were used.
    pub profile: Option<String>,
    /// Projects, by name.
    pub projects: Vec<Project>,
    /// Endpoints, by id.
    pub endpoints: Vec<Endpoint>,
    /// API keys, by id: their names, never the text that gives access.
    pub api_keys: Vec<ApiKeyName>,
}

impl Names {
    /// Takes in newer names. What they do not mention stays: it may have been deleted since, and its
    /// usage still needs a name. Entries without an id are dropped.
    pub fn update(&mut self, newer: &Self) {
        if newer.profile.is_some() {
            self.profile.clone_from(&newer.profile);
        }
        update(&mut self.projects, &newer.projects, |one| one.project_name.as_deref());
        update(&mut self.endpoints, &newer.endpoints, |one| one.id.as_deref());
        update(&mut self.api_keys, &newer.api_keys, |one| one.sid.as_deref());
    }
}

/// Replaces entries of the same id and keeps the order of ids.
fn update<T: Clone>(known: &mut Vec<T>, newer: &[T], id: impl Fn(&T) -> Option<&str>) {
    known.extend(newer.iter().cloned());
    known.retain(|one| id(one).is_some());
    // Stable: of two with one id the newer stays behind.
    known.sort_by(|one, two| id(one).cmp(&id(two)));
    known.dedup_by(|later, kept| {
        let same = id(later) == id(kept);
        if same {
            std::mem::swap(later, kept);
        }
        same
    });
}
