//! Rules as people write them: a file of `[[budget]]`, or `--max 'PromptTokens=1e9/month'`.

use std::collections::BTreeMap;

use volc_openapi::few_letters;

use super::{BudgetRule, BudgetSubject, MetricSelector, Period, RuleOrigin, TOTAL};
use crate::error::ReportError;
use crate::lang::Text;
use crate::toml_file::{SourceFile, Table};
use crate::{text, token_count};

const BUDGET: [&str; 8] =
    ["name", "metric", "project", "endpoint_id", "label", "period", "soft", "hard"];

/// Every `[[budget]]` of the file, in its order; [`read_plan_rules`](super::read_plan_rules) reads the others.
pub fn read_file(source: SourceFile<'_>) -> Result<Vec<BudgetRule>, ReportError> {
    let document = source.parse()?;
    let root = source.root(&document);
    root.check(&["budget", "plan"])?;
    let tables = root.tables("budget")?;
    if tables.is_empty() && root.tables("plan")?.is_empty() {
        return Err(source.wrong(1, text!("no budget found", "文件中没有任何预算")).with_hint(
            text!(
                "write [[budget]] with metric, period and hard; `ark-usage budget --example` prints a file to start from",
                "请写 [[budget]]，包含 metric、period 和 hard；`ark-usage budget --example` 打印可供修改的文件"
            ),
        ));
    }
    let rules: Vec<BudgetRule> =
        tables.iter().map(|table| rule(source, table)).collect::<Result<_, _>>()?;
    refuse_same_names(source, &rules)?;
    Ok(rules)
}

fn rule(source: SourceFile<'_>, table: &Table<'_>) -> Result<BudgetRule, ReportError> {
    table.check(&BUDGET)?;
    let (metric, _) = table.text("metric")?.ok_or_else(|| {
        table.lacks("metric").with_hint(text!(
            "write a metric such as PromptTokens, or total for all metrics counted in tokens, where a part is not counted beside its whole",
            "请写一个指标，例如 PromptTokens；total 表示所有以 token 计的指标之和，已含在整体内的部分不重复计算"
        ))
    })?;
    let period = period(table)?;
    let limits = Limits { soft: limit(table, "soft")?, hard: limit(table, "hard")? };
    limits.check(table)?;
    let place = RuleOrigin::File { path: source.name.to_owned(), line: table.line };
    let mut rule = BudgetRule {
        name: String::new(),
        place,
        counted: MetricSelector::named(&metric),
        project: table.text("project")?.map(|(name, _)| name),
        of: subject(table)?,
        period,
        soft: limits.soft.map(|(limit, _)| limit),
        hard: limits.hard.map(|(limit, _)| limit),
    };
    rule.name = table.text("name")?.map_or_else(|| described(&rule), |(name, _)| name);
    Ok(rule)
}

fn period(table: &Table<'_>) -> Result<Period, ReportError> {
    let (name, line) = table.text("period")?.ok_or_else(|| {
        table.lacks("period").with_hint(text!(
            "write period = \"month\", \"week\" or \"day\"",
            "请写 period = \"month\"、\"week\" 或 \"day\""
        ))
    })?;
    Period::named(&name).ok_or_else(|| {
        let name = few_letters(&name);
        table
            .wrong_at("period", line, text!("unknown period {name}", "未知的周期 {name}"))
            .with_hint(text!("use day, week or month", "可用的周期：day、week、month"))
    })
}

fn subject(table: &Table<'_>) -> Result<BudgetSubject, ReportError> {
    let endpoint = table.text("endpoint_id")?.map(|(id, _)| BudgetSubject::Endpoint(id));
    let labels = table.texts("label")?.into_iter();
    let labels = labels.map(|(key, value)| BudgetSubject::Label { key, value });
    let mut subjects = labels.chain(endpoint);
    let first = subjects.next().unwrap_or(BudgetSubject::Everything);
    if subjects.next().is_none() {
        return Ok(first);
    }
    Err(table.wrong_at(
        "endpoint_id, label",
        table.line,
        text!("a budget can have only one of them", "一条预算只能对应其中一个"),
    ))
}

/// The limits as written, with the line of each.
struct Limits {
    soft: Option<(i128, usize)>,
    hard: Option<(i128, usize)>,
}

impl Limits {
    fn check(&self, table: &Table<'_>) -> Result<(), ReportError> {
        match (self.soft, self.hard) {
            (None, None) => Err(table.lacks("hard").with_hint(text!(
                "set the limit: hard = 1e9, and soft = 8e8 for an early warning",
                "请写明限额：hard = 1e9；soft = 8e8 用于提前警告"
            ))),
            (Some((soft, line)), Some((hard, _))) if soft > hard => Err(table.wrong_at(
                "soft",
                line,
                text!(
                    "{soft} is greater than hard = {hard}: the warning would come too late",
                    "{soft} 大于 hard（{hard}）：警告会来得太晚"
                ),
            )),
            _ => Ok(()),
        }
    }
}

fn limit(table: &Table<'_>, key: &str) -> Result<Option<(i128, usize)>, ReportError> {
    let written = table.number(key).map_err(|error| {
        error.with_hint(text!("write {key} = \"20G\"", "请写成 {key} = \"20G\""))
    })?;
    let Some((written, line)) = written else { return Ok(None) };
    let limit = token_count::read(&written)
        .map_err(|wrong| table.wrong_at(key, line, wrong.problem).with_hint(wrong.hint))?;
    Ok(Some((limit, line)))
}

/// Rules are told apart by their names.
fn refuse_same_names(source: SourceFile<'_>, rules: &[BudgetRule]) -> Result<(), ReportError> {
    let mut seen = BTreeMap::new();
    for rule in rules {
        let RuleOrigin::File { line: second, .. } = rule.place else { continue };
        let name = &rule.name;
        if let Some(first) = seen.insert(name, second) {
            let name = few_letters(name);
            return Err(source
                .wrong(
                    second,
                    text!(
                        "budget {name} is already defined on line {first}",
                        "预算 {name} 已在第 {first} 行出现"
                    ),
                )
                .with_hint(text!(
                    "give each budget its own name: name = \"…\"",
                    "请为每条预算写不同的名称：name = \"…\""
                )));
        }
    }
    Ok(())
}

/// One rule of `--max`: a metric, or `total`, and the most it may come to.
pub fn read_flag(value: &str) -> Result<BudgetRule, ReportError> {
    let parts = value.split_once('=').and_then(|(metric, rest)| {
        let metric = Some(metric.trim()).filter(|metric| !metric.is_empty())?;
        let (limit, period) = rest.split_once('/')?;
        Some((metric, limit.trim(), period.trim()))
    });
    let (metric, limit, period) = parts.ok_or_else(|| {
        let what = text!("must be METRIC=TOKENS/PERIOD", "不是 指标=TOKEN数/周期 的形式");
        wrong_flag(value, &what, spelling(value))
    })?;
    let hard =
        token_count::read(limit).map_err(|wrong| wrong_flag(value, &wrong.problem, wrong.hint))?;
    let period = Period::named(period).ok_or_else(|| unknown_period(value, period))?;
    let mut rule = BudgetRule {
        name: String::new(),
        place: RuleOrigin::Flag(format!("--max {value}")),
        counted: MetricSelector::named(metric),
        project: None,
        of: BudgetSubject::Everything,
        period,
        soft: None,
        hard: Some(hard),
    };
    rule.name = described(&rule);
    Ok(rule)
}

fn unknown_period(value: &str, period: &str) -> ReportError {
    if let Some((_, next)) = period.split_once(',').filter(|(_, next)| next.contains('=')) {
        let what = text!("holds more than one limit", "包含不止一条限额");
        let hint = text!(
            "pass --max once for each limit: --max '{first}' --max '{next}'",
            "每条限额各写一个 --max：--max '{first}' --max '{next}'",
            first = value.strip_suffix(next).unwrap_or_default().trim_end_matches([',', ' ']),
            next = next.trim(),
        );
        return wrong_flag(value, &what, hint);
    }
    let what = text!("unknown period {period}", "未知的周期 {period}");
    wrong_flag(value, &what, spelling(value))
}

fn wrong_flag(value: &str, what: &Text, hint: Text) -> ReportError {
    ReportError::invalid(text!("--max {value}: {what}", "--max {value}：{what}"; what = what))
        .with_hint(hint)
}

/// Returns the hint for a value of `--max`, with its own metric and number where they can be read.
fn spelling(value: &str) -> Text {
    let flag = meant(value).unwrap_or_else(|| flag_of("PromptTokens", "20G", Period::Month));
    text!(
        "write {flag}; total adds up all metrics counted in tokens, and no part beside its whole; periods are day, week and month",
        "请写 {flag}；total 表示所有以 token 计的指标之和，已含在整体内的部分不重复计算；周期有 day、week、month"
    )
}

/// Returns the flag that a value probably means; `None` if no number can be read.
fn meant(value: &str) -> Option<String> {
    let (metric, rest) = value.split_once('=').unwrap_or((TOTAL, value));
    let mut parts = rest.split('/').map(str::trim);
    let limit = parts.next().filter(|limit| token_count::read(limit).is_ok())?;
    let period = parts.next().and_then(Period::meant).unwrap_or(Period::Month);
    let metric = metric.trim();
    let is_total = metric.is_empty() || metric.eq_ignore_ascii_case(TOTAL);
    Some(flag_of(if is_total { TOTAL } else { metric }, limit, period))
}

/// Writes a flag, in quotes where a shell needs them.
pub(super) fn flag_of(metric: &str, limit: &str, period: Period) -> String {
    let value = format!("{metric}={}/{}", limit.trim(), period.name());
    let is_plain = |sign: char| sign.is_alphanumeric() || "=/,._+-".contains(sign);
    let quote = if value.chars().all(is_plain) { "" } else { "'" };
    format!("--max {quote}{value}{quote}")
}

/// `PromptTokens/month chatbot ep-1`: what the rule is about, when it has no name.
fn described(rule: &BudgetRule) -> String {
    let mut name = format!("{}/{}", rule.counted.name(), rule.period.name());
    let label = rule.label().map(|(key, value)| format!("{key}={value}"));
    let parts = [rule.project.clone(), rule.endpoint_id().map(str::to_owned), label];
    for part in parts.into_iter().flatten() {
        name.push(' ');
        name.push_str(&part);
    }
    name
}
