//! One row as every machine format shows it: every key always there, in this order.

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::{Endpoint, EndpointTag};
use ark_usage_model::{Row, Target, TargetId};
use serde::Serialize;

use crate::range::Range;

/// What it takes to write a row: the zone, and what is known about endpoints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowContext<'a> {
    pub(crate) range: &'a Range,
    pub(crate) endpoints: &'a BTreeMap<String, Endpoint>,
    pub(crate) targets: &'a [Target],
    /// The profile of each account, when one was named.
    pub(crate) profiles: &'a [Option<String>],
}

impl<'a> RowContext<'a> {
    /// The profile whose keys asked about a target, when one was named.
    pub(super) fn profile(&self, target: TargetId) -> Option<&'a str> {
        let account = self.targets.get(target.index())?.account;
        self.profiles.get(usize::try_from(account.0).ok()?)?.as_deref()
    }
}

/// One value.
#[derive(Serialize)]
pub(super) struct RowDocument<'a> {
    start: String,
    /// First instant after the bucket.
    end: String,
    start_unix: i64,
    end_unix: i64,
    profile: Option<&'a str>,
    account_id: Option<&'a str>,
    project: Option<&'a str>,
    endpoint_id: Option<&'a str>,
    scene: Option<&'a str>,
    batch_job_id: Option<&'a str>,
    tags: &'a BTreeMap<String, String>,
    /// Known when the service was asked for a list of endpoints, as are the next two.
    endpoint_name: Option<&'a str>,
    model: Option<String>,
    endpoint_tags: Option<BTreeMap<&'a str, &'a str>>,
    metric: &'a str,
    value: Option<i64>,
    state: &'static str,
    fetched_at: Option<String>,
}

impl<'a> RowDocument<'a> {
    /// The row as it is shown.
    pub(super) fn new(context: &RowContext<'a>, row: &'a Row) -> Self {
        let range = context.range;
        let endpoint = row.endpoint_id.as_ref().and_then(|id| context.endpoints.get(id));
        Self {
            start: range.rfc3339(row.start),
            end: range.rfc3339(row.end),
            start_unix: row.start,
            end_unix: row.end,
            profile: context.profile(row.target),
            account_id: row.account_id.as_deref(),
            project: row.project.as_deref(),
            endpoint_id: row.endpoint_id.as_deref(),
            scene: row.scene.as_deref(),
            batch_job_id: row.batch_job_id.as_deref(),
            tags: &row.other,
            endpoint_name: endpoint.and_then(|endpoint| endpoint.name.as_deref()),
            model: endpoint.and_then(super::model),
            endpoint_tags: endpoint.map(endpoint_tags),
            metric: row.metric.as_str(),
            value: row.value,
            state: row.state.name(),
            fetched_at: row.fetched_at.map(|at| range.rfc3339(at)),
        }
    }
}

fn endpoint_tags(endpoint: &Endpoint) -> BTreeMap<&str, &str> {
    endpoint.tags.iter().filter_map(pair).collect()
}

fn pair(tag: &EndpointTag) -> Option<(&str, &str)> {
    Some((tag.key.as_deref()?, tag.value.as_deref()?))
}
