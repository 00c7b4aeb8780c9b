//! The sources: each reads one place, alone or as part of a chain.

mod cli_profile;
mod environment;
mod ini_file;
mod metadata;
mod oidc;
mod probe;
mod volc_config;

use std::path::PathBuf;

use volc_sign::Credentials;

pub use self::environment::VariableFamily;
pub(crate) use self::oidc::with_options;
pub(crate) use self::probe::{Candidate, Located, Probe};
use crate::absence::Absence;
use crate::environment::Environment;
use crate::exchange::{AssumeRole, AssumeRoleWithOidc, MetadataRole, Provider};
use crate::files::Reader;
use crate::found::{Origin, SourceKind};
use crate::key_problem::KeyPart;
use crate::outcome::{HalfKey, Outcome};
use crate::process::{self, ProcessCommand};
use crate::profile::{ConfigFile, ProfileSettings};
use crate::source_context::SourceContext;
use crate::temporary::Temporary;

/// One place where credentials may be.
///
/// `Debug` shows no secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Source {
    /// A role for other credentials.
    AssumeRole(AssumeRole),
    /// A role for a token in a file.
    AssumeRoleWithOidc(AssumeRoleWithOidc),
    /// A profile of the `ve` tool: this one, or the one that variables or the file itself choose.
    CliProfile(Option<String>),
    /// Instance metadata.
    EcsMetadata(MetadataRole),
    /// Keys in environment variables.
    Environment(VariableFamily),
    /// Given values.
    Explicit(Credentials),
    /// The token file and the role that the `VOLCENGINE_OIDC_*` variables name.
    OidcEnvironment,
    /// A program that prints credentials as JSON.
    Process(ProcessCommand),
    /// `~/.volcengine/credentials`, or the file that `VOLCSTACK_SHARED_CREDENTIALS_FILE` names:
    /// this section, else that of `VOLCSTACK_PROFILE`, else `default`.
    SharedCredentials(Option<String>),
    /// `~/.volc/config`.
    VolcConfig,
    /// `~/.volc/credentials`: this section, else `default`.
    VolcCredentials(Option<String>),
}

impl Source {
    /// The kind of source.
    pub fn kind(&self) -> SourceKind {
        match self {
            Self::AssumeRole(_) => SourceKind::AssumeRole,
            Self::AssumeRoleWithOidc(_) | Self::OidcEnvironment => SourceKind::Oidc,
            Self::CliProfile(_) => SourceKind::CliConfig,
            Self::EcsMetadata(_) => SourceKind::EcsMetadata,
            Self::Environment(_) => SourceKind::Environment,
            Self::Explicit(_) => SourceKind::Explicit,
            Self::Process(_) => SourceKind::Process,
            Self::SharedCredentials(_) => SourceKind::SharedCredentials,
            Self::VolcConfig => SourceKind::VolcConfig,
            Self::VolcCredentials(_) => SourceKind::VolcCredentials,
        }
    }

    /// Returns the place: variables, or a file and a profile.
    pub fn place(&self, context: &SourceContext) -> Origin {
        let environment = context.environment();
        let file = |profile: &Option<String>, path: Option<PathBuf>, usual: &str| Origin {
            file: Some(path.unwrap_or_else(|| usual.into())),
            profile: profile.clone(),
            ..Origin::new(self.kind())
        };
        let variables = |variables| Origin { variables, ..Origin::new(SourceKind::Environment) };
        match self {
            Self::AssumeRole(_)
            | Self::AssumeRoleWithOidc(_)
            | Self::EcsMetadata(_)
            | Self::Explicit(_)
            | Self::Process(_) => Origin::new(self.kind()),
            Self::CliProfile(profile) => file(
                profile,
                ConfigFile::path(environment).ok().flatten(),
                "~/.volcengine/config.json",
            ),
            Self::Environment(family) => variables(family.pair().to_vec()),
            Self::OidcEnvironment => variables(vec!["VOLCENGINE_OIDC_*"]),
            Self::SharedCredentials(profile) => file(
                profile,
                ini_file::SHARED.path(environment).ok().flatten(),
                "~/.volcengine/credentials",
            ),
            Self::VolcConfig => {
                file(&None, volc_config::path(environment).ok().flatten(), "~/.volc/config")
            }
            Self::VolcCredentials(profile) => file(
                profile,
                ini_file::VOLC.path(environment).ok().flatten(),
                "~/.volc/credentials",
            ),
        }
    }

    /// Finds credentials or the exchange that fetches them, else the reason there are none.
    pub(crate) fn locate(&self, probe: &mut Probe<'_>) -> Result<Candidate, Outcome> {
        let plain =
            |located| Candidate { origin: Origin::new(self.kind()), settings: None, located };
        match self {
            Self::AssumeRole(role) => {
                let flow = role.clone().into_flow(probe.urls().sts.clone());
                Ok(plain(Located::ByExchange(Provider::new(flow))))
            }
            Self::AssumeRoleWithOidc(role) => Ok(plain(probe.oidc(role)?)),
            Self::CliProfile(name) => cli_profile(name.as_deref(), probe),
            Self::EcsMetadata(role) => metadata::locate(role, probe).map(plain),
            Self::Environment(family) => family.locate(probe),
            Self::Explicit(credentials) => explicit(credentials).map(plain),
            Self::OidcEnvironment => oidc::locate(probe),
            Self::Process(command) => {
                let temporary = process::run(probe.processes(), command.expose(), probe.now)?;
                Ok(plain(Located::Ready(temporary)))
            }
            Self::SharedCredentials(profile) => ini_file::SHARED.locate(profile.as_deref(), probe),
            Self::VolcConfig => volc_config::locate(probe),
            Self::VolcCredentials(profile) => ini_file::VOLC.locate(profile.as_deref(), probe),
        }
    }
}

/// The sections with keys of each file that has profiles in sections.
pub(crate) fn sections_with_keys(
    environment: &Environment,
    reader: &mut Reader<'_>,
) -> [Result<Vec<String>, Outcome>; 2] {
    [&ini_file::SHARED, &ini_file::VOLC].map(|file| file.sections_with_keys(environment, reader))
}

fn cli_profile(name: Option<&str>, probe: &mut Probe<'_>) -> Result<Candidate, Outcome> {
    let context = probe.context;
    if name.is_none() {
        // This profile would not be the one that it names.
        ConfigFile::chosen(context.environment())?;
    }
    let file = ConfigFile::read(context.environment(), &mut probe.reader)?;
    let profile = file.profile(name, context.environment())?;
    let located = cli_profile::locate(&profile, probe)?;
    let origin = Origin {
        file: Some(profile.path().into()),
        profile: Some(profile.name().to_owned()),
        mode: Some(profile.mode()?),
        ..Origin::new(SourceKind::CliConfig)
    };
    Ok(Candidate { origin, settings: Some(ProfileSettings::of(&profile)?), located })
}

/// Empty values are absent here too: a caller may pass on what a user typed.
fn explicit(credentials: &Credentials) -> Result<Located, Outcome> {
    let half = |present, missing| Outcome::Half {
        present: HalfKey::Given(present),
        missing: HalfKey::Given(missing),
    };
    let id = !credentials.access_key_id().trim().is_empty();
    let secret = !credentials.secret().expose().trim().is_empty();
    match (id, secret) {
        (true, true) => {
            Ok(Located::Ready(Temporary { credentials: credentials.clone(), expires: None }))
        }
        (true, false) => Err(half(KeyPart::Id, KeyPart::Secret)),
        (false, true) => Err(half(KeyPart::Secret, KeyPart::Id)),
        (false, false) => Err(Outcome::Absent(Absence::NotGiven)),
    }
}
