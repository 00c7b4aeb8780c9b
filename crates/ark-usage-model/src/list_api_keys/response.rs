//! The result of `ListApiKeys`.

use serde::{Deserialize, Serialize};

use crate::lenient::{null_as_default, optional_integer, optional_text};

/// `Result` of `ListApiKeys`. Fields may be missing or null; unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListApiKeysResponse {
    /// Keys on all pages.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_integer")]
    pub total_count: Option<i64>,
    /// The keys of this page.
    #[serde(deserialize_with = "null_as_default")]
    pub items: Vec<ApiKeyName>,
}

/// An API key: its id and its name. The text that gives access is left in the response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApiKeyName {
    /// `apikey-…`, as usage names it.
    #[serde(
        rename = "SID",
        alias = "Sid",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "optional_text"
    )]
    pub sid: Option<String>,
    /// The name people gave it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "optional_text")]
    pub name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_key_is_not_kept() {
        let json = r#"{"TotalCount":"1","Items":[{"SID":"apikey-1","Name":"chat","ApiKey":"fake-secret"}]}"#;
        let read: ListApiKeysResponse = serde_json::from_str(json).unwrap();
        let name = |text: &str| Some(text.to_owned());
        let key = ApiKeyName { sid: name("apikey-1"), name: name("chat") };
        assert_eq!((read.total_count, &read.items), (Some(1), &vec![key]));
        assert!(!format!("{read:?}").contains("secret"));
    }
}
