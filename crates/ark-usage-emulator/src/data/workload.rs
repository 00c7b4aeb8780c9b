//! The sources of usage: endpoints, and the workloads that run on them.

use super::vendor_day::VendorDayPart;

/// One inference endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) model: &'static str,
    pub(crate) model_version: &'static str,
    pub(crate) created: i64,
    pub(crate) tags: Vec<(&'static str, &'static str)>,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) output: Output,
    /// The model unit it runs on, where somebody rented one.
    pub(crate) model_unit: Option<String>,
}

/// The output of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Prompt and completion tokens.
    Text,
    /// Pictures; no tokens.
    Images,
    /// Videos: tokens in the total only.
    Videos,
}

/// One source of usage on an endpoint: a scene, and within the batch scenes a job.
#[derive(Clone, Debug)]
pub(crate) struct Workload {
    pub(crate) scene: &'static str,
    pub(crate) batch_job_id: Option<String>,
    pub(super) key: u64,
    /// Prompt tokens of an hour at full load.
    pub(super) full_load: u64,
    pub(super) completion_permille: u64,
    pub(super) rhythm: Rhythm,
    pub(super) vendor_day: Option<Box<VendorDayPart>>,
}

/// The hours in which a workload is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// People awake: low at night, never zero.
    RoundTheClock,
    /// Nothing at all at night, little at weekends.
    OfficeHours,
    /// Jobs that run in the small hours.
    Night,
    /// Jobs that run in the evening of some days.
    Evening,
}
