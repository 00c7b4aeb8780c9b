//! `GetSeatAFPUsage` (service `ark`, version 2024-01-01): the windows of some seats of a team's Agent
//! Plan.

mod request;
mod response;

pub use request::GetSeatAfpUsage;
pub use response::{SeatAfpUsage, SeatAfpUsages};
