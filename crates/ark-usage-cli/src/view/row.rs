//! One row of the view, whatever it is a sum of.

use std::collections::BTreeMap;

use ark_usage_model::{Buckets, Metric, Row, State};

use super::facts::{Facts, endpoint_tags, model};
use crate::prices::{Cost, Priced};

/// One value. Keys that rows are not summed by are `None`: not asked, or not known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ViewRow {
    /// Start of the bucket, or of the group within the range; unix seconds.
    pub(crate) start: i64,
    /// Its end, not included.
    pub(crate) end: i64,
    pub(crate) profile: Option<String>,
    pub(crate) account_id: Option<String>,
    pub(crate) project: Option<String>,
    pub(crate) endpoint_id: Option<String>,
    pub(crate) scene: Option<String>,
    pub(crate) batch_job_id: Option<String>,
    /// Tags of the service that have no key of their own.
    pub(crate) tags: BTreeMap<String, String>,
    /// Known when the service was asked for a list of endpoints, as are the next two.
    pub(crate) endpoint_name: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) endpoint_tags: Option<BTreeMap<String, String>>,
    pub(crate) metric: Metric,
    /// The exact sum of what came; `None` when nothing came, never 0.
    pub(crate) value: Option<i128>,
    /// The worst state of its parts.
    pub(crate) state: State,
    /// When the last of its parts came, unix seconds.
    pub(crate) fetched_at: Option<i64>,
    /// What `--labels` says of the endpoint.
    pub(crate) labels: Option<BTreeMap<String, String>>,
    /// How much of it came, where it is a sum.
    pub(crate) buckets: Option<Buckets>,
    /// The same in the range before, where that was asked.
    pub(crate) previous: Option<Previous>,
    /// How many groups it stands for, where it is the rest that `--top` left.
    pub(crate) others: Option<usize>,
    /// What it costs by own prices, when some were given.
    pub(crate) cost: Option<Cost>,
}

/// The same row, in the range before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
    /// Start of its group within the range before, unix seconds.
    pub(crate) start: i64,
    /// Its end, not included.
    pub(crate) end: i64,
    /// What was counted then; `None` when nothing came.
    pub(crate) value: Option<i128>,
    pub(crate) state: State,
    /// The value less that of then; `None` when either did not come.
    pub(crate) change: Option<i128>,
    /// The change in hundredths of a percent of the value then, rounded half away from 0; `None`
    /// when there is no change to tell or it is one from 0.
    pub(crate) change_hundredths: Option<i128>,
}

/// The sum of one metric over everything.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TotalRow {
    pub(crate) metric: Metric,
    /// The exact sum of what came; `None` when nothing came.
    pub(crate) value: Option<i128>,
    /// The worst state of its parts.
    pub(crate) state: State,
    pub(crate) buckets: Buckets,
    /// The same in the range before, where that was asked.
    pub(crate) previous: Option<Previous>,
}

impl ViewRow {
    /// A row as it came.
    pub(crate) fn plain(facts: &Facts<'_>, row: Row) -> Self {
        let endpoint = facts.endpoint(row.endpoint_id.as_deref());
        let mut row = Self {
            start: row.start,
            end: row.end,
            profile: facts.profile(row.target).map(str::to_owned),
            account_id: row.account_id,
            project: row.project,
            endpoint_id: row.endpoint_id,
            scene: row.scene,
            batch_job_id: row.batch_job_id,
            tags: row.other,
            endpoint_name: endpoint.and_then(|endpoint| endpoint.name.clone()),
            model: endpoint.and_then(model),
            endpoint_tags: endpoint.map(endpoint_tags),
            metric: row.metric,
            value: row.value.map(i128::from),
            state: row.state,
            fetched_at: row.fetched_at,
            labels: None,
            buckets: None,
            previous: None,
            others: None,
            cost: None,
        };
        row.cost = row.priced(facts);
        row
    }

    /// What it costs, where it is a row as it came; what did not come costs nobody knows what.
    fn priced(&self, facts: &Facts<'_>) -> Option<Cost> {
        let prices = facts.prices?;
        let Some(value) = self.value else { return Some(Cost::default()) };
        let priced = Priced {
            start: self.start,
            metric: &self.metric,
            endpoint_id: self.endpoint_id.as_deref(),
            labels: self.labels.as_ref(),
            model: self.model.as_deref(),
        };
        Some(prices.cost(&priced, value))
    }
}
