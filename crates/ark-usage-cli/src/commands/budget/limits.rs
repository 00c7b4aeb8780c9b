//! The limits: read from files and flags, with the range and the projects they are about.

use std::collections::BTreeSet;

use ark_usage_model::Interval;
use jiff::tz::TimeZone;

use crate::args::{BudgetArgs, UsageArgs};
use crate::budget::{self, BudgetRule, PeriodSpan, RuleOrigin};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;
use crate::toml_file::Source;
use crate::view::Labels;
use crate::{input_files, range, text};

/// A rule, and the period that runs now.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) rule: BudgetRule,
    pub(super) span: PeriodSpan,
    /// The endpoints it counts; everything when it names none.
    pub(super) endpoint_ids: Option<BTreeSet<String>>,
}

/// Every limit there is, in the order in which they were given.
pub(super) fn read(args: &BudgetArgs, context: &Context<'_>) -> Result<Vec<Limit>, CliError> {
    let mut rules = Vec::new();
    for path in &args.rules {
        let text = input_files::load("--rules", path)?;
        rules.extend(budget::read_file(Source {
            flag: "--rules",
            name: &path.display().to_string(),
            text: &text,
        })?);
    }
    for value in &args.max {
        rules.push(budget::read_flag(value)?);
    }
    if rules.is_empty() {
        return Err(CliError::usage(text!(
            "budget: there is no limit",
            "budget：没有给出任何限额"
        ))
        .with_hint(text!(
            "write --max 'PromptTokens=1e9/month', or name a file with --rules",
            "请写 --max 'PromptTokens=1e9/month'，或用 --rules 指定文件"
        )));
    }
    let labels = args.labels.as_deref().map(input_files::labels).transpose()?;
    let zone = zone(args, context)?;
    let now = context.clock.now();
    let limit = |rule: BudgetRule| {
        let span = rule.period.around(now, &zone).map_err(|error| {
            CliError::usage(text!("no calendar reaches that far", "日历无法表示这一时间"))
                .with_source(error)
        })?;
        let endpoint_ids = endpoints(&rule, labels.as_ref())?;
        Ok(Limit { rule, span, endpoint_ids })
    };
    rules.into_iter().map(limit).collect()
}

/// The endpoints a rule names, by their ids or by a label; everything when it names none.
fn endpoints(
    rule: &BudgetRule,
    labels: Option<&Labels>,
) -> Result<Option<BTreeSet<String>>, CliError> {
    let Some((name, value)) = rule.label() else {
        return Ok(rule.endpoint_id().map(|id| BTreeSet::from([id.to_owned()])));
    };
    let Some(labels) = labels else {
        let what = text!(
            "label {name}: no file says which endpoints have it",
            "标签 {name}：没有文件说明哪些推理接入点带有它"
        );
        return Err(wrong(rule, &what).with_hint(text!(
            "add --labels FILE.csv, with a column endpoint_id and a column {name}",
            "请加上 --labels FILE.csv，其中要有 endpoint_id 和 {name} 两列"
        )));
    };
    let ids = labels.with(name, value);
    if ids.is_empty() {
        let what = text!(
            "label {name}: in the file of --labels no endpoint has {value} there",
            "标签 {name}：在 --labels 的文件中，没有任何推理接入点的值为 {value}"
        );
        return Err(wrong(rule, &what));
    }
    Ok(Some(ids))
}

fn zone(args: &BudgetArgs, context: &Context<'_>) -> Result<TimeZone, CliError> {
    Ok(range::parse_zone(zone_name(args, context)?)?)
}

fn zone_name<'a>(args: &'a BudgetArgs, context: &'a Context<'_>) -> Result<&'a str, CliError> {
    let usual = &context.config()?.defaults.tz;
    let usual = usual.as_ref().map(|setting| setting.value.as_str());
    Ok(args.usage.tz.as_deref().or(usual).unwrap_or(range::DEFAULT_ZONE))
}

/// What is asked: from the earliest period's start until now, of the projects the limits name.
///
/// A day is asked for by the hour, so that some of it has settled before it ends; so is any period
/// that does not begin with a day of the service.
pub(super) fn request_args(
    args: &BudgetArgs,
    limits: &[Limit],
    context: &Context<'_>,
) -> Result<UsageArgs, CliError> {
    let start = limits.iter().map(|limit| limit.span.start).min().unwrap_or_default();
    range::check_full_hour(start, zone_name(args, context)?)?;
    let by_day = |limit: &Limit| {
        limit.rule.period != budget::Period::Day && Interval::Day.is_aligned(limit.span.start)
    };
    let interval = if limits.iter().all(by_day) { Interval::Day } else { Interval::Hour };
    let mut ask = args.usage.since(start, interval);
    let flags = &args.usage.account;
    let scoped = flags.filter.all_projects || flags.profiles.set.is_some();
    let named: Vec<&Limit> = limits.iter().filter(|limit| limit.rule.project.is_some()).collect();
    if named.is_empty() || scoped {
        return Ok(ask);
    }
    if flags.filter.project.is_empty() {
        if let Some(limit) = limits.iter().find(|limit| limit.rule.project.is_none()) {
            let what = text!(
                "it names no project, and other limits do",
                "这条限额没有指定项目，而其他限额指定了"
            );
            return Err(wrong(&limit.rule, &what).with_hint(text!(
                "give it one, or say with --project or --all-projects what it counts",
                "请为它指定项目，或用 --project、--all-projects 说明统计范围"
            )));
        }
        let mut projects: Vec<String> =
            named.iter().filter_map(|limit| limit.rule.project.clone()).collect();
        projects.sort_unstable();
        projects.dedup();
        ask.account.filter.project = projects;
        return Ok(ask);
    }
    let result = |limit: &&&Limit| {
        let project = limit.rule.project.as_ref();
        project.is_none_or(|project| flags.filter.project.contains(project))
    };
    match named.iter().find(|limit| !result(limit)) {
        None => Ok(ask),
        Some(limit) => {
            let project = limit.rule.project.clone().unwrap_or_default();
            let what = text!(
                "--project leaves its project {project} out",
                "--project 没有包含它的项目 {project}"
            );
            Err(wrong(&limit.rule, &what)
                .with_hint(text!("add --project {project}", "请加上 --project {project}")))
        }
    }
}

fn wrong(rule: &BudgetRule, what: &Text) -> CliError {
    let place = place(rule);
    CliError::usage(Text::each(|lang| {
        let colon = lang.pick(": ", "：");
        format!("{}{colon}{}", place.in_lang(lang), what.in_lang(lang))
    }))
}

/// Where a rule was written, for people.
pub(super) fn place(rule: &BudgetRule) -> Text {
    match &rule.place {
        RuleOrigin::Flag(flag) => Text::same(flag.clone()),
        RuleOrigin::File { path, line } => {
            text!("--rules {path} line {line}", "--rules {path} 第 {line} 行")
        }
    }
}
