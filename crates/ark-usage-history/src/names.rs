//! Names as they were last seen: for people, never for telling usage apart.

use ark_usage_model::list_api_keys::ApiKeyName;
use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::list_projects::Project;

/// The names of one account as the service's lists last had them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The profile whose keys were used.
    pub profile: Option<String>,
    /// Projects, in the order of the list that had them last.
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
        let is_listed = |name: &Option<String>| {
            newer.projects.iter().any(|project| project.project_name == *name)
        };
        self.projects.retain(|project| !is_listed(&project.project_name));
        for (place, project) in newer.projects.iter().enumerate() {
            let mut behind = newer.projects.iter().skip(place + 1);
            let is_last = behind.all(|other| other.project_name != project.project_name);
            self.projects
                .extend((is_last && project.project_name.is_some()).then(|| project.clone()));
        }
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
