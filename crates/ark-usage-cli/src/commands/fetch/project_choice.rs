//! The projects a request is about: of the flags, else of the set, else of the configuration.

use ark_usage_model::{AccountId, Target};

use super::names::names;
use crate::args::FilterArgs;
use crate::config::{Defaults, Set};
use crate::error::CliError;

/// The projects a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProjectChoice {
    /// Every project that the service lists.
    Every {
        /// A list that cannot be had is an error; otherwise the default project is counted then.
        required: bool,
    },
    /// Projects by name.
    Named(Vec<String>),
    /// The one that the service takes when a request names none.
    DefaultProject,
}

/// The sources of a choice that are not flags.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChoiceSources<'a> {
    /// The set of `--set`.
    pub(super) set: Option<&'a Set>,
    pub(super) defaults: &'a Defaults,
    pub(super) demo: bool,
    /// Rows are split by project, or projects are named beside others.
    pub(super) needs_several: bool,
}

impl ProjectChoice {
    pub(super) fn new(flags: &FilterArgs, sources: ChoiceSources<'_>) -> Result<Self, CliError> {
        let ChoiceSources { set, defaults, demo, needs_several } = sources;
        let named = |flag: &str, projects: &[String]| Ok(Self::Named(names(flag, projects)?));
        if flags.all_projects {
            return Ok(Self::Every { required: true });
        }
        if flags.default_project {
            return Ok(Self::DefaultProject);
        }
        if !flags.project.is_empty() {
            return named("--project", &flags.project);
        }
        if let Some(set) = set.filter(|set| !set.projects.is_empty()) {
            return named("--set, projects", &set.projects);
        }
        // The demo does not know the projects of the configuration.
        let configured = defaults.project.as_ref().filter(|_| set.is_none() && !demo);
        if let Some(projects) = configured.filter(|setting| !setting.value.is_empty()) {
            return named("the configuration's project", &projects.value);
        }
        Ok(match defaults.all_projects.as_ref().map(|setting| setting.value) {
            Some(true) => Self::Every { required: true },
            Some(false) if !needs_several => Self::DefaultProject,
            _ => Self::Every { required: false },
        })
    }

    /// The names of the projects, where the request names them.
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::Named(names) => names,
            Self::Every { .. } | Self::DefaultProject => &[],
        }
    }

    /// Returns true if every project is wanted.
    pub(crate) const fn is_every(&self) -> bool {
        matches!(self, Self::Every { .. })
    }
}

/// Returns the target for each project, or without one for none.
pub(super) fn one_per_project(
    target: &Target,
    account: AccountId,
    projects: &[String],
) -> Vec<Target> {
    let target = Target { account, ..target.clone() };
    if projects.is_empty() {
        return vec![target];
    }
    let of = |project: &String| Target { project: Some(project.clone()), ..target.clone() };
    projects.iter().map(of).collect()
}
