//! `ark-usage budget`: checks usage against limits.

mod counts;
mod fetch;
mod limits;

use ark_usage_render::{Budget, Judged};
use ark_usage_report::budget::{BudgetStatus, BudgetVerdict, evaluate};
use ark_usage_report::chart_data::grouped;
use ark_usage_report::range::RangeInput;
use ark_usage_report::{Text, listed, text};

use self::fetch::BudgetUsage;
use self::limits::Limit;
use super::fetch::{RequestExtras, UsageRequest};
use super::summary::print_warnings;
use crate::args::{BudgetArgs, BudgetFormat};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Checks all arguments, fetches usage and evaluates every limit.
pub(crate) fn run(args: &BudgetArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let limits = limits::read(args, context)?;
    let (usage_args, projects) = limits::request_args(args, &limits, context)?;
    let since: Vec<RangeInput> = limits.iter().map(Limit::input).collect();
    let extras = RequestExtras {
        endpoint_ids: &[],
        all_endpoints: false,
        sent: true,
        view: None,
        projects: &projects,
        since: &since,
    };
    let request = UsageRequest::new(&usage_args, &extras, context)?;
    let format = args.format(request.default_format);
    let output = Output::from_flag(args.output.as_deref());
    context.hold_note(request.range.words());
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let usage = context.block_on(fetch::fetch(args, &limits, &request, context))?;
    print_warnings(&usage.warnings, context);
    let summary = usage.summary();
    summary.require_data()?;
    if let Some(message) = summary.partial_message() {
        context.say(message);
    }

    // The server's clock decides which day, week and month the limits are about.
    let now = context.clock.shifted(usage.clock_offset);
    let limits = limits.into_iter().map(|limit| limit.at(now, &request.range.zone));
    let limits = limits.collect::<Result<Vec<Limit>, CliError>>()?;
    let generated_at = context.clock.now().as_second();
    let counts = usage.counts(generated_at);
    let finding = |limit: &Limit| {
        let (cells, is_complete) = (counts.cells(limit), counts.is_complete(limit));
        evaluate(&limit.rule, limit.span, &cells, is_complete, now.as_second())
    };
    let findings: Vec<BudgetStatus> = limits.iter().map(finding).collect();
    let judged = limits.iter().zip(&findings);
    let judged: Vec<Judged<'_>> =
        judged.map(|(limit, finding)| Judged { rule: &limit.rule, finding }).collect();
    let budget = Budget {
        judged: &judged,
        range: &usage.range,
        generated_at,
        scope: &usage.scope,
        demo: request.demo,
        warnings: &usage.warnings,
    };
    sink.write(&match format {
        BudgetFormat::Table => {
            ark_usage_render::budget_table(&budget, context.screen(&output), context.lang)
        }
        BudgetFormat::Json => ark_usage_render::budget_json(&budget)?,
    })?;
    sink.finish()?;
    let known = listed(usage.metrics(), LISTED);
    for judged in &judged {
        print_finding(judged, &usage, &known, context);
        print_forecast(judged, context);
    }
    summary.exit_status(conclusion(&findings))
}

/// The number of metrics a message lists.
const LISTED: usize = 20;

/// Prints a line about a limit that is not simply kept.
fn print_finding(judged: &Judged<'_>, usage: &BudgetUsage, known: &Text, context: &Context<'_>) {
    let Judged { rule, finding } = judged;
    let name = &rule.name;
    let used = grouped(finding.used.unwrap_or(0));
    let (hard, soft) = (grouped(rule.hard.unwrap_or(0)), grouped(rule.soft.unwrap_or(0)));
    match finding.verdict {
        BudgetVerdict::HardExceeded => context.say(text!(
            "{name}: {used} used, over the hard limit of {hard}",
            "{name}：已用 {used}，超过硬限额 {hard}"
        )),
        BudgetVerdict::SoftExceeded if !finding.complete => context.note(text!(
            "warning: {name}: {used} used so far, over the soft limit of {soft}; data is incomplete",
            "警告：{name}：已知用量 {used}，超过软限额 {soft}；数据不完整"
        )),
        BudgetVerdict::SoftExceeded => context.note(text!(
            "warning: {name}: {used} used, over the soft limit of {soft}",
            "警告：{name}：已用 {used}，超过软限额 {soft}"
        )),
        BudgetVerdict::Unknown if let Some(level) = usage.level(&rule.counted) => {
            context.say(text!(
                "{name}: values of {level} cannot be added up, so the limit cannot be checked",
                "{name}：{level} 的值不能相加，无法判断"
            ));
        }
        BudgetVerdict::Unknown if finding.used.is_none() => {
            context.say(text!(
                "{name}: no data received for this limit; metrics received: {known}",
                "{name}：没有收到相应用量，无法判断；已收到的指标：{known}";
                known = known
            ));
        }
        BudgetVerdict::Unknown if finding.over_soft => context.say(text!(
            "{name}: {used} used so far, over the soft limit of {soft}; the hard limit cannot be checked because data is incomplete",
            "{name}：已知用量 {used}，超过软限额 {soft}；数据不完整，无法判断是否超过硬限额"
        )),
        BudgetVerdict::Unknown => context.say(text!(
            "{name}: {used} used so far, within the limit; data is incomplete",
            "{name}：已知用量 {used}，尚未超过限额；数据不完整"
        )),
        BudgetVerdict::Within => {}
    }
}

fn print_forecast(judged: &Judged<'_>, context: &Context<'_>) {
    let Judged { rule, finding } = judged;
    if let Some(forecast) = finding.forecast.filter(|_| finding.heads_over)
        && finding.verdict != BudgetVerdict::HardExceeded
    {
        context.note(text!(
            "warning: {name}: projected {value} by the end of the period, over the hard limit of {hard}",
            "警告：{name}：预计周期结束时为 {value}，将超过硬限额 {hard}",
            name = rule.name,
            value = grouped(forecast.value),
            hard = grouped(rule.hard.unwrap_or(0))
        ));
    }
}

/// An exceeded limit decides, even if another one is unknown.
fn conclusion(findings: &[BudgetStatus]) -> Conclusion {
    let any = |verdict| findings.iter().any(|finding| finding.verdict == verdict);
    if any(BudgetVerdict::HardExceeded) {
        Conclusion::Fail
    } else if any(BudgetVerdict::Unknown) {
        Conclusion::Unknown
    } else {
        Conclusion::Pass
    }
}
