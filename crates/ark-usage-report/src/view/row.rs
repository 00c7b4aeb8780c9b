//! One row of the view, whatever it is grouped by.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ark_usage_model::{
    Buckets, Dimension, Label, Metric, Row, State, Tags, Target, TargetId, Unit,
};

use super::labels::Labels;
use super::times::TimeSpan;
use crate::prices::{Cost, PricedValue, UnpricedKey};
use crate::result_meta::{ResultMeta, endpoint_tags, model};

/// One value. A key is `None` when rows are not grouped by it, or when it is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewRow {
    /// Start of the bucket, or of the group within the range; unix seconds.
    pub start: i64,
    /// Its end, not included.
    pub end: i64,
    /// The profile whose keys it was fetched with.
    pub profile: Option<String>,
    /// The account.
    pub account_id: Option<String>,
    /// The project.
    pub project: Option<String>,
    /// The inference endpoint.
    pub endpoint_id: Option<String>,
    /// The scene.
    pub scene: Option<String>,
    /// The batch inference job.
    pub batch_job_id: Option<String>,
    /// Tags of the service that have no key of their own.
    pub tags: BTreeMap<String, String>,
    /// The name of the endpoint; known when endpoints were listed, as are the next two.
    pub endpoint_name: Option<String>,
    /// The model: its name as usage tells it, else what the endpoint serves, `name/version`.
    pub model: Option<String>,
    /// The version of the model, as usage tells it.
    pub model_version: Option<String>,
    /// The API key, `apikey-…`; [`Tags::NONE`] for usage without one.
    pub api_key_id: Option<String>,
    /// The name of the API key; known when keys were listed.
    pub api_key_name: Option<String>,
    /// The billing status.
    pub billing_status: Option<String>,
    /// The kind of batch inference.
    pub batch_type: Option<String>,
    /// The model unit.
    pub model_unit_id: Option<String>,
    /// The tags people gave the endpoint.
    pub endpoint_tags: Option<BTreeMap<String, String>>,
    /// The metric.
    pub metric: Metric,
    /// Its unit.
    pub unit: Unit,
    /// The exact sum of the values received; `None` when nothing was received, never 0, and where values
    /// of the metric must not be added up.
    pub value: Option<i128>,
    /// The sum of the metrics of the same unit beside it; `None` when some of it is missing.
    pub total: Option<i128>,
    /// The share of the range's whole of the metric, in hundredths of a percent; `None` when either is
    /// incomplete, and in rows that are written before the whole is known.
    pub share: Option<i128>,
    /// The share of the total of all rows that [`total`](Self::total) has, in hundredths of a percent.
    pub total_share: Option<i128>,
    /// The worst state of its parts.
    pub state: State,
    /// The time its last part was received, unix seconds.
    pub fetched_at: Option<i64>,
    /// The labels of the endpoint.
    pub labels: Option<BTreeMap<String, String>>,
    /// The number of buckets, and how many were received, where it is a sum.
    pub buckets: Option<Buckets>,
    /// The same in the previous range, where one was requested.
    pub previous: Option<Previous>,
    /// The number of groups it stands for, where it is the rest that `--top` left.
    pub others: Option<usize>,
    /// Its cost, when prices were given.
    pub cost: Option<Cost>,
    /// The dimensions that its action knows: fields of others are left out of documents.
    pub dimensions: &'static [Dimension],
}

/// The same row in the previous range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// Start of its group within the previous range, unix seconds.
    pub start: i64,
    /// Its end, not included.
    pub end: i64,
    /// The previous value; `None` when nothing was received.
    pub value: Option<i128>,
    /// The worst state of its parts.
    pub state: State,
    /// The value minus the previous one; `None` when either is missing.
    pub change: Option<i128>,
    /// The change in hundredths of a percent of the previous value, rounded half away from 0; `None`
    /// when the change is unknown or the previous value is 0.
    pub change_hundredths: Option<i128>,
}

/// The sum of one metric over everything.
#[derive(Clone, Debug, PartialEq)]
pub struct TotalRow {
    /// The metric.
    pub metric: Metric,
    /// The exact sum of the values received; `None` when nothing was received.
    pub value: Option<i128>,
    /// The sum of the metrics of the same unit; `None` when some of it is missing.
    pub total: Option<i128>,
    /// The worst state of its parts.
    pub state: State,
    /// The number of buckets, and how many were received.
    pub buckets: Buckets,
    /// The same in the previous range, where one was requested.
    pub previous: Option<Previous>,
    /// Its cost, when prices were given.
    pub cost: Option<Cost>,
}

/// The keys of a row; `None` for those that rows are not grouped by.
#[derive(Clone, Debug, Default)]
pub(super) struct RowNames {
    pub(super) profile: Option<String>,
    pub(super) account_id: Option<String>,
    pub(super) project: Option<String>,
    pub(super) endpoint_id: Option<String>,
    pub(super) scene: Option<String>,
    pub(super) batch_job_id: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) endpoint_name: Option<String>,
    pub(super) model: Option<String>,
    pub(super) model_version: Option<String>,
    pub(super) api_key_id: Option<String>,
    pub(super) api_key_name: Option<String>,
    pub(super) billing_status: Option<String>,
    pub(super) batch_type: Option<String>,
    pub(super) model_unit_id: Option<String>,
    pub(super) endpoint_tags: Option<BTreeMap<String, String>>,
    pub(super) labels: Option<BTreeMap<String, String>>,
}

impl ViewRow {
    /// Returns a row as received.
    pub fn plain(facts: &ResultMeta<'_>, labels: Option<&Labels>, row: Row) -> Self {
        let label = Label {
            project: row.project,
            endpoint_id: row.endpoint_id,
            account_id: row.account_id,
            batch_job_id: row.batch_job_id,
            scene: row.scene,
            model: row.model,
            model_version: row.model_version,
            api_key_id: row.api_key_id,
            billing_status: row.billing_status,
            batch_type: row.batch_type,
            model_unit_id: row.model_unit_id,
            other: row.other,
        };
        let names = RowNames::of_line(facts, labels, row.target, label);
        let span = TimeSpan { start: row.start, end: row.end };
        let mut row = Self {
            value: row.value.map(i128::from),
            state: row.state,
            fetched_at: row.fetched_at,
            unit: facts.metrics.unit(&row.metric),
            dimensions: facts.dimensions,
            ..Self::named(names, span, row.metric)
        };
        row.cost = row.priced(facts);
        row
    }

    /// Returns true if neither a profile nor an account is named.
    pub(super) fn is_of_no_account(&self) -> bool {
        self.profile.is_none() && self.account_id.is_none()
    }

    /// Rounds its cost to so many digits behind the point.
    pub fn round_cost(&mut self, places: u32) {
        if let Some(cost) = &mut self.cost {
            cost.round(places);
        }
    }

    /// Returns the names of a value without a price.
    pub fn priced_as(&self) -> UnpricedKey {
        UnpricedKey {
            metric: self.metric.clone(),
            project: self.project.clone(),
            endpoint_id: self.endpoint_id.clone(),
            model: self.model.clone(),
        }
    }

    /// Returns a row of which only the keys are known.
    pub(super) fn named(names: RowNames, span: TimeSpan, metric: Metric) -> Self {
        Self {
            start: span.start,
            end: span.end,
            profile: names.profile,
            account_id: names.account_id,
            project: names.project,
            endpoint_id: names.endpoint_id,
            scene: names.scene,
            batch_job_id: names.batch_job_id,
            tags: names.tags,
            endpoint_name: names.endpoint_name,
            model: names.model,
            model_version: names.model_version,
            api_key_id: names.api_key_id,
            api_key_name: names.api_key_name,
            billing_status: names.billing_status,
            batch_type: names.batch_type,
            model_unit_id: names.model_unit_id,
            endpoint_tags: names.endpoint_tags,
            metric,
            unit: Unit::Unknown,
            value: None,
            total: None,
            share: None,
            total_share: None,
            state: State::Missing,
            fetched_at: None,
            labels: names.labels,
            buckets: None,
            previous: None,
            others: None,
            cost: None,
            dimensions: &[],
        }
    }

    /// Returns the cost of a row as received; that of a missing value is unknown.
    fn priced(&self, facts: &ResultMeta<'_>) -> Option<Cost> {
        let prices = facts.prices?;
        let Some(value) = self.value else { return Some(Cost::default()) };
        let model = priced_model(self.model.as_deref(), self.model_version.as_deref());
        let priced = PricedValue {
            start: self.start,
            metric: &self.metric,
            endpoint_id: self.endpoint_id.as_deref(),
            labels: self.labels.as_ref(),
            model: model.as_deref(),
        };
        Some(prices.cost(&priced, value, &facts.metrics))
    }
}

/// Returns the model as prices name it: `name/version` where both are known.
fn priced_model<'a>(model: Option<&'a str>, version: Option<&str>) -> Option<Cow<'a, str>> {
    let model = model?;
    let version = version.filter(|version| *version != Tags::NONE && !model.contains('/'));
    Some(version.map_or(Cow::Borrowed(model), |version| Cow::Owned(format!("{model}/{version}"))))
}

impl RowNames {
    /// Notes the value of a tag of the service.
    pub(super) fn note(&mut self, key: &str, value: &str) {
        let field = match key {
            Tags::ENDPOINT_ID => &mut self.endpoint_id,
            Tags::SCENE => &mut self.scene,
            Tags::BATCH_JOB_ID => &mut self.batch_job_id,
            Tags::ACCOUNT_ID => &mut self.account_id,
            Tags::PROJECT => &mut self.project,
            Tags::MODEL_NAME => &mut self.model,
            Tags::MODEL_VERSION => &mut self.model_version,
            Tags::API_KEY_ID => &mut self.api_key_id,
            Tags::BILLING_STATUS => &mut self.billing_status,
            Tags::BATCH_TYPE => &mut self.batch_type,
            Tags::MODEL_UNIT_ID => &mut self.model_unit_id,
            key => {
                self.tags.insert(key.to_owned(), value.to_owned());
                return;
            }
        };
        *field = Some(value.to_owned());
    }

    /// Returns the model as prices name it.
    pub(super) fn priced_model(&self) -> Option<Cow<'_, str>> {
        priced_model(self.model.as_deref(), self.model_version.as_deref())
    }

    /// Returns the names that all targets share.
    pub(super) fn shared(facts: &ResultMeta<'_>, labels: Option<&Labels>) -> Self {
        let of = |(target, id): (&Target, u32)| {
            Self::of_line(facts, labels, TargetId(id), Label::of_target(target))
        };
        facts
            .targets
            .iter()
            .zip(0..)
            .map(of)
            .reduce(|one, other| one.and(&other))
            .unwrap_or_default()
    }

    /// Returns the names that both have.
    fn and(self, other: &Self) -> Self {
        fn same<T: PartialEq>(one: Option<T>, other: Option<&T>) -> Option<T> {
            one.filter(|one| Some(one) == other)
        }
        Self {
            profile: same(self.profile, other.profile.as_ref()),
            account_id: same(self.account_id, other.account_id.as_ref()),
            project: same(self.project, other.project.as_ref()),
            endpoint_id: same(self.endpoint_id, other.endpoint_id.as_ref()),
            scene: same(self.scene, other.scene.as_ref()),
            batch_job_id: same(self.batch_job_id, other.batch_job_id.as_ref()),
            tags: if self.tags == other.tags { self.tags } else { BTreeMap::new() },
            endpoint_name: same(self.endpoint_name, other.endpoint_name.as_ref()),
            model: same(self.model, other.model.as_ref()),
            model_version: same(self.model_version, other.model_version.as_ref()),
            api_key_id: same(self.api_key_id, other.api_key_id.as_ref()),
            api_key_name: same(self.api_key_name, other.api_key_name.as_ref()),
            billing_status: same(self.billing_status, other.billing_status.as_ref()),
            batch_type: same(self.batch_type, other.batch_type.as_ref()),
            model_unit_id: same(self.model_unit_id, other.model_unit_id.as_ref()),
            endpoint_tags: same(self.endpoint_tags, other.endpoint_tags.as_ref()),
            labels: same(self.labels, other.labels.as_ref()),
        }
    }

    /// Returns everything known about a line.
    pub(super) fn of_line(
        facts: &ResultMeta<'_>,
        labels: Option<&Labels>,
        target: TargetId,
        label: Label,
    ) -> Self {
        let endpoint = facts.endpoint(label.endpoint_id.as_deref());
        Self {
            profile: facts.profile(target).map(str::to_owned),
            endpoint_name: endpoint.and_then(|endpoint| endpoint.name.clone()),
            model: label.model.or_else(|| endpoint.and_then(model)),
            model_version: label.model_version,
            api_key_name: facts.api_key_name(label.api_key_id.as_deref()),
            api_key_id: label.api_key_id,
            billing_status: label.billing_status,
            batch_type: label.batch_type,
            model_unit_id: label.model_unit_id,
            endpoint_tags: endpoint.map(endpoint_tags),
            labels: label.endpoint_id.as_deref().and_then(|id| labels?.of(id)).cloned(),
            account_id: label.account_id.or_else(|| facts.account_id(target).map(str::to_owned)),
            project: label.project,
            endpoint_id: label.endpoint_id,
            scene: label.scene,
            batch_job_id: label.batch_job_id,
            tags: label.other,
        }
    }
}

impl Previous {
    /// Returns the value of a stretch of the previous range, and its difference from now.
    pub(super) fn new(
        then: TimeSpan,
        value: Option<i128>,
        state: State,
        now: Option<i128>,
    ) -> Self {
        let change = now.zip(value).map(|(now, then)| now - then);
        let change_hundredths =
            change.zip(value).and_then(|(change, then)| hundredths(change, then));
        Self { start: then.start, end: then.end, value, state, change, change_hundredths }
    }
}

/// A part in hundredths of a percent of the whole, rounded half away from 0.
pub(super) fn hundredths(part: i128, whole: i128) -> Option<i128> {
    let scaled = part.checked_mul(10_000)?;
    let (quotient, rest) = (scaled.checked_div(whole)?, scaled.checked_rem(whole)?);
    let up = rest.unsigned_abs().checked_mul(2)? >= whole.unsigned_abs();
    Some(if up { quotient + scaled.signum() * whole.signum() } else { quotient })
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn changes_are_rounded_once_and_never_from_nothing() {
        let cases = [
            (1, 3, Some(3_333)),
            (2, 3, Some(6_667)),
            (-2, 3, Some(-6_667)),
            (1, 20_000, Some(1)),
            (1, 20_001, Some(0)),
            (-100, 100, Some(-10_000)),
            (5, -10, Some(-5_000)),
            (5, 0, None),
            (i128::MAX, 1, None),
        ];
        for (part, whole, expected) in cases {
            assert_eq!(hundredths(part, whole), expected, "{part} of {whole}");
        }
    }
}
