//! `ResponseMetadata`: the gateway's part of every response.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::json_excerpt::shortened;

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
    /// Present on failure, whatever the HTTP status; empty when it says nothing.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "error")]
    pub error: Option<ErrorBody>,
    /// A failure's message beside or instead of an `Error`, as the international sites send it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "whole_text")]
    pub error_message: Option<String>,
}

impl ResponseMetadata {
    /// Adds what a second `ResponseMetadata` of the same body says; an error of either stays.
    pub(crate) fn merge(&mut self, other: Self) {
        let Self { request_id, action, version, service, region, error, error_message } = other;
        let fields = [
            (&mut self.request_id, request_id),
            (&mut self.action, action),
            (&mut self.version, version),
            (&mut self.service, service),
            (&mut self.region, region),
            (&mut self.error_message, error_message),
        ];
        for (field, other) in fields {
            *field = field.take().or(other);
        }
        self.error = self.error.take().or(error);
    }
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
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "whole_text")]
    pub message: Option<String>,
}

/// Parses text, or any other value as its JSON: metadata must not make a response unreadable. It is
/// repeated with every failed call, so that of a long one the beginning is kept.
fn text<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(text_of(&Box::<RawValue>::deserialize(input)?).map(|text| shortened(text, MOST)))
}

/// As [`text`], all of it: it is masked before it may be cut.
fn whole_text<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(text_of(&Box::<RawValue>::deserialize(input)?))
}

/// Returns text, or any other value as its JSON; `None` for null.
pub(crate) fn text_of(value: &RawValue) -> Option<String> {
    match value.get() {
        "null" => None,
        json => Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())),
    }
}

/// The most bytes of a text that are kept.
const MOST: usize = 1 << 10;

/// Parses a number, also in quotes; any other value counts as absent.
fn number<'de, D: Deserializer<'de>>(input: D) -> Result<Option<i64>, D::Error> {
    Ok(text_of(&Box::<RawValue>::deserialize(input)?).and_then(|text| text.trim().parse().ok()))
}

/// Parses an error. Anything but null is one: what is no object is its message.
fn error<'de, D: Deserializer<'de>>(input: D) -> Result<Option<ErrorBody>, D::Error> {
    let value = Box::<RawValue>::deserialize(input)?;
    let Some(message) = text_of(&value) else { return Ok(None) };
    let other = ErrorBody { message: Some(message), ..ErrorBody::default() };
    let is_object = value.get().starts_with('{');
    let object = is_object.then(|| serde_json::from_str(value.get()).ok()).flatten();
    Ok(Some(object.unwrap_or(other)))
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
        let read: ResponseMetadata =
            serde_json::from_str(r#"{"RequestId":1e400,"Error":{"CodeN":1e400,"Code":"X"}}"#)
                .unwrap();
        assert_eq!(read.request_id.as_deref(), Some("1e400"));
        assert_eq!(read.error.and_then(|error| error.code_n), None);
    }

    #[test]
    fn anything_but_null_is_an_error() {
        let error = |json: &str| {
            let text = format!(r#"{{"Error":{json}}}"#);
            serde_json::from_str::<ResponseMetadata>(&text).unwrap().error
        };
        assert_eq!(error("null"), None);
        assert_eq!(error("{}"), Some(ErrorBody::default()));
        let message =
            |text: &str| Some(ErrorBody { message: Some(text.to_owned()), ..ErrorBody::default() });
        assert_eq!(error("\"busy\""), message("busy"));
        assert_eq!(error("[1]"), message("[1]"));
        assert_eq!(error("false"), message("false"));
        let twice = r#"{"Code":"A","Code":"B"}"#;
        assert_eq!(error(twice), message(twice));
    }
}
