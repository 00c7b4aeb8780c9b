//! `ListResourcePackages` (service `billing`, version 2022-01-01): packs that were bought or given, by
//! token.

mod request;
mod response;

pub use request::ListResourcePackages;
pub use response::{ListResourcePackagesResponse, ResourcePackage};
