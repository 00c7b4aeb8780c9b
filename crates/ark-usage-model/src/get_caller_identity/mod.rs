//! `GetCallerIdentity` (service `sts`, version 2018-01-01): whose keys these are.

mod request;
mod response;

pub use request::GetCallerIdentity;
pub use response::CallerIdentity;
