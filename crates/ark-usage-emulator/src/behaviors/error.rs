//! Switches that are none, and values they do not take.

use std::fmt;

use thiserror::Error;

use super::Behaviors;

/// A switch that is none, or a value it does not take.
#[non_exhaustive]
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BehaviorError {
    /// The text has no `=`. Write `name=value`.
    #[error("{text:?} must be name=value, for example hour-labels=end")]
    NotASwitch {
        /// The text given.
        text: String,
    },
    /// There is no such switch. The names are those in [`Behaviors`].
    #[error("unknown behavior {name:?}; known: {}", Behaviors::NAMES.join(", "))]
    UnknownSwitch {
        /// The text given.
        name: String,
    },
    /// The switch does not take this value; choose one of those named.
    #[error("{name} takes {takes}, not {value:?}")]
    UnknownValue {
        /// The switch.
        name: String,
        /// The text given.
        value: String,
        /// The values it takes.
        takes: SwitchValues,
    },
}

/// The values that a switch takes.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchValues {
    /// One of these.
    OneOf(Vec<&'static str>),
    /// Some of these, joined by `+`.
    Joined(Vec<&'static str>),
    /// `none` or a length of time: `31d`, `168h`, or seconds.
    Length,
    /// `none` or a number.
    Number,
}

impl fmt::Display for SwitchValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(values) => f.write_str(&values.join(" or ")),
            Self::Joined(values) => write!(f, "{}, joined by +", values.join(", ")),
            Self::Length => f.write_str("none, days (31d), hours (168h) or seconds"),
            Self::Number => f.write_str("none or a number"),
        }
    }
}

pub(super) fn choose<T: Copy>(
    name: &str,
    value: &str,
    choices: &[(&'static str, T)],
) -> Result<T, BehaviorError> {
    choices.iter().find(|(text, _)| *text == value).map(|(_, choice)| *choice).ok_or_else(|| {
        let names = choices.iter().map(|(text, _)| *text).collect();
        refused(name, value, SwitchValues::OneOf(names))
    })
}

pub(super) fn refused(name: &str, value: &str, takes: SwitchValues) -> BehaviorError {
    BehaviorError::UnknownValue { name: name.to_owned(), value: value.to_owned(), takes }
}
