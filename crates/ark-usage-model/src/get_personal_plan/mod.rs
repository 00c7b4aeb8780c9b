//! `GetPersonalPlan` (service `ark`, version 2024-01-01): the caller's Agent Plan or Coding Plan: its
//! type, and until when it runs.

mod request;
mod response;

pub use request::GetPersonalPlan;
pub use response::PersonalPlan;
