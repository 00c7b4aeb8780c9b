//! Hints for places that have keys and cannot give them.

use ark_usage_report::text;
use volc_credentials::{Attempt, ExchangeProblem, KeyProblem, Outcome, SourceError};

use crate::error::unreadable_hint;
use crate::hints;
use crate::lang::Text;

/// Returns the hint for a service that refused to issue credentials, or for keys that cannot be right.
pub(super) fn refusal_hint(attempt: &Attempt) -> Option<Text> {
    match &attempt.outcome {
        Outcome::Failed(SourceError::Keys(problem)) => return Some(key_hint(*problem)),
        Outcome::Failed(SourceError::UnreadableVariable(_)) => {
            return Some(unreadable_hint());
        }
        _ => {}
    }
    let Outcome::Failed(SourceError::Exchange(error)) = &attempt.outcome else { return None };
    match &error.problem {
        // Hints on parameters are about those of usage queries.
        ExchangeProblem::Refused { code, .. } if !code.contains('.') => {
            Some(hints::explain(code)?.hint())
        }
        ExchangeProblem::Transport(failure) => Some(hints::explain_failure(*failure)),
        _ => None,
    }
}

fn key_hint(problem: KeyProblem) -> Text {
    match problem {
        KeyProblem::Exchanged => text!(
            "put the id (AKLT…, AKTP…) and the secret in each other's place; nothing was sent",
            "请将 ID（AKLT…、AKTP…）与 Secret 对调；没有发送任何请求"
        ),
        _ => text!(
            "remove that character; files for `docker --env-file` take values without quotes",
            "请去掉该字符；`docker --env-file` 的文件中，值不加引号"
        ),
    }
}
