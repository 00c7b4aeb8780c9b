//! The result of `ListEndpoints`.

use serde::{Deserialize, Serialize};

use crate::lenient::{null_as_default, optional_integer, optional_text};

/// `Result` of `ListEndpoints`. Fields may be missing or null; unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListEndpointsResponse {
    /// Endpoints on all pages.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub total_count: Option<i64>,
    /// This page, from 1.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub page_number: Option<i64>,
    /// Endpoints of a page.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub page_size: Option<i64>,
    /// The endpoints of this page.
    #[serde(deserialize_with = "null_as_default")]
    pub items: Vec<Endpoint>,
}

/// An inference endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Endpoint {
    /// `ep-…`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub id: Option<String>,
    /// The name people gave it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub name: Option<String>,
    /// Its project.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub project_name: Option<String>,
    /// Such as `Running`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub status: Option<String>,
    /// The kind of model behind it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub endpoint_model_type: Option<String>,
    /// The model behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_reference: Option<ModelReference>,
    /// The tags people gave it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub tags: Vec<EndpointTag>,
    /// The time of its creation, as text.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub create_time: Option<String>,
}

/// The model behind an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ModelReference {
    /// A model of the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foundation_model: Option<FoundationModel>,
    /// A model of one's own.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub custom_model_id: Option<String>,
}

/// A model of the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FoundationModel {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub name: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub model_version: Option<String>,
}

/// A tag that people put on an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EndpointTag {
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub key: Option<String>,
    /// Its value.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub value: Option<String>,
}
