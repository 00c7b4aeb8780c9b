//! `GetUsage` as a usage action: its sizes, dimensions, metrics and open questions.

use volc_openapi::{
    Action, BaseUrl, RequestError, ResponseError, ResponseMetadata, ServiceDays, read_with,
};

use super::decode::ResultSeed;
use crate::action::{ActionLimits, Axis, OpenQuestions, PointCollector, RequestPart, UsageAction};
use crate::query::{PlanError, QueryOptions, UsageQuery};
use crate::{Dimension, GetUsage, Metric, MetricInfo, MetricTable, Tags, Target, Unit, Window};

/// `GetUsage` for the query machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetUsageAction;

static DIMENSIONS: [Dimension; 4] = [
    Dimension::filter(Dimension::PROJECT),
    Dimension::filter(Tags::ENDPOINT_ID),
    Dimension::filter(Tags::SCENE),
    Dimension::filter(Tags::BATCH_JOB_ID),
];

static METRICS: [MetricInfo; 2] = [
    MetricInfo::new(Metric::PROMPT_TOKENS, Unit::Tokens).or_named("input"),
    MetricInfo::new(Metric::COMPLETION_TOKENS, Unit::Tokens).or_named("output"),
];

impl UsageAction for GetUsageAction {
    fn name(&self) -> &'static str {
        GetUsage::NAME
    }

    fn service(&self) -> &'static str {
        GetUsage::SERVICE
    }

    fn limits(&self) -> ActionLimits {
        ActionLimits::UNDOCUMENTED
    }

    fn open_questions(&self) -> OpenQuestions {
        OpenQuestions::ALL
    }

    fn size_parameters(&self) -> &'static [(&'static str, Axis)] {
        &[
            ("EndpointId", Axis::EndpointIds),
            ("StartTime", Axis::Buckets),
            ("EndTime", Axis::Buckets),
            ("Interval", Axis::Buckets),
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
        let interval = part.window.interval();
        let end_time = part.window.last() + part.beyond * interval.seconds();
        let action = GetUsage {
            project_name: part.target.project.clone(),
            endpoint_ids: part.endpoint_ids.to_vec(),
            scenes: part.target.scenes.clone(),
            batch_job_id: part.target.batch_job_id.clone(),
            ..GetUsage::new(interval, part.window.first(), end_time)
        };
        action.to_http(base_url)
    }

    fn parse_request(&self, body: &[u8], days: ServiceDays) -> Option<(Target, Window)> {
        let asked: GetUsage = serde_json::from_slice(body).ok()?;
        let target = Target {
            project: asked.project_name,
            endpoint_ids: asked.endpoint_ids,
            scenes: asked.scenes,
            batch_job_id: asked.batch_job_id,
            ..Target::default()
        };
        let (first, last) = (asked.start_time, asked.end_time);
        let window = Window::of_days(days, asked.interval, first, last).ok()?;
        Some((target, window))
    }

    fn decode(
        &self,
        response: &http::Response<&[u8]>,
        points: &mut PointCollector,
    ) -> Result<ResponseMetadata, ResponseError> {
        read_with(response, ResultSeed(points)).map(|answer| answer.metadata)
    }
}

impl UsageQuery {
    /// A `GetUsage` query over all targets and the whole window. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When there is no target, two of them share usage, or an option lets nothing be sent.
    pub fn new(
        targets: Vec<Target>,
        window: Window,
        base_url: BaseUrl,
        options: QueryOptions,
    ) -> Result<Self, PlanError> {
        Self::with_action(&GetUsageAction, targets, window, base_url, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, Interval};

    #[test]
    fn a_request_is_read_back() {
        let target = Target {
            project: Some("search".to_owned()),
            endpoint_ids: vec!["ep-1".to_owned(), "ep-2".to_owned()],
            scenes: vec!["Batch".into()],
            batch_job_id: Some("job-1".to_owned()),
            ..Target::new(AccountId(0))
        };
        let first = 1_731_945_600;
        let window = Window::new(Interval::Hour, first, first + 5 * 3_600).unwrap();
        let base_url = "https://open.volcengineapi.com".parse().unwrap();
        let part = RequestPart::new(&target, window);
        let request = GetUsageAction.request(&part, &base_url).unwrap();
        assert_eq!(
            GetUsageAction.parse_request(request.body(), ServiceDays::Beijing),
            Some((target, window))
        );
        assert_eq!(GetUsageAction.parse_request(b"{}", ServiceDays::Beijing), None);
    }
}
