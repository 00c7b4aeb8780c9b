//! The file format, and the counters behind `first`, `nth` and `from`.

use std::sync::atomic::{AtomicU32, Ordering};

use http::HeaderValue;
use serde::Deserialize;
use thiserror::Error;

use volc_openapi::few_letters_of_quotes;

use super::condition::{Call, When};
use super::effect::Effect;

/// A list of scripted faults. See the [module](crate::faults) for the file format.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultScript {
    /// In order; see [`Effect`] for what happens when several apply to one call.
    #[serde(default, rename = "fault")]
    pub faults: Vec<Fault>,
}

/// One entry of a script.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// A name for people; not used.
    #[serde(default)]
    pub name: Option<String>,
    /// The calls it is about.
    #[serde(default)]
    pub when: When,
    /// The effect on them.
    pub effect: Effect,
}

impl FaultScript {
    /// Reads a script in TOML.
    ///
    /// # Errors
    ///
    /// [`FaultScriptError`] with the place and what is wrong there: syntax, an unknown name, a
    /// missing member, a status that is none.
    pub fn from_toml(text: &str) -> Result<Self, FaultScriptError> {
        let script: Self = toml::from_str(text).map_err(|error| refusal(text, &error))?;
        for (fault, number) in script.faults.iter().zip(1..) {
            check(fault, number)?;
        }
        Ok(script)
    }
}

/// Returns the error of a text that is no script.
fn refusal(text: &str, error: &toml::de::Error) -> FaultScriptError {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.get(..start).unwrap_or_default().split('\n').count();
    if let Some(kind) = unknown_kind(text) {
        return FaultScriptError::Kind { line, kind };
    }
    if let Some(wrong) = wrong_key(line, error.message()) {
        return wrong;
    }
    let problem = in_plain_words(&few_letters_of_quotes(error.message()));
    FaultScriptError::Syntax { line, problem }
}

/// Returns the error of a key that is unknown or missing, from the words of the parser about it.
fn wrong_key(line: usize, words: &str) -> Option<FaultScriptError> {
    // Names stand in back quotes: the one that is meant, then those that are known.
    let mut names = words.split('`').skip(1).step_by(2).map(str::to_owned);
    let key = names.next().filter(|key| key.len() <= LONGEST_KIND)?;
    if words.starts_with("unknown field") {
        return Some(FaultScriptError::UnknownKey { line, key, known: names.collect() });
    }
    words.starts_with("missing field").then_some(FaultScriptError::MissingKey { line, key })
}

/// Returns the words of the parser without the names of types.
fn in_plain_words(words: &str) -> String {
    let Some((found, expected)) = words.rsplit_once(", expected ") else { return words.to_owned() };
    let expected = match expected {
        "u16" | "u32" | "u64" | "i64" | "usize" => "a whole number",
        "a boolean" => "true or false",
        other => other,
    };
    format!("{}, expected {expected}", found.replacen("invalid type: ", "wrong type: ", 1))
}

/// The older name of the kind `behavior`.
const OLD_KIND: &str = "reading";

/// The most letters of an unknown kind that a message repeats: a wrong file may hold a secret there.
const LONGEST_KIND: usize = 24;

/// Returns the first kind of an effect that is unknown, if it may be a mistyped one.
fn unknown_kind(text: &str) -> Option<String> {
    let script: toml::Table = toml::from_str(text).ok()?;
    let faults = script.get("fault")?.as_array()?;
    let mut kinds = faults.iter().filter_map(|fault| fault.get("effect")?.get("kind")?.as_str());
    let kind = kinds.find(|kind| !Effect::KINDS.contains(kind) && *kind != OLD_KIND)?;
    (kind.len() <= LONGEST_KIND).then(|| kind.to_owned())
}

/// The error of a script that cannot be used.
#[non_exhaustive]
#[derive(Debug, Error)]
pub enum FaultScriptError {
    /// Not TOML, or not of this format. The message repeats a few letters at most: the file may be another one
    /// than was meant.
    #[error("line {line}: {problem}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The words of the parser.
        problem: String,
    },
    /// An effect of an unknown kind.
    #[error("line {line}: unknown kind {kind} of an effect")]
    Kind {
        /// The line, from 1.
        line: usize,
        /// The text given.
        kind: String,
    },
    /// A key that is unknown where it stands.
    #[error("line {line}: unknown key {key}")]
    UnknownKey {
        /// The line, from 1.
        line: usize,
        /// The key given.
        key: String,
        /// The keys that may stand there.
        known: Vec<String>,
    },
    /// A key that is required.
    #[error("line {line}: the key {key} is missing")]
    MissingKey {
        /// The line, from 1.
        line: usize,
        /// Its name.
        key: String,
    },
    /// An HTTP status outside of 200 to 599.
    #[error("fault {name:?}: {status} is not the status of a response (200 to 599)")]
    Status {
        /// The entry.
        name: String,
        /// The text given.
        status: u16,
    },
    /// A `gzip-bomb` that would take this machine minutes to pack.
    #[error(
        "fault {name:?}: bytes = {bytes} is more than a gzip-bomb may unpack to ({LARGEST_BOMB})"
    )]
    Bomb {
        /// The entry.
        name: String,
        /// The text given.
        bytes: u64,
    },
    /// A redirect to what no header can hold.
    #[error("fault {name:?}: location = {location:?} is not a valid header value")]
    Location {
        /// The entry.
        name: String,
        /// The text given.
        location: String,
    },
}

/// The most bytes a `gzip-bomb` may unpack to: it is packed in memory, for every call anew.
const LARGEST_BOMB: u64 = 4 << 30;

/// A script with the number of calls each entry has seen.
#[derive(Debug)]
pub(crate) struct CountedFaults {
    faults: Vec<(Fault, AtomicU32)>,
}

impl CountedFaults {
    pub(crate) fn new(script: FaultScript) -> Self {
        let counted = |fault| (fault, AtomicU32::new(0));
        Self { faults: script.faults.into_iter().map(counted).collect() }
    }

    /// Counts `call` and gives what is to happen to it.
    pub(crate) fn effects(&self, call: &dyn Fn() -> Call) -> Vec<&Effect> {
        if self.faults.is_empty() {
            return Vec::new();
        }
        let call = call();
        self.faults
            .iter()
            .filter(|(fault, _)| fault.when.holds(&call))
            .filter(|(fault, seen)| {
                let before = seen.fetch_add(1, Ordering::Relaxed);
                fault.when.counts(before.saturating_add(1))
            })
            .map(|(fault, _)| &fault.effect)
            .collect()
    }
}

fn check(fault: &Fault, number: usize) -> Result<(), FaultScriptError> {
    let name = || fault.name.clone().unwrap_or_else(|| format!("#{number}"));
    match &fault.effect {
        Effect::Error { status, .. }
        | Effect::Status { status, .. }
        | Effect::HtmlPage { status }
        | Effect::Redirect { status, .. }
            if !(200..600).contains(status) =>
        {
            Err(FaultScriptError::Status { name: name(), status: *status })
        }
        Effect::Redirect { location, .. } if HeaderValue::try_from(location).is_err() => {
            Err(FaultScriptError::Location { name: name(), location: location.clone() })
        }
        Effect::GzipBomb { bytes } if *bytes > LARGEST_BOMB => {
            Err(FaultScriptError::Bomb { name: name(), bytes: *bytes })
        }
        _ => Ok(()),
    }
}
