//! Metadata of usage: its targets, endpoints, profiles and prices.

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::{Dimension, MetricTable, Target, TargetId};

use crate::prices::Prices;

/// Metadata rows are described with.
#[derive(Clone, Copy, Debug)]
pub struct ResultMeta<'a> {
    /// The metrics that the action declares.
    pub metrics: MetricTable,
    /// The dimensions that the action can filter or group by.
    pub dimensions: &'static [Dimension],
    /// The targets of the query.
    pub targets: &'a [Target],
    /// Endpoints by id, as `ListEndpoints` describes them.
    pub endpoints: &'a BTreeMap<String, Endpoint>,
    /// Names of API keys by id, as `ListApiKeys` has them.
    pub api_keys: &'a BTreeMap<String, String>,
    /// The profile of each account, when one was named.
    pub profiles: &'a [Option<String>],
    /// The number of each account, where the service gave it.
    pub account_ids: &'a [Option<String>],
    /// Prices of tokens, where some were given.
    pub prices: Option<&'a Prices>,
}

impl<'a> ResultMeta<'a> {
    /// Returns the profile whose keys a target was fetched with, when one was named.
    pub fn profile(&self, target: TargetId) -> Option<&'a str> {
        self.profiles.get(self.account(target)?)?.as_deref()
    }

    /// Returns the number of the account a target belongs to, where the service gave it.
    pub fn account_id(&self, target: TargetId) -> Option<&'a str> {
        self.account_ids.get(self.account(target)?)?.as_deref()
    }

    fn account(&self, target: TargetId) -> Option<usize> {
        usize::try_from(self.targets.get(target.index())?.account.0).ok()
    }

    /// Returns the description of an endpoint.
    pub fn endpoint(&self, id: Option<&str>) -> Option<&'a Endpoint> {
        self.endpoints.get(id?)
    }
}

impl ResultMeta<'_> {
    /// Returns the name of an API key.
    pub(crate) fn api_key_name(&self, id: Option<&str>) -> Option<String> {
        self.api_keys.get(id?).cloned()
    }
}

/// The model an endpoint serves: `name/version`, or the id of a custom one.
pub(crate) fn model(endpoint: &Endpoint) -> Option<String> {
    let reference = endpoint.model_reference.as_ref()?;
    let Some(model) = &reference.foundation_model else { return reference.custom_model_id.clone() };
    match (&model.name, &model.model_version) {
        (Some(name), Some(version)) => Some(format!("{name}/{version}")),
        (name, version) => name.clone().or_else(|| version.clone()),
    }
}

/// The tags people gave an endpoint.
pub(crate) fn endpoint_tags(endpoint: &Endpoint) -> BTreeMap<String, String> {
    let pairs = endpoint.tags.iter();
    pairs.filter_map(|tag| Some((tag.key.clone()?, tag.value.clone()?))).collect()
}
