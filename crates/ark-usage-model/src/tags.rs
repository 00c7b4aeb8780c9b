//! The tags of a series.

/// The tags of a series: pairs, sorted by key. No tags means the whole of what was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// Key of the inference endpoint's id.
    pub const ENDPOINT_ID: &'static str = "EndpointId";
    /// Key of the account's number.
    pub const ACCOUNT_ID: &'static str = "AccountId";
    /// Key of the batch job's id.
    pub const BATCH_JOB_ID: &'static str = "BatchJobId";
    /// Key of the scene.
    pub const SCENE: &'static str = "Scene";
    /// Key of the project, where a response names it.
    pub const PROJECT: &'static str = "ProjectName";
    /// Key of the model's name.
    pub const MODEL_NAME: &'static str = "ModelName";
    /// Key of the model's version.
    pub const MODEL_VERSION: &'static str = "ModelVersion";
    /// Key of the API key's id, `apikey-…`.
    pub const API_KEY_ID: &'static str = "ApikeyID";
    /// Key of the billing status.
    pub const BILLING_STATUS: &'static str = "BillingStatus";
    /// Key of the kind of batch inference.
    pub const BATCH_TYPE: &'static str = "BatchType";
    /// Key of the model unit's id.
    pub const MODEL_UNIT_ID: &'static str = "ModelUnitID";

    /// Keys that the service is known to send. Any other is new, or one that people gave an endpoint.
    pub const KNOWN: [&'static str; 11] = [
        Self::ENDPOINT_ID,
        Self::ACCOUNT_ID,
        Self::BATCH_JOB_ID,
        Self::SCENE,
        Self::PROJECT,
        Self::MODEL_NAME,
        Self::MODEL_VERSION,
        Self::API_KEY_ID,
        Self::BILLING_STATUS,
        Self::BATCH_TYPE,
        Self::MODEL_UNIT_ID,
    ];

    /// The value of a tag where usage has none: no API key, no batch job. No resource can have this
    /// name.
    pub const NONE: &'static str = "(none)";

    /// Tags from pairs in any order; of two with one key the later stays.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut sorted: Vec<(String, String)> = pairs.into_iter().collect();
        // Stable, so that of one key the pair that came later stays behind the other.
        sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
        sorted.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            same
        });
        Self(sorted)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(other, _)| other.as_str().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value.as_str())
    }

    /// All pairs, sorted by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> + ExactSizeIterator {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// All keys, sorted.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.0.iter().map(|(key, _)| key.as_str())
    }

    /// The number of tags.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let one = Tags::new([pair("Scene", "Batch"), pair("EndpointId", "ep-1")]);
        let two = Tags::new([
            pair("EndpointId", "x"),
            pair("EndpointId", "ep-1"),
            pair("Scene", "Batch"),
        ]);
        assert_eq!(one, two);
        assert_eq!(one.get("EndpointId"), Some("ep-1"));
        assert_eq!(one.keys().collect::<Vec<_>>(), ["EndpointId", "Scene"]);
        assert!(Tags::default().is_empty() && !one.is_empty() && one.len() == 2);
    }
}
