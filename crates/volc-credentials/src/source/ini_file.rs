//! The two INI files with keys.

use std::io;
use std::path::PathBuf;

use volc_sign::Credentials;

use super::{Candidate, Located, Probe};
use crate::absence::Absence;
use crate::environment::{Environment, UnreadableVariable};
use crate::error::SourceError;
use crate::files::Reader;
use crate::found::{Origin, SourceKind};
use crate::ini::Ini;
use crate::outcome::{HalfKey, Outcome};
use crate::temporary::Temporary;

/// The path of an INI file, the selection of its section, and the names of its keys.
pub(super) struct IniFile {
    kind: SourceKind,
    folder: &'static str,
    /// Names another file.
    file_variable: Option<&'static str>,
    /// Names the section.
    profile_variable: Option<&'static str>,
    id: &'static str,
    secret: &'static str,
    token: &'static str,
}

/// `~/.volcengine/credentials` of the Go SDK.
pub(super) const SHARED: IniFile = IniFile {
    kind: SourceKind::SharedCredentials,
    folder: ".volcengine",
    file_variable: Some("VOLCSTACK_SHARED_CREDENTIALS_FILE"),
    profile_variable: Some("VOLCSTACK_PROFILE"),
    id: "volcengine_access_key_id",
    secret: "volcengine_secret_access_key",
    token: "volcengine_session_token",
};

/// `~/.volc/credentials` of the older Python SDK.
pub(super) const VOLC: IniFile = IniFile {
    kind: SourceKind::VolcCredentials,
    folder: ".volc",
    file_variable: None,
    profile_variable: None,
    id: "access_key_id",
    secret: "secret_access_key",
    token: "session_token",
};

impl IniFile {
    pub(super) fn path(
        &self,
        environment: &Environment,
    ) -> Result<Option<PathBuf>, UnreadableVariable> {
        if let Some(path) = self.named_file(environment)? {
            return Ok(Some(path.into()));
        }
        let home = environment.read_home()?;
        Ok(home.map(|home| home.join(self.folder).join("credentials")))
    }

    pub(super) fn locate(
        &self,
        profile: Option<&str>,
        probe: &mut Probe<'_>,
    ) -> Result<Candidate, Outcome> {
        let environment = probe.environment();
        let (path, file) = self.read(environment, &mut probe.reader)?;
        let asked_for = match (profile, self.profile_variable) {
            (None, Some(variable)) => environment.read(variable)?,
            _ => profile,
        };
        let section = asked_for.unwrap_or("default");
        if !file.has(section) {
            return Err(match asked_for {
                Some(_) => SourceError::UnknownProfile {
                    path,
                    profile: section.to_owned(),
                    known: file.sections().map(str::to_owned).collect(),
                }
                .into(),
                None => Outcome::Absent(Absence::NoDefaultSection(path)),
            });
        }
        let located = Located::Ready(self.keys(&file, section)?);
        let profile = Some(section.to_owned());
        let origin = Origin { file: Some(path), profile, ..Origin::new(self.kind) };
        Ok(Candidate { origin, settings: None, located })
    }

    /// The names of the sections that have a key, or half of one.
    pub(super) fn sections_with_keys(
        &self,
        environment: &Environment,
        reader: &mut Reader<'_>,
    ) -> Result<Vec<String>, Outcome> {
        let (_, file) = self.read(environment, reader)?;
        let has = |section: &str, key| file.get(section, key).is_some();
        let sections = file.sections();
        let sections = sections.filter(|name| has(name, self.id) || has(name, self.secret));
        Ok(sections.map(str::to_owned).collect())
    }

    /// Reads the file. One that a variable names must exist; the default one need not.
    fn read(
        &self,
        environment: &Environment,
        reader: &mut Reader<'_>,
    ) -> Result<(PathBuf, Ini), Outcome> {
        let path = self.path(environment)?.ok_or(Outcome::Absent(Absence::HomeUnknown))?;
        let text = match reader.text(&path)? {
            Some(text) => text,
            None if self.named_file(environment)?.is_some() => {
                return Err(SourceError::Unreadable { path, kind: io::ErrorKind::NotFound }.into());
            }
            None => return Err(Outcome::Absent(Absence::FileMissing(path))),
        };
        let file = Ini::parse(&path, &text)?;
        Ok((path, file))
    }

    fn keys(&self, file: &Ini, section: &str) -> Result<Temporary, Outcome> {
        let half = |present, missing| Outcome::Half {
            present: HalfKey::Entry(Box::new(file.place(section, present))),
            missing: HalfKey::Named(vec![format!("{section}.{missing}")]),
        };
        match (file.get(section, self.id), file.get(section, self.secret)) {
            (Some(id), Some(secret)) => {
                let token = file.get(section, self.token).unwrap_or_default();
                let credentials = Credentials::new(id, secret).with_session_token(token);
                Ok(Temporary { credentials, expires: None })
            }
            (Some(_), None) => Err(half(self.id, self.secret)),
            (None, Some(_)) => Err(half(self.secret, self.id)),
            (None, None) => Err(SourceError::MissingKey {
                place: file.place(section, self.id),
                needed_by: format!("profile {section}"),
            }
            .into()),
        }
    }

    fn named_file<'a>(
        &self,
        environment: &'a Environment,
    ) -> Result<Option<&'a str>, UnreadableVariable> {
        self.file_variable.map_or(Ok(None), |variable| environment.read(variable))
    }
}
