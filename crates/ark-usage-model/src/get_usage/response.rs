//! The result of `GetUsage`.

use serde::{Deserialize, Deserializer, Serialize};

use crate::lenient::{null_as_default, text};
use crate::number::Integer;

/// `Result` of `GetUsage`. Fields may be missing or null; unknown ones are ignored.
///
/// This is the wire's own shape. [`UsageQuery`](crate::UsageQuery) reads answers straight into
/// series without building it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetUsageResponse {
    /// One entry for each metric.
    #[serde(deserialize_with = "null_as_default")]
    pub usage_results: Vec<UsageResult>,
}

/// One metric.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UsageResult {
    /// `PromptTokens`, `CompletionTokens`, or another name.
    #[serde(deserialize_with = "null_as_default")]
    pub name: String,
    /// One entry for each set of tags.
    #[serde(deserialize_with = "null_as_default")]
    pub metric_items: Vec<MetricItem>,
}

/// One tagged line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricItem {
    /// The tags of the line; left out when empty.
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Its points, in any order. Entries without a time or a value are left out when read.
    #[serde(deserialize_with = "samples")]
    pub values: Vec<Sample>,
}

/// One tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tag {
    /// `EndpointId`, `AccountId`, `BatchJobId`, `Scene`, or another key.
    #[serde(deserialize_with = "null_as_default")]
    pub key: String,
    /// Its value.
    #[serde(deserialize_with = "text")]
    pub value: String,
}

/// One point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Sample {
    /// The bucket's label, unix seconds.
    pub timestamp: i64,
    /// The value.
    pub value: i64,
}

fn samples<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Sample>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Wire {
        #[serde(default)]
        timestamp: Option<Integer>,
        #[serde(default)]
        value: Option<Integer>,
    }

    let wire: Vec<Wire> = null_as_default(input)?;
    let mut samples = Vec::with_capacity(wire.len());
    for Wire { timestamp, value } in wire {
        match (timestamp, value) {
            (Some(Integer::Exact(timestamp)), Some(Integer::Exact(value @ 0..))) => {
                samples.push(Sample { timestamp, value });
            }
            (Some(Integer::Unreadable), _)
            | (_, Some(Integer::Unreadable | Integer::Exact(i64::MIN..0))) => {
                return Err(serde::de::Error::custom("a sample is not a whole number from 0 on"));
            }
            _ => {}
        }
    }
    Ok(samples)
}
