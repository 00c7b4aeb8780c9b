//! The place of usage: an account's project, as a whole or one endpoint of it, seen through a slice.

use ark_usage_model::{AccountId, Target};

use crate::Slice;

/// All of a project, or one endpoint of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a request names endpoints or does not")]
pub enum Place {
    /// All of the project.
    Whole,
    /// One endpoint, `ep-…`.
    Endpoint(String),
}

impl Place {
    /// The id of the endpoint.
    pub fn endpoint_id(&self) -> Option<&str> {
        match self {
            Self::Whole => None,
            Self::Endpoint(id) => Some(id),
        }
    }

    /// The place of an endpoint id; the whole without one.
    pub fn new(endpoint_id: Option<String>) -> Self {
        endpoint_id.map_or(Self::Whole, Self::Endpoint)
    }
}

/// The subject of a request, apart from time: what one list of answered [spans](crate::Span) is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The account's number.
    pub account_id: String,
    /// The action, filters and groups.
    pub slice: Slice,
    /// `ProjectName` as it was sent; `None` where none was, which the service takes for the default
    /// project.
    pub project: Option<String>,
    /// The whole project or one endpoint.
    pub place: Place,
}

impl Subject {
    /// The subjects of a target: its endpoints, or the whole where it names none.
    pub fn of(account_id: &str, action: &str, target: &Target) -> Vec<Self> {
        let subject = |place| Self {
            account_id: account_id.to_owned(),
            slice: Slice::of(action, target),
            project: target.project.clone(),
            place,
        };
        if target.endpoint_ids.is_empty() {
            return vec![subject(Place::Whole)];
        }
        let ids = target.endpoint_ids.iter().cloned();
        ids.map(|id| subject(Place::Endpoint(id))).collect()
    }

    /// The target that asks about it.
    pub fn target(&self, account: AccountId) -> Target {
        let mut target = Target { project: self.project.clone(), ..Target::new(account) };
        target.endpoint_ids.extend(self.place.endpoint_id().map(str::to_owned));
        self.slice.write_to(&mut target);
        target
    }

    /// The same, at another place.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use ark_usage_model::{DimensionFilter, Scene, Tags};

    use super::*;

    #[test]
    fn a_subject_and_its_target_are_each_other() {
        let filter = |key: &str, values: &[&str]| DimensionFilter {
            key: key.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let target = Target {
            project: Some("search".to_owned()),
            endpoint_ids: vec!["ep-1".to_owned()],
            scenes: vec![Scene::BATCH],
            batch_job_id: Some("job-1".to_owned()),
            filters: vec![
                filter(Tags::MODEL_NAME, &["b", "a"]),
                filter(Tags::MODEL_NAME, &[]),
                filter(Tags::API_KEY_ID, &[]),
            ],
            ..Target::new(AccountId(7))
        };
        let subjects = Subject::of("2100000001", "GetInferenceUsage", &target);
        let [subject] = subjects.as_slice() else { panic!("one endpoint, one subject") };
        let again = Subject::of("2100000001", "GetInferenceUsage", &subject.target(AccountId(1)));
        assert_eq!(again, subjects);
        assert_eq!(subject.slice.to_string().parse(), Ok(subject.slice.clone()));
        let whole = Target { endpoint_ids: Vec::new(), ..target };
        let whole = Subject::of("2100000001", "GetInferenceUsage", &whole);
        assert_eq!(whole, [subject.at(Place::Whole)]);
    }
}
