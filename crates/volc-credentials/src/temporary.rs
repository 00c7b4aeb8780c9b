//! The key fields of services, caches and programs.

use serde::Deserialize;
use volc_sign::Credentials;

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
    type Error = String;

    fn try_from(fields: KeyFields) -> Result<Self, String> {
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

fn required(field: Option<String>, name: &str) -> Result<String, String> {
    field
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .ok_or_else(|| format!("{name} is missing or empty"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Temporary, String> {
        Temporary::try_from(serde_json::from_str::<KeyFields>(json).unwrap())
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
