//! Reasons for which a source is not set up.

use std::fmt;
use std::path::{Path, PathBuf};

/// The reason for which a source has no credentials although nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Absence {
    /// A file of the source does not exist.
    FileMissing(PathBuf),
    /// The source lies in the home directory, which is not known.
    HomeUnknown,
    /// The file names no profile to use, and has none called `default`.
    NoCurrentProfile(PathBuf),
    /// The file has no section `default`.
    NoDefaultSection(PathBuf),
    /// The file holds no keys.
    NoKeys(PathBuf),
    /// Values of the caller's own were not given.
    NotGiven,
    /// The source is queried only if this variable is set.
    NotQueried(&'static str),
    /// The variables of the source are not set.
    NotSet,
    /// These variables are not set.
    VariablesNotSet(Vec<&'static str>),
}

impl Absence {
    /// The file that is named, if the absence is one of a file.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::FileMissing(path)
            | Self::NoCurrentProfile(path)
            | Self::NoDefaultSection(path)
            | Self::NoKeys(path) => Some(path),
            Self::HomeUnknown
            | Self::NotGiven
            | Self::NotQueried(_)
            | Self::NotSet
            | Self::VariablesNotSet(_) => None,
        }
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileMissing(path) => write!(f, "{} does not exist", path.display()),
            Self::HomeUnknown => f.write_str("the home directory is unknown"),
            Self::NoCurrentProfile(path) => {
                write!(f, "{} has neither a current profile nor one named default", path.display())
            }
            Self::NoDefaultSection(path) => {
                write!(f, "{} has no section default", path.display())
            }
            Self::NoKeys(path) => write!(f, "{} holds no keys", path.display()),
            Self::NotGiven => f.write_str("not given"),
            Self::NotQueried(variable) => write!(f, "not queried, {variable} is not set"),
            Self::NotSet => f.write_str("not set"),
            Self::VariablesNotSet(names) => write!(f, "{} are not set", names.join(" and ")),
        }
    }
}
