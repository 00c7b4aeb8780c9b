//! `ListModelActivations` (service `ark`, version 2024-01-01): models that are open to the account, with
//! their free usage, by page.

mod request;
mod response;

pub use request::ListModelActivations;
pub use response::{FreePack, FreeUsage, ListModelActivationsResponse, ModelActivation};
