//! The limits of files and flags, with the range and the projects they need.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ark_usage_model::Interval;
use ark_usage_report::budget::{self, BudgetRule, Period, PeriodSpan, PlanRule};
use ark_usage_report::range::RangeInput;
use ark_usage_report::view::Labels;
use ark_usage_report::{SourceFile, range, text};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::args::{BudgetArgs, UsageArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::input_files;
use crate::lang::Text;
use crate::site::SiteChoice;

/// A rule with its current period.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) rule: BudgetRule,
    pub(super) span: PeriodSpan,
    /// The endpoints it counts, `None` for all usage.
    pub(super) endpoint_ids: Option<Rc<BTreeSet<String>>>,
}

impl Limit {
    /// Returns the range that its period names.
    pub(super) fn input(&self) -> RangeInput {
        match self.rule.period {
            Period::Week => RangeInput::ThisWeek,
            Period::Month => RangeInput::ThisMonth,
            _ => RangeInput::Today,
        }
    }

    /// Returns the limit in the period that contains `now`.
    pub(super) fn at(self, now: Timestamp, zone: &TimeZone) -> Result<Self, CliError> {
        let span = self.rule.period.around(now, zone).map_err(out_of_reach)?;
        Ok(Self { span, ..self })
    }
}

fn out_of_reach(error: jiff::Error) -> CliError {
    CliError::usage(text!("date out of range", "日期超出范围")).with_source(error)
}

/// Reads every limit, in the order given: those on usage, and those on plans.
pub(super) fn read(
    args: &BudgetArgs,
    context: &Context<'_>,
) -> Result<(Vec<Limit>, Vec<PlanRule>), CliError> {
    let (mut rules, mut plans) = (Vec::new(), Vec::new());
    for path in &args.rules {
        let text = input_files::load("--rules", path)?;
        let name = path.display().to_string();
        let source = SourceFile { flag: "--rules", name: &name, text: &text };
        rules.extend(budget::read_file(source)?);
        plans.extend(budget::read_plan_rules(source)?);
    }
    for value in &args.max {
        rules.push(budget::read_flag(value)?);
    }
    if rules.is_empty() && plans.is_empty() {
        return Err(CliError::usage(text!("budget: no limits given", "budget：没有给出任何限额"))
            .with_hint(text!(
                "write --max total=20G/month, or --rules FILE; --example prints a file to start from",
                "请写 --max total=20G/month，或 --rules 文件；--example 打印可供修改的文件"
            )));
    }
    let labels = args.labels.as_deref().map(input_files::labels).transpose()?;
    let zone = zone(args, context)?;
    let now = context.clock.now();
    let mut endpoints = LabelledEndpoints { labels: labels.as_ref(), known: BTreeMap::new() };
    let limit = |rule: BudgetRule| {
        let span = rule.period.around(now, &zone).map_err(out_of_reach)?;
        let endpoint_ids = endpoints.of(&rule)?;
        Ok(Limit { rule, span, endpoint_ids })
    };
    Ok((rules.into_iter().map(limit).collect::<Result<_, CliError>>()?, plans))
}

/// The endpoints that rules name, by column and value of the labels; rules of one label share them.
struct LabelledEndpoints<'a> {
    labels: Option<&'a Labels>,
    known: BTreeMap<String, BTreeMap<&'a str, Rc<BTreeSet<String>>>>,
}

impl LabelledEndpoints<'_> {
    /// Returns the endpoints a rule names by id or label; `None` if it names none.
    fn of(&mut self, rule: &BudgetRule) -> Result<Option<Rc<BTreeSet<String>>>, CliError> {
        let Some((name, value)) = rule.label() else {
            let ids = rule.endpoint_id().map(|id| BTreeSet::from([id.to_owned()]));
            return Ok(ids.map(Rc::new));
        };
        let Some(labels) = self.labels else {
            let what = text!("label {name} requires --labels", "标签 {name} 需要 --labels");
            return Err(invalid(rule, &what).with_hint(text!(
                "pass --labels FILE.csv with columns endpoint_id and {name}",
                "请加上 --labels FILE.csv，其中要有 endpoint_id 和 {name} 两列"
            )));
        };
        let owned = |ids: BTreeSet<&str>| Rc::new(ids.into_iter().map(str::to_owned).collect());
        let values = self.known.entry(name.to_owned()).or_insert_with(|| {
            labels.by_value(name).into_iter().map(|(value, ids)| (value, owned(ids))).collect()
        });
        let Some(ids) = values.get(value) else {
            let what = text!(
                "label {name}: no endpoint in the --labels file has the value {value}",
                "标签 {name}：在 --labels 的文件中，没有任何推理接入点的值为 {value}"
            );
            return Err(invalid(rule, &what));
        };
        Ok(Some(Rc::clone(ids)))
    }
}

fn zone(args: &BudgetArgs, context: &Context<'_>) -> Result<TimeZone, CliError> {
    Ok(range::parse_zone(zone_name(args, context)?)?)
}

fn zone_name<'a>(args: &'a BudgetArgs, context: &'a Context<'_>) -> Result<&'a str, CliError> {
    SiteChoice::new(&args.usage.account, context)?.zone_name(args.usage.tz.as_deref(), context)
}

/// Returns the arguments of the request: from the start of the earliest period until now, for the
/// projects the limits name; and the projects that are needed by name beside every project.
///
/// Days are requested by the hour, so that some of the data settles before they end, and so are
/// periods that do not start with a day of the service.
pub(super) fn request_args(
    args: &BudgetArgs,
    limits: &[Limit],
    context: &Context<'_>,
) -> Result<(UsageArgs, Vec<String>), CliError> {
    let start = limits.iter().map(|limit| limit.span.start).min().unwrap_or_default();
    range::check_full_hour(start, zone_name(args, context)?)?;
    let days = SiteChoice::new(&args.usage.account, context)?.days.value;
    let by_day = |limit: &Limit| {
        limit.rule.period != Period::Day && Interval::Day.is_start_in(days, limit.span.start)
    };
    let interval = if limits.iter().all(by_day) { Interval::Day } else { Interval::Hour };
    let mut usage_args = args.usage.by(interval);
    let filter = &args.usage.account.filter;
    let named: BTreeSet<String> =
        limits.iter().filter_map(|limit| limit.rule.project.clone()).collect();
    let names_projects = !filter.project.is_empty() || filter.default_project;
    if names_projects {
        let requested: BTreeSet<&String> = filter.project.iter().collect();
        limits.iter().try_for_each(|limit| check_project(limit, &requested))?;
        return Ok((usage_args, Vec::new()));
    }
    if filter.all_projects || args.usage.account.profiles.set.is_some() || named.is_empty() {
        return Ok((usage_args, Vec::new()));
    }
    let projects = named.into_iter().collect();
    let configured = context.config()?.defaults.project.as_ref();
    if configured.is_some_and(|names| !names.value.is_empty()) && !args.usage.account.server.demo {
        limits.iter().try_for_each(check_named)?;
    }
    if limits.iter().any(|limit| limit.rule.project.is_none()) {
        return Ok((usage_args, projects));
    }
    usage_args.account.filter.project = projects;
    Ok((usage_args, Vec::new()))
}

/// Refuses a limit without a project beside others that have one, where the configuration names a
/// project: it is open which ones it counts.
fn check_named(limit: &Limit) -> Result<(), CliError> {
    if limit.rule.project.is_some() {
        return Ok(());
    }
    let what = text!(
        "has no project, but other limits have one",
        "这条限额没有指定项目，而其他限额指定了"
    );
    Err(invalid(&limit.rule, &what).with_hint(text!(
        "add a project, or pass --project or --all-projects",
        "请为它指定项目，或用 --project、--all-projects 说明统计范围"
    )))
}

/// Refuses a limit on a project that is not among the requested ones.
fn check_project(limit: &Limit, requested: &BTreeSet<&String>) -> Result<(), CliError> {
    let Some(project) = limit.rule.project.as_ref().filter(|name| !requested.contains(*name))
    else {
        return Ok(());
    };
    let what = if requested.is_empty() {
        text!(
            "project {project} is not selected by --default-project",
            "--default-project 不包含项目 {project}"
        )
    } else {
        text!("project {project} is not selected by --project", "--project 没有包含项目 {project}")
    };
    Err(invalid(&limit.rule, &what)
        .with_hint(text!("add --project {project}", "请加上 --project {project}")))
}

fn invalid(rule: &BudgetRule, what: &Text) -> CliError {
    let place = rule.place.words();
    CliError::usage(Text::each(|lang| {
        let colon = lang.pick(": ", "：");
        format!("{}{colon}{}", place.in_lang(lang), what.in_lang(lang))
    }))
}
