//! Keys in environment variables, in the three spellings of the official SDKs.

use std::fmt;

use volc_openapi::KeyVariables;
use volc_sign::Credentials;

use super::{Candidate, Located, Probe};
use crate::absence::Absence;
use crate::found::{Origin, SourceKind};
use crate::outcome::{HalfKey, Outcome};
use crate::temporary::Temporary;

/// A spelling of the variables. Both halves of a pair must be of the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VariableFamily {
    /// `VOLC_ACCESSKEY`, `VOLC_SECRETKEY` of the older SDKs, which know no token.
    Volc,
    /// `VOLCENGINE_ACCESS_KEY`, `VOLCENGINE_SECRET_KEY`, `VOLCENGINE_SESSION_TOKEN`.
    Volcengine,
    /// The variables of another site.
    Named(KeyVariables),
    /// `VOLCSTACK_ACCESS_KEY_ID` (else `VOLCSTACK_ACCESS_KEY`), `VOLCSTACK_SECRET_ACCESS_KEY` (else
    /// `VOLCSTACK_SECRET_KEY`), `VOLCSTACK_SESSION_TOKEN`.
    Volcstack,
}

/// Names of each part, the first that is set.
struct Names {
    id: Vec<&'static str>,
    secret: Vec<&'static str>,
    token: Vec<&'static str>,
}

impl VariableFamily {
    /// Every spelling of the official SDKs, in the order in which they are looked at.
    pub const ALL: [Self; 3] = [Self::Volcengine, Self::Volcstack, Self::Volc];

    fn names(self) -> Names {
        match self {
            Self::Volc => {
                let (id, secret) = (vec!["VOLC_ACCESSKEY"], vec!["VOLC_SECRETKEY"]);
                Names { id, secret, token: Vec::new() }
            }
            Self::Named(KeyVariables { id, secret, token }) => {
                Names { id: vec![id], secret: vec![secret], token: token.into_iter().collect() }
            }
            Self::Volcengine => Names {
                id: vec!["VOLCENGINE_ACCESS_KEY"],
                secret: vec!["VOLCENGINE_SECRET_KEY"],
                token: vec!["VOLCENGINE_SESSION_TOKEN"],
            },
            Self::Volcstack => Names {
                id: vec!["VOLCSTACK_ACCESS_KEY_ID", "VOLCSTACK_ACCESS_KEY"],
                secret: vec!["VOLCSTACK_SECRET_ACCESS_KEY", "VOLCSTACK_SECRET_KEY"],
                token: vec!["VOLCSTACK_SESSION_TOKEN"],
            },
        }
    }

    /// The usual names of id and secret.
    pub(super) fn pair(self) -> [&'static str; 2] {
        match self {
            Self::Named(KeyVariables { id, secret, .. }) => [id, secret],
            Self::Volc => ["VOLC_ACCESSKEY", "VOLC_SECRETKEY"],
            Self::Volcengine => ["VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY"],
            Self::Volcstack => ["VOLCSTACK_ACCESS_KEY_ID", "VOLCSTACK_SECRET_ACCESS_KEY"],
        }
    }

    pub(super) fn locate(self, probe: &Probe<'_>) -> Result<Candidate, Outcome> {
        let (names, environment) = (self.names(), probe.environment());
        let half = |present: &str, missing: &[&str]| Outcome::Half {
            present: HalfKey::named(present),
            missing: HalfKey::Named(missing.iter().map(|name| (*name).to_owned()).collect()),
        };
        let pair = (environment.read_first(&names.id)?, environment.read_first(&names.secret)?);
        let ((id_name, id), (secret_name, secret)) = match pair {
            (Some(id), Some(secret)) => (id, secret),
            (Some((name, _)), None) => return Err(half(name, &names.secret)),
            (None, Some((name, _))) => return Err(half(name, &names.id)),
            (None, None) => return Err(Outcome::Absent(Absence::NotSet)),
        };
        let (token_name, token) = environment.read_first(&names.token)?.unzip();
        let credentials =
            Credentials::new(id, secret).with_session_token(token.unwrap_or_default());
        let variables = [id_name, secret_name].into_iter().chain(token_name).collect();
        Ok(Candidate {
            origin: Origin { variables, ..Origin::new(SourceKind::Environment) },
            settings: None,
            located: Located::Ready(Temporary { credentials, expires: None }),
        })
    }
}

impl fmt::Display for VariableFamily {
    /// The names of the pair.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pair().join(", "))
    }
}
