//! STS `AssumeRoleWithOIDC`: temporary keys of a role, for a token of an identity provider.

use http::Response;

use super::UnsignedRequest;
use crate::account::DEMO_OIDC_TOKEN;
use crate::actions::assume_role::{Assumed, Credentials, Role};
use crate::calendar::rfc3339_beijing;
use crate::errors::Refusal;

pub(super) const ACTION: &str = "AssumeRoleWithOIDC";
const VERSION: &str = "2018-01-01";

/// Parameters come as a form; the query serves as well.
pub(super) fn answer(request: &UnsignedRequest<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    if request.query("Version") != Some(VERSION) {
        let version = request.query("Version").unwrap_or_default();
        return Err(Refusal::invalid_action_or_version(ACTION, version));
    }
    let form: Vec<(String, String)> = form_urlencoded::parse(request.body).into_owned().collect();
    let parameter = |name: &'static str| {
        let found = form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty()).or_else(|| request.query(name))
    };
    let token = parameter("OIDCToken").ok_or_else(|| Refusal::missing_parameter("OIDCToken"))?;
    if token.trim() != DEMO_OIDC_TOKEN {
        return Err(Refusal::invalid_parameter(
            "OIDCToken",
            "the token is not valid or has expired",
        ));
    }
    let role = Role::read(parameter)?;
    let keys = role.keys(request.seed, request.now);
    Ok(request.about.success(&Assumed {
        credentials: Credentials {
            current_time: rfc3339_beijing(request.now),
            expired_time: None,
            expiration: Some(rfc3339_beijing(keys.expires)),
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret,
            session_token: keys.token,
        },
        assumed_role_user: role.user(),
    }))
}
