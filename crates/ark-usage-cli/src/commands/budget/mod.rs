//! `ark-usage budget`: whether usage is within its limits.

mod fetch;
mod limits;

use self::fetch::BudgetUsage;
use self::limits::Limit;
use super::call_error;
use super::fetch::{RequestExtras, UsageRequest};
use crate::args::{BudgetArgs, BudgetFormat};
use crate::budget::{BudgetStatus, BudgetVerdict, evaluate};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::figure::grouped;
use crate::lang::Text;
use crate::output::Output;
use crate::render::{self, Budget, Judged};
use crate::text;

/// Checks everything, asks, and says which limits were kept.
pub(crate) fn run(args: &BudgetArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let limits = limits::read(args, context)?;
    let ask = limits::request_args(args, &limits, context)?;
    let extras = RequestExtras { endpoint_ids: &[], all_endpoints: false, sent: true, view: None };
    let request = UsageRequest::new(&ask, &extras, context)?;
    let format = args.format(request.default_format);
    let output = Output::from_flag(args.output.as_deref());
    context.note(request.range.words());
    let result = context.block_on(fetch::fetch(args, &limits, &request, context))?;
    for (_, message) in &result.warnings {
        context.note(text!("warning: {message}", "警告：{message}"; message = message));
    }
    tell_failure(&result, context)?;

    let generated_at = context.clock.now().as_second();
    let judge = |limit: &Limit| {
        let cells = result.cells(limit, generated_at);
        evaluate(&limit.rule, limit.span, &cells, result.complete(limit))
    };
    let findings: Vec<BudgetStatus> = limits.iter().map(judge).collect();
    let judged = limits.iter().zip(&findings);
    let judged: Vec<Judged<'_>> =
        judged.map(|(limit, finding)| Judged { rule: &limit.rule, finding }).collect();
    let budget = Budget {
        judged: &judged,
        range: &request.range,
        generated_at,
        demo: request.demo,
        warnings: &result.warnings,
    };
    output.write(&match format {
        BudgetFormat::Table => render::budget_table(&budget, context.screen(&output), context.lang),
        BudgetFormat::Json => render::budget_json(&budget)?,
    })?;
    for judged in &judged {
        tell(judged, &result, context);
    }
    Ok(status(&findings))
}

/// What was not answered. When nothing was, there is nothing to judge.
fn tell_failure(result: &BudgetUsage, context: &Context<'_>) -> Result<(), CliError> {
    let Some(failure) = result.first_failure() else { return Ok(()) };
    let error = call_error::of_call(failure, result.last_error.as_ref(), &result.base_url);
    if !result.anything_came() {
        return Err(error);
    }
    context.say(Text::each(|lang| {
        let report = error.report(lang);
        report.replacen(lang.pick("error: ", "错误："), lang.pick("partial: ", "不完整："), 1)
    }));
    Ok(())
}

/// A line for each limit that there is something to say about.
fn tell(judged: &Judged<'_>, result: &BudgetUsage, context: &Context<'_>) {
    let Judged { rule, finding } = judged;
    let name = &rule.name;
    let used = grouped(finding.used.unwrap_or(0));
    let limit = |limit: Option<i128>| grouped(limit.unwrap_or(0));
    match finding.verdict {
        BudgetVerdict::HardExceeded => context.say(text!(
            "{name}: {used} used, more than the {hard} allowed",
            "{name}：已用 {used}，超过硬限额 {hard}",
            hard = limit(rule.hard)
        )),
        BudgetVerdict::SoftExceeded if !finding.complete => context.note(text!(
            "warning: {name}: {used} came, which is more than the soft limit of {soft}; not all of it came",
            "警告：{name}：已返回 {used}，超过软限额 {soft}；数据不完整",
            soft = limit(rule.soft)
        )),
        BudgetVerdict::SoftExceeded => context.note(text!(
            "warning: {name}: {used} used, more than the soft limit of {soft}",
            "警告：{name}：已用 {used}，超过软限额 {soft}",
            soft = limit(rule.soft)
        )),
        BudgetVerdict::Unknown if finding.used.is_none() => {
            let known: Vec<&str> = result.metrics().into_iter().collect();
            let known = known.join(", ");
            context.say(text!(
                "{name}: nothing came of it, so nobody knows; what came is: {known}",
                "{name}：没有返回相应用量，无法判断；已返回的指标：{known}"
            ));
        }
        BudgetVerdict::Unknown if finding.over_soft => context.say(text!(
            "{name}: {used} came, which is over the soft limit of {soft} already; whether it is over the hard one is not known, because not all of it came",
            "{name}：已返回的 {used} 已超过软限额 {soft}；数据不完整，无法判断是否超过硬限额",
            soft = limit(rule.soft)
        )),
        BudgetVerdict::Unknown => context.say(text!(
            "{name}: {used} came, which is not over the limit; but not all of it came",
            "{name}：已返回的 {used} 未超限额，但数据不完整"
        )),
        BudgetVerdict::Within => {}
    }
    if let Some(forecast) = finding.forecast.filter(|_| finding.heads_over)
        && finding.verdict != BudgetVerdict::HardExceeded
    {
        context.note(text!(
            "warning: {name}: at this pace some {value} by the end of the period, over {hard} (estimate)",
            "警告：{name}：按当前速度，周期结束时约为 {value}，将超过 {hard}（估计值）",
            value = grouped(forecast.value),
            hard = limit(rule.hard)
        ));
    }
}

/// Exceeded is exceeded, whatever else is not known.
fn status(findings: &[BudgetStatus]) -> ExitStatus {
    let any = |verdict| findings.iter().any(|finding| finding.verdict == verdict);
    if any(BudgetVerdict::HardExceeded) {
        ExitStatus::AnswerNo
    } else if any(BudgetVerdict::Unknown) {
        ExitStatus::Partial
    } else {
        ExitStatus::Done
    }
}
