//! `GetUsage` (service `ark`, version 2024-01-01, in beta): tokens by day or hour.
//!
//! <https://www.volcengine.com/docs/82379/1390292>

mod action;
mod decode;
mod request;
mod response;
mod values;

pub use action::GetUsageAction;
pub use request::GetUsage;
pub use response::{GetUsageResponse, MetricItem, Sample, Tag, UsageResult};
