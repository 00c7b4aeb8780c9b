//! `ListSeatAFPUsage` (service `ark`, version 2024-01-01): the windows of the seats of a team's Agent
//! Plan, by page.

mod request;
mod response;

pub use request::{ListSeatAfpUsage, SeatAfpFilter};
pub use response::SeatAfpUsagePage;
