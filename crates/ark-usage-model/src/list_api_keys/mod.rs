//! `ListApiKeys` (service `ark`, version 2024-01-01): the names of API keys of a project, by page. The
//! text of a key is never read.

mod request;
mod response;

pub use request::ListApiKeys;
pub use response::{ApiKeyName, ListApiKeysResponse};
