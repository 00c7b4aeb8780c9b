//! The single sign-on portal: temporary keys of a role, for the access token of a session.

use http::Response;
use serde::Serialize;

use super::UnsignedRequest;
use crate::account::DEMO_PORTAL_TOKEN;
use crate::actions::assume_role::is_role_name;
use crate::calendar::rfc3339_beijing;
use crate::errors::Refusal;
use crate::temporary::TemporaryKeys;

pub(super) const PATH: &str = "/federation/credentials";
const LIFETIME: i64 = 3600;

pub(super) fn answer(request: &UnsignedRequest<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    if request.header("x-bd-cloudidentity-bearer-token") != Some(DEMO_PORTAL_TOKEN) {
        return Err(Refusal::invalid_access_token());
    }
    let required = |name| request.query(name).ok_or_else(|| Refusal::missing_parameter(name));
    let (account_id, role) = (required("account_id")?, required("role_name")?);
    let number = |_| Refusal::invalid_parameter("account_id", "a number is expected");
    let account_id = account_id.parse().map_err(number)?;
    if !is_role_name(role) {
        return Err(Refusal::invalid_parameter("role_name", "not the name of a role"));
    }
    let end = request.now.saturating_add(LIFETIME);
    let keys = TemporaryKeys::issue(request.seed, account_id, role, end);
    Ok(request.about.success(&Federated {
        role_credentials: RoleCredentials {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret,
            session_token: keys.token,
            expiration: rfc3339_beijing(keys.expires),
        },
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Federated {
    role_credentials: RoleCredentials,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleCredentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: String,
}
