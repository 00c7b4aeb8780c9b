//! `ListSeatInfos` (service `ark`, version 2024-01-01): the seats of a team's Coding Plan or Agent Plan,
//! by page. The texts of API keys are never read.

mod request;
mod response;

pub use request::{ListSeatInfos, SeatFilter};
pub use response::{SeatInfo, SeatInfos};
