//! The outcome of one source.

use std::fmt;

use crate::absence::Absence;
use crate::error::SourceError;

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
        /// The name of the half that is set.
        present: String,
        /// The name of the missing half.
        missing: String,
    },
    /// An earlier source has credentials, so this one was not tried.
    NotTried,
    /// The credentials of this source are used.
    Won,
}

impl Outcome {
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
