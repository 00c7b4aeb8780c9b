//! The dimensions of `GetInferenceUsage`: the key of a filter, the columns it brings, and the tag.

use crate::{Dimension, Tags};

/// One dimension as requests and responses spell it.
#[derive(Clone, Copy, Debug)]
pub(super) struct DimensionColumn {
    /// The key of tags and of a target's filters.
    pub(super) tag: &'static str,
    /// The key in `Filters`; `None` where it is no filter.
    pub(super) filter: Option<&'static str>,
    /// The other names that its column may have, without regard to case.
    pub(super) columns: &'static [&'static str],
}

const fn dimension(
    tag: &'static str,
    filter: &'static str,
    columns: &'static [&'static str],
) -> DimensionColumn {
    DimensionColumn { tag, filter: Some(filter), columns }
}

/// All dimensions with a column.
pub(super) static COLUMNS: [DimensionColumn; 10] = [
    dimension(Tags::MODEL_NAME, "ModelName", &[]),
    dimension(Tags::MODEL_VERSION, "ModelVersion", &[]),
    dimension(Tags::ENDPOINT_ID, "ModelEndpoint", &["ModelEndpointId"]),
    dimension(Tags::API_KEY_ID, "ApikeyID", &[]),
    dimension(Tags::BILLING_STATUS, "BillingStatus", &[]),
    dimension(Tags::BATCH_JOB_ID, "BatchJobID", &[]),
    dimension(Tags::BATCH_TYPE, "BatchType", &[]),
    dimension(Tags::MODEL_UNIT_ID, "ModelUnitID", &[]),
    DimensionColumn { tag: Tags::ACCOUNT_ID, filter: None, columns: &[] },
    DimensionColumn { tag: Tags::PROJECT, filter: None, columns: &[] },
];

/// The dimensions to filter and group by.
pub(super) static DIMENSIONS: [Dimension; 9] = [
    Dimension::filter(Dimension::PROJECT),
    Dimension::filter_and_group(Tags::MODEL_NAME),
    Dimension::filter_and_group(Tags::MODEL_VERSION),
    Dimension::filter_and_group(Tags::ENDPOINT_ID),
    Dimension::filter_and_group(Tags::API_KEY_ID),
    Dimension::filter_and_group(Tags::BILLING_STATUS),
    Dimension::filter_and_group(Tags::BATCH_JOB_ID),
    Dimension::filter_and_group(Tags::BATCH_TYPE),
    Dimension::filter_and_group(Tags::MODEL_UNIT_ID),
];

/// The key in `Filters` for a tag.
pub(super) fn filter_key(tag: &str) -> Option<&'static str> {
    COLUMNS.iter().find(|column| column.tag == tag)?.filter
}

/// The tag of a key in `Filters`.
pub(super) fn filter_tag(key: &str) -> Option<&'static str> {
    COLUMNS.iter().find(|column| column.filter == Some(key)).map(|column| column.tag)
}

impl DimensionColumn {
    /// True if its column may have this name.
    pub(super) fn is_named(&self, name: &str) -> bool {
        let mut names =
            [self.tag].into_iter().chain(self.filter).chain(self.columns.iter().copied());
        names.any(|known| known.eq_ignore_ascii_case(name))
    }

    /// True if a row without a value is one of its own, with a name. The account and the project of
    /// a request are known without it.
    pub(super) fn names_none(&self) -> bool {
        self.filter.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_to_group_by_has_a_key() {
        for dimension in DIMENSIONS.iter().filter(|dimension| dimension.group) {
            assert!(filter_key(dimension.key).is_some(), "{}", dimension.key);
        }
        assert_eq!(filter_key(Tags::ENDPOINT_ID), Some("ModelEndpoint"));
        assert_eq!((filter_key(Tags::SCENE), filter_key(Tags::PROJECT)), (None, None));
    }
}
