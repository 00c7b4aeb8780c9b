//! The dimensions of usage an action knows.

use crate::{Tags, Target};

/// A dimension that an action can filter or group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dimension {
    /// The name in requests, and the key of its tags in responses, such as `EndpointId`.
    pub key: &'static str,
    /// Usage can be limited to some of its values.
    pub filter: bool,
    /// Usage can be requested separately for each of its values. Where this is false, a service
    /// may still tag lines with it.
    pub group: bool,
}

impl Dimension {
    /// The key of a target's project.
    pub const PROJECT: &'static str = Tags::PROJECT;

    /// A dimension to filter by.
    pub const fn filter(key: &'static str) -> Self {
        Self { key, filter: true, group: false }
    }

    /// A dimension to filter and to group by.
    pub const fn filter_and_group(key: &'static str) -> Self {
        Self { key, filter: true, group: true }
    }
}

/// The first dimension of a target that an action cannot filter or group by.
pub(crate) fn unsupported<'a>(target: &'a Target, known: &[Dimension]) -> Option<&'a str> {
    let find = |key: &str| known.iter().find(|one| one.key == key);
    let can_filter = |key: &str| find(key).is_some_and(|one| one.filter);
    let can_group = |key: &str| find(key).is_some_and(|one| one.group);
    let fields = [
        (Dimension::PROJECT, target.project.is_some()),
        (Tags::ENDPOINT_ID, !target.endpoint_ids.is_empty()),
        (Tags::SCENE, !target.scenes.is_empty()),
        (Tags::BATCH_JOB_ID, target.batch_job_id.is_some()),
    ];
    let field = fields.into_iter().find(|(key, used)| *used && !can_filter(key));
    let filter = target.filters.iter().find(|filter| {
        let key = &filter.key;
        if filter.values.is_empty() { !can_group(key) } else { !can_filter(key) }
    });
    field.map(|(key, _)| key).or_else(|| filter.map(|filter| filter.key.as_str()))
}
