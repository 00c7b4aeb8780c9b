//! The result of `ListModelActivations`.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{Decimal, OtherMembers};

/// `Result` of `ListModelActivations`. Members may be missing, null, numbers or text; unknown ones are
/// kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct ListModelActivationsResponse {
    /// Models on all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    /// This page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_number: Option<i64>,
    /// Models of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// The models of this page.
    pub items: Vec<ModelActivation>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for ListModelActivationsResponse {
    fn from(mut members: Members) -> Self {
        Self {
            total_count: members.integer("TotalCount").or_else(|| members.integer("Total")),
            page_number: members.integer("PageNumber"),
            page_size: members.integer("PageSize"),
            items: members.list_of(&["Items", "Data"]).unwrap_or_default(),
            other: members.rest(),
        }
    }
}

/// A model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct ModelActivation {
    /// Its name, without a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foundation_model_name: Option<String>,
    /// Such as `Available`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The free usage that every account has once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_inference_free_usage: Option<FreeUsage>,
    /// Free usage that was given besides.
    pub free_resource_pack_items: Vec<FreePack>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for ModelActivation {
    fn from(mut members: Members) -> Self {
        Self {
            foundation_model_name: members.text("FoundationModelName"),
            state: members.text("State"),
            initial_inference_free_usage: members.object("InitialInferenceFreeUsage"),
            free_resource_pack_items: members.list("FreeResourcePackItems").unwrap_or_default(),
            other: members.rest(),
        }
    }
}

/// Free usage, in tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct FreeUsage {
    /// All of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Decimal>,
    /// The part that is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumed: Option<Decimal>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for FreeUsage {
    fn from(mut members: Members) -> Self {
        Self {
            total: members.decimal("Total"),
            consumed: members.decimal("Consumed"),
            other: members.rest(),
        }
    }
}

/// Free usage that was given besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct FreePack {
    /// Such as `FreeInference` or `DataPermission`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// All of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Decimal>,
    /// The part that is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumed: Option<Decimal>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for FreePack {
    fn from(mut members: Members) -> Self {
        Self {
            kind: members.text("Type"),
            total: members.decimal("Total"),
            consumed: members.decimal("Consumed"),
            other: members.rest(),
        }
    }
}
