//! The body of a request: `WriteRequest` of remote write 1.0.

use std::collections::BTreeMap;

use prost::Message;

use super::plan::PlannedSample;
use super::{PushPlan, SeriesName};

/// The value of `Content-Type`.
pub const CONTENT_TYPE: &str = "application/x-protobuf";
/// The value of `Content-Encoding`: Snappy's block format.
pub const CONTENT_ENCODING: &str = "snappy";
/// The name of the header with the version of the protocol.
pub const VERSION_HEADER: &str = "X-Prometheus-Remote-Write-Version";
/// The version of the protocol.
pub const VERSION: &str = "0.1.0";

#[derive(Clone, PartialEq, Message)]
pub(super) struct WriteRequest {
    #[prost(message, repeated, tag = "1")]
    pub(super) timeseries: Vec<TimeSeries>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TimeSeries {
    #[prost(message, repeated, tag = "1")]
    pub(super) labels: Vec<Label>,
    #[prost(message, repeated, tag = "2")]
    pub(super) samples: Vec<TimedValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Label {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) value: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TimedValue {
    #[prost(double, tag = "1")]
    pub(super) value: f64,
    /// Milliseconds.
    #[prost(int64, tag = "2")]
    pub(super) timestamp: i64,
}

/// Writes samples of a plan, series by series, each in order of time.
pub(super) fn body(plan: &PushPlan, samples: &[PlannedSample]) -> Vec<u8> {
    let mut by_series: BTreeMap<(usize, u32), Vec<TimedValue>> = BTreeMap::new();
    for sample in samples {
        let series = by_series.entry((sample.series, sample.revision)).or_default();
        series.push(TimedValue {
            value: float(sample.value),
            timestamp: sample.at.saturating_mul(1_000),
        });
    }
    let none = SeriesName::default();
    let timeseries = by_series.into_iter().map(|((series, revision), samples)| {
        let labels = plan.series.get(series).unwrap_or(&none).sent(revision);
        let labels = labels.into_iter().map(|(name, value)| Label { name, value }).collect();
        TimeSeries { labels, samples }
    });
    let message = WriteRequest { timeseries: timeseries.collect() }.encode_to_vec();
    // It fails for messages of 4 GiB only.
    snap::raw::Encoder::new().compress_vec(&message).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "plans leave out what a float does not hold")]
fn float(value: i64) -> f64 {
    value as f64
}
