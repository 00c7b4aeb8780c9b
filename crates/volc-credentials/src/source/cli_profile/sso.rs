//! Mode `sso`: a role for the session that `ve sso login` opened.

use volc_sign::SessionToken;

use super::{cache_file_name, login_command, read_cache};
use crate::content_problem::ContentProblem;
use crate::error::SourceError;
use crate::exchange::{PortalFlow, Provider};
use crate::json::Object;
use crate::outcome::Outcome;
use crate::profile::Profile;
use crate::source::{Located, Probe};
use crate::temporary::Temporary;
use crate::timestamp::{from_rfc3339, unix_seconds};

/// Keys that the `ve` tool left in the profile, while they last; else the portal is asked with the
/// session's access token. An ended session is not renewed here: that would spend the refresh token
/// that the `ve` tool keeps.
pub(super) fn locate(profile: &Profile<'_>, probe: &mut Probe<'_>) -> Result<Located, Outcome> {
    if let Some(keys) = keys_of_profile(profile, probe.now)? {
        return Ok(Located::Ready(keys));
    }
    let session_name = profile.required("sso-session-name")?;
    let session = profile.sso_session(&session_name)?;
    let start_url = session.string("start-url")?.ok_or_else(|| SourceError::MissingKey {
        place: session.place("start-url"),
        needed_by: "mode sso".to_owned(),
    })?;
    let (account_id, role_name) = (profile.required("account-id")?, profile.required("role-name")?);
    let region = session.string("region")?.unwrap_or_else(|| "cn-beijing".to_owned());

    let login_command = login_command("ve sso login", profile);
    let path =
        profile.folder().join("sso").join("cache").join(cache_name(&start_url, &session_name));
    let text = read_cache(&path, &login_command, probe)?;
    let access_token = access_token(&Object::parse(&path, &text)?, &login_command, probe.now)?;
    Ok(Located::ByExchange(Provider::new(PortalFlow {
        access_token,
        account_id,
        role_name,
        region,
        portal: probe.urls().portal.clone(),
        login_command,
    })))
}

fn keys_of_profile(profile: &Profile<'_>, now: i64) -> Result<Option<Temporary>, Outcome> {
    match profile.integer("sts-expiration")?.map(unix_seconds) {
        Some(expires) if expires > now => {
            let complete =
                profile.string("access-key")?.is_some() && profile.string("secret-key")?.is_some();
            if !complete {
                return Ok(None);
            }
            let keys = super::keys(profile)?;
            Ok(Some(Temporary { expires: Some(expires), ..keys }))
        }
        _ => Ok(None),
    }
}

fn access_token(cache: &Object<'_>, command: &str, now: i64) -> Result<SessionToken, SourceError> {
    let missing =
        || SourceError::LoginMissing { path: cache.path().into(), command: command.to_owned() };
    let token = cache.string("access_token")?.ok_or_else(missing)?;
    let expires_at = cache.string("expires_at")?.ok_or_else(missing)?;
    let expires = from_rfc3339(&expires_at).ok_or_else(|| {
        SourceError::malformed(cache.place("expires_at"), ContentProblem::ExpectedTime)
    })?;
    if expires <= now {
        let (path, command) = (cache.path().into(), command.to_owned());
        return Err(SourceError::LoginExpired { path, expired: expires, command });
    }
    Ok(SessionToken::new(token))
}

/// The name the `ve` tool gives the cache. It is written in Go, whose JSON escapes `<`, `>`, `&` and
/// the two Unicode line separators too.
fn cache_name(start_url: &str, session_name: &str) -> String {
    let quoted = |text: &str| {
        [
            ('<', "\\u003c"),
            ('>', "\\u003e"),
            ('&', "\\u0026"),
            ('\u{2028}', "\\u2028"),
            ('\u{2029}', "\\u2029"),
        ]
        .iter()
        .fold(serde_json::Value::from(text).to_string(), |text, (character, escape)| {
            text.replace(*character, escape)
        })
    };
    cache_file_name(&format!(
        r#"{{"start_url":{},"session_name":{}}}"#,
        quoted(start_url),
        quoted(session_name)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests from `printf … | sha1sum`.
    #[test]
    fn cache_names_are_those_of_the_ve_tool() {
        assert_eq!(
            cache_name("https://example.com/start", "work"),
            "ef1434a855843424932974030909e655cc244a40.json"
        );
        assert_eq!(
            cache_name("https://example.com/?a=1&b=<2>", "工作"),
            "226ee6dcea3274a3d1a5c7824aa57c0c441544a4.json"
        );
    }
}
