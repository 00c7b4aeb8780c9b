//! The result of `ListProjects`.

use serde::{Deserialize, Serialize};

use crate::lenient::{null_as_default, optional_integer, optional_text};

/// `Result` of `ListProjects`. Fields may be missing or null; unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListProjectsResponse {
    /// Projects on all pages.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub total: Option<i64>,
    /// Most projects of this page.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub limit: Option<i64>,
    /// Projects passed over.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub offset: Option<i64>,
    /// The projects of this page.
    #[serde(deserialize_with = "null_as_default")]
    pub projects: Vec<Project>,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Project {
    /// The name that `ProjectName` means everywhere.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub project_name: Option<String>,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub display_name: Option<String>,
    /// The account it belongs to.
    #[serde(
        rename = "AccountID",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "optional_integer"
    )]
    pub account_id: Option<i64>,
    /// Such as `active`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub status: Option<String>,
    /// True when the caller may see into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_permission: Option<bool>,
}
