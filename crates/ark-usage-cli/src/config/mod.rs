//! The configuration file: defaults, and named sets of profiles, projects and endpoints.
//!
//! It holds no secrets. Keys stay where the official tools keep them; a set names their profiles.

mod owners;
mod reader;

use std::collections::BTreeMap;
use std::path::PathBuf;

use ark_usage_report::{suggest, text};
use volc_credentials::{Environment, ServiceUrls, UnreadableVariable};
use volc_openapi::{ServiceDays, Site};

use crate::args::Format;
use crate::error::CliError;
use crate::lang::Text;
use crate::record::{Configured, RecordingHeader};
use crate::settings::{Setting, parse_base_url};
use crate::text_file::{self, MAX_TEXT};

/// Names the file; without it the XDG folders are searched.
pub(crate) const VARIABLE: &str = "ARK_USAGE_CONFIG";

/// The configuration; empty without a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) defaults: Defaults,
    pub(crate) sets: BTreeMap<String, Set>,
    pub(crate) services: ServiceUrls,
    /// `keys.command`: a program that prints keys as JSON, run if no other source has any.
    pub(crate) keys_command: Option<String>,
}

/// Defaults of flags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    /// `project`: a name or several.
    pub(crate) project: Option<Setting<Vec<String>>>,
    /// `all_projects`: true where every project has to be listed, false for the default project.
    pub(crate) all_projects: Option<Setting<bool>>,
    /// `tz`
    pub(crate) tz: Option<Setting<String>>,
    /// `format`
    pub(crate) format: Option<Setting<Format>>,
    /// `prices`: a price list; relative paths start at the folder of the configuration.
    pub(crate) prices: Option<Setting<PathBuf>>,
    /// `api`: the name of an action, or `auto`.
    pub(crate) api: Option<Setting<String>>,
    /// `site`: the site of the account.
    pub(crate) site: Option<Setting<&'static Site>>,
    /// `site_days`: the days of a site that does not document them.
    pub(crate) site_days: Option<Setting<ServiceDays>>,
}

/// A named set to query together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    /// `profiles`: one account each.
    pub(crate) profiles: Vec<String>,
    /// `projects`
    pub(crate) projects: Vec<String>,
    /// `endpoint_ids`
    pub(crate) endpoint_ids: Vec<String>,
}

/// The path of the file, even if it does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) path: PathBuf,
    /// The variable or folder that the path comes from.
    pub(crate) because: Text,
    /// The path was given explicitly, so the file must exist.
    required: bool,
}

impl Config {
    /// Reads the file, if it exists.
    pub(crate) fn load(environment: &Environment) -> Result<Self, CliError> {
        let Some(location) = location(environment)? else { return Ok(Self::default()) };
        let path = &location.path;
        match text_file::read_text(path, MAX_TEXT) {
            Ok(text) => reader::read(path, &text),
            Err(problem) if problem.is_not_found() && !location.required => Ok(Self::default()),
            Err(problem) => {
                let unread = CliError::configuration(text!(
                    "{path}: cannot read the configuration",
                    "{path}：配置无法读取",
                    path = path.display()
                ));
                Err(problem.add_to(unread.with_hint(text!(
                    "the path comes from {because}",
                    "该路径来自 {because}";
                    because = location.because
                ))))
            }
        }
    }

    /// Refuses a file that names a program to run and that other users can change.
    pub(crate) fn check_owners(&self, environment: &Environment) -> Result<(), CliError> {
        if self.keys_command.is_none() {
            return Ok(());
        }
        let location = location(environment)?;
        location.map_or(Ok(()), |location| owners::check(&location.path, environment.home()))
    }

    /// Returns the configuration that a recording was made with.
    pub(crate) fn of_recording(header: &RecordingHeader) -> Result<Self, CliError> {
        let Configured { projects, all_projects, tz, format, sts, api, site, site_days, .. } =
            header.configured.clone();
        let sts = sts.map(|url| parse_base_url("the recording", &url, true)).transpose()?;
        let mut config = Self::default();
        config.services.sts = sts;
        config.defaults = Defaults {
            project: Some(Setting::recorded(projects)),
            all_projects: all_projects.map(Setting::recorded),
            tz: tz.map(Setting::recorded),
            format: format.map(Setting::recorded),
            // Prices are not part of a recording: pass `--prices`.
            prices: None,
            api: api.map(Setting::recorded),
            site: site.as_deref().and_then(Site::named).map(Setting::recorded),
            site_days: site_days.as_deref().and_then(ServiceDays::named).map(Setting::recorded),
        };
        Ok(config)
    }

    /// Returns the set of this name.
    pub(crate) fn set(&self, name: &str, environment: &Environment) -> Result<&Set, CliError> {
        self.sets.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.sets.keys().map(String::as_str).collect();
            let hint = match location(environment) {
                Ok(Some(location)) if known.is_empty() => text!(
                    "define it in {path}: [sets.{name}]",
                    "请在 {path} 中定义：[sets.{name}]",
                    path = location.path.display()
                ),
                _ => reader::known_names(&known),
            };
            CliError::configuration(text!(
                "--set {name}: unknown set",
                "--set {name}：配置中没有这个集合"
            ))
            .with_hint(suggest::hint("--set ", name, known, hint))
        })
    }
}

/// Returns the path of the file: `ARK_USAGE_CONFIG`, else in the XDG folder; none without a home.
pub(crate) fn location(environment: &Environment) -> Result<Option<Location>, UnreadableVariable> {
    if let Some(path) = environment.read(VARIABLE)? {
        let because = Text::same(VARIABLE);
        return Ok(Some(Location { path: path.into(), because, required: true }));
    }
    let inside = |folder: PathBuf| folder.join("ark-usage").join("config.toml");
    // The XDG specification requires relative paths to be ignored.
    let xdg =
        environment.read("XDG_CONFIG_HOME")?.map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(folder) = xdg {
        let because = Text::same("XDG_CONFIG_HOME");
        return Ok(Some(Location { path: inside(folder), because, required: false }));
    }
    Ok(environment.read_home()?.map(|home| Location {
        path: inside(home.join(".config")),
        because: text!("the home directory", "主目录"),
        required: false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(variables: &[(&str, &str)]) -> Option<(String, Text)> {
        let environment =
            Environment::from_variables(variables.iter().copied()).with_home("/home/me");
        location(&environment)
            .unwrap()
            .map(|found| (found.path.display().to_string(), found.because))
    }

    #[test]
    fn the_variable_then_xdg_then_home() {
        let xdg = ("XDG_CONFIG_HOME", "/xdg");
        let expected =
            |path: &str, because: &'static str| Some((path.to_owned(), Text::same(because)));
        assert_eq!(path(&[(VARIABLE, "mine.toml"), xdg]), expected("mine.toml", VARIABLE));
        assert_eq!(path(&[xdg]), expected("/xdg/ark-usage/config.toml", "XDG_CONFIG_HOME"));
        let because = text!("the home directory", "主目录");
        let home = Some(("/home/me/.config/ark-usage/config.toml".to_owned(), because));
        assert_eq!(path(&[]), home);
        assert_eq!(path(&[("XDG_CONFIG_HOME", "relative")]), home);
        assert_eq!(path(&[(VARIABLE, "")]), home);
        assert_eq!(location(&Environment::new()), Ok(None));
    }
}
