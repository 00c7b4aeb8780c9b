//! `GetUsageDetails` (service `ark`, version 2024-01-01): the usage of a personal Agent Plan by model,
//! within the plan and outside of it.

mod request;
mod response;

pub use request::{GetUsageDetails, UsageDetailsFilter};
pub use response::{UsageDetail, UsageDetailKey, UsageDetails};
