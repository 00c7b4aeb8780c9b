//! `ark-usage reconcile --against`: fetches the same usage of two actions, and compares.

mod fetch;

use ark_usage_model::{Tags, UsageAction};
use ark_usage_render::ComparedActions;
use ark_usage_report::action_comparison::{
    ActionCheck, ActionComparison, ActionReports, ActionVerdict, compare, metric_pairs,
};
use ark_usage_report::text;
use ark_usage_report::view::action_fit;

use super::rerun::RerunCommands;
use super::{note_accounts, note_range, usage_request};
use crate::actions::{ACTIONS, compared};
use crate::args::{ReconcileArgs, ReconcileFormat};
use crate::commands::fetch::UsageRequest;
use crate::commands::summary::print_warnings;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Checks all arguments, fetches from both actions, compares, and prints the result.
pub(super) fn run(
    args: &ReconcileArgs,
    against: &str,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    let mut usage = args.usage.clone();
    let configured = context.config()?.defaults.api.as_ref();
    let configured = configured.map(|setting| setting.value.as_str());
    let actions @ [here, there] =
        compared(usage.account.action.api.as_deref(), configured, against)?;
    usage.account.action.api = Some(here.name().to_owned());
    let request = usage_request(&usage, &args.endpoint_id, context)?;
    check_second(there, &request)?;
    let pairs = metric_pairs(here.metrics(), there.metrics());
    let format = args.format(request.default_format);
    let output = Output::from_flag(args.output.as_deref());
    note_range(&request, context);
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let result = context.block_on(fetch::fetch(args, &request, actions, context))?;
    print_warnings(&result.warnings, context);
    note_accounts(&result.profiles, context);
    let summary = result.summary();
    summary.require_data()?;
    if let Some(message) = summary.partial_message() {
        context.say(message);
    }
    let generated_at = context.clock.now().as_second();
    let [here_report, there_report] = &result.reports;
    let reports = ActionReports {
        here: here_report,
        there: there_report,
        pairs: &pairs,
        listed: result.listed.as_ref(),
    };
    let comparison = compare(&reports, generated_at);
    let rerun = RerunCommands::new(args, &request, result.place());
    let commands = |check: &ActionCheck| {
        let get = |action| rerun.get((check.start, check.project), &last_flags(action));
        actions.map(get).to_vec()
    };
    let settle = here_report.settle.max(there_report.settle);
    let answer = ComparedActions {
        comparison: &comparison,
        commands: &commands,
        targets: &result.projects,
        profiles: &result.profiles,
        range: &result.range,
        query: request.echo(&result.scope),
        against: there.name(),
        settle: i64::try_from(settle.as_secs()).unwrap_or(i64::MAX),
        generated_at,
        warnings: &result.warnings,
    };
    sink.write(&match format {
        ReconcileFormat::Table => {
            let screen = context.screen(&output);
            ark_usage_render::compared_actions_table(&answer, screen, context.lang)
        }
        ReconcileFormat::Json => ark_usage_render::compared_actions_json(&answer)?,
    })?;
    sink.finish()?;
    let conclusion = match conclude(&comparison, context) {
        // Endpoints and projects that are not listed, and values that cannot be read, were not compared.
        Conclusion::Pass if !summary.is_complete() => Conclusion::Unknown,
        conclusion => conclusion,
    };
    summary.exit_status(conclusion)
}

/// Refuses filters that the second action cannot answer.
fn check_second(there: &dyn UsageAction, request: &UsageRequest) -> Result<(), CliError> {
    action_fit::check(there, &[], request.filters(), ACTIONS).map_err(|error| {
        CliError::from(error).with_hint(text!(
            "remove it: both actions have to count the same usage",
            "请去掉：两个接口必须统计同一份用量"
        ))
    })
}

/// Returns the last flags of the command that shows what an action reports.
fn last_flags(action: &'static dyn UsageAction) -> String {
    let named = ACTIONS.iter().find(|one| one.action.name() == action.name());
    let name = named.map_or_else(|| action.name(), |one| one.name);
    let billing = action_fit::groups(action, Tags::BILLING_STATUS);
    format!("--api {name} -i day --by endpoint{}", if billing { ",billing" } else { "" })
}

/// Prints how many checks do not agree.
fn conclude(comparison: &ActionComparison, context: &Context<'_>) -> Conclusion {
    let checks = &comparison.checks;
    let count =
        |wanted: &dyn Fn(&ActionCheck) -> bool| checks.iter().filter(|check| wanted(check)).count();
    let differ = count(&|check| check.verdict.disagrees());
    let unknown = count(&|check| check.verdict == ActionVerdict::Unknown);
    let settling = count(&|check| check.verdict == ActionVerdict::Settling && check.is_open());
    super::print_counts([settling, unknown, differ], checks.len(), context);
    if differ > 0 {
        return Conclusion::Fail;
    }
    // Nothing compared is nothing known.
    let is_empty = checks.is_empty() && comparison.idle == 0;
    if is_empty {
        context.say(text!(
            "nothing was compared: neither action reports any usage",
            "没有可核对的数据：两个接口都没有报告用量"
        ));
    }
    if unknown > 0 || is_empty { Conclusion::Unknown } else { Conclusion::Pass }
}
