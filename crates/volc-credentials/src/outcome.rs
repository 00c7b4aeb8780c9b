//! The outcome of one source.

use std::fmt;
use std::path::Path;

use crate::absence::Absence;
use crate::environment::UnreadableVariable;
use crate::error::{Place, SourceError};
use crate::key_problem::KeyPart;

/// The outcome of one source.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The source is not set up.
    Absent(Absence),
    /// This variable disables the source.
    Disabled(&'static str),
    /// The source is configured but has no credentials.
    Failed(SourceError),
    /// One half of a key pair is there, the other is not. Halves of different sources are never
    /// put together.
    Half {
        /// The half that is set.
        present: HalfKey,
        /// The missing half.
        missing: HalfKey,
    },
    /// An earlier source has credentials, so this one was not tried.
    NotTried,
    /// The credentials of this source are used.
    Won,
}

/// One half of a key pair, by the place where it is or would be set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HalfKey {
    /// An entry of a file.
    Entry(Box<Place>),
    /// A part of the keys that the caller gave.
    Given(KeyPart),
    /// A variable, or an entry of the same file as the other half: one of these names.
    Named(Vec<String>),
}

impl HalfKey {
    pub(crate) fn named(name: &str) -> Self {
        Self::Named(vec![name.to_owned()])
    }
}

impl Outcome {
    /// The file that the outcome's text names first, if it begins with one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Absent(absence) => absence.file(),
            Self::Failed(error) => error.file(),
            Self::Half { present: HalfKey::Entry(place), .. } => Some(&place.path),
            Self::Disabled(_) | Self::Half { .. } | Self::NotTried | Self::Won => None,
        }
    }

    /// True for a source that is configured but does not work: worth a warning even when a later
    /// source has credentials.
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Half { .. })
    }

    /// True when the search ended here, so that no other account's keys are used instead.
    pub fn ends_search(&self) -> bool {
        matches!(self, Self::Failed(error) if error.ends_search())
    }

    /// A short name that does not change, for machines.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Absent(_) => "absent",
            Self::Disabled(_) => "disabled",
            Self::Failed(_) => "failed",
            Self::Half { .. } => "half",
            Self::NotTried => "not-tried",
            Self::Won => "won",
        }
    }
}

impl From<SourceError> for Outcome {
    fn from(error: SourceError) -> Self {
        Self::Failed(error)
    }
}

impl From<UnreadableVariable> for Outcome {
    fn from(variable: UnreadableVariable) -> Self {
        Self::Failed(variable.into())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(reason) => reason.fmt(f),
            Self::Disabled(variable) => write!(f, "disabled by {variable}=true"),
            Self::Failed(error) => error.fmt(f),
            Self::Half { present, missing } => {
                write!(f, "{present} is set but {missing} is missing or empty")
            }
            Self::NotTried => f.write_str("not tried, an earlier source has credentials"),
            Self::Won => f.write_str("used"),
        }
    }
}

impl fmt::Display for HalfKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(place) => place.fmt(f),
            Self::Given(part) => write!(f, "the {part}"),
            Self::Named(names) => f.write_str(&names.join(" or ")),
        }
    }
}
