//! STS `AssumeRole`: temporary keys of a role, for keys that are known.

use http::Response;
use serde::Serialize;

use super::Session;
use crate::calendar::rfc3339_beijing;
use crate::errors::Refusal;
use crate::temporary::TemporaryKeys;

const DEFAULT_SECONDS: i64 = 3600;
const SHORTEST: i64 = 900;
const LONGEST: i64 = 43_200;

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let parameter = |name| session.query(name);
    let role = Role::read(parameter)?;
    let keys = role.keys(session.seed, session.now);
    Ok(session.about.success(&Assumed {
        credentials: Credentials {
            current_time: rfc3339_beijing(session.now),
            expired_time: Some(rfc3339_beijing(keys.expires)),
            expiration: None,
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret,
            session_token: keys.token,
        },
        assumed_role_user: role.user(),
    }))
}

/// `Result` of `AssumeRole` and of `AssumeRoleWithOIDC`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Assumed {
    pub(crate) credentials: Credentials,
    pub(crate) assumed_role_user: AssumedRoleUser,
}

/// The keys. The two actions have different names for their end.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Credentials {
    pub(crate) current_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expired_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiration: Option<String>,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
}

/// The identity of the caller from now on.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AssumedRoleUser {
    trn: String,
    assumed_role_id: String,
}

/// The parameters of both actions.
#[derive(Debug)]
pub(crate) struct Role {
    account_id: u64,
    name: String,
    session: String,
    seconds: i64,
}

impl Role {
    /// Reads `RoleTrn`, `RoleSessionName` and `DurationSeconds`.
    pub(crate) fn read<'a>(
        parameter: impl Fn(&'static str) -> Option<&'a str>,
    ) -> Result<Self, Refusal> {
        let required = |name| parameter(name).ok_or_else(|| Refusal::missing_parameter(name));
        let (trn, session) = (required("RoleTrn")?, required("RoleSessionName")?);
        let (account_id, name) = role_of_trn(trn).ok_or_else(|| {
            Refusal::invalid_parameter("RoleTrn", "trn:iam::<account id>:role/<name> is expected")
        })?;
        let wrong = || Refusal::invalid_parameter("DurationSeconds", "900 to 43200 are expected");
        let seconds = parameter("DurationSeconds").map(|text| text.parse().map_err(|_| wrong()));
        let seconds = seconds.transpose()?.unwrap_or(DEFAULT_SECONDS);
        if !(SHORTEST..=LONGEST).contains(&seconds) {
            return Err(wrong());
        }
        Ok(Self { account_id, name: name.to_owned(), session: session.to_owned(), seconds })
    }

    pub(crate) fn keys(&self, seed: u64, now: i64) -> TemporaryKeys {
        let expires = now.saturating_add(self.seconds);
        TemporaryKeys::issue(seed, self.account_id, &self.name, expires)
    }

    pub(crate) fn user(&self) -> AssumedRoleUser {
        let Self { account_id, name, session, .. } = self;
        AssumedRoleUser {
            trn: format!("trn:sts::{account_id}:assumed-role/{name}/{session}"),
            assumed_role_id: format!("{account_id}:{session}"),
        }
    }
}

/// `trn:iam::2100000001:role/reader`. A dot would not survive in the token.
fn role_of_trn(trn: &str) -> Option<(u64, &str)> {
    let (account_id, name) = trn.strip_prefix("trn:iam::")?.split_once(":role/")?;
    is_role_name(name).then_some((account_id.parse().ok()?, name))
}

/// The characters that IAM allows, but for the dot.
pub(crate) fn is_role_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,@_-".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_roles() {
        assert_eq!(role_of_trn("trn:iam::21:role/reader"), Some((21, "reader")));
        for trn in [
            "",
            "trn:iam::21:role/",
            "trn:iam::x:role/a",
            "trn:iam::21:user/a",
            "trn:iam::21:role/a.b",
        ] {
            assert_eq!(role_of_trn(trn), None, "{trn}");
        }
    }
}
