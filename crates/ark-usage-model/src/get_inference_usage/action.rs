//! `GetInferenceUsage` as a usage action: its sizes, dimensions and metrics.

use std::time::Duration;

use volc_openapi::{
    Action, BaseUrl, RequestError, ResponseError, ResponseMetadata, ServiceDays, read_with,
};

use super::dates::{day, day_of};
use super::decode::TableSeed;
use super::dimensions::{DIMENSIONS, filter_key, filter_tag};
use super::{GetInferenceUsage, QueryInterval, UsageFilter};
use crate::action::{ActionLimits, Axis, PointCollector, RepeatedRows, RequestPart, UsageAction};
use crate::{
    Dimension, DimensionFilter, Interval, Metric, MetricInfo, MetricTable, Tags, Target, Unit,
    Window,
};

/// `GetInferenceUsage` for the query machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetInferenceUsageAction;

/// Tokens of prompts, those from a cache included.
pub const INPUT_TOKENS: Metric = Metric::from_static("InputTokens");
/// Tokens of prompts that came from a cache; part of the input.
pub const CACHE_TOKENS_HIT: Metric = Metric::from_static("CacheTokensHit");
/// Tokens of answers.
pub const OUTPUT_TOKENS: Metric = Metric::from_static("OutputTokens");
/// All tokens. May exceed input and output: tokens of videos are in no other column.
pub const TOTAL_TOKENS: Metric = Metric::from_static("TotalTokens");
/// Images.
pub const IMAGE_COUNT: Metric = Metric::from_static("ImageCount");
/// Requests.
pub const REQ_CNT: Metric = Metric::from_static("ReqCnt");

pub(super) static METRICS: [MetricInfo; 6] = [
    MetricInfo::part(INPUT_TOKENS, Unit::Tokens, TOTAL_TOKENS).or_named("input"),
    MetricInfo::part(CACHE_TOKENS_HIT, Unit::Tokens, INPUT_TOKENS).or_named("cached"),
    MetricInfo::part(OUTPUT_TOKENS, Unit::Tokens, TOTAL_TOKENS).or_named("output"),
    MetricInfo::new(TOTAL_TOKENS, Unit::Tokens),
    MetricInfo::new(IMAGE_COUNT, Unit::Images).or_named("images"),
    MetricInfo::new(REQ_CNT, Unit::Requests).or_named("requests"),
];

/// Clients disagree on whether 31 days are allowed; 30 are.
const MAX_DAYS: u32 = 30;

/// The documented delay is 5 to 30 minutes.
const SETTLE: Duration = Duration::from_mins(30);

impl UsageAction for GetInferenceUsageAction {
    fn name(&self) -> &'static str {
        GetInferenceUsage::NAME
    }

    fn service(&self) -> &'static str {
        GetInferenceUsage::SERVICE
    }

    fn limits(&self) -> ActionLimits {
        ActionLimits::whole_days(MAX_DAYS)
    }

    fn settle(&self) -> Duration {
        SETTLE
    }

    fn repeated_rows(&self) -> RepeatedRows {
        RepeatedRows::Reported
    }

    fn size_parameters(&self) -> &'static [(&'static str, Axis)] {
        &[
            ("Filter", Axis::EndpointIds),
            ("StartTime", Axis::Buckets),
            ("EndTime", Axis::Buckets),
            ("QueryInterval", Axis::Buckets),
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
        let action = GetInferenceUsage {
            start_time: day_of(part.window.first(), part.window.days()),
            end_time: day_of(part.window.last(), part.window.days()),
            query_interval: match part.window.interval() {
                Interval::Day => QueryInterval::Day,
                Interval::Hour => QueryInterval::Hour,
            },
            project_name: part.target.project.clone(),
            filters: filters(part),
        };
        action.to_http(base_url)
    }

    fn parse_request(&self, body: &[u8], days: ServiceDays) -> Option<(Target, Window)> {
        let asked: GetInferenceUsage = serde_json::from_slice(body).ok()?;
        let mut target = Target { project: asked.project_name, ..Target::default() };
        for UsageFilter { key, values } in asked.filters {
            match (filter_tag(&key)?, values.as_slice()) {
                (Tags::ENDPOINT_ID, [_, ..]) => target.endpoint_ids = values,
                (Tags::BATCH_JOB_ID, [only]) => target.batch_job_id = Some(only.clone()),
                (tag, _) => target.filters.push(DimensionFilter { key: tag.to_owned(), values }),
            }
        }
        let interval = match asked.query_interval {
            QueryInterval::Day => Interval::Day,
            QueryInterval::Hour => Interval::Hour,
        };
        let first = day(&asked.start_time, days)?;
        let end = day(&asked.end_time, days)?.checked_add(Interval::Day.seconds())?;
        let window = Window::of_days(days, interval, first, end - interval.seconds()).ok()?;
        Some((target, window))
    }

    fn decode(
        &self,
        response: &http::Response<&[u8]>,
        points: &mut PointCollector,
    ) -> Result<ResponseMetadata, ResponseError> {
        read_with(response, TableSeed(points)).map(|answer| answer.metadata)
    }
}

/// One filter for each key: with the values to count, or without any, to group by it.
fn filters(part: &RequestPart<'_>) -> Vec<UsageFilter> {
    let target = part.target;
    let job = target.batch_job_id.as_slice();
    let named = [(Tags::ENDPOINT_ID, part.endpoint_ids), (Tags::BATCH_JOB_ID, job)];
    let named = named.into_iter().filter(|(_, values)| !values.is_empty());
    let others = target.filters.iter().map(|one| (one.key.as_str(), one.values.as_slice()));
    let mut filters: Vec<UsageFilter> = Vec::new();
    for (tag, values) in named.chain(others) {
        let Some(key) = filter_key(tag) else { continue };
        match filters.iter_mut().find(|filter| filter.key == key) {
            // A column that is filtered is there, and needs no grouping.
            Some(known) if known.values.is_empty() => known.values = values.to_vec(),
            Some(_) => {}
            None => filters.push(UsageFilter { key: key.to_owned(), values: values.to_vec() }),
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountId;

    fn body(target: &Target, window: Window) -> serde_json::Value {
        let part = RequestPart::new(target, window);
        let base_url = "https://open.volcengineapi.com".parse().unwrap();
        let request = GetInferenceUsageAction.request(&part, &base_url).unwrap();
        serde_json::from_slice(request.body()).unwrap()
    }

    #[test]
    fn groups_and_filters_are_written_once_each() {
        let day = 1_783_699_200;
        let filter = |key: &str, values: &[&str]| DimensionFilter {
            key: key.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let target = Target {
            project: Some("search".to_owned()),
            endpoint_ids: vec!["ep-1".to_owned()],
            filters: vec![
                filter(Tags::ENDPOINT_ID, &[]),
                filter(Tags::API_KEY_ID, &[]),
                filter(Tags::MODEL_NAME, &[]),
                filter(Tags::MODEL_NAME, &["doubao"]),
            ],
            ..Target::new(AccountId(0))
        };
        let hours = Window::new(Interval::Hour, day + 18_000, day + 86_400).unwrap();
        let expected = serde_json::json!({
            "StartTime": "2026-07-11",
            "EndTime": "2026-07-12",
            "QueryInterval": "Hour",
            "ProjectName": "search",
            "Filters": [
                {"Key": "ModelEndpoint", "Values": ["ep-1"]},
                {"Key": "ApikeyID", "Values": []},
                {"Key": "ModelName", "Values": ["doubao"]},
            ],
        });
        assert_eq!(body(&target, hours), expected);
        let read = |target: &Target| {
            let written = serde_json::to_vec(&body(target, hours)).unwrap();
            GetInferenceUsageAction.parse_request(&written, ServiceDays::Beijing).unwrap()
        };
        let (again, days) = read(&target);
        assert_eq!((days.first(), days.end()), (day, day + 2 * 86_400));
        assert_eq!(body(&again, hours), expected, "a grouping by a filtered key is left out");
        assert_eq!(read(&again).0, again);
        assert!(GetInferenceUsageAction.parse_request(b"{}", ServiceDays::Beijing).is_none());
    }
}
