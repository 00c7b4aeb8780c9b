//! `ListSeatInfoUsages` (service `ark`, version 2024-01-01): the windows of some seats of a team's Coding
//! Plan, in percent.

mod request;
mod response;

pub use request::ListSeatInfoUsages;
pub use response::SeatInfoUsages;
