//! Metrics: their names and what is declared about them.

mod info;

use std::borrow::Cow;
use std::fmt;

pub use info::{MetricInfo, MetricTable, SumGroup, Unit};

/// A metric: one of the known ones, or any other name the service sends.
///
/// ```
/// use ark_usage_model::Metric;
///
/// assert_eq!(Metric::from("PromptTokens"), Metric::PROMPT_TOKENS);
/// assert_eq!(Metric::from("Pixels").as_str(), "Pixels");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metric(Cow<'static, str>);

impl Metric {
    /// Tokens of prompts.
    pub const PROMPT_TOKENS: Self = Self(Cow::Borrowed("PromptTokens"));
    /// Tokens of answers.
    pub const COMPLETION_TOKENS: Self = Self(Cow::Borrowed("CompletionTokens"));

    /// A metric by a name that is known beforehand.
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Metric {
    fn from(name: &str) -> Self {
        [Self::PROMPT_TOKENS, Self::COMPLETION_TOKENS]
            .into_iter()
            .find(|known| known.as_str() == name)
            .unwrap_or_else(|| Self(Cow::Owned(name.to_owned())))
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
