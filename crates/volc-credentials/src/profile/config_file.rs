//! Finding `config.json` and the profile in it.

use std::io;
use std::path::{Path, PathBuf};

use super::Mode;
use crate::absence::Absence;
use crate::content_problem::ContentProblem;
use crate::environment::{Environment, UnreadableVariable};
use crate::error::{Place, SourceError};
use crate::files::Reader;
use crate::json::Object;
use crate::outcome::Outcome;

/// Names the file.
const FILE_VARIABLE: &str = "VOLCENGINE_CLI_CONFIG_FILE";
/// Name the profile, the first that is set.
const PROFILE_VARIABLES: [&str; 2] = ["VOLCENGINE_PROFILE", "VOLCSTACK_PROFILE"];

/// `config.json` as it was read.
pub(crate) struct ConfigFile {
    path: PathBuf,
    text: String,
}

impl ConfigFile {
    /// Returns the path of the file; `None` without a home directory.
    pub(crate) fn path(environment: &Environment) -> Result<Option<PathBuf>, UnreadableVariable> {
        if let Some(path) = environment.read(FILE_VARIABLE)? {
            return Ok(Some(path.into()));
        }
        let home = environment.read_home()?;
        Ok(home.map(|home| home.join(".volcengine").join("config.json")))
    }

    /// Returns the profile that variables choose.
    pub(crate) fn chosen(environment: &Environment) -> Result<Option<&str>, UnreadableVariable> {
        Ok(environment.read_first(&PROFILE_VARIABLES)?.map(|(_, name)| name))
    }

    /// Reads the file. One that a variable names must exist; the default one need not.
    pub(crate) fn read(
        environment: &Environment,
        reader: &mut Reader<'_>,
    ) -> Result<Self, Outcome> {
        let path = Self::path(environment)?.ok_or(Outcome::Absent(Absence::HomeUnknown))?;
        match reader.text(&path)? {
            Some(text) => Ok(Self { path, text }),
            None if environment.get(FILE_VARIABLE).is_some() => {
                Err(SourceError::Unreadable { path, kind: io::ErrorKind::NotFound }.into())
            }
            None => Err(Outcome::Absent(Absence::FileMissing(path))),
        }
    }

    /// The names of all profiles, sorted.
    pub(crate) fn profile_names(&self) -> Result<Vec<String>, SourceError> {
        let profiles = self.parse()?.object("profiles")?;
        Ok(profiles
            .map(|profiles| profiles.keys().map(str::to_owned).collect())
            .unwrap_or_default())
    }

    /// Returns the selected profile: the argument, else a variable, else the file's `current`, else
    /// `default`.
    pub(crate) fn profile(
        &self,
        argument: Option<&str>,
        environment: &Environment,
    ) -> Result<Profile<'_>, Outcome> {
        let file = self.parse()?;
        let chosen = match argument {
            Some(name) => Some(name),
            None => Self::chosen(environment)?,
        };
        let asked_for = match chosen.map(str::to_owned) {
            Some(name) => Some(name),
            None => file.string("current")?,
        };
        let name = asked_for.clone().unwrap_or_else(|| "default".to_owned());
        let profiles = file.object("profiles")?;
        let found = match &profiles {
            Some(profiles) => profiles.object(&name)?,
            None => None,
        };
        match (found, asked_for) {
            (Some(keys), _) => Ok(Profile { name, keys, file }),
            (None, Some(profile)) => {
                let known = profiles.iter().flat_map(Object::keys).map(str::to_owned).collect();
                Err(SourceError::UnknownProfile { path: self.path.clone(), profile, known }.into())
            }
            (None, None) => Err(Outcome::Absent(Absence::NoCurrentProfile(self.path.clone()))),
        }
    }

    fn parse(&self) -> Result<Object<'_>, SourceError> {
        Object::parse(&self.path, &self.text)
    }
}

/// One profile and the file around it.
pub(crate) struct Profile<'a> {
    name: String,
    keys: Object<'a>,
    file: Object<'a>,
}

impl<'a> Profile<'a> {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn path(&self) -> &Path {
        self.keys.path()
    }

    /// The folder of the file, where the `ve` tool keeps its caches.
    pub(crate) fn folder(&self) -> &Path {
        self.path().parent().unwrap_or_else(|| Path::new("."))
    }

    pub(crate) fn mode(&self) -> Result<Mode, SourceError> {
        let mode = self.keys.string("mode")?.unwrap_or_default();
        Mode::parse(&mode)
            .ok_or_else(|| SourceError::malformed(self.place("mode"), ContentProblem::ExpectedMode))
    }

    pub(crate) fn string(&self, key: &str) -> Result<Option<String>, SourceError> {
        self.keys.string(key)
    }

    pub(crate) fn boolean(&self, key: &str) -> Result<Option<bool>, SourceError> {
        self.keys.boolean(key)
    }

    pub(crate) fn integer(&self, key: &str) -> Result<Option<i64>, SourceError> {
        self.keys.integer(key)
    }

    /// A key that the profile's mode cannot do without. An account id may be written as a number.
    pub(crate) fn required(&self, key: &str) -> Result<String, SourceError> {
        let value = match key {
            "account-id" => self.keys.string_or_number(key)?,
            _ => self.string(key)?,
        };
        value.ok_or_else(|| self.missing(key))
    }

    pub(crate) fn missing(&self, key: &str) -> SourceError {
        let mode = self.mode().map(Mode::as_str).unwrap_or_default();
        SourceError::MissingKey { place: self.place(key), needed_by: format!("mode {mode}") }
    }

    pub(crate) fn place(&self, key: &str) -> Place {
        self.keys.place(key)
    }

    /// A single sign-on session of the file.
    pub(crate) fn sso_session(&self, name: &str) -> Result<Object<'a>, SourceError> {
        let sessions = self.file.object("sso-session")?;
        let session = match &sessions {
            Some(sessions) => sessions.object(name)?,
            None => None,
        };
        session.ok_or_else(|| SourceError::MissingKey {
            place: sessions
                .as_ref()
                .map_or_else(|| self.file.place("sso-session"), |sessions| sessions.place(name)),
            needed_by: format!("profile {}", self.name),
        })
    }
}
