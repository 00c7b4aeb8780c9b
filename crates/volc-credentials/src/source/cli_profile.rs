//! The credentials of a profile of the `ve` tool.

mod console_login;
mod sso;

use super::{Located, Probe, with_options};
use crate::error::SourceError;
use crate::exchange::{AssumeRole, AssumeRoleWithOidc, MetadataFlow, Provider};
use crate::key_problem::KeyProblem;
use crate::outcome::{HalfKey, Outcome};
use crate::profile::{Mode, Profile};
use crate::temporary::Temporary;

/// Finds the credentials of a profile according to its mode.
pub(crate) fn locate(profile: &Profile<'_>, probe: &mut Probe<'_>) -> Result<Located, Outcome> {
    match profile.mode()? {
        Mode::Ak => keys(profile).map(Located::Ready),
        Mode::RamRoleArn => assume_role(profile, probe),
        Mode::Oidc => oidc(profile, probe),
        Mode::EcsRole => ecs_role(profile, probe),
        Mode::Sso => sso::locate(profile, probe),
        Mode::ConsoleLogin => console_login::locate(profile, probe),
    }
}

/// Returns the key pair in the profile itself.
fn keys(profile: &Profile<'_>) -> Result<Temporary, Outcome> {
    let [access_key, secret_key] = ["access-key", "secret-key"];
    let half = |present, missing| Outcome::Half {
        present: HalfKey::Entry(Box::new(profile.place(present))),
        missing: HalfKey::Named(profile.place(missing).key.into_iter().collect()),
    };
    match (profile.string(access_key)?, profile.string(secret_key)?) {
        (Some(id), Some(secret)) => {
            let token = profile.string("session-token")?.unwrap_or_default();
            let credentials = volc_sign::Credentials::new(id, secret).with_session_token(token);
            Ok(Temporary { credentials, expires: None })
        }
        (Some(_), None) => Err(half(access_key, secret_key)),
        (None, Some(_)) => Err(half(secret_key, access_key)),
        (None, None) => Err(profile.missing(access_key).into()),
    }
}

fn assume_role(profile: &Profile<'_>, probe: &Probe<'_>) -> Result<Located, Outcome> {
    let base = keys(profile)?.credentials;
    if let Some(problem) = KeyProblem::of(&base) {
        return Err(SourceError::from(problem).into());
    }
    let (account, role) = (profile.required("account-id")?, profile.required("role-name")?);
    let role = AssumeRole::new(base, format!("trn:iam::{account}:role/{role}"))
        .with_policy(profile.string("policy")?.unwrap_or_default());
    Ok(Located::ByExchange(Provider::new(role.into_flow(probe.urls().sts.clone()))))
}

fn oidc(profile: &Profile<'_>, probe: &mut Probe<'_>) -> Result<Located, Outcome> {
    let (role_trn, file) = (profile.required("role-trn")?, profile.required("oidc-token-file")?);
    let mut role = with_options(AssumeRoleWithOidc::new(role_trn, file), probe.environment())?;
    if let Some(policy) = profile.string("policy")? {
        role = role.with_policy(policy);
    }
    Ok(probe.oidc(&role)?)
}

fn ecs_role(profile: &Profile<'_>, probe: &Probe<'_>) -> Result<Located, Outcome> {
    let role = profile.required("role-name")?;
    probe.metadata_allowed()?;
    let flow = MetadataFlow::new(Some(role), probe.urls().metadata.clone());
    Ok(Located::ByExchange(Provider::new(flow)))
}

/// Returns the `ve` command that logs in to a profile.
fn login_command(command: &str, profile: &Profile<'_>) -> String {
    let name = shlex::try_quote(profile.name()).unwrap_or_else(|_| profile.name().into());
    format!("{command} --profile {name}")
}

/// The cache file of a session: the SHA-1 of `text` in lower-case hex.
fn cache_file_name(text: &str) -> String {
    use data_encoding::HEXLOWER;
    use sha1::Digest as _;

    format!("{}.json", HEXLOWER.encode(&sha1::Sha1::digest(text.as_bytes())))
}

/// A session's cache file, which must be there.
fn read_cache(
    path: &std::path::Path,
    command: &str,
    probe: &mut Probe<'_>,
) -> Result<String, SourceError> {
    let missing = || SourceError::LoginMissing { path: path.into(), command: command.to_owned() };
    let text = probe.reader.text(path)?.ok_or_else(missing)?;
    if text.trim().is_empty() { Err(missing()) } else { Ok(text) }
}
