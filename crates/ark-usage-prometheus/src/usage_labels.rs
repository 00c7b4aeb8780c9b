//! The labels of usage: of account, project, endpoint, and the tags of the service.

use ark_usage_history::{Line, Subject};
use ark_usage_model::Tags;

use crate::Labels;

/// Tags that have a label of their own; others are `tag_KEY`.
const KNOWN: [(&str, &str); 9] = [
    (Tags::ENDPOINT_ID, "endpoint_id"),
    (Tags::BATCH_JOB_ID, "batch_job_id"),
    (Tags::SCENE, "scene"),
    (Tags::MODEL_NAME, "model"),
    (Tags::MODEL_VERSION, "model_version"),
    (Tags::API_KEY_ID, "api_key_id"),
    (Tags::BILLING_STATUS, "billing_status"),
    (Tags::BATCH_TYPE, "batch_type"),
    (Tags::MODEL_UNIT_ID, "model_unit_id"),
];

/// The project that the service takes when a request names none.
const DEFAULT_PROJECT: &str = "default";

/// Returns the project of a subject as labels name it; one without a name is the default one.
pub(crate) fn project_of(subject: &Subject) -> &str {
    let named = subject.project.as_deref().filter(|name| !name.is_empty());
    named.unwrap_or(DEFAULT_PROJECT)
}

/// Returns the labels that name the project of a subject.
pub fn project_labels(subject: &Subject) -> Labels {
    Labels::new()
        .with("account_id", &subject.account_id)
        .with("api", subject.slice.action())
        .with("project", project_of(subject))
}

/// Returns the labels of the usage of one line.
pub fn usage_labels(subject: &Subject, line: &Line) -> Labels {
    let others = line.tags.iter().filter(|(key, _)| KNOWN.iter().all(|(known, _)| known != key));
    let others = Tags::new(others.map(|(key, value)| (key.to_owned(), value.to_owned())));
    let mut labels = project_labels(subject).with_tags(&others);
    for (key, name) in KNOWN {
        labels.set(name, line.tags.get(key).unwrap_or_default());
    }
    if let Some(id) = subject.place.endpoint_id() {
        labels.set("endpoint_id", id);
    }
    labels.with("metric", line.metric.as_str())
}
