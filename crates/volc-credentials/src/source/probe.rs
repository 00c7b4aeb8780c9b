//! Probing one source.

use volc_sign::SessionToken;

use crate::content_problem::ContentProblem;
use crate::environment::Environment;
use crate::error::SourceError;
use crate::exchange::{AssumeRoleWithOidc, OidcFlow, Provider, ServiceUrls};
use crate::files::Reader;
use crate::found::Origin;
use crate::outcome::Outcome;
use crate::process::Processes;
use crate::profile::ProfileSettings;
use crate::source_context::SourceContext;
use crate::temporary::Temporary;

/// The means of a source to find credentials.
pub(crate) struct Probe<'a> {
    pub(crate) context: &'a SourceContext,
    pub(crate) reader: Reader<'a>,
    /// Unix seconds.
    pub(crate) now: i64,
}

/// The credentials of a source, or the exchange that fetches them.
pub(crate) struct Candidate {
    pub(crate) origin: Origin,
    pub(crate) settings: Option<ProfileSettings>,
    pub(crate) located: Located,
}

pub(crate) enum Located {
    Ready(Temporary),
    ByExchange(Provider),
}

impl<'a> Probe<'a> {
    pub(crate) fn new(context: &'a SourceContext, now: i64) -> Self {
        Self { context, reader: Reader::new(context.files()), now }
    }

    pub(crate) fn environment(&self) -> &'a Environment {
        self.context.environment()
    }

    pub(crate) fn processes(&self) -> &'a dyn Processes {
        self.context.processes()
    }

    pub(crate) fn urls(&self) -> &'a ServiceUrls {
        self.context.urls()
    }

    /// Reads the token of a role and prepares its exchange.
    pub(crate) fn oidc(&mut self, role: &AssumeRoleWithOidc) -> Result<Located, SourceError> {
        let path = role.token_file();
        let text = self.reader.mounted_token(path)?.ok_or_else(|| SourceError::Unreadable {
            path: path.into(),
            kind: std::io::ErrorKind::NotFound,
        })?;
        let token = text.trim();
        if token.is_empty() {
            let place = crate::error::Place::line(path, 1);
            return Err(SourceError::malformed(place, ContentProblem::NoToken));
        }
        Ok(Located::ByExchange(Provider::new(OidcFlow {
            role: role.clone(),
            token: SessionToken::new(token),
            sts: self.urls().sts.clone(),
        })))
    }

    /// Refuses instance metadata where a variable disables it.
    pub(crate) fn metadata_allowed(&self) -> Result<(), Outcome> {
        const DISABLED: &str = "VOLCENGINE_ECS_METADATA_DISABLED";
        self.environment().read(DISABLED)?;
        if self.environment().is_true(DISABLED) {
            return Err(Outcome::Disabled(DISABLED));
        }
        Ok(())
    }
}
