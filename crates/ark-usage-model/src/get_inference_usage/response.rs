//! The result of `GetInferenceUsage`, in the shape the vendor documents.

use serde::{Deserialize, Serialize};

use crate::lenient::{null_as_default, optional_integer};

/// `Result` of `GetInferenceUsage`: a table of text cells.
///
/// This is the documented shape. [`UsageQuery`](crate::UsageQuery) reads responses straight into
/// series without building it, and accepts other spellings too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetInferenceUsageResponse {
    /// The number of rows.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub data_count: Option<i64>,
    /// The columns.
    #[serde(deserialize_with = "null_as_default")]
    pub fields: Vec<TableField>,
    /// The rows; a cell may be empty or null.
    #[serde(deserialize_with = "null_as_default")]
    pub data: Vec<Vec<Option<String>>>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TableField {
    /// The name, such as `InputTokens`.
    #[serde(deserialize_with = "null_as_default")]
    pub name: String,
    /// `BIGINT`, `STRING` or `DATE`.
    #[serde(deserialize_with = "null_as_default")]
    pub r#type: String,
}
