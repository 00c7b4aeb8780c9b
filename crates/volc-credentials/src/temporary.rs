//! The key fields of services, caches and programs.

use serde::Deserialize;
use serde_json::Value;
use volc_sign::Credentials;

use crate::content_problem::ContentProblem;
use crate::timestamp::Expiry;

/// Credentials and their expiry (Unix seconds).
#[derive(Clone)]
pub(crate) struct Temporary {
    pub(crate) credentials: Credentials,
    pub(crate) expires: Option<i64>,
}

/// The fields under each of their names. No `Debug`: they hold the secret.
#[derive(Deserialize)]
pub(crate) struct KeyFields {
    #[serde(rename = "AccessKeyId", alias = "access_key_id")]
    access_key_id: Option<String>,
    #[serde(rename = "SecretAccessKey", alias = "secret_access_key")]
    secret_access_key: Option<String>,
    /// The portal writes its first letter in lower case.
    #[serde(rename = "SessionToken", alias = "sessionToken", alias = "session_token")]
    session_token: Option<String>,
    /// The expiry of `AssumeRoleWithOIDC`, the portal and external programs.
    #[serde(rename = "Expiration")]
    expiration: Option<Expiry>,
    /// The expiry of `AssumeRole` and instance metadata.
    #[serde(rename = "ExpiredTime")]
    expired_time: Option<Expiry>,
}

impl TryFrom<KeyFields> for Temporary {
    /// The missing field.
    type Error = ContentProblem;

    fn try_from(fields: KeyFields) -> Result<Self, ContentProblem> {
        let access_key_id = required(fields.access_key_id, "AccessKeyId")?;
        let secret_access_key = required(fields.secret_access_key, "SecretAccessKey")?;
        let token = fields.session_token.unwrap_or_default();
        let expires = fields.expiration.or(fields.expired_time);
        Ok(Self {
            credentials: Credentials::new(access_key_id, secret_access_key)
                .with_session_token(token.trim()),
            expires: expires.map(|Expiry(seconds)| seconds),
        })
    }
}

const TEXTS: [&str; 7] = [
    "AccessKeyId",
    "access_key_id",
    "SecretAccessKey",
    "secret_access_key",
    "SessionToken",
    "sessionToken",
    "session_token",
];
const INSTANTS: [&str; 2] = ["Expiration", "ExpiredTime"];

/// Finds the fault of JSON that holds no such fields: the first field that is not right.
pub(crate) fn diagnose(json: &[u8]) -> ContentProblem {
    let fields = match serde_json::from_slice(json) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return ContentProblem::NotAnObject,
        Err(_) => return ContentProblem::NotJson,
    };
    let given = |name: &&str| fields.get(*name).filter(|value| !value.is_null());
    let text = TEXTS.iter().find(|name| given(name).is_some_and(|value| !value.is_string()));
    let instant = INSTANTS.iter().find(|name| {
        given(name).is_some_and(|value| serde_json::from_value::<Expiry>(value.clone()).is_err())
    });
    match (text, instant) {
        (Some(name), _) => ContentProblem::NotText(name),
        (None, Some(name)) => ContentProblem::NotInstant(name),
        (None, None) => ContentProblem::ExpectedFields,
    }
}

fn required(field: Option<String>, name: &'static str) -> Result<String, ContentProblem> {
    field
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .ok_or(ContentProblem::Missing(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Temporary, String> {
        let fields = serde_json::from_str::<KeyFields>(json).unwrap();
        Temporary::try_from(fields).map_err(|problem| problem.to_string())
    }

    #[test]
    fn every_spelling_is_understood() {
        for json in [
            r#"{"AccessKeyId":"a","SecretAccessKey":"s","SessionToken":"t","Expiration":"1970-01-01T00:01:00Z"}"#,
            r#"{"AccessKeyId":"a","SecretAccessKey":"s","sessionToken":"t","Expiration":60}"#,
            r#"{"AccessKeyId":"a","SecretAccessKey":"s","SessionToken":"t","ExpiredTime":"1970-01-01T08:01:00+08:00"}"#,
        ] {
            let temporary = read(json).unwrap();
            assert_eq!(temporary.credentials.access_key_id(), "a");
            assert_eq!(temporary.credentials.secret().expose(), "s");
            assert_eq!(
                temporary.credentials.session_token().map(volc_sign::SessionToken::expose),
                Some("t")
            );
            assert_eq!(temporary.expires, Some(60));
        }
    }

    #[test]
    fn the_field_that_is_not_right_is_named() {
        for (json, problem) in [
            ("{", "not valid JSON"),
            ("[1]", "not a JSON object"),
            (r#"{"AccessKeyId": 1}"#, "AccessKeyId: expected a text in quotes"),
            (
                r#"{"AccessKeyId": "a", "Expiration": "2026-01-01T00:00:00"}"#,
                "Expiration: expected a date and time with a zone (RFC 3339)",
            ),
            (r#"{"Version": "x"}"#, "not a JSON object with the expected fields"),
        ] {
            assert_eq!(diagnose(json.as_bytes()).to_string(), problem, "{json}");
        }
    }

    #[test]
    fn a_missing_half_is_named() {
        assert_eq!(
            read(r#"{"AccessKeyId":"a"}"#).err(),
            Some("SecretAccessKey is missing or empty".into())
        );
        assert_eq!(
            read(r#"{"AccessKeyId":" ","SecretAccessKey":"s"}"#).err(),
            Some("AccessKeyId is missing or empty".into())
        );
        assert!(
            read(r#"{"access_key_id":"a","secret_access_key":"s"}"#).unwrap().expires.is_none()
        );
    }
}
