//! Instance metadata, only when something points to it.

use super::{Located, Probe};
use crate::absence::Absence;
use crate::exchange::{MetadataFlow, MetadataRole, Provider};
use crate::outcome::Outcome;

/// Names the role, and by that says that the service is to be asked.
const ROLE: &str = "VOLCENGINE_ECS_METADATA";

pub(super) fn locate(role: &MetadataRole, probe: &Probe<'_>) -> Result<Located, Outcome> {
    probe.metadata_allowed()?;
    let role = match role {
        MetadataRole::Named(role) => Some(role.clone()),
        MetadataRole::First => None,
        MetadataRole::FromEnvironment => {
            let role = probe.environment().read(ROLE)?;
            Some(role.ok_or(Outcome::Absent(Absence::NotQueried(ROLE)))?.to_owned())
        }
    };
    let flow = MetadataFlow::new(role, probe.urls().metadata.clone());
    Ok(Located::ByExchange(Provider::new(flow)))
}
