//! `ListProjects` (service `iam`, version 2021-08-01): the projects of an account, by offset.

mod request;
mod response;

pub use request::ListProjects;
pub use response::{ListProjectsResponse, Project};
