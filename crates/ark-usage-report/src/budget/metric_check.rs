//! The check of a budget's metric against those that an action declares: a limit on any other would be
//! kept without a word, whatever is used.

use ark_usage_model::UsageAction;

use super::{BudgetRule, MetricSelector, RuleOrigin};
use crate::error::ReportError;
use crate::lang::Text;
use crate::view::UnknownMetric;
use crate::view::action_fit::NamedAction;
use crate::{suggest, text};

impl BudgetRule {
    /// Refuses a metric that the action does not declare, with the name meant, and all names or the
    /// action of `all` that has it.
    pub fn check_metric(
        &self,
        action: &dyn UsageAction,
        all: &[NamedAction],
    ) -> Result<(), ReportError> {
        let MetricSelector::One(metric) = &self.counted else { return Ok(()) };
        let metric = metric.as_str();
        let Some(unknown) = UnknownMetric::find(metric, action, all) else { return Ok(()) };
        let hint =
            if UnknownMetric::is_money(metric) { tokens_only() } else { self.hint(&unknown) };
        Err(ReportError::invalid(text!(
            "{place}: {problem}",
            "{place}：{problem}";
            place = self.place.words(), problem = unknown.problem
        ))
        .with_hint(hint))
    }

    /// Returns the hint, beginning with the flag or the key as it was probably meant.
    fn hint(&self, unknown: &UnknownMetric) -> Text {
        let meant = unknown.meant.map(|name| match &self.place {
            RuleOrigin::File { .. } => format!("metric = \"{name}\""),
            RuleOrigin::Flag(flag) => {
                let rest = flag.split_once('=').map_or("", |(_, rest)| rest);
                let limit = rest.split('/').next().unwrap_or_default();
                super::rules::flag_of(name, limit, self.period)
            }
        });
        suggest::hint_of("", meant.as_deref(), unknown.hint.clone())
    }
}

/// Returns the hint that budgets do not count money.
pub fn tokens_only() -> Text {
    text!(
        "budgets count tokens, not money: limit tokens, as in --max total=20G/month; `ark-usage get --prices FILE` shows costs",
        "预算按 token 计，不按金额计：请限制 token 数，例如 --max total=20G/month；费用请用 `ark-usage get --prices 文件` 查看"
    )
}

impl RuleOrigin {
    /// Returns the flag with its value, or file and line.
    pub fn words(&self) -> Text {
        match self {
            Self::Flag(flag) => Text::same(flag.clone()),
            Self::File { path, line } => {
                text!("--rules {path} line {line}", "--rules {path} 第 {line} 行")
            }
        }
    }
}
