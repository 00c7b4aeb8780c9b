//! The result of `GetCallerIdentity`.

use serde::{Deserialize, Serialize};

use crate::lenient::{optional_integer, optional_text};

/// `Result` of `GetCallerIdentity`. Fields may be missing or null; unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CallerIdentity {
    /// The account's number.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub account_id: Option<i64>,
    /// The user's or role's id within the account.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub identity_id: Option<String>,
    /// Such as `Account`, `User` or `AssumedRole`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub identity_type: Option<String>,
    /// `trn:…`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub trn: Option<String>,
}
