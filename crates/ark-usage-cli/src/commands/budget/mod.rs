//! `ark-usage budget`: checks usage against limits.

mod counts;
mod fetch;
mod limits;
mod once;
mod plans;

use ark_usage_model::Metric;
use ark_usage_prometheus::BudgetFigures;
use ark_usage_render::{Budget, Judged, NoticeContext, budget_notice, message_lines};
use ark_usage_report::budget::{AlertLevel, BudgetStatus, BudgetVerdict, PlanRule, evaluate};
use ark_usage_report::range::RangeInput;
use ark_usage_report::{Lang, MOST_LISTED, Text, accounts_added_up, listed, text};

use self::fetch::BudgetUsage;
use self::limits::Limit;
use self::once::OnceFile;
use self::plans::CheckedPlans;
use super::fetch::{FetchContext, RequestExtras, UsageRequest};
use super::finish::gap_lines;
use super::summary::{print_plan_failures, print_warnings};
use crate::actions::ACTIONS;
use crate::args::{BudgetArgs, BudgetFormat, NetworkArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Checks the files of limits.
pub(super) fn check_limits(args: &BudgetArgs, context: &Context<'_>) -> Result<(), CliError> {
    limits::read(args, context).map(drop)
}

/// Evaluates the limits of files, those on plans left out.
pub(super) fn figures(
    args: &BudgetArgs,
    context: &Context<'_>,
) -> Result<Vec<BudgetFigures>, CliError> {
    let (limits, _) = limits::read(args, context)?;
    if limits.is_empty() {
        return Ok(Vec::new());
    }
    let request = request(args, &limits, context)?;
    let network = &args.usage.account.network;
    let checked =
        context.block_on(check(network, (limits, Vec::new()), &request, &mut None, context))?;
    let figures = checked.judged().into_iter().map(|Judged { rule, finding, .. }| BudgetFigures {
        name: rule.name.clone(),
        period: rule.period.name().to_owned(),
        metric: rule.counted.name().to_owned(),
        project: rule.project.clone().unwrap_or_default(),
        used: finding.used,
        soft: rule.soft,
        hard: rule.hard,
        complete: finding.complete,
    });
    Ok(figures.collect())
}

/// Checks all arguments, fetches usage and evaluates every limit.
pub(crate) fn run(args: &BudgetArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let (limits, plan_rules) = limits::read(args, context)?;
    if !plan_rules.is_empty() {
        args.kept.check_plans("--rules: [[plan]]")?;
    }
    let request = request(args, &limits, context)?;
    let format = args.format(request.default_format);
    let output = Output::from_flag(args.output.as_deref());
    if !limits.is_empty() {
        context.hold_note(request.range.words());
    }
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let mut once = OnceFile::open(args, request.demo, context)?;
    let network = &args.usage.account.network;
    let checking = check(network, (limits, plan_rules), &request, &mut once, context);
    let checked = context.block_on(checking)?;
    let notices = checked.notices();
    let is_quiet = format == BudgetFormat::Alerts && notices.is_empty();
    if !is_quiet || context.is_verbose() {
        checked.print_warnings(context);
    }
    let document = match format {
        BudgetFormat::Alerts => lines(&notices, context.lang),
        _ => checked.document(format, &request, &output, context)?,
    };
    if is_quiet && context.is_verbose() {
        context.say(checked.silence());
    }
    sink.write(&document)?;
    let is_read = sink.is_open();
    sink.finish()?;
    if format != BudgetFormat::Alerts {
        // A line marked as printed must have been printed.
        let is_marked = once.is_some();
        for Notice { line, is_urgent } in notices {
            if is_urgent || is_marked { context.say(line) } else { context.note(line) }
        }
    }
    // Lines are marked after printing: twice is better than never.
    if let Some(once) = once.filter(|_| is_read) {
        once.finish()?;
    }
    let verdicts = checked.findings.iter().map(|finding| finding.verdict);
    let conclusion = conclusion(verdicts.chain(checked.plans.verdicts()));
    checked.usage.summary().exit_status(conclusion)
}

/// Checks the arguments of the request that the limits need.
fn request(
    args: &BudgetArgs,
    limits: &[Limit],
    context: &Context<'_>,
) -> Result<UsageRequest, CliError> {
    let (usage_args, projects) = limits::request_args(args, limits, context)?;
    let since: Vec<RangeInput> = limits.iter().map(Limit::input).collect();
    let metrics: Vec<String> =
        limits.iter().map(|limit| limit.rule.counted.name().to_owned()).collect();
    let extras = RequestExtras {
        endpoint_ids: &[],
        all_endpoints: false,
        sent: true,
        view: None,
        projects: &projects,
        since: &since,
        metrics: &metrics,
    };
    let request = UsageRequest::new(&usage_args, &extras, context)?;
    let action = request.effective().action;
    limits.iter().try_for_each(|limit| limit.rule.check_metric(action, ACTIONS))?;
    Ok(request)
}

/// Fetches the usage, evaluates every limit, and finds the names of accounts that alerts need.
async fn check(
    network: &NetworkArgs,
    (limits, plan_rules): (Vec<Limit>, Vec<PlanRule>),
    request: &UsageRequest,
    once: &mut Option<OnceFile>,
    context: &Context<'_>,
) -> Result<Checked, CliError> {
    let session = FetchContext::open("budget", network, request, context).await?;
    let fetched = if plan_rules.is_empty() { None } else { Some(session.plans().await?) };
    let usage = fetch::fetch(&session, &limits, request, context).await?;
    if let Err(error) = usage.summary().require_data() {
        print_warnings(&usage.warnings, context);
        return Err(error);
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
    let missing = limits.iter().map(|limit| counts.missing(limit, &usage.profiles)).collect();
    let due = match once {
        Some(once) => once.due(&limits, &findings, now)?,
        None => vec![true; limits.len()],
    };
    let plans = CheckedPlans::new(plan_rules, fetched, limits.is_empty(), once, now)?;
    let mut judged = limits.iter().zip(&findings).zip(&due);
    let has_alert =
        judged.any(|((limit, finding), is_due)| *is_due && !finding.alerts(&limit.rule).is_empty());
    let accounts = if has_alert { session.account_names().await } else { Vec::new() };
    Ok(Checked { limits, findings, missing, due, accounts, generated_at, usage, plans })
}

/// The limits with their results, and everything an output shows beside them.
#[derive(Debug)]
struct Checked {
    limits: Vec<Limit>,
    findings: Vec<BudgetStatus>,
    /// The names of the usage of each limit that was not received.
    missing: Vec<Vec<Text>>,
    /// The alert of each limit, if it has one, is to be printed.
    due: Vec<bool>,
    accounts: Vec<Text>,
    generated_at: i64,
    usage: BudgetUsage,
    plans: CheckedPlans,
}

/// The line about one limit.
#[derive(Debug)]
struct Notice {
    line: Text,
    /// It is printed even with `--quiet`.
    is_urgent: bool,
}

impl Checked {
    fn judged(&self) -> Vec<Judged<'_>> {
        let judged = self.limits.iter().zip(&self.findings).zip(&self.missing);
        let judged = judged.map(|((limit, finding), missing)| Judged {
            rule: &limit.rule,
            finding,
            missing,
        });
        judged.collect()
    }

    /// Returns the lines to print about limits that are not simply kept.
    fn notices(&self) -> Vec<Notice> {
        let received = listed(self.usage.metrics(), MOST_LISTED);
        let context = NoticeContext {
            accounts: &self.accounts,
            scope: &self.usage.scope,
            range: &self.usage.range,
            received: &received,
        };
        let due = self.judged().into_iter().zip(&self.due).filter(|(_, is_due)| **is_due);
        let notice = |judged: Judged<'_>| {
            let level = self.usage.level(&judged.rule.counted).map(Metric::as_str);
            let line = budget_notice(&judged, level, &context)?;
            let is_urgent =
                judged.finding.alerts(judged.rule).into_iter().any(AlertLevel::is_urgent);
            Some(Notice { line, is_urgent })
        };
        let plans = self.plans.notices(self.generated_at);
        due.filter_map(|(judged, _)| notice(judged)).chain(plans).collect()
    }

    /// Returns the reason why there is no alert to print.
    fn silence(&self) -> Text {
        let mut judged = self.limits.iter().zip(&self.findings);
        let has_alert = judged.any(|(limit, finding)| !finding.alerts(&limit.rule).is_empty());
        if has_alert || self.plans.has_alert() {
            return text!(
                "nothing to print: every alert was printed before",
                "没有需要输出的内容：提醒此前均已输出"
            );
        }
        text!("nothing to print: within every limit", "没有需要输出的内容：未超过任何限额")
    }

    fn print_warnings(&self, context: &Context<'_>) {
        print_warnings(&self.usage.warnings, context);
        print_plan_failures(self.plans.statuses(), context);
        if let Some(words) = accounts_added_up(&self.usage.profiles) {
            context.note(text!(
                "note: {words}; use one --profile to check one alone",
                "注意：{words}；只检查其中一个，请只写一个 --profile";
                words = words
            ));
        }
        if let Some(message) = self.usage.summary().partial_message() {
            context.say(Text::all([message, gap_lines(self.usage.gaps())]));
        }
    }

    fn document(
        &self,
        format: BudgetFormat,
        request: &UsageRequest,
        output: &Output,
        context: &Context<'_>,
    ) -> Result<Vec<u8>, CliError> {
        let gaps: Vec<Text> = self.usage.gaps().collect();
        let missing = ark_usage_render::usage_missing(&gaps);
        let warnings: Vec<_> = self.usage.warnings.iter().cloned().chain(missing).collect();
        let budget = Budget {
            judged: &self.judged(),
            plans: &self.plans.judged(),
            range: &self.usage.range,
            generated_at: self.generated_at,
            site: request.site.echo(),
            scope: &self.usage.scope,
            demo: request.demo,
            warnings: &warnings,
        };
        Ok(match format {
            BudgetFormat::Json => ark_usage_render::budget_json(&budget)?,
            _ => ark_usage_render::budget_table(&budget, context.screen(output), context.lang),
        })
    }
}

fn lines(notices: &[Notice], lang: Lang) -> Vec<u8> {
    let line = |notice: &Notice| message_lines(notice.line.in_lang(lang), lang) + "\n";
    notices.iter().map(line).collect::<String>().into_bytes()
}

/// An exceeded limit decides, even if another one is unknown.
fn conclusion(verdicts: impl Iterator<Item = BudgetVerdict>) -> Conclusion {
    let verdicts: Vec<BudgetVerdict> = verdicts.collect();
    let any = |verdict| verdicts.contains(&verdict);
    if any(BudgetVerdict::HardExceeded) {
        Conclusion::Fail
    } else if any(BudgetVerdict::Unknown) {
        Conclusion::Unknown
    } else {
        Conclusion::Pass
    }
}
