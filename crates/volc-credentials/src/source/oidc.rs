//! A role for an OIDC token, as the `VOLCENGINE_OIDC_*` variables describe it.

use super::{Candidate, Probe};
use crate::absence::Absence;
use crate::content_problem::ContentProblem;
use crate::environment::Environment;
use crate::error::SourceError;
use crate::exchange::AssumeRoleWithOidc;
use crate::found::{Origin, SourceKind};
use crate::outcome::{HalfKey, Outcome};
use crate::profile::base_url;

const ROLE: &str = "VOLCENGINE_OIDC_ROLE_TRN";
const TOKEN_FILE: &str = "VOLCENGINE_OIDC_TOKEN_FILE";
const SESSION_NAME: &str = "VOLCENGINE_OIDC_ROLE_SESSION_NAME";
const POLICY: &str = "VOLCENGINE_OIDC_ROLE_POLICY";
const STS: &str = "VOLCENGINE_OIDC_STS_ENDPOINT";

pub(super) fn locate(probe: &mut Probe<'_>) -> Result<Candidate, Outcome> {
    let environment = probe.environment();
    let half = |present: &str, missing: &str| Outcome::Half {
        present: HalfKey::named(present),
        missing: HalfKey::named(missing),
    };
    let (role, file) = match (environment.read(ROLE)?, environment.read(TOKEN_FILE)?) {
        (Some(role), Some(file)) => (role, file),
        (Some(_), None) => return Err(half(ROLE, TOKEN_FILE)),
        (None, Some(_)) => return Err(half(TOKEN_FILE, ROLE)),
        (None, None) => {
            return Err(Outcome::Absent(Absence::VariablesNotSet(vec![ROLE, TOKEN_FILE])));
        }
    };
    let role = with_options(AssumeRoleWithOidc::new(role, file), environment)?;
    let origin = Origin { variables: vec![ROLE, TOKEN_FILE], ..Origin::new(SourceKind::Oidc) };
    Ok(Candidate { origin, settings: None, located: probe.oidc(&role)? })
}

/// Adds the optional variables to a role. They count for a profile of mode `oidc` as well.
pub(crate) fn with_options(
    mut role: AssumeRoleWithOidc,
    environment: &Environment,
) -> Result<AssumeRoleWithOidc, SourceError> {
    if let Some(name) = environment.read(SESSION_NAME)? {
        role = role.with_session_name(name);
    }
    if let Some(policy) = environment.read(POLICY)? {
        role = role.with_policy(policy);
    }
    if let Some(sts) = environment.read(STS)? {
        role = role.with_sts(base_url(sts, false).ok_or(SourceError::Variable {
            variable: STS,
            problem: ContentProblem::ExpectedAddress,
        })?);
    }
    Ok(role)
}
