//! A GetUsage service small enough to be obviously right, with a switch for each open question.

use std::collections::BTreeMap;

use ark_usage_model::Interval;
use ark_usage_model::get_usage::{
    GetUsage, GetUsageResponse, MetricItem, Sample, Tag, UsageResult,
};
use serde_json::{Value, json};

/// The rule by which lines are tagged with their endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tagging {
    Never,
    WhenFiltered,
    Always,
    /// The whole beside its parts.
    Both,
}

/// The labels of hours, and the instants the request's edges are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Labels {
    Starts,
    /// Labels are ends; so are the edges.
    EndsComparedAsEnds,
    /// Labels are ends; the edges are starts.
    EndsComparedAsStarts,
}

/// Usage by bucket start, endpoint and metric, and how it is told.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) data: BTreeMap<(i64, &'static str, String), i64>,
    pub(crate) interval: Interval,
    pub(crate) end_inclusive: bool,
    pub(crate) tagging: Tagging,
    pub(crate) labels: Labels,
    pub(crate) as_text: bool,
    pub(crate) shuffled: bool,
    pub(crate) duplicated: bool,
    /// Most buckets of one call.
    pub(crate) max_buckets: usize,
    /// Most endpoint ids of one call.
    pub(crate) max_ids: usize,
    /// Ids it does not know.
    pub(crate) unknown_ids: Vec<String>,
    /// Refuses to be asked beyond this instant.
    pub(crate) horizon: i64,
    /// Refuses to be asked before this instant.
    pub(crate) history: i64,
}

impl Service {
    /// Endpoints `ep-0` to `ep-{endpoints-1}`, both token metrics, a value for each bucket.
    pub(crate) fn new(window: ark_usage_model::Window, endpoints: usize) -> Self {
        let mut data = BTreeMap::new();
        for (index, start) in window.buckets().enumerate() {
            for endpoint in 0..endpoints {
                for (metric, factor) in [("PromptTokens", 1_000), ("CompletionTokens", 1)] {
                    let value = factor * (1 + index as i64 * 10 + endpoint as i64);
                    data.insert((start, metric, format!("ep-{endpoint}")), value);
                }
            }
        }
        Self {
            data,
            interval: window.interval(),
            end_inclusive: true,
            tagging: Tagging::WhenFiltered,
            labels: Labels::Starts,
            as_text: false,
            shuffled: false,
            duplicated: false,
            max_buckets: usize::MAX,
            max_ids: usize::MAX,
            unknown_ids: Vec::new(),
            horizon: i64::MAX,
            history: i64::MIN,
        }
    }

    /// Forgets everything of a bucket.
    pub(crate) fn without(mut self, start: i64) -> Self {
        self.data.retain(|(other, _, _), _| *other != start);
        self
    }

    /// The exact sum of a metric.
    pub(crate) fn sum(&self, metric: &str) -> i128 {
        let of = self.data.iter().filter(|((_, name, _), _)| *name == metric);
        of.map(|(_, value)| i128::from(*value)).sum()
    }

    /// The answer to a call.
    pub(crate) fn answer(&self, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let ask: GetUsage = serde_json::from_slice(request.body()).unwrap();
        if let Some((code, status)) = self.refusal(&ask) {
            return refuse(status, code);
        }
        let mut results = Vec::new();
        for name in ["PromptTokens", "CompletionTokens"] {
            let items = self.items(&ask, name);
            if !items.is_empty() {
                results.push(UsageResult { name: name.to_owned(), metric_items: items });
            }
        }
        let result = serde_json::to_value(GetUsageResponse { usage_results: results }).unwrap();
        success(&if self.as_text { numbers_as_text(result) } else { result })
    }

    fn refusal(&self, ask: &GetUsage) -> Option<(&'static str, u16)> {
        let buckets = (ask.end_time - ask.start_time) / ask.interval.seconds() + 1;
        if ask.start_time < self.history {
            return Some(("InvalidParameter.StartTime", 400));
        }
        if usize::try_from(buckets).unwrap() > self.max_buckets || ask.end_time > self.horizon {
            return Some(("InvalidParameter.EndTime", 400));
        }
        if ask.endpoint_ids.len() > self.max_ids {
            return Some(("InvalidParameter.EndpointIds", 400));
        }
        let known = |id| !self.unknown_ids.contains(id);
        (!ask.endpoint_ids.iter().all(known)).then_some(("NotFound.EndpointId", 404))
    }

    fn items(&self, ask: &GetUsage, metric: &str) -> Vec<MetricItem> {
        let seconds = self.interval.seconds();
        let (edge, label) = match self.labels {
            Labels::Starts => (0, 0),
            Labels::EndsComparedAsEnds => (seconds, seconds),
            Labels::EndsComparedAsStarts => (0, seconds),
        };
        let asked = |start: i64, endpoint: &String| {
            let edge = start + edge;
            edge >= ask.start_time
                && (edge < ask.end_time || self.end_inclusive && edge == ask.end_time)
                && (ask.endpoint_ids.is_empty() || ask.endpoint_ids.contains(endpoint))
        };
        let mut whole: BTreeMap<i64, i64> = BTreeMap::new();
        let mut parts: BTreeMap<&String, BTreeMap<i64, i64>> = BTreeMap::new();
        for ((start, name, endpoint), value) in &self.data {
            if *name == metric && asked(*start, endpoint) {
                *whole.entry(start + label).or_default() += value;
                parts.entry(endpoint).or_default().insert(start + label, *value);
            }
        }
        let filtered = !ask.endpoint_ids.is_empty();
        let (untagged, tagged) = match self.tagging {
            Tagging::Never => (true, false),
            Tagging::WhenFiltered => (!filtered, filtered),
            Tagging::Always => (false, true),
            Tagging::Both => (true, true),
        };
        let mut items = Vec::new();
        if untagged && !whole.is_empty() {
            items.push(MetricItem { tags: Vec::new(), values: self.samples(&whole) });
        }
        for (endpoint, values) in parts.iter().filter(|_| tagged) {
            let tag = Tag { key: "EndpointId".to_owned(), value: (*endpoint).clone() };
            items.push(MetricItem { tags: vec![tag], values: self.samples(values) });
        }
        items
    }

    fn samples(&self, values: &BTreeMap<i64, i64>) -> Vec<Sample> {
        let mut samples: Vec<Sample> =
            values.iter().map(|(&timestamp, &value)| Sample { timestamp, value }).collect();
        if self.duplicated {
            samples.extend(samples.clone());
        }
        if self.shuffled {
            samples.sort_by_key(|sample| sample.timestamp.rotate_left(7) % 1_009);
        }
        samples
    }
}

fn numbers_as_text(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(items) => items.into_iter().map(numbers_as_text).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, numbers_as_text(value))).collect()
        }
        other => other,
    }
}

/// A 200 with a result.
pub(crate) fn success(result: &Value) -> http::Response<Vec<u8>> {
    let body = json!({"ResponseMetadata": {"RequestId": "ok-1"}, "Result": result});
    http::Response::new(body.to_string().into_bytes())
}

/// A page of something in front of the service.
pub(crate) fn page(status: u16) -> http::Response<Vec<u8>> {
    let body = b"<html>no</html>".to_vec();
    http::Response::builder().status(status).body(body).unwrap()
}

/// A refusal with a code.
pub(crate) fn refuse(status: u16, code: &str) -> http::Response<Vec<u8>> {
    let body = json!({"ResponseMetadata":
        {"RequestId": "no-1", "Error": {"Code": code, "Message": format!("about {code}")}}});
    http::Response::builder().status(status).body(body.to_string().into_bytes()).unwrap()
}
