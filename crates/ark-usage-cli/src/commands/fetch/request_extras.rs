//! The parts of a request that only some commands have.

use ark_usage_report::range::RangeInput;
use ark_usage_report::view::ViewSpec;

/// The parts of a request that only some commands have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestExtras<'a> {
    /// The values of `--endpoint-id`.
    pub(crate) endpoint_ids: &'a [String],
    /// Every endpoint, each by itself.
    pub(crate) all_endpoints: bool,
    /// False for a dry run.
    pub(crate) sent: bool,
    /// The view of the result.
    pub(crate) view: Option<&'a ViewSpec>,
    /// Projects that are needed by name beside every project.
    pub(crate) projects: &'a [String],
    /// The range is from the earliest start of these until now; that of the arguments without any.
    pub(crate) since: &'a [RangeInput],
    /// The metrics that have to be known to the action, as people name them.
    pub(crate) metrics: &'a [String],
}

impl RequestExtras<'_> {
    /// Returns the parts of a request that is sent and has none of them.
    pub(crate) const fn none() -> Self {
        Self {
            endpoint_ids: &[],
            all_endpoints: false,
            sent: true,
            view: None,
            projects: &[],
            since: &[],
            metrics: &[],
        }
    }
}
