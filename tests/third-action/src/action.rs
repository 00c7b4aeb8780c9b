//! `QueryUsageTable` as a usage action: everything the query machine has to know.

use ark_usage_model::{
    ActionLimits, Axis, Dimension, Interval, Metric, MetricInfo, MetricTable, PointCollector,
    RequestPart, Tags, Unit, UsageAction,
};
use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, ResponseMetadata};

use crate::dates::day_of;
use crate::{MAX_DAYS, QueryUsageTable};

/// `QueryUsageTable` for the query machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct QueryUsageTableAction;

/// Tokens of prompts.
pub const INPUT_TOKENS: Metric = Metric::from_static("InputTokens");
/// Tokens of prompts that came from a cache; part of the input.
pub const CACHED_TOKENS: Metric = Metric::from_static("CachedTokens");
/// Tokens of completions.
pub const OUTPUT_TOKENS: Metric = Metric::from_static("OutputTokens");
/// Requests.
pub const REQUESTS: Metric = Metric::from_static("Requests");
/// The input tokens of the busiest hour of a bucket: must not be added up.
pub const PEAK_HOUR_TOKENS: Metric = Metric::from_static("PeakHourTokens");

static DIMENSIONS: [Dimension; 3] = [
    Dimension::filter(Dimension::PROJECT),
    Dimension::filter_and_group(Tags::ENDPOINT_ID),
    Dimension::filter_and_group(Tags::SCENE),
];

static METRICS: [MetricInfo; 5] = [
    MetricInfo::new(INPUT_TOKENS, Unit::Tokens),
    MetricInfo::part(CACHED_TOKENS, Unit::Tokens, INPUT_TOKENS),
    MetricInfo::new(OUTPUT_TOKENS, Unit::Tokens),
    MetricInfo::new(REQUESTS, Unit::Requests),
    MetricInfo::level(PEAK_HOUR_TOKENS, Unit::Tokens),
];

impl UsageAction for QueryUsageTableAction {
    fn name(&self) -> &'static str {
        QueryUsageTable::NAME
    }

    fn service(&self) -> &'static str {
        QueryUsageTable::SERVICE
    }

    fn limits(&self) -> ActionLimits {
        ActionLimits::whole_days(MAX_DAYS)
    }

    fn size_parameters(&self) -> &'static [(&'static str, Axis)] {
        &[
            ("EndpointId", Axis::EndpointIds),
            ("StartDate", Axis::Buckets),
            ("EndDate", Axis::Buckets),
        ]
    }

    fn dimensions(&self) -> &'static [Dimension] {
        &DIMENSIONS
    }

    fn metrics(&self) -> MetricTable {
        MetricTable::new(&METRICS)
    }

    fn request(
        &self,
        part: &RequestPart<'_>,
        base_url: &BaseUrl,
    ) -> Result<http::Request<Vec<u8>>, RequestError> {
        let target = part.target;
        let grouped = target.filters.iter().filter(|filter| filter.values.is_empty());
        let action = QueryUsageTable {
            start_date: day_of(part.window.first()),
            end_date: day_of(part.window.last()),
            granularity: match part.window.interval() {
                Interval::Day => "Day".to_owned(),
                Interval::Hour => "Hour".to_owned(),
            },
            project_name: target.project.clone(),
            endpoint_ids: part.endpoint_ids.to_vec(),
            scenes: target.scenes.iter().map(|scene| scene.as_str().to_owned()).collect(),
            group_by: grouped.map(|filter| filter.key.clone()).collect(),
        };
        action.to_http(base_url)
    }

    fn decode(
        &self,
        response: &http::Response<&[u8]>,
        points: &mut PointCollector,
    ) -> Result<ResponseMetadata, ResponseError> {
        let Answer { metadata, result } = QueryUsageTable::from_http(response)?;
        result.collect(points);
        Ok(metadata)
    }
}
