//! `ark-usage reconcile`: fetches the same usage by day, by hour and by endpoint, or of two actions, and
//! compares.

mod against;
mod fetch;
mod rerun;

use ark_usage_model::Interval;
use ark_usage_render::Reconciliation;
use ark_usage_report::reconciliation::{Check, CheckVerdict, reconcile};
use ark_usage_report::{accounts_counted_together, range, text};

use self::rerun::RerunCommands;
use super::fetch::{RequestExtras, UsageRequest};
use super::summary::print_warnings;
use crate::args::{ReconcileArgs, ReconcileFormat, UsageArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Checks all arguments, fetches, compares, and prints the result.
pub(crate) fn run(args: &ReconcileArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    if let Some(against) = &args.against {
        return against::run(args, against, context);
    }
    let request = usage_request(&args.usage, &args.endpoint_id, context)?;
    let format = args.format(request.default_format);
    let output = Output::from_flag(args.output.as_deref());
    note_range(&request, context);
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let result = context.block_on(fetch::fetch(args, &request, context))?;
    print_warnings(&result.warnings, context);
    note_accounts(&result.profiles, context);
    let summary = result.summary();
    summary.require_data()?;
    if let Some(message) = summary.partial_message() {
        context.say(message);
    }
    let generated_at = context.clock.now().as_second();
    let checks = reconcile(&result.reports, generated_at);
    let rerun = RerunCommands::new(args, &request, result.place());
    let action = request.effective().action;
    let commands = |check: &Check| rerun.commands(check, action);
    let answer = Reconciliation {
        checks: &checks,
        commands: &commands,
        targets: &result.projects,
        profiles: &result.profiles,
        range: &result.range,
        query: request.echo(&result.scope),
        settle: i64::try_from(result.reports.days.settle.as_secs()).unwrap_or(i64::MAX),
        generated_at,
        warnings: &result.warnings,
    };
    sink.write(&match format {
        ReconcileFormat::Table => {
            let screen = context.screen(&output);
            ark_usage_render::reconciliation_table(&answer, screen, context.lang)
        }
        ReconcileFormat::Json => ark_usage_render::reconciliation_json(&answer)?,
    })?;
    sink.finish()?;
    let conclusion = match conclude(&checks, context) {
        // Endpoints and projects that are not listed were not compared.
        Conclusion::Pass if !summary.is_listed() => Conclusion::Unknown,
        conclusion => conclusion,
    };
    summary.exit_status(conclusion)
}

/// Notes the range, once there is something to show.
fn note_range(request: &UsageRequest, context: &Context<'_>) {
    context.hold_note(request.range.words());
    if request.range.cut_at_now {
        context.hold_note(range::cut_at_now());
    }
}

/// Notes that accounts are compared together.
fn note_accounts(profiles: &[Option<String>], context: &Context<'_>) {
    if let Some(words) = accounts_counted_together(profiles) {
        context.note(text!(
            "note: {words}; use one --profile to compare one alone",
            "注意：{words}；只核对其中一个，请只写一个 --profile";
            words = words
        ));
    }
}

/// Returns the request, with every endpoint of every project.
fn usage_request(
    usage: &UsageArgs,
    endpoint_ids: &[String],
    context: &Context<'_>,
) -> Result<UsageRequest, CliError> {
    let extras = RequestExtras {
        endpoint_ids,
        all_endpoints: false,
        sent: true,
        view: None,
        projects: &[],
        since: &[],
        metrics: &[],
    };
    let mut request = UsageRequest::new(usage, &extras, context)?;
    if request.range.is_put_together() {
        return Err(CliError::usage(text!(
            "--tz {zone}: reconcile compares the service's own days, which start at midnight {offset}",
            "--tz {zone}：reconcile 比较的是服务端的天，从 {offset} 零点开始",
            zone = request.range.zone_name,
            offset = request.site.days.value.offset_name()
        ))
        .with_hint(text!("remove --tz", "去掉 --tz 即可")));
    }
    if request.range.window.interval() == Interval::Hour {
        let range = request.range.words();
        return Err(CliError::usage(text!(
            "reconcile compares days, but the range is in hours: {range}",
            "reconcile 按天比较，而这是以小时计的范围：{range}";
            range = range
        ))
        .with_hint(text!(
            "pass a range of days, for example --last 7d",
            "请用天来指定，例如 --last 7d"
        )));
    }
    if !request.filter.endpoint_ids.is_empty() && request.effective().targets.len() > 1 {
        return Err(several_projects(&request.filter.endpoint_ids));
    }
    request.filter.all_endpoints = true;
    Ok(request)
}

/// The error about endpoints that no project lists, where it is open which one had them.
fn several_projects(ids: &[String]) -> CliError {
    CliError::usage(text!(
        "--endpoint-id {ids}: cannot be used with several projects",
        "--endpoint-id {ids}：有多个项目时不能使用",
        ids = ids.join(", ")
    ))
    .with_hint(text!(
        "reconcile one project with --project NAME",
        "请用 --project NAME 单独核对它所在的项目"
    ))
}

/// Prints how many checks do not agree.
fn conclude(checks: &[Check], context: &Context<'_>) -> Conclusion {
    let count = |verdict| checks.iter().filter(|check| check.verdict() == verdict).count();
    let (differ, unknown) = (count(CheckVerdict::Differs), count(CheckVerdict::Unknown));
    let settles = |check: &&Check| check.verdict() == CheckVerdict::Settling && !check.agrees();
    let settling = checks.iter().filter(settles).count();
    print_counts([settling, unknown, differ], checks.len(), context);
    if differ > 0 {
        return Conclusion::Fail;
    }
    if unknown > 0 { Conclusion::Unknown } else { Conclusion::Pass }
}

/// Prints the numbers of checks that differ for now, are unknown, and differ.
fn print_counts([settling, unknown, differ]: [usize; 3], all: usize, context: &Context<'_>) {
    if settling > 0 {
        context.note(text!(
            "note: {settling} of {all} checks differ, but their data is still settling; try again later",
            "注意：{all} 项核对中有 {settling} 项不一致，但其中有未定的数据；请稍后再查"
        ));
    }
    if unknown > 0 {
        context.say(text!(
            "{unknown} of {all} checks are unknown: data is incomplete",
            "{all} 项核对中有 {unknown} 项未知：数据不完整"
        ));
    }
    if differ > 0 {
        context.say(text!("{differ} of {all} checks differ", "{all} 项核对中有 {differ} 项不一致"));
    }
}
