//! The parameters of `GetUsageDetails`.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, ServiceDays, post_json, read_optional,
};

use crate::Interval;
use crate::get_inference_usage::{QueryInterval, day_of};
use crate::get_usage_details::UsageDetails;

/// `GetUsageDetails`: the usage of the caller's Agent Plan. Needs `ark:GetUsageDetails`. Has nothing of a
/// Coding Plan.
///
/// A call takes at most [`MAX_DAYS`](Self::MAX_DAYS), and nothing that is older than six months. Numbers
/// are some hours late.
///
/// ```
/// use ark_usage_model::Interval;
/// use ark_usage_model::get_usage_details::GetUsageDetails;
/// use volc_openapi::Action;
///
/// let day = 1_731_945_600; // 2024-11-19T00:00:00+08:00
/// let calls = GetUsageDetails::for_days(Interval::Day, day, day + 40 * 86_400);
/// assert_eq!(calls.len(), 2);
/// let request = calls[0].to_http(&"https://open.volcengineapi.com".parse()?)?;
/// assert_eq!(
///     std::str::from_utf8(request.body())?,
///     r#"{"QueryInterval":"Day","Filter":{"StartTime":"2024-11-19","EndTime":"2024-12-19"}}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetUsageDetails {
    /// The width of a row.
    pub query_interval: QueryInterval,
    /// The usage to report.
    pub filter: UsageDetailsFilter,
}

/// The usage to report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct UsageDetailsFilter {
    /// The first day, `yyyy-MM-dd` in UTC+8.
    pub start_time: String,
    /// The last day.
    pub end_time: String,
    /// Only these models and tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub object_name: Vec<String>,
    /// Only these sizes of the plan: 1 Small, 2 Medium, 3 Large, 4 Max.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plan_type: Vec<i64>,
}

impl GetUsageDetails {
    /// The most days of a call, both ends counted.
    pub const MAX_DAYS: i64 = 31;

    /// The calls for all days (of UTC+8) that a range touches, from its first second to the first one
    /// behind it. None for an empty range.
    pub fn for_days(interval: Interval, first: i64, end: i64) -> Vec<Self> {
        let day = Interval::Day.seconds();
        let mut calls = Vec::new();
        let mut start = Interval::Day.bucket_start(first);
        while start < end && calls.len() < MAX_CALLS {
            let next = start.saturating_add(Self::MAX_DAYS * day).min(end);
            calls.push(Self {
                query_interval: match interval {
                    Interval::Day => QueryInterval::Day,
                    Interval::Hour => QueryInterval::Hour,
                },
                filter: UsageDetailsFilter {
                    start_time: day_of(start, ServiceDays::Beijing),
                    end_time: day_of(next - 1, ServiceDays::Beijing),
                    ..UsageDetailsFilter::default()
                },
            });
            start = Interval::Day.bucket_start(next - 1).saturating_add(day);
        }
        calls
    }
}

/// Far more than the service remembers.
const MAX_CALLS: usize = 1_000;

impl Action for GetUsageDetails {
    type Response = UsageDetails;
    const NAME: &'static str = "GetUsageDetails";
    const VERSION: &'static str = "2024-01-01";
    const SERVICE: &'static str = "ark";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<UsageDetails>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-11-19T00:00:00+08:00
    const DAY: i64 = 1_731_945_600;

    fn days(first: i64, end: i64) -> Vec<(String, String)> {
        let calls = GetUsageDetails::for_days(Interval::Hour, first, end);
        calls.into_iter().map(|call| (call.filter.start_time, call.filter.end_time)).collect()
    }

    #[test]
    fn ranges_are_cut_into_days_that_follow_each_other() {
        let pair = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(days(DAY + 5, DAY + 6), [pair("2024-11-19", "2024-11-19")]);
        assert_eq!(days(DAY, DAY + 31 * 86_400), [pair("2024-11-19", "2024-12-19")]);
        let two = [pair("2024-11-19", "2024-12-19"), pair("2024-12-20", "2024-12-20")];
        assert_eq!(days(DAY, DAY + 31 * 86_400 + 1), two);
        assert_eq!((days(DAY, DAY).len(), days(0, i64::MAX).len()), (0, MAX_CALLS));
    }
}
