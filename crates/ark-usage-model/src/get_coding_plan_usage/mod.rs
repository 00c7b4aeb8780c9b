//! `GetCodingPlanUsage` (service `ark`, version 2024-01-01): the windows of a personal Coding Plan, in
//! percent. The vendor has no page about it.

mod request;
mod response;

pub use request::GetCodingPlanUsage;
pub use response::{CodingPlanUsage, CodingPlanWindow};
