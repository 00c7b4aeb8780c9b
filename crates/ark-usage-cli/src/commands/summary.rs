//! The summary of what a query brought, and the exit status that follows from it.

use ark_usage_model::{CallFailure, GapReason, UsageReport};
use ark_usage_render as render;
use ark_usage_report::plan::{PLAN_NOT_ALLOWED, PLAN_TYPE_UNKNOWN, PlanStatus, plan_warnings};
use ark_usage_report::{Scope, text};
use ark_usage_transport::ExchangeError;
use volc_openapi::BaseUrl;

use super::call_error;
use super::fetch::StopReason;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::lang::Text;

/// Everything the exit status of a command about usage depends on, but for the command's own
/// [`Conclusion`].
#[derive(Debug)]
pub(super) struct QuerySummary<'a> {
    received: bool,
    /// The first failure, with its action.
    failure: Option<(&'a CallFailure, &'static str)>,
    /// The warning that a list is incomplete.
    unlisted: Option<&'a Text>,
    /// The warning that some value could not be read.
    unreadable: Option<&'a Text>,
    /// The history lacks some of the range.
    lacks_history: bool,
    stopped: Option<StopReason>,
    last_error: Option<&'a ExchangeError>,
    base_url: &'a BaseUrl,
    /// The advice about the first failure, where more is known than it says.
    hint: Option<&'a Text>,
}

impl<'a> QuerySummary<'a> {
    /// Summarises the reports of one run; `last_error` is the last exchange without a response.
    pub(super) fn new(
        reports: impl IntoIterator<Item = &'a UsageReport>,
        warnings: &'a [(&'static str, Text)],
        last_error: Option<&'a ExchangeError>,
        base_url: &'a BaseUrl,
    ) -> Self {
        let (mut received, mut failure, mut is_missing) = (false, None, false);
        let mut lacks_history = false;
        for report in reports {
            is_missing |= !report.coverage.complete;
            let mut gaps = report.coverage.missing.iter().chain(&report.coverage.parts);
            lacks_history |= gaps.any(|gap| gap.reason == GapReason::NotInHistory);
            received |= !report.series.is_empty();
            received |= report.calls.iter().any(|call| call.error.is_none());
            let mut failures = report.calls.iter().filter_map(|call| call.error.as_ref());
            failure = failure.or_else(|| Some((failures.next()?, report.action)));
        }
        // Values for other instants are of no harm where nothing is missing.
        let misplaced = first_of(warnings, |code| code == "outside_range").filter(|_| is_missing);
        let unreadable = unreadable(warnings).or(misplaced);
        let unlisted = first_of(warnings, |code| code == "list_incomplete");
        Self {
            received,
            failure,
            unlisted,
            unreadable,
            lacks_history,
            stopped: None,
            last_error,
            base_url,
            hint: None,
        }
    }

    /// Adds a hint on the first failure, if there is one.
    pub(super) fn with_hint(self, hint: Option<&'a Text>) -> Self {
        Self { hint, ..self }
    }

    /// Accepts what a history lacks: it is as old as its last sync.
    pub(super) fn accepting_history(self) -> Self {
        Self { lacks_history: false, ..self }
    }

    /// Adds the reason why the run stopped early, if it did.
    pub(super) fn with_stop(self, stopped: Option<StopReason>) -> Self {
        Self { stopped, ..self }
    }

    /// Returns true if there is something to show: data, or at least a call the service answered.
    pub(super) fn has_data(&self) -> bool {
        self.received
    }

    /// Returns true if every list is complete.
    pub(super) fn is_listed(&self) -> bool {
        self.unlisted.is_none()
    }

    /// Returns true if every list is complete, every call was answered and every value could be read.
    pub(super) fn is_complete(&self) -> bool {
        self.failure.is_none()
            && !self.lacks_history
            && self.unreadable.is_none()
            && self.unlisted.is_none()
    }

    /// Fails with the first failure if nothing was received.
    pub(super) fn require_data(&self) -> Result<(), CliError> {
        if self.received { Ok(()) } else { self.first_error().map_or(Ok(()), Err) }
    }

    /// Fails unless every call was answered and every value could be read.
    pub(super) fn require_all(&self) -> Result<(), CliError> {
        if let Some(error) = self.first_error() {
            return Err(error);
        }
        if let Some(message) = self.unreadable.or(self.unlisted) {
            return Err(CliError::transport(message.clone()));
        }
        if self.stopped.is_some() {
            return Err(CliError::interrupted());
        }
        Ok(())
    }

    /// Returns the message about the first failure, if there is one beside data.
    pub(super) fn partial_message(&self) -> Option<Text> {
        let error = self.first_error().filter(|_| self.received)?;
        Some(Text::each(|lang| error.report_partial(lang)))
    }

    /// Returns the exit status; the error of the first failure if nothing was received.
    pub(super) fn exit_status(&self, conclusion: Conclusion) -> Result<ExitStatus, CliError> {
        match self.stopped {
            Some(StopReason::OutputClosed) => return Ok(ExitStatus::Done),
            Some(StopReason::Interrupted) if self.received => return Ok(ExitStatus::Interrupted),
            Some(StopReason::Interrupted) => return Err(CliError::interrupted()),
            None => self.require_data()?,
        }
        let is_partial = conclusion == Conclusion::Shown && !self.is_complete();
        Ok(if is_partial { ExitStatus::Partial } else { conclusion.into() })
    }

    fn first_error(&self) -> Option<CliError> {
        let error = match self.failure {
            Some((failure, action)) => {
                call_error::from_failure(failure, action, self.last_error, self.base_url)
            }
            None if self.lacks_history => not_in_history(),
            None => return None,
        };
        Some(match self.hint {
            Some(hint) => error.with_hint(hint.clone()),
            None => error,
        })
    }
}

/// The error about buckets that the history does not have.
fn not_in_history() -> CliError {
    CliError::transport(text!(
        "the history does not have all of this range",
        "历史库中没有这个范围的全部数据"
    ))
}

/// Prints warnings. The one about projects that are not counted is printed even with `--quiet`: every
/// number is less than what was wanted.
pub(super) fn print_warnings(warnings: &[(&'static str, Text)], context: &Context<'_>) {
    for (code, message) in warnings {
        if *code == Scope::WARNING {
            context.say(text!(
                "warning: {message}\n  hint: pass --project NAME for other projects, or --default-project for this one alone",
                "警告：{message}\n  提示：统计其他项目请用 --project NAME，只需默认项目请用 --default-project";
                message = message
            ));
        } else if render::is_shown_everywhere(code) {
            context.say(text!("warning: {message}", "警告：{message}"; message = message));
        } else {
            context.warn(message);
        }
    }
}

/// Prints a line for each plan that could not be read, and one for a type that could not.
pub(super) fn print_plan_failures(plans: &[PlanStatus], context: &Context<'_>) {
    for (code, message) in plan_warnings(plans) {
        match code {
            PLAN_TYPE_UNKNOWN => context.warn(&message),
            PLAN_NOT_ALLOWED => context.say(text!(
                "partial: {message}\n  hint: attach the policy ArkReadOnlyAccess, or allow this action",
                "部分结果：{message}\n  提示：请授予策略 ArkReadOnlyAccess，或允许该接口";
                message = message
            )),
            _ => context.say(text!("partial: {message}", "部分结果：{message}"; message = message)),
        }
    }
}

/// Returns the warning that some value could not be read: such data is incomplete.
pub(super) fn unreadable<'a>(warnings: &'a [(&'static str, Text)]) -> Option<&'a Text> {
    let is_about_values = |code: &str| matches!(code, "unaligned_bucket" | "unreadable_value");
    first_of(warnings, is_about_values)
}

fn first_of<'a>(
    warnings: &'a [(&'static str, Text)],
    is_wanted: impl Fn(&str) -> bool,
) -> Option<&'a Text> {
    let mut warnings = warnings.iter();
    warnings.find(|(code, _)| is_wanted(code)).map(|(_, message)| message)
}
