//! `GetSeatInfoUsage` (service `ark`, version 2024-01-01): the windows of a seat of a team's Coding
//! Plan, in percent.

mod request;
mod response;

pub use request::GetSeatInfoUsage;
pub use response::SeatInfoUsage;
