//! What the run comes to: the exit status, and on standard error what people must know.

use std::collections::BTreeMap;

use ark_usage_model::{CallFailure, GapReason, Metric};
use volc_openapi::visible;

use crate::args::Format;
use crate::commands::Context;
use crate::commands::asking::{Asked, End};
use crate::commands::refusal;
use crate::error::CliError;
use crate::exit_status::ExitStatus;

/// Says what is missing and why, and picks the exit status.
pub(super) fn verdict(
    asked: &Asked,
    format: Format,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    for (_, message) in &asked.warnings {
        context.note(format!("warning: {}", visible(message)));
    }
    match asked.end {
        Some(End::Enough) => return Ok(ExitStatus::Done),
        Some(End::Interrupted) if asked.anything_came() => {
            crate::output::note("interrupted: what came is shown, the rest is listed as missing");
            return Ok(ExitStatus::Interrupted);
        }
        Some(End::Interrupted) => return Err(CliError::interrupted()),
        None => {}
    }
    if let Some(unreturned) = unreturned(asked, format) {
        context.note(unreturned);
    }
    let Some(failure) = asked.first_failure() else { return Ok(without_failure(asked)) };
    if !asked.anything_came() {
        return Err(error_of(failure, asked));
    }
    crate::output::note(&partial(asked, failure));
    Ok(ExitStatus::Partial)
}

/// Every call was answered; but of an answer that could not be read something is missing.
fn without_failure(asked: &Asked) -> ExitStatus {
    let left_out = |code: &str| matches!(code, "unaligned_bucket" | "unreadable_value");
    if asked.warnings.iter().any(|(code, _)| left_out(code)) {
        return ExitStatus::Partial;
    }
    ExitStatus::Done
}

/// What the service answered without: no failure, but not 0 either.
fn unreturned(asked: &Asked, format: Format) -> Option<String> {
    let seconds = asked.range.window.interval().seconds();
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for gap in &asked.report.coverage.missing {
        if gap.reason == GapReason::NotReturned {
            let metric = gap.metric.as_ref().map_or(ANY, Metric::as_str);
            *counts.entry(metric).or_default() += (gap.end - gap.start) / seconds;
        }
    }
    let shown = format == Format::Table && counts.keys().any(|metric| *metric != ANY);
    let each = counts.into_iter().zip(0..).map(|((metric, count), place)| match (place, count) {
        (0, 1) => format!("1 bucket of {metric}"),
        (0, _) => format!("{count} buckets of {metric}"),
        _ => format!("{count} of {metric}"),
    });
    let each: Vec<String> = each.collect();
    let they = if shown { "show as \"-\" and are not 0" } else { "are missing, not 0" };
    (!each.is_empty())
        .then(|| format!("note: the service did not return {}; they {they}", each.join(", ")))
}

/// Of a target that nothing came of.
const ANY: &str = "any metric";

fn partial(asked: &Asked, failure: &CallFailure) -> String {
    let failed = |reason: &GapReason| matches!(reason, GapReason::CallFailed(_));
    let gaps = asked.report.coverage.missing.iter().filter(|gap| failed(&gap.reason));
    let lines = gaps.map(|gap| {
        let (start, end) = (asked.range.rfc3339(gap.start), asked.range.rfc3339(gap.end));
        let of = asked.project(gap.target).map(|name| format!(" of project {name}"));
        let by = asked.profile(gap.target).map(|name| format!(" by profile {name}"));
        let (of, by) = (of.unwrap_or_default(), by.unwrap_or_default());
        format!("\n  missing: {start} to {end}{of}{by}")
    });
    let what = error_of(failure, asked).to_string().replacen("error: ", "partial: ", 1);
    format!("{what}{}", lines.collect::<String>())
}

fn error_of(failure: &CallFailure, asked: &Asked) -> CliError {
    refusal::of_call(failure, asked.last_error.as_ref(), &asked.base_url)
}
