//! The metrics of the made-up usage.

/// A metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    PromptTokens,
    CompletionTokens,
}

/// All metrics, in the order in which they are reported.
pub(crate) const METRICS: [Metric; 2] = [Metric::PromptTokens, Metric::CompletionTokens];

impl Metric {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PromptTokens => "PromptTokens",
            Self::CompletionTokens => "CompletionTokens",
        }
    }
}
