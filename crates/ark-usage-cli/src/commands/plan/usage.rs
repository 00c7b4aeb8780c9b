//! `plan --usage`: the usage of plans by model, and their pace.

use ark_usage_render::plan::{
    PLAN_USAGE_FAILED, PlanReport, PlanUsage, usage_csv, usage_json, usage_table,
};
use ark_usage_report::plan::{
    CODING_PLAN_BILLING, PlanKind, PlanState, PlanStatus, PlanUsageRow, agent_usage, coding_usage,
    details_since, plan_warnings,
};
use ark_usage_report::range::Range;
use ark_usage_report::text;
use ark_usage_report::view::{View, ViewOptions, ViewSpec};

use super::check_format;
use crate::args::{AccountStateFormat, PlanArgs, UsageArgs};
use crate::commands::fetch::{
    FetchContext, OutputMode, RequestExtras, UsageRequest, fetch_usage_in,
};
use crate::commands::summary::{print_plan_failures, print_warnings};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::lang::Text;
use crate::output::Output;

/// Checks all arguments, fetches the plans and their usage, and prints them.
pub(super) fn run(args: &PlanArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let usage_args = usage_args(args);
    let spec = view_spec(args)?;
    let extras = RequestExtras { view: Some(&spec), ..RequestExtras::none() };
    let request = UsageRequest::new(&usage_args, &extras, context)?;
    check_age(&request.range, context)?;
    let format = args.state.format(request.default_format)?;
    check_format("--usage", format)?;
    let output = Output::from_flag(args.state.output.as_deref());
    context.hold_note(request.range.words());
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let fetched = context.block_on(fetch(args, &request, &spec, context))?;
    let FetchedUsage { plans, rows, range, mut warnings, is_complete, clock_offset } = fetched;
    // A failure has been printed already.
    let mut others = warnings.clone();
    others.retain(|(code, _)| *code != PLAN_USAGE_FAILED);
    print_warnings(&others, context);
    print_plan_failures(&plans, context);
    warnings.extend(plan_warnings(&plans));
    let usage = PlanUsage {
        report: PlanReport {
            plans: &plans,
            daily: args.daily,
            now: context.clock.shifted(clock_offset),
            zone: &range.zone,
            zone_name: &range.zone_name,
            demo: request.demo,
            warnings: &warnings,
        },
        rows: &rows,
        start: range.window.first(),
        end: range.window.end(),
    };
    sink.write(&match format {
        AccountStateFormat::Json => usage_json(&usage)?,
        AccountStateFormat::Csv => usage_csv(&usage)?,
        _ => usage_table(&usage, context.screen(&output), context.lang),
    })?;
    sink.finish()?;
    let is_known = plans.iter().all(|status| status.state.is_known());
    let is_complete = is_complete && is_known;
    let conclusion = if is_complete { Conclusion::Shown } else { Conclusion::Unknown };
    Ok(ExitStatus::from(conclusion))
}

/// Plans with their usage.
struct FetchedUsage {
    plans: Vec<PlanStatus>,
    rows: Vec<PlanUsageRow>,
    range: Range,
    warnings: Vec<(&'static str, Text)>,
    /// Every call was answered.
    is_complete: bool,
    clock_offset: i64,
}

async fn fetch(
    args: &PlanArgs,
    request: &UsageRequest,
    spec: &ViewSpec,
    context: &Context<'_>,
) -> Result<FetchedUsage, CliError> {
    let session = FetchContext::open("plan", &args.state.network, request, context).await?;
    let fetched = session.plans().await?.require_any()?;
    let (plans, mut warnings) = (fetched.plans, fetched.warnings);
    let (mut rows, mut is_complete) = (Vec::new(), true);
    let range = session.range()?;
    for (status, details) in session.plan_details(&plans, &range).await? {
        match details {
            Ok(responses) => rows.extend(agent_usage(status, &responses)),
            Err(reason) => {
                is_complete = false;
                let plan = status.described();
                let message =
                    text!("{plan}: {reason}", "{plan}：{reason}"; plan = plan, reason = reason);
                context.say(text!("partial: {message}", "部分结果：{message}"; message = message));
                warnings.push((PLAN_USAGE_FAILED, message));
            }
        }
    }
    let has_coding = |status: &PlanStatus| {
        status.plan == PlanKind::Coding && status.state != PlanState::NotSubscribed
    };
    if plans.iter().any(has_coding) {
        let result = fetch_usage_in(&session, OutputMode::Report).await?;
        warnings.extend(result.usage.warnings.iter().cloned());
        let summary = result.summary();
        if let Err(error) = summary.require_all() {
            is_complete = false;
            let (reason, ..) = error.parts();
            let message = text!("tokens of the Coding Plan: {reason}", "Coding Plan 的 token：{reason}"; reason = reason);
            context.say(text!("partial: {message}", "部分结果：{message}"; message = message));
            warnings.push((PLAN_USAGE_FAILED, message));
        }
        let view = View::new(spec, &result.usage, context.clock.now().as_second());
        rows.extend(coding_usage(&view.rows, &plans));
    }
    let clock_offset = session.clock_offset();
    Ok(FetchedUsage { plans, rows, range, warnings, is_complete, clock_offset })
}

/// Returns the arguments of the query that counts the tokens of a Coding Plan.
fn usage_args(args: &PlanArgs) -> UsageArgs {
    let mut usage = args.state.request_args(args.range.clone());
    usage.account.action.api = Some("inference".to_owned());
    usage.account.filter.billing = vec![CODING_PLAN_BILLING.to_owned()];
    usage
}

fn view_spec(args: &PlanArgs) -> Result<ViewSpec, CliError> {
    let mut by = vec!["day".to_owned(), "model".to_owned()];
    let profiles = &args.state.profiles;
    if profiles.profile.len() > 1 || profiles.all_profiles || profiles.set.is_some() {
        by.push("profile".to_owned());
    }
    Ok(ViewSpec::new(ViewOptions { by: &by, ..ViewOptions::default() })?)
}

/// Refuses a range that the service keeps no details of.
fn check_age(range: &Range, context: &Context<'_>) -> Result<(), CliError> {
    let Some(since) = details_since(context.clock.now()) else { return Ok(()) };
    if range.window.first() >= since.as_second() {
        return Ok(());
    }
    let first = range.bucket_label(range.window.first());
    let since = range.bucket_label(since.as_second());
    Err(CliError::usage(text!(
        "--usage: the range starts on {first}, and the service keeps details of plans for six months",
        "--usage：范围从 {first} 开始，而服务端只保留六个月的套餐明细"
    ))
    .with_hint(text!("start on {since} or later", "请从 {since} 或更晚开始")))
}
