//! `plan --seats`: the seats of teams.

use ark_usage_render::plan::{PlanReport, seats_csv, seats_json, seats_table};
use ark_usage_report::text;

use super::check_format;
use crate::args::{AccountStateFormat, PlanArgs};
use crate::commands::fetch::{FetchContext, FetchedSeats, RequestExtras, UsageRequest};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Checks all arguments, fetches the seats of both plans, and prints them.
pub(super) fn run(args: &PlanArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let usage_args = args.state.request_args(args.range.clone());
    let request = UsageRequest::new(&usage_args, &RequestExtras::none(), context)?;
    let format = args.state.format(request.default_format)?;
    check_format("--seats", format)?;
    let output = Output::from_flag(args.state.output.as_deref());
    let mut sink = output.open()?;
    let (fetched, clock_offset) = context.block_on(async {
        let session = FetchContext::open("plan", &args.state.network, &request, context).await?;
        Ok((session.seats(args.project.as_deref()).await?, session.clock_offset()))
    })?;
    let FetchedSeats { seats, warnings, failed, listed, failure } = fetched;
    if let Some(failure) = failure.filter(|_| listed == 0 && seats.is_empty()) {
        return Err(failure);
    }
    for (code, message) in &warnings {
        if *code == "plan_seats_failed" {
            context.say(text!("partial: {message}", "部分结果：{message}"; message = message));
        } else {
            context.warn(message);
        }
    }
    let report = PlanReport {
        plans: &[],
        daily: args.daily,
        now: context.clock.shifted(clock_offset),
        zone: &request.range.zone,
        zone_name: &request.range.zone_name,
        demo: request.demo,
        warnings: &warnings,
    };
    let project = args.project.as_deref().unwrap_or("default");
    sink.write(&match format {
        AccountStateFormat::Json => seats_json(&report, project, &seats)?,
        AccountStateFormat::Csv => seats_csv(&report, &seats)?,
        _ => seats_table(&report, project, &seats, context.screen(&output), context.lang),
    })?;
    sink.finish()?;
    let conclusion = if failed == 0 { Conclusion::Shown } else { Conclusion::Unknown };
    Ok(ExitStatus::from(conclusion))
}
