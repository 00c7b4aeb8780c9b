//! The contract of a usage action: everything the query machine has to know about one.
//!
//! An action is data and pure functions. The machine ([`UsageQuery`](crate::UsageQuery)) plans,
//! retries, splits and merges for any of them and knows none by name.

mod collect;

use std::fmt;
use std::time::Duration;

use volc_openapi::{BaseUrl, RequestError, ResponseError, ResponseMetadata, ServiceDays};

use crate::{Dimension, Interval, MetricTable, Target, Window};

pub(crate) use collect::{CollectorScope, DecodeWarnings, DecodedResponse, Oddity};
pub use collect::{PointCollector, ResponseLine};

/// An action that reports usage as points in time, with metrics and tags.
///
/// [`GetUsageAction`](crate::get_usage::GetUsageAction) is one. To add another, implement this
/// trait in a folder of its own and hand it to
/// [`UsageQuery::with_action`](crate::UsageQuery::with_action).
pub trait UsageAction: fmt::Debug + Send + Sync {
    /// The name on the wire, such as `GetUsage`.
    fn name(&self) -> &'static str;

    /// The service of the credential scope, such as `ark`.
    fn service(&self) -> &'static str;

    /// The sizes one request may have.
    fn limits(&self) -> ActionLimits;

    /// The time after which a bucket counts as final (1 hour). Longer than the documented delay.
    fn settle(&self) -> Duration {
        Duration::from_hours(1)
    }

    /// The meaning of a bucket that one response has twice.
    fn repeated_rows(&self) -> RepeatedRows {
        RepeatedRows::Silent
    }

    /// The properties of a response that its documents leave open.
    fn open_questions(&self) -> OpenQuestions {
        OpenQuestions::default()
    }

    /// The parameters that carry a size, by the beginning of their name without regard to case.
    ///
    /// When the service refuses one of them, the request may be too large along that axis and is
    /// split. An axis that no parameter names is never split.
    fn size_parameters(&self) -> &'static [(&'static str, Axis)];

    /// The dimensions it can filter or group by.
    fn dimensions(&self) -> &'static [Dimension];

    /// The metrics it is known to report. Others are kept as they come.
    fn metrics(&self) -> MetricTable;

    /// Writes the unsigned request for a part of a query.
    ///
    /// # Errors
    ///
    /// When the parameters cannot be written as a request.
    fn request(
        &self,
        part: &RequestPart<'_>,
        base_url: &BaseUrl,
    ) -> Result<http::Request<Vec<u8>>, RequestError>;

    /// Reads the body of a request back: the target, without its account, and the buckets, both ends
    /// included, of a service that counts by these days. `None` for a body that this action does not
    /// write.
    fn parse_request(&self, body: &[u8], days: ServiceDays) -> Option<(Target, Window)> {
        let _ = (body, days);
        None
    }

    /// Reads the points of a response.
    ///
    /// # Errors
    ///
    /// [`ResponseError`]: the server refused, a gateway answered, or the response makes no sense.
    /// Points collected before are dropped.
    fn decode(
        &self,
        response: &http::Response<&[u8]>,
        points: &mut PointCollector,
    ) -> Result<ResponseMetadata, ResponseError>;
}

/// A length of a request that can be too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a request has these two lengths")]
pub enum Axis {
    /// Time.
    Buckets,
    /// Endpoint ids.
    EndpointIds,
}

/// The sizes one request of an action may have; `None` where nothing is documented.
///
/// The sizes in [`QueryOptions`](crate::QueryOptions) apply as well; the smaller one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActionLimits {
    /// The longest range of a request for days, in days.
    pub max_days: Option<u32>,
    /// The longest range of a request for hours, in hours.
    pub max_hours: Option<u32>,
    /// The most endpoint ids.
    pub max_ids: Option<u32>,
    /// The unit in which a request for hours names its range. An action that takes dates names
    /// whole days: such a query is cut between days only, and hours outside it are dropped.
    pub hour_alignment: Interval,
}

impl ActionLimits {
    /// No documented limit, ranges named to the hour.
    pub const UNDOCUMENTED: Self =
        Self { max_days: None, max_hours: None, max_ids: None, hour_alignment: Interval::Hour };

    /// Limits of requests that name whole days, at most `max_days` of them, for hours too.
    pub const fn whole_days(max_days: u32) -> Self {
        Self {
            max_days: Some(max_days),
            max_hours: Some(max_days.saturating_mul(24)),
            max_ids: None,
            hour_alignment: Interval::Day,
        }
    }

    /// The unit in which a request for buckets of this width names its range.
    pub(crate) const fn alignment(&self, interval: Interval) -> Interval {
        match interval {
            Interval::Day => Interval::Day,
            Interval::Hour => self.hour_alignment,
        }
    }
}

/// The meaning of a bucket that occurs twice in one response, with the same metric and tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepeatedRows {
    /// A repetition, reported only where values differ. The later value counts.
    #[default]
    Silent,
    /// A fault, reported also where values are equal. The later value counts.
    Reported,
    /// Parts of the bucket: they are added.
    Added,
}

/// The properties of an action's responses that its documents leave open; nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenQuestions {
    /// It is unknown if the last bucket named in a request is part of the response. The machine
    /// finds out. Otherwise both ends are included.
    pub end_time: bool,
    /// It is unknown if an hour is labelled by its start or its end, so that
    /// [`QueryOptions::hour_labels`](crate::QueryOptions::hour_labels) applies. Otherwise labels
    /// are starts.
    pub hour_labels: bool,
}

impl OpenQuestions {
    /// Both ends and labels are open.
    pub const ALL: Self = Self { end_time: true, hour_labels: true };
}

/// The part of a query that one request fetches.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RequestPart<'a> {
    /// The target, with all its endpoint ids.
    pub target: &'a Target,
    /// The endpoint ids of this request.
    pub endpoint_ids: &'a [String],
    /// The buckets wanted, both ends included.
    pub window: Window,
    /// The number of buckets to request after the last one; 0 unless the action's ends are
    /// [open](OpenQuestions::end_time).
    pub beyond: i64,
}

impl<'a> RequestPart<'a> {
    /// All of a target in a window.
    pub fn new(target: &'a Target, window: Window) -> Self {
        Self { target, endpoint_ids: &target.endpoint_ids, window, beyond: 0 }
    }
}
