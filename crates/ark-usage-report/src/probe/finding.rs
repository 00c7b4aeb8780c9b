//! One behavior, and what the calls say about it.

use volc_openapi::ApiError;

use crate::lang::Text;
use crate::text;

/// One behavior and the result about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProbeFinding {
    /// The behavior, in the words that stay the same.
    pub question: &'static str,
    /// The answer; `None` if it is undetermined.
    pub answer: Option<Text>,
    /// The calls that show it, or the reason why it is undetermined.
    pub evidence: Text,
}

impl ProbeFinding {
    pub(super) fn settled(question: &'static str, answer: Text, evidence: Text) -> Self {
        Self { question, answer: Some(answer), evidence }
    }

    /// Returns a finding that is undetermined.
    pub(super) fn open(question: &'static str, why: Text) -> Self {
        Self { question, answer: None, evidence: why }
    }
}

/// The evidence of a refusal: its code alone, as messages name accounts.
pub(super) fn refused(error: &ApiError) -> Text {
    let code = error.shown_code();
    text!("the call was refused with {code}", "调用被拒绝（{code}）")
}
