//! The result of a search: credentials with their origin, or every source without any.

use std::fmt;
use std::path::PathBuf;

use volc_sign::Credentials;

use crate::error::SourceError;
use crate::files::FileFacts;
use crate::outcome::Outcome;
use crate::profile::{Mode, ProfileSettings};

/// Seconds before expiry at which temporary credentials are replaced, as in the official SDKs.
const REFRESH_AHEAD: i64 = 60;
/// Seconds before expiry for instance metadata, as in the official SDKs.
const REFRESH_AHEAD_METADATA: i64 = 300;

/// Credentials and the source that won.
///
/// `Debug` shows the access key id shortened and no secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct Found {
    /// The key pair, with its session token when there is one.
    pub credentials: Credentials,
    /// The origin of the credentials.
    pub origin: Origin,
    /// The expiry in Unix seconds; `None` for permanent keys.
    pub expires: Option<i64>,
    /// Region, base URL, proxies and the like of the profile they came from, if any.
    pub settings: Option<ProfileSettings>,
    /// Every source of the chain in order: skipped, won, or not tried because an earlier one won.
    pub attempts: Vec<Attempt>,
    /// The winner's position in the chain.
    pub(crate) position: usize,
}

impl Found {
    /// The access key id with its middle masked.
    pub fn masked_access_key_id(&self) -> String {
        mask(self.credentials.access_key_id())
    }

    /// True when the credentials have expired at `now` (Unix seconds).
    pub fn is_expired(&self, now: i64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// The time to replace them, in Unix seconds: 60 s before expiry, 5 min for instance metadata.
    pub fn refresh_at(&self) -> Option<i64> {
        let metadata = self.origin.source == SourceKind::EcsMetadata
            || self.origin.mode == Some(Mode::EcsRole);
        let ahead = if metadata { REFRESH_AHEAD_METADATA } else { REFRESH_AHEAD };
        self.expires.map(|expires| expires.saturating_sub(ahead))
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("access_key_id", &self.masked_access_key_id())
            .field("origin", &self.origin)
            .field("expires", &self.expires)
            .field("settings", &self.settings)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Masks the middle of an access key id: `AKLT…0001`. Short ones are masked completely.
///
/// ```
/// assert_eq!(volc_credentials::mask("AKLTEXAMPLE0000000000000000000001"), "AKLT…0001");
/// assert_eq!(volc_credentials::mask("short"), "…");
/// ```
pub fn mask(access_key_id: &str) -> String {
    let characters: Vec<char> = access_key_id.chars().collect();
    match (characters.first_chunk::<4>(), characters.last_chunk::<4>()) {
        (Some(head), Some(tail)) if characters.len() >= 12 => {
            format!("{}…{}", String::from_iter(head), String::from_iter(tail))
        }
        _ => "…".to_owned(),
    }
}

/// No source had usable credentials.
///
/// Read the list, one line per source, and complete the one you meant to use. The default has no
/// source.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct NotFound {
    /// Every source in order, with the reason it was skipped.
    pub attempts: Vec<Attempt>,
}

impl NotFound {
    /// The first source that is configured but invalid, rather than absent.
    pub fn failure(&self) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.outcome.is_broken())
    }
}

impl NotFound {
    /// True when the search ended at keys that are set and cannot be used: those of another source
    /// must not take their place.
    pub fn is_refusal(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.outcome.ends_search())
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.attempts.as_slice() {
            [] => f.write_str("no credentials: there is no source to search"),
            [only] => write!(f, "no credentials: {only}"),
            several => {
                f.write_str("no credentials found; places searched:")?;
                several.iter().try_for_each(|attempt| write!(f, "\n  {attempt}"))
            }
        }
    }
}

impl std::error::Error for NotFound {}

/// A source and its outcome.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The source.
    pub source: SourceKind,
    /// The exact place: variable names, or a file and a profile.
    pub place: Origin,
    /// The files that were read, with their permissions.
    pub files: Vec<FileFacts>,
    /// The outcome.
    pub outcome: Outcome,
}

impl Attempt {
    /// The place as far as the outcome does not name it itself: a text of both says nothing twice.
    pub fn unnamed_place(&self) -> Option<Origin> {
        let is_process = matches!(
            self.outcome,
            Outcome::Failed(SourceError::Process { .. } | SourceError::ProcessAnswer { .. })
        );
        if is_process && self.place.source == SourceKind::Process {
            return None;
        }
        let file = self.place.file.as_deref();
        if file.is_none() || file != self.outcome.file() {
            return Some(self.place.clone());
        }
        self.place.profile.is_some().then(|| Origin { file: None, ..self.place.clone() })
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unnamed_place() {
            Some(place) => write!(f, "{place}: {}", self.outcome),
            None => self.outcome.fmt(f),
        }
    }
}

/// The origin of credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The kind of source.
    pub source: SourceKind,
    /// The variables that held them or pointed to them.
    pub variables: Vec<&'static str>,
    /// The file that held them or described how to get them.
    pub file: Option<PathBuf>,
    /// The profile (or INI section) of that file.
    pub profile: Option<String>,
    /// The mode of a `ve` profile.
    pub mode: Option<Mode>,
}

impl Origin {
    pub(crate) fn new(source: SourceKind) -> Self {
        Self { source, variables: Vec::new(), file: None, profile: None, mode: None }
    }
}

impl fmt::Display for Origin {
    /// One line: `profile prod (mode sso) of /home/somebody/.volcengine/config.json`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.profile, &self.file) {
            (Some(profile), file) => {
                write!(f, "profile {profile}")?;
                if let Some(mode) = self.mode {
                    write!(f, " (mode {mode})")?;
                }
                match file {
                    Some(file) => write!(f, " of {}", file.display()),
                    None => Ok(()),
                }
            }
            (None, Some(file)) => write!(f, "{}", file.display()),
            (None, None) if self.source == SourceKind::Environment => {
                write!(f, "{} {}", self.source, self.variables.join(", "))
            }
            (None, None) if !self.variables.is_empty() => {
                write!(f, "{} ({})", self.source, self.variables.join(", "))
            }
            (None, None) => self.source.fmt(f),
        }
    }
}

/// The kinds of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SourceKind {
    /// A role taken on with other credentials (STS `AssumeRole`).
    AssumeRole,
    /// A profile of the `ve` tool's `~/.volcengine/config.json`.
    CliConfig,
    /// The metadata service of the cloud server the program runs on.
    EcsMetadata,
    /// Environment variables with keys.
    Environment,
    /// Values handed in by the caller.
    Explicit,
    /// Environment variables that point to an OIDC token (STS `AssumeRoleWithOIDC`).
    Oidc,
    /// A program that prints credentials.
    Process,
    /// A section of `~/.volcengine/credentials`.
    SharedCredentials,
    /// `~/.volc/config` of the older SDKs.
    VolcConfig,
    /// `~/.volc/credentials` of the older Python SDK.
    VolcCredentials,
}

impl SourceKind {
    /// A short name that does not change, for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AssumeRole => "assume-role",
            Self::CliConfig => "cli-config",
            Self::EcsMetadata => "ecs-metadata",
            Self::Environment => "environment",
            Self::Explicit => "explicit",
            Self::Oidc => "oidc",
            Self::Process => "process",
            Self::SharedCredentials => "shared-credentials",
            Self::VolcConfig => "volc-config",
            Self::VolcCredentials => "volc-credentials",
        }
    }
}

impl fmt::Display for SourceKind {
    /// For people, in the middle of a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AssumeRole => "assumed role",
            Self::CliConfig => "ve profile",
            Self::EcsMetadata => "instance metadata",
            Self::Environment => "environment variables",
            Self::Explicit => "given values",
            Self::Oidc => "OIDC token",
            Self::Process => "external process",
            Self::SharedCredentials => "shared credentials file",
            Self::VolcConfig | Self::VolcCredentials => "older SDKs' file",
        })
    }
}
