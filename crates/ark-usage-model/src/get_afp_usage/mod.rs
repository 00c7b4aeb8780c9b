//! `GetAFPUsage` (service `ark`, version 2024-01-01): the windows of a personal Agent Plan, in AFP.

mod request;
mod response;
mod window;

pub use request::GetAfpUsage;
pub use response::AfpUsage;
pub use window::{AfpWindow, AfpWindows};
