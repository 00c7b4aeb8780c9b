//! Limits on plans: `[[plan]]` with soft and hard percent, and their evaluation.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use volc_openapi::few_letters;

use super::{AlertLevel, BudgetVerdict, RuleOrigin};
use crate::error::ReportError;
use crate::lang::Text;
use crate::plan::{
    PlanKind, PlanNumber, PlanState, PlanStatus, PlanWindow, QuotaWindow, WindowOfPlan,
    worst_window,
};
use crate::text;
use crate::toml_file::{SourceFile, Table};

/// One limit on the used part of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRule {
    /// The name in messages.
    pub name: String,
    /// Its origin.
    pub place: RuleOrigin,
    /// The plan; both where none is named.
    pub plan: Option<PlanKind>,
    /// The window; every one but the day of the Agent Plan where none is named.
    pub window: Option<QuotaWindow>,
    /// The percent from which there is a warning.
    pub soft: Option<PlanNumber>,
    /// The percent from which the check fails.
    pub hard: Option<PlanNumber>,
}

/// The result of evaluating a limit on plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRuleStatus {
    /// The result.
    pub verdict: BudgetVerdict,
    /// The fullest window that the rule is about, with its plan; `None` where there is none.
    pub fullest: Option<(PlanStatus, PlanWindow)>,
    /// The names of plans that could not be read, with the reason.
    pub unread: Vec<Text>,
}

const KEYS: [&str; 5] = ["name", "plan", "window", "soft", "hard"];

/// Reads every `[[plan]]` of a file of limits, in its order.
pub fn read_plan_rules(source: SourceFile<'_>) -> Result<Vec<PlanRule>, ReportError> {
    let document = source.parse()?;
    let root = source.root(&document);
    let tables = root.tables("plan")?;
    let rules: Vec<PlanRule> =
        tables.iter().map(|table| rule(source, table)).collect::<Result<_, _>>()?;
    refuse_same_names(source, &rules)?;
    Ok(rules)
}

fn rule(source: SourceFile<'_>, table: &Table<'_>) -> Result<PlanRule, ReportError> {
    table.check(&KEYS)?;
    let (soft, hard) = (percent(table, "soft")?, percent(table, "hard")?);
    match (&soft, &hard) {
        (None, None) => {
            return Err(table.lacks("hard").with_hint(text!(
                "set the percent: hard = 95, and soft = 80 for an early warning",
                "请写明百分比：hard = 95；soft = 80 用于提前警告"
            )));
        }
        (Some((soft, line)), Some((hard, _))) if soft.value() > hard.value() => {
            let (soft, hard) = (soft.as_str(), hard.as_str());
            return Err(table.wrong_at(
                "soft",
                *line,
                text!(
                    "{soft} is greater than hard = {hard}: the warning would come too late",
                    "{soft} 大于 hard（{hard}）：警告会来得太晚"
                ),
            ));
        }
        _ => {}
    }
    let mut rule = PlanRule {
        name: String::new(),
        place: RuleOrigin::File { path: source.name.to_owned(), line: table.line },
        plan: choice(table, "plan", PlanKind::named, "agent, coding")?,
        window: choice(table, "window", QuotaWindow::named, "session, day, week, month")?,
        soft: soft.map(|(percent, _)| percent),
        hard: hard.map(|(percent, _)| percent),
    };
    rule.name = table.text("name")?.map_or_else(|| described(&rule), |(name, _)| name);
    Ok(rule)
}

fn percent(table: &Table<'_>, key: &str) -> Result<Option<(PlanNumber, usize)>, ReportError> {
    let hint = || text!("write {key} = 80", "请写成 {key} = 80");
    let Some((written, line)) = table.number(key).map_err(|error| error.with_hint(hint()))? else {
        return Ok(None);
    };
    let percent = PlanNumber::read_percent(&written).ok_or_else(|| {
        let shown = few_letters(&written);
        table
            .wrong_at(key, line, text!("{shown} is not a percentage", "{shown} 不是百分比"))
            .with_hint(hint())
    })?;
    Ok(Some((percent, line)))
}

/// Reads one of some names.
fn choice<T>(
    table: &Table<'_>,
    key: &str,
    named: impl Fn(&str) -> Option<T>,
    all: &str,
) -> Result<Option<T>, ReportError> {
    let Some((name, line)) = table.text(key)? else { return Ok(None) };
    named(&name).map(Some).ok_or_else(|| {
        let name = few_letters(&name);
        table.wrong_at(key, line, text!("unknown {key} {name}", "未知的 {key}：{name}")).with_hint(
            text!("use {all}; without {key}, all count", "可用：{all}；不写 {key} 则全部计入"),
        )
    })
}

/// Rules are told apart by their names.
fn refuse_same_names(source: SourceFile<'_>, rules: &[PlanRule]) -> Result<(), ReportError> {
    let mut seen = BTreeMap::new();
    for rule in rules {
        let RuleOrigin::File { line: second, .. } = rule.place else { continue };
        if let Some(first) = seen.insert(&rule.name, second) {
            let name = few_letters(&rule.name);
            let what = text!(
                "plan limit {name} is already defined on line {first}",
                "套餐限额 {name} 已在第 {first} 行出现"
            );
            return Err(source.wrong(second, what).with_hint(text!(
                "give each limit its own name: name = \"…\"",
                "请为每条限额写不同的名称：name = \"…\""
            )));
        }
    }
    Ok(())
}

/// `plan coding/week`: what the rule is about, when it has no name.
fn described(rule: &PlanRule) -> String {
    let plan = rule.plan.map_or("any plan", PlanKind::title);
    match &rule.window {
        Some(window) => format!("{plan}/{}", window.name()),
        None => plan.to_owned(),
    }
}

impl PlanRule {
    /// Evaluates the limit. A window that is known to be over decides, whatever else is unknown.
    pub fn evaluate(&self, plans: &[PlanStatus]) -> PlanRuleStatus {
        let statuses: Vec<&PlanStatus> = plans
            .iter()
            .filter(|status| self.plan.is_none_or(|plan| plan == status.plan))
            .collect();
        let windows: Vec<WindowOfPlan<'_>> =
            statuses.iter().flat_map(|status| self.windows(status)).collect();
        let over = |limit: &Option<PlanNumber>| {
            limit.as_ref().is_some_and(|limit| {
                windows.iter().any(|found| found.window.reaches(limit.value()) == Some(true))
            })
        };
        let is_open = self.is_open(&statuses, &windows);
        let verdict = if over(&self.hard) {
            BudgetVerdict::HardExceeded
        } else if over(&self.soft) && (!is_open || self.hard.is_none()) {
            BudgetVerdict::SoftExceeded
        } else if is_open {
            BudgetVerdict::Unknown
        } else {
            BudgetVerdict::Within
        };
        let unread = statuses.iter().filter(|status| !status.state.is_known()).map(|status| {
            let reason = status.reason.clone().unwrap_or_else(|| Text::same(""));
            text!(
                "{plan}: {reason}",
                "{plan}：{reason}";
                plan = status.described(), reason = reason
            )
        });
        let fullest = worst_window(windows.iter().copied());
        PlanRuleStatus {
            verdict,
            unread: unread.collect(),
            fullest: fullest.map(|found| (found.status.clone(), found.window.clone())),
        }
    }

    /// The windows of a plan that the rule is about.
    fn windows<'a>(&'a self, status: &'a PlanStatus) -> impl Iterator<Item = WindowOfPlan<'a>> {
        let is_wanted = |window: &&PlanWindow| match &self.window {
            Some(wanted) => *wanted == window.window && window.applies(),
            None => window.applies() && !status.is_daily(window),
        };
        let windows = status.windows.iter().filter(is_wanted);
        windows.map(move |window| WindowOfPlan { status, window })
    }

    /// Returns true if something is not known that could be over a limit.
    fn is_open(&self, statuses: &[&PlanStatus], windows: &[WindowOfPlan<'_>]) -> bool {
        let has_it = |status: &&&PlanStatus| {
            let mut windows = status.windows.iter();
            windows.any(|window| self.window.as_ref().is_none_or(|wanted| *wanted == window.window))
        };
        let mut active =
            statuses.iter().filter(|status| status.state == PlanState::Active).peekable();
        let is_absent = active.peek().is_some() && active.filter(has_it).count() == 0;
        is_absent
            || statuses.iter().any(|status| !status.state.is_known())
            || windows.iter().any(|found| found.window.percent().is_none())
    }
}

impl PlanRuleStatus {
    /// Returns the levels that the limit has reached.
    pub fn alerts(&self) -> BTreeSet<AlertLevel> {
        let level = match self.verdict {
            BudgetVerdict::HardExceeded => AlertLevel::Hard,
            BudgetVerdict::SoftExceeded => AlertLevel::Soft,
            BudgetVerdict::Unknown => AlertLevel::Unknown,
            BudgetVerdict::Within => return BTreeSet::new(),
        };
        BTreeSet::from([level])
    }

    /// Returns the end of the fullest window, unix seconds.
    pub fn resets_at(&self) -> Option<i64> {
        self.fullest.as_ref()?.1.resets_at.map(Timestamp::as_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::PlanCallFailure;
    use crate::plan::{agent_plan, coding_plan};

    fn read(text: &str) -> Result<Vec<PlanRule>, ReportError> {
        read_plan_rules(SourceFile { flag: "--rules", name: "b.toml", text })
    }

    fn not_allowed() -> PlanCallFailure {
        PlanCallFailure::NotAllowed("ark:GetAFPUsage".to_owned())
    }

    fn plans(week: &str) -> Vec<PlanStatus> {
        let afp = r#"{"PlanType":"medium","AFPDaily":{"Quota":1,"Used":1},"AFPWeekly":{"Quota":0,"Used":0},
            "AFPMonthly":{"Quota":100,"Used":50}}"#;
        let coding = format!(
            r#"{{"QuotaUsage":[{{"Level":"weekly","Percent":{week},"ResetTimestamp":1788105600}}]}}"#
        );
        vec![
            agent_plan(Ok(serde_json::from_str(afp).unwrap()), Ok(None)),
            coding_plan(Ok(serde_json::from_str(&coding).unwrap()), Ok(None)),
        ]
    }

    fn verdict(rule: &str, plans: &[PlanStatus]) -> BudgetVerdict {
        let rules = read(&format!("[[plan]]\n{rule}")).unwrap();
        rules[0].evaluate(plans).verdict
    }

    #[test]
    fn rules_are_read_with_their_lines() {
        let text = "[[budget]]\nmetric = \"total\"\n[[plan]]\nplan = \"coding\"\nwindow = \"week\"\nsoft = \"80%\"\nhard = 95.5\n[[plan]]\nhard = 100\n";
        let rules = read(text).unwrap();
        assert_eq!(
            (rules[0].name.as_str(), rules[1].name.as_str()),
            ("Coding Plan/week", "any plan")
        );
        assert_eq!(rules[0].soft.as_ref().unwrap().as_str(), "80");
        assert_eq!(rules[0].hard.as_ref().unwrap().as_str(), "95.5");
        assert_eq!(rules[1].place, RuleOrigin::File { path: "b.toml".to_owned(), line: 8 });
    }

    #[test]
    fn wrong_rules_name_their_line_and_key() {
        for (rule, words) in [
            ("name = \"x\"", "has no key hard"),
            ("soft = 90\nhard = 80", "line 2: key plan.soft: 90 is greater than hard = 80"),
            ("hard = \"many\"", "many is not a number"),
            ("hard = -5", "-5 is not a percentage"),
            ("hard = 5\nplan = \"codding\"", "line 3: key plan.plan: unknown plan codding"),
            ("hard = 5\nwindow = \"year\"", "line 3: key plan.window: unknown window year"),
            ("hard = 5\nmetric = \"total\"", "unknown key plan.metric"),
            (
                "hard = 5\n[[plan]]\nhard = 6",
                "line 3: plan limit any plan is already defined on line 1",
            ),
        ] {
            let error = read(&format!("[[plan]]\n{rule}")).unwrap_err().in_full();
            assert!(error.contains(words), "{rule}: {error}");
        }
    }

    #[test]
    fn a_window_at_the_limit_is_over_it() {
        for (rule, expected) in [
            ("hard = 62.2", BudgetVerdict::HardExceeded),
            ("hard = 62.21", BudgetVerdict::Within),
            ("soft = 62\nhard = 95", BudgetVerdict::SoftExceeded),
            ("plan = \"agent\"\nsoft = 50", BudgetVerdict::SoftExceeded),
            ("plan = \"agent\"\nhard = 50.01", BudgetVerdict::Within),
            // The day counts where it is named only, and a quota of 0 never does.
            ("plan = \"agent\"\nwindow = \"day\"\nhard = 100", BudgetVerdict::HardExceeded),
            ("plan = \"agent\"\nwindow = \"week\"\nhard = 1", BudgetVerdict::Within),
            ("window = \"session\"\nhard = 1", BudgetVerdict::Unknown),
        ] {
            assert_eq!(verdict(rule, &plans("62.2")), expected, "{rule}");
        }
    }

    #[test]
    fn what_could_not_be_read_is_unknown_unless_another_window_decides() {
        let mut plans = plans("62.2");
        plans[0] = agent_plan(Err(not_allowed()), Ok(None));
        assert_eq!(verdict("hard = 62", &plans), BudgetVerdict::HardExceeded);
        assert_eq!(verdict("soft = 62\nhard = 80", &plans), BudgetVerdict::Unknown);
        assert_eq!(verdict("soft = 62", &plans), BudgetVerdict::SoftExceeded);
        assert_eq!(verdict("plan = \"coding\"\nhard = 80", &plans), BudgetVerdict::Within);
        let rule = &read("[[plan]]\nhard = 80").unwrap()[0];
        let found = rule.evaluate(&plans);
        assert!(found.unread[0].in_lang(crate::Lang::En).contains("ark:GetAFPUsage"));
        assert_eq!(found.alerts(), BTreeSet::from([AlertLevel::Unknown]));
        plans[0] = agent_plan(Ok(None), Ok(None));
        assert_eq!(verdict("hard = 80", &plans), BudgetVerdict::Within);
        assert_eq!(verdict("plan = \"agent\"\nhard = 80", &plans), BudgetVerdict::Within);
    }
}
