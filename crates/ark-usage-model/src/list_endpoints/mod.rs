//! `ListEndpoints` (service `ark`, version 2024-01-01): inference endpoints of a project, by page.

mod request;
mod response;

pub use request::{EndpointFilter, ListEndpoints, TagFilter};
pub use response::{Endpoint, EndpointTag, FoundationModel, ListEndpointsResponse, ModelReference};
