//! `ark-usage reconcile`: asks for the same usage by day, by hour and by endpoint, and compares.

mod fetch;
mod rerun;

use ark_usage_model::Interval;

use self::fetch::ReconcileData;
use self::rerun::RerunCommands;
use super::call_error;
use super::fetch::{RequestExtras, UsageRequest};
use super::get::warning;
use crate::args::{ReconcileArgs, ReconcileFormat};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::Text;
use crate::output::Output;
use crate::reconciliation::{Check, CheckVerdict, Reports, reconcile};
use crate::render::{self, Reconciliation};
use crate::{range, text};

/// Checks everything, asks, compares, and shows what does not agree.
pub(crate) fn run(args: &ReconcileArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let request = usage_request(args, context)?;
    let format = args.format(request.default_format);
    let output = Output::from_flag(args.output.as_deref());
    context.note(request.range.words());
    if request.range.cut_at_now {
        context.note(range::cut_at_now());
    }
    let result = context.block_on(fetch::fetch(args, &request, context))?;
    for (_, message) in &result.warnings {
        context.note(warning(message));
    }
    let failure = result.first_failure();
    let told = failure
        .map(|failure| call_error::of_call(failure, result.last_error.as_ref(), &result.base_url));
    if let Some(error) = told {
        if !result.anything_came() {
            return Err(error);
        }
        context.say(Text::each(|lang| error.report_partial(lang)));
    }
    let generated_at = context.clock.now().as_second();
    let checks = reconcile(&result.reports, generated_at);
    let rerun = RerunCommands::new(args, &request, &result);
    let commands = |check: &Check| rerun.commands(check);
    let answer = Reconciliation {
        checks: &checks,
        commands: &commands,
        targets: &result.projects,
        profiles: &result.profiles,
        range: &request.range,
        query: request.echo(),
        generated_at,
        warnings: &result.warnings,
    };
    output.write(&match format {
        ReconcileFormat::Table => {
            let screen = context.screen(&output);
            render::reconciliation_table(&answer, screen, context.lang)
        }
        ReconcileFormat::Json => render::reconciliation_json(&answer)?,
    })?;
    Ok(verdict(&checks, context))
}

/// The question, with every endpoint of every project.
fn usage_request(args: &ReconcileArgs, context: &Context<'_>) -> Result<UsageRequest, CliError> {
    let extras = RequestExtras {
        endpoint_ids: &args.endpoint_id,
        all_endpoints: false,
        sent: true,
        view: None,
    };
    let mut request = UsageRequest::new(&args.usage, &extras, context)?;
    if request.range.is_put_together() {
        return Err(CliError::usage(text!(
            "--tz {zone}: reconcile compares the service's days, which begin at midnight UTC+8",
            "--tz {zone}：reconcile 比较的是服务端的天，从 UTC+8 零点开始",
            zone = request.range.zone_name
        ))
        .with_hint(text!("leave --tz out", "去掉 --tz 即可")));
    }
    if request.range.window.interval() == Interval::Hour {
        let range = request.range.words();
        return Err(CliError::usage(text!(
            "reconcile compares days, and this is a range of hours: {range}",
            "reconcile 按天比较，而这是以小时计的范围：{range}";
            range = range
        ))
        .with_hint(text!("name it in days, as in --last 7d", "请用天来指定，例如 --last 7d")));
    }
    if !request.endpoint_ids().is_empty() && (request.all_projects || request.targets.len() > 1) {
        return Err(CliError::usage(text!(
            "--endpoint-id {ids}: of several projects, it is not known which one it belongs to",
            "--endpoint-id {ids}：有多个项目，无法得知它属于哪一个",
            ids = request.endpoint_ids().join(", ")
        ))
        .with_hint(text!(
            "reconcile its project by itself, with --project NAME",
            "请用 --project NAME 单独核对它所在的项目"
        )));
    }
    request.all_endpoints = true;
    Ok(request)
}

/// Says in a line what came of it, and picks the exit status.
fn verdict(checks: &[Check], context: &Context<'_>) -> ExitStatus {
    let count = |verdict| checks.iter().filter(|check| check.verdict() == verdict).count();
    let (differ, settling, unknown) =
        (count(CheckVerdict::Differs), count(CheckVerdict::Settling), count(CheckVerdict::Unknown));
    let all = checks.len();
    if settling > 0 {
        context.note(text!(
            "note: {settling} of {all} checks differ in what is still settling; ask again later",
            "注意：{all} 项核对中有 {settling} 项不一致，但其中有未定的数据；请稍后再查"
        ));
    }
    if unknown > 0 {
        context.say(text!(
            "{unknown} of {all} checks are unknown: not all of it came",
            "{all} 项核对中有 {unknown} 项未知：数据没有到齐"
        ));
    }
    if differ > 0 {
        context.say(text!("{differ} of {all} checks differ", "{all} 项核对中有 {differ} 项不一致"));
        return ExitStatus::AnswerNo;
    }
    if unknown > 0 { ExitStatus::Partial } else { ExitStatus::Done }
}

impl ReconcileData {
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
