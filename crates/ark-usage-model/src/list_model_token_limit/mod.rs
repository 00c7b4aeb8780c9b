//! `ListModelTokenLimit` (service `ark`, version 2024-01-01): caps that the account has set on the tokens
//! of models. Keys may not be allowed to call it.

mod request;
mod response;

pub use request::ListModelTokenLimit;
pub use response::{ListModelTokenLimitResponse, ModelTokenLimit};
