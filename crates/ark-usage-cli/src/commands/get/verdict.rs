//! What the run comes to: the exit status, and on standard error what people must know.

use ark_usage_model::{CallFailure, GapReason};
use ark_usage_transport::ExchangeError;
use volc_openapi::ApiError;

use super::ask::Asked;
use crate::commands::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::hints;

/// Says what is missing and why, and picks the exit status.
pub(super) fn verdict(asked: &Asked, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    for (_, message) in &asked.warnings {
        context.note(&format!("warning: {message}"));
    }
    if asked.interrupted {
        crate::output::note("interrupted: what came is shown, the rest is listed as missing");
        return Ok(ExitStatus::Interrupted);
    }
    let Some(failure) = asked.first_failure() else { return Ok(ExitStatus::Done) };
    if !asked.anything_came() {
        return Err(error_of(failure, asked));
    }
    crate::output::note(&partial(asked, failure));
    Ok(ExitStatus::Partial)
}

fn partial(asked: &Asked, failure: &CallFailure) -> String {
    let failed = |reason: &GapReason| matches!(reason, GapReason::CallFailed(_));
    let gaps = asked.report.coverage.missing.iter().filter(|gap| failed(&gap.reason));
    let lines = gaps.map(|gap| {
        let (start, end) = (asked.range.rfc3339(gap.start), asked.range.rfc3339(gap.end));
        let of = asked.project(gap.target).map(|name| format!(" of project {name}"));
        format!("\n  missing: {start} to {end}{}", of.unwrap_or_default())
    });
    let what = error_of(failure, asked).to_string().replacen("error: ", "partial: ", 1);
    format!("{what}{}", lines.collect::<String>())
}

/// A failed call as an error of the program.
fn error_of(failure: &CallFailure, asked: &Asked) -> CliError {
    match failure {
        CallFailure::Api(error) => refused(error),
        CallFailure::Stopped(why) => error_of(why, asked),
        CallFailure::Transport(_) => not_answered(asked),
        other => CliError::transport(format!("no usable answer from {}: {other}", asked.base_url)),
    }
}

pub(super) fn refused(error: &ApiError) -> CliError {
    let id = error.request_id.as_ref().map(|id| format!(", request id {id}"));
    let refused = CliError::refused(format!("the API refused: {error}{}", id.unwrap_or_default()));
    match hints::explain(&error.code) {
        Some(known) => refused.with_hint(known.en),
        None => refused,
    }
}

fn not_answered(asked: &Asked) -> CliError {
    let error = match &asked.last_error {
        Some(ExchangeError::Sign(_)) => {
            CliError::configuration("the request could not be signed, and was not sent")
        }
        _ => CliError::transport(format!("no answer from {}", asked.base_url))
            .with_hint("check the address, the network and any proxy; --demo needs none of them"),
    };
    match &asked.last_error {
        Some(cause) => error.with_causes_of(cause),
        None => error,
    }
}
