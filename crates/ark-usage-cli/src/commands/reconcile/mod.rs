//! `ark-usage reconcile`: asks for the same usage by day, by hour and by endpoint, and compares.

mod ask;
mod paste;

use ark_usage_model::Interval;

use self::ask::Asked;
use self::paste::Paste;
use super::asking::{Question, Wanted};
use super::{Context, refusal};
use crate::args::{ReconcileArgs, ReconcileFormat};
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output::{self, Output};
use crate::reconciliation::{Check, Reports, Verdict, reconcile};
use crate::render::{self, Reconciliation};

/// Checks everything, asks, compares, and shows what does not agree.
pub(crate) fn run(args: &ReconcileArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let question = question(args, context)?;
    let format = args.format(question.usual_format);
    let output = Output::from_flag(args.output.as_deref());
    context.note(question.range.words());
    if question.range.cut_at_now {
        context.note("note: the end lies in the future; the range was cut at now");
    }
    let asked = context.block_on(ask::ask(args, &question, context))?;
    for (_, message) in &asked.warnings {
        context.note(format!("warning: {message}"));
    }
    let failure = asked.first_failure();
    let told = failure
        .map(|failure| refusal::of_call(failure, asked.last_error.as_ref(), &asked.base_url));
    if let Some(error) = told {
        if !asked.anything_came() {
            return Err(error);
        }
        output::note(&error.to_string().replacen("error: ", "partial: ", 1));
    }
    let generated_at = context.clock.now().as_second();
    let checks = reconcile(&asked.reports, generated_at);
    let paste = Paste::new(args, &question, &asked);
    let commands = |check: &Check| paste.commands(check);
    let answer = Reconciliation {
        checks: &checks,
        commands: &commands,
        targets: &asked.projects,
        profiles: &asked.profiles,
        range: &question.range,
        query: question.echo("GetUsage"),
        generated_at,
        warnings: &asked.warnings,
    };
    output.write(&match format {
        ReconcileFormat::Table => render::reconciliation_table(&answer),
        ReconcileFormat::Json => render::reconciliation_json(&answer)?,
    })?;
    Ok(verdict(&checks, context))
}

/// The question, with every endpoint of every project.
fn question(args: &ReconcileArgs, context: &Context<'_>) -> Result<Question, CliError> {
    let wanted = Wanted { endpoint_ids: &args.endpoint_id, all_endpoints: false, sent: true };
    let mut question = Question::new(&args.ask, &wanted, context)?;
    if question.range.window.interval() == Interval::Hour {
        return Err(CliError::usage("reconcile compares days, and this is a range of hours")
            .with_hint("name it in days, as in --last 7d"));
    }
    if !question.endpoint_ids().is_empty() && (question.all_projects || question.targets.len() > 1)
    {
        return Err(CliError::usage(
            "--endpoint-id: of several projects, it is not known which one it belongs to",
        )
        .with_hint("reconcile its project by itself, with --project NAME"));
    }
    question.all_endpoints = true;
    Ok(question)
}

/// Says in a line what came of it, and picks the exit status.
fn verdict(checks: &[Check], context: &Context<'_>) -> ExitStatus {
    let count = |verdict| checks.iter().filter(|check| check.verdict() == verdict).count();
    let (differ, settling, unknown) =
        (count(Verdict::Differs), count(Verdict::Settling), count(Verdict::Unknown));
    let all = checks.len();
    if settling > 0 {
        context.note(format!(
            "note: {settling} of {all} checks differ in what is still settling; ask again later"
        ));
    }
    if unknown > 0 {
        output::note(&format!("{unknown} of {all} checks are unknown: not all of it came"));
    }
    if differ > 0 {
        output::note(&format!("{differ} of {all} checks differ"));
        return ExitStatus::AnswerNo;
    }
    if unknown > 0 { ExitStatus::Partial } else { ExitStatus::Done }
}

impl Asked {
    fn anything_came(&self) -> bool {
        self.calls().any(|call| call.error.is_none())
    }

    fn first_failure(&self) -> Option<&ark_usage_model::CallFailure> {
        self.calls().find_map(|call| call.error.as_ref())
    }

    fn calls(&self) -> impl Iterator<Item = &ark_usage_model::Call> {
        let Reports { days, hours, endpoints, .. } = &self.reports;
        let reports = [days, hours].into_iter().chain(endpoints);
        reports.flat_map(|report| &report.calls)
    }
}
