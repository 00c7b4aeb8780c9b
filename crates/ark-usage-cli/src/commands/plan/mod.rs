//! `ark-usage plan`: what is left of the plans of each account.

mod seats;
mod usage;

use ark_usage_render::plan::{self as render, PlanReport};
use ark_usage_report::plan::{
    ThresholdVerdict, plan_warnings, reached_warnings, threshold_verdict, unknown_members,
};
use ark_usage_report::text;

use super::fetch::{FetchContext, FetchedPlans, RequestExtras, UsageRequest};
use super::get::chart::glyphs;
use super::summary::{print_plan_failures, print_warnings};
use crate::args::{AccountStateFormat, ChartGlyphs, PlanArgs, UsageArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Checks all arguments, fetches the plans of each account, and prints them.
pub(crate) fn run(args: &PlanArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    args.check()?;
    if args.usage {
        return usage::run(args, context);
    }
    if args.seats {
        return seats::run(args, context);
    }
    let at = args.at()?;
    let usage_args = args.state.request_args(args.range.clone());
    let request = UsageRequest::new(&usage_args, &RequestExtras::none(), context)?;
    let format = args.state.format(request.default_format)?;
    let output = Output::from_flag(args.state.output.as_deref());
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let (fetched, clock_offset) = context.block_on(async {
        let session = FetchContext::open("plan", &args.state.network, &request, context).await?;
        Ok((session.plans().await?.require_any()?, session.clock_offset()))
    })?;
    let FetchedPlans { plans, mut warnings, .. } = fetched;
    print_warnings(&warnings, context);
    warnings.extend(plan_warnings(&plans));
    print_plan_failures(&plans, context);
    for (code, message) in at.iter().flat_map(|at| reached_warnings(&plans, at)) {
        // The reason of exit code 7: a line that cron mails, also with --quiet.
        context.say(text!("limit: {message}", "限额：{message}"; message = message.clone()));
        warnings.push((code, message));
    }
    if format == AccountStateFormat::Table {
        for member in unknown_members(&plans) {
            context.note(text!("note: {member}", "注意：{member}"; member = member));
        }
    }
    let report = PlanReport {
        plans: &plans,
        daily: args.daily,
        now: context.clock.shifted(clock_offset),
        zone: &request.range.zone,
        zone_name: &request.range.zone_name,
        demo: request.demo,
        warnings: &warnings,
    };
    sink.write(&match format {
        AccountStateFormat::Table => {
            let glyphs = glyphs(ChartGlyphs::Auto, context.environment);
            render::table(&report, glyphs, context.screen(&output), context.lang)
        }
        AccountStateFormat::Json => render::json(&report)?,
        AccountStateFormat::Csv => render::csv(&report)?,
        AccountStateFormat::OpenMetrics => render::openmetrics(&report),
        AccountStateFormat::Prometheus => render::prometheus(&report),
    })?;
    sink.finish()?;
    let verdict = at.map(|at| threshold_verdict(&plans, &at));
    let is_complete = plans.iter().all(|status| status.state.is_known());
    Ok(ExitStatus::from(match verdict {
        Some(ThresholdVerdict::Reached) => Conclusion::Fail,
        Some(ThresholdVerdict::Unknown) => Conclusion::Unknown,
        _ if !is_complete => Conclusion::Unknown,
        Some(ThresholdVerdict::Below) => Conclusion::Pass,
        None => Conclusion::Shown,
    }))
}

/// Fetches the plans of each account, and returns them in Prometheus' text format.
pub(super) fn metrics(usage: &UsageArgs, context: &Context<'_>) -> Result<String, CliError> {
    let request = UsageRequest::new(usage, &RequestExtras::none(), context)?;
    let fetched = context.block_on(async {
        let network = &usage.account.network;
        FetchContext::open("plan", network, &request, context).await?.plans().await?.require_any()
    })?;
    print_plan_failures(&fetched.plans, context);
    let report = PlanReport {
        plans: &fetched.plans,
        daily: true,
        now: context.clock.now(),
        zone: &request.range.zone,
        zone_name: &request.range.zone_name,
        demo: request.demo,
        warnings: &fetched.warnings,
    };
    Ok(String::from_utf8_lossy(&render::prometheus(&report)).into_owned())
}

/// Refuses a format that has no usage and no seats.
fn check_format(flag: &str, format: AccountStateFormat) -> Result<(), CliError> {
    let name = match format {
        AccountStateFormat::Prometheus => "prometheus",
        AccountStateFormat::OpenMetrics => "openmetrics",
        AccountStateFormat::Table | AccountStateFormat::Json | AccountStateFormat::Csv => {
            return Ok(());
        }
    };
    Err(CliError::usage(text!(
        "{flag} cannot be used with -f {name}",
        "{flag} 不能与 -f {name} 同时使用"
    ))
    .with_hint(text!("use -f table, json or csv", "可用：-f table、json 或 csv")))
}
