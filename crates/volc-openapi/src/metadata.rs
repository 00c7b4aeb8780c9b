//! `ResponseMetadata`: the gateway's part of every response.

use serde::{Deserialize, Deserializer, Serialize};

/// `ResponseMetadata` of the envelope. Every field may be missing; unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResponseMetadata {
    /// Opaque; support needs it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub request_id: Option<String>,
    /// The requested action.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub action: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub version: Option<String>,
    /// The service of the credential scope.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub service: Option<String>,
    /// The region of the credential scope.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub region: Option<String>,
    /// Present on failure, whatever the HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
}

/// `ResponseMetadata.Error` as it is on the wire.
///
/// Its message may contain the caller's access key id: see
/// [`redact_access_keys`](crate::redact_access_keys) and [`ApiError`](crate::ApiError), where that
/// is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ErrorBody {
    /// The gateway's number (1000xx); only some services send it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "number")]
    pub code_n: Option<i64>,
    /// The code's name, often with a dotted suffix.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub code: Option<String>,
    /// A message for people.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub message: Option<String>,
}

/// Parses text, or any other value as its JSON: metadata must not make a response unreadable.
fn text<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(match serde_json::Value::deserialize(input)? {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

/// Parses a number, also in quotes; any other value counts as absent.
fn number<'de, D: Deserializer<'de>>(input: D) -> Result<Option<i64>, D::Error> {
    Ok(match serde_json::Value::deserialize(input)? {
        serde_json::Value::Number(number) => number.as_i64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_types_do_not_make_a_response_unreadable() {
        let read: ResponseMetadata = serde_json::from_str(
            r#"{"RequestId":7,"Action":null,"Extra":{},"Error":{"CodeN":"100018","Code":"X"}}"#,
        )
        .unwrap();
        assert_eq!(read.request_id.as_deref(), Some("7"));
        assert_eq!(read.action, None);
        let error = read.error.unwrap();
        assert_eq!((error.code_n, error.code.as_deref()), (Some(100_018), Some("X")));
    }
}
