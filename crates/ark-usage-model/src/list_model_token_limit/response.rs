//! The result of `ListModelTokenLimit`.

use serde::{Deserialize, Serialize};

use crate::members::Members;
use crate::{Decimal, OtherMembers};

/// `Result` of `ListModelTokenLimit`. Members may be missing, null, numbers or text; unknown ones are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct ListModelTokenLimitResponse {
    /// The caps.
    pub model_token_limits: Vec<ModelTokenLimit>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for ListModelTokenLimitResponse {
    fn from(mut members: Members) -> Self {
        Self {
            model_token_limits: members
                .list_of(&["ModelTokenLimits", "Items", "Data"])
                .unwrap_or_default(),
            other: members.rest(),
        }
    }
}

/// The cap of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", from = "Members")]
pub struct ModelTokenLimit {
    /// The model, without a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foundation_model_name: Option<String>,
    /// The most tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_limit: Option<Decimal>,
    /// The tokens that are used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_usage: Option<Decimal>,
    /// The instant from which on they are counted, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_limit_start_time: Option<String>,
    /// The instant of the numbers, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_usage_refresh_time: Option<String>,
    /// Members that are not known.
    #[serde(flatten)]
    pub other: OtherMembers,
}

impl From<Members> for ModelTokenLimit {
    fn from(mut members: Members) -> Self {
        Self {
            foundation_model_name: members.text("FoundationModelName"),
            token_limit: members.decimal("TokenLimit"),
            current_usage: members.decimal("CurrentUsage"),
            token_limit_start_time: members.text("TokenLimitStartTime"),
            current_usage_refresh_time: members.text("CurrentUsageRefreshTime"),
            other: members.rest(),
        }
    }
}
