//! Building the answer: groups of workloads, their sums by bucket, and the shape the behaviors
//! give them.

use std::collections::BTreeMap;

use ark_usage_model::Interval;
use serde::{Serialize, Serializer};

use super::super::Session;
use super::request::UsageRequest;
use crate::behaviors::{
    Behaviors, Duplicates, HourLabels, SampleOrder, TagKeys, TagRule, ValueForm, ZeroBuckets,
};
use crate::calendar::HOUR;
use crate::data::{Endpoint, InferenceSource, METRICS, Metric, Workload, hour_value, mix};

/// `Result` of the answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UsageAnswer {
    usage_results: Vec<UsageResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undocumented: Option<Undocumented>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct UsageResult {
    name: &'static str,
    metric_items: Vec<MetricItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undocumented: Option<Undocumented>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricItem {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
    values: Vec<Sample>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undocumented: Option<Undocumented>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: &'static str,
    value: String,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sample {
    #[serde(serialize_with = "Number::serialize_timestamp")]
    timestamp: Number,
    value: Number,
}

/// A number in the form a behavior gives it.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: i64,
    form: ValueForm,
}

/// A member nobody has documented.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Undocumented {
    since: &'static str,
    numbers: [f64; 2],
}

/// Workloads whose usage is one item.
struct Group<'a> {
    tags: Vec<Tag>,
    workloads: Vec<&'a Workload>,
}

pub(super) fn usage_results(session: &Session<'_>, request: &UsageRequest<'_>) -> UsageAnswer {
    let groups = groups(session, request);
    let undocumented = session.extras.fields.then_some(UNDOCUMENTED);
    let result = |name, metric| UsageResult {
        name,
        metric_items: metric_items(session, request, &groups, metric),
        undocumented,
    };
    let mut usage_results: Vec<UsageResult> =
        METRICS.iter().map(|metric| result(metric.name(), *metric)).collect();
    if session.extras.metrics {
        usage_results.push(result("UndocumentedTokens", Metric::PromptTokens));
    }
    UsageAnswer { usage_results, undocumented }
}

const UNDOCUMENTED: Undocumented = Undocumented { since: "2027-01-01", numbers: [0.5, 1e30] };

fn groups<'a>(session: &Session<'_>, request: &UsageRequest<'a>) -> Vec<Group<'a>> {
    let (whole, parts) = match session.behaviors.tags {
        TagRule::Never => (true, false),
        TagRule::WhenFiltered => (!request.by_id, request.by_id),
        TagRule::Always => (false, true),
        TagRule::Both => (true, true),
    };
    let mut groups = Vec::new();
    if whole {
        let workloads = request.endpoints.iter().flat_map(|endpoint| wanted(request, endpoint));
        groups.push(Group { tags: Vec::new(), workloads: workloads.collect() });
    }
    if parts {
        groups.extend(tagged_groups(session, request));
    }
    if session.extras.tags {
        let tag = Tag { key: "Undocumented", value: "yes".to_owned() };
        for group in &mut groups {
            group.tags.push(tag.clone());
        }
    }
    groups
}

/// One group per combination of tag values, in the order in which the endpoints come.
fn tagged_groups<'a>(session: &Session<'_>, request: &UsageRequest<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut index_of: BTreeMap<Vec<Tag>, usize> = BTreeMap::new();
    let mut add = |tags: Vec<Tag>, workload: Option<&'a Workload>| {
        let index = *index_of.entry(tags).or_insert_with_key(|tags| {
            groups.push(Group { tags: tags.clone(), workloads: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(index) {
            group.workloads.extend(workload);
        }
    };
    for endpoint in &request.endpoints {
        let is_idle = wanted(request, endpoint).next().is_none();
        if is_idle && session.behaviors.tag_keys.endpoint_id {
            // An endpoint without such usage still has its item.
            add(tags(session, endpoint, None), None);
        }
        for workload in wanted(request, endpoint) {
            add(tags(session, endpoint, Some(workload)), Some(workload));
        }
    }
    groups
}

fn wanted<'a>(
    request: &UsageRequest<'a>,
    endpoint: &'a Endpoint,
) -> impl Iterator<Item = &'a Workload> {
    endpoint
        .workloads
        .iter()
        .filter(|workload| request.wants(workload.scene, workload.batch_job_id.as_deref()))
}

fn tags(session: &Session<'_>, endpoint: &Endpoint, workload: Option<&Workload>) -> Vec<Tag> {
    let TagKeys { endpoint_id, account_id, scene, batch_job_id } = session.behaviors.tag_keys;
    let tag = |wanted: bool, key, value: Option<String>| {
        value.filter(|_| wanted).map(|value| Tag { key, value })
    };
    let scene_of = workload.map(|workload| workload.scene.to_owned());
    let job_of = workload.and_then(|workload| workload.batch_job_id.clone());
    [
        tag(endpoint_id, "EndpointId", Some(endpoint.id.clone())),
        tag(account_id, "AccountId", Some(session.account.account_id.to_string())),
        tag(scene, "Scene", scene_of),
        tag(batch_job_id, "BatchJobId", job_of),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn metric_items(
    session: &Session<'_>,
    request: &UsageRequest<'_>,
    groups: &[Group<'_>],
    metric: Metric,
) -> Vec<MetricItem> {
    let undocumented = session.extras.fields.then_some(UNDOCUMENTED);
    groups
        .iter()
        .map(|group| MetricItem {
            tags: group.tags.clone(),
            values: samples(session, request, group, metric),
            undocumented,
        })
        .filter(|item| !item.values.is_empty())
        .collect()
}

fn samples(
    session: &Session<'_>,
    request: &UsageRequest<'_>,
    group: &Group<'_>,
    metric: Metric,
) -> Vec<Sample> {
    let behaviors = session.behaviors;
    let mut samples: Vec<(i64, i64)> = request
        .buckets()
        .map(|bucket| {
            let value = bucket_value(session, request, group, metric, bucket);
            (bucket + label_offset(request, behaviors), value)
        })
        .filter(|(_, value)| *value != 0 || behaviors.zero_buckets == ZeroBuckets::Kept)
        .flat_map(|(timestamp, value)| {
            let (first, second) = duplicated(value, behaviors.duplicates);
            [Some((timestamp, first)), second.map(|second| (timestamp, second))]
        })
        .flatten()
        .collect();
    if behaviors.order == SampleOrder::Unsorted {
        samples.sort_unstable_by_key(|(timestamp, value)| {
            mix(timestamp.cast_unsigned(), value.cast_unsigned())
        });
    }
    let number = |value| Number { value, form: behaviors.values };
    samples
        .into_iter()
        .map(|(timestamp, value)| Sample { timestamp: number(timestamp), value: number(value) })
        .collect()
}

/// A bucket is the sum of its hours, an item the sum of its workloads: there is no other number.
fn bucket_value(
    session: &Session<'_>,
    request: &UsageRequest<'_>,
    group: &Group<'_>,
    metric: Metric,
    bucket: i64,
) -> i64 {
    let mut total = 0_u64;
    let mut hour = bucket;
    let end = bucket + request.interval.seconds();
    while hour < end.min(session.now) {
        for workload in &group.workloads {
            let value = hour_value(workload, hour, metric, session.now, session.adjustments);
            let is_of = |source: &&InferenceSource<'_>| std::ptr::eq(source.workload, *workload);
            let left_out = request.left_out.iter().filter(is_of);
            let left_out: u64 = left_out.map(|source| source.part_of(value)).sum();
            total = total.saturating_add(value.saturating_sub(left_out));
        }
        hour += HOUR;
    }
    i64::try_from(total).unwrap_or(i64::MAX)
}

fn label_offset(request: &UsageRequest<'_>, behaviors: &Behaviors) -> i64 {
    match behaviors.hour_labels {
        HourLabels::End if request.interval == Interval::Hour => HOUR,
        _ => 0,
    }
}

fn duplicated(value: i64, duplicates: Duplicates) -> (i64, Option<i64>) {
    match duplicates {
        Duplicates::None => (value, None),
        Duplicates::Repeated => (value, Some(value)),
        Duplicates::Split => (value / 3, Some(value - value / 3)),
    }
}

impl Number {
    fn serialize_timestamp<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            ValueForm::String => serializer.collect_str(&self.value),
            ValueForm::Integer | ValueForm::Float => serializer.serialize_i64(self.value),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            ValueForm::Integer => serializer.serialize_i64(self.value),
            ValueForm::String => serializer.collect_str(&self.value),
            #[expect(clippy::cast_precision_loss, reason = "that is the behavior")]
            ValueForm::Float => serializer.serialize_f64(self.value as f64),
        }
    }
}
