//! Usage that was fetched, with everything reports are made from.

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::{CallFailure, TargetId, UsageReport};

use crate::lang::Text;
use crate::prices::Prices;
use crate::range::Range;
use crate::result_meta::ResultMeta;
use crate::scope::Scope;

/// Usage that was fetched, with everything reports are made from.
#[derive(Debug)]
pub struct UsageData {
    /// The usage of the range.
    pub report: UsageReport,
    /// The usage of the previous range, where one was requested.
    pub previous: Option<UsageReport>,
    /// Endpoints by id, as `ListEndpoints` describes them.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// Names of API keys by id, as `ListApiKeys` has them.
    pub api_keys: BTreeMap<String, String>,
    /// The profile of each account, where one was named.
    pub profiles: Vec<Option<String>>,
    /// The number of each account, where the service gave it.
    pub account_ids: Vec<Option<String>>,
    /// Warnings: code and text.
    pub warnings: Vec<(&'static str, Text)>,
    /// The projects whose usage is counted.
    pub scope: Scope,
    /// The range, with the time zone its buckets are named in.
    pub range: Range,
    /// Prices of tokens, where some were given.
    pub prices: Option<Prices>,
}

impl UsageData {
    /// Returns the usage of a range without endpoints, profiles or prices.
    pub fn new(report: UsageReport, range: Range) -> Self {
        Self {
            report,
            previous: None,
            endpoints: BTreeMap::new(),
            api_keys: BTreeMap::new(),
            profiles: Vec::new(),
            account_ids: Vec::new(),
            warnings: Vec::new(),
            scope: Scope::default_project(),
            range,
            prices: None,
        }
    }

    /// Returns true if there is data to show, or at least a call that the service answered.
    pub fn anything_came(&self) -> bool {
        !self.report.series.is_empty() || self.report.calls.iter().any(|call| call.error.is_none())
    }

    /// Returns the first failure.
    pub fn first_failure(&self) -> Option<&CallFailure> {
        self.report.calls.iter().find_map(|call| call.error.as_ref())
    }

    /// Returns the profile whose keys a target was fetched with, when several were named.
    pub fn profile(&self, target: TargetId) -> Option<&str> {
        self.meta().profile(target).filter(|_| self.profiles.len() > 1)
    }

    /// Returns the project of a target, when it names one.
    pub fn project(&self, target: TargetId) -> Option<&str> {
        self.report.targets.get(target.index())?.project.as_deref()
    }

    /// Returns the metadata rows are described with.
    pub fn meta(&self) -> ResultMeta<'_> {
        ResultMeta {
            metrics: self.report.metrics,
            dimensions: self.report.dimensions,
            targets: &self.report.targets,
            endpoints: &self.endpoints,
            api_keys: &self.api_keys,
            profiles: &self.profiles,
            account_ids: &self.account_ids,
            prices: self.prices.as_ref(),
        }
    }
}
