//! The usage actions that `--api` chooses from.

use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{MetricTable, UsageAction};
use ark_usage_report::view::UnknownMetric;
use ark_usage_report::view::action_fit::NamedAction;
use ark_usage_report::{suggest, text};

use crate::error::CliError;
use crate::lang::Text;

/// The default of `--api`.
pub(crate) static DEFAULT: &dyn UsageAction = &GetUsageAction;

/// The action that `--api auto` takes where the default cannot answer.
pub(crate) static SUCCESSOR: &dyn UsageAction = &GetInferenceUsageAction;

/// Every action, with its short name. To add one, add a line.
pub(crate) static ACTIONS: &[NamedAction] = &[
    NamedAction { name: "usage", action: &GetUsageAction },
    NamedAction { name: "inference", action: &GetInferenceUsageAction },
    #[cfg(test)]
    NamedAction { name: "table", action: &third_action::QueryUsageTableAction },
];

const AUTO: &str = "auto";

/// The choice of `--api`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ActionChoice {
    /// This action.
    Only(&'static dyn UsageAction),
    /// The default, and its successor where the service no longer knows it or it cannot answer.
    Auto,
}

impl ActionChoice {
    /// Reads `--api`, else the configuration.
    pub(crate) fn new(flag: Option<&str>, configured: Option<&str>) -> Result<Self, CliError> {
        let Some(name) = flag.or(configured) else { return Ok(Self::Only(DEFAULT)) };
        if name == AUTO {
            return Ok(Self::Auto);
        }
        let source = if flag.is_some() { "--api" } else { "defaults.api" };
        named(source, name, &[AUTO]).map(Self::Only)
    }

    /// Returns the choice that knows all these metrics, as people name them: the successor alone where only it
    /// does.
    pub(crate) fn knowing(self, metrics: &[String]) -> Self {
        let knows = |action| unknown_metric(action, metrics).is_none();
        match self {
            Self::Auto if !knows(DEFAULT) && knows(SUCCESSOR) => Self::Only(SUCCESSOR),
            choice => choice,
        }
    }

    /// Returns the action that is called first.
    pub(crate) fn first(self) -> &'static dyn UsageAction {
        match self {
            Self::Only(action) => action,
            Self::Auto => DEFAULT,
        }
    }

    /// Returns every action that may be called.
    pub(crate) fn actions(self) -> impl Iterator<Item = &'static dyn UsageAction> {
        let second = matches!(self, Self::Auto).then_some(SUCCESSOR);
        std::iter::once(self.first()).chain(second)
    }

    /// Returns the metrics that names are looked up in.
    pub(crate) fn metrics(self) -> MetricTable {
        self.first().metrics()
    }

    /// Returns the action whose metrics these are; the first choice where that is not known.
    pub(crate) fn with_metrics<'a>(
        self,
        mut metrics: impl Iterator<Item = &'a str>,
    ) -> &'static dyn UsageAction {
        match self {
            Self::Only(action) => action,
            Self::Auto => {
                let known = DEFAULT.metrics();
                let is_other = metrics.any(|name| known.get(&name.into()).is_none());
                if is_other { SUCCESSOR } else { DEFAULT }
            }
        }
    }
}

/// Returns the problem with the first of these metrics that an action does not know.
pub(crate) fn unknown_metric(action: &dyn UsageAction, metrics: &[String]) -> Option<Text> {
    let unknown = |word: &String| UnknownMetric::find(word, action, ACTIONS);
    metrics.iter().find_map(unknown).map(|unknown| unknown.problem)
}

/// Returns the action of a name; `others` are words that the source takes beside actions.
fn named(source: &str, name: &str, others: &[&str]) -> Result<&'static dyn UsageAction, CliError> {
    let is_named = |one: &&NamedAction| one.action.name() == name || one.name == name;
    let found = ACTIONS.iter().find(is_named);
    found.map(|one| one.action).ok_or_else(|| {
        let long = ACTIONS.iter().map(|one| one.action.name());
        let short = ACTIONS.iter().map(|one| one.name);
        let names: Vec<&str> = long.chain(short).chain(others.iter().copied()).collect();
        let hint = text!("available: {list}", "可用：{list}", list = names.join(", "));
        CliError::usage(text!("{source} {name}: unknown action", "{source} {name}：未知的接口"))
            .with_hint(suggest::hint(&format!("{source} "), name, names, hint))
    })
}

/// Returns the two actions of `--against`: that of `--api`, else of the configuration, else the first other
/// one; and the one it names.
pub(crate) fn compared(
    flag: Option<&str>,
    configured: Option<&str>,
    against: &str,
) -> Result<[&'static dyn UsageAction; 2], CliError> {
    let there = named("--against", against, &[])?;
    let is_other = |action: &&'static dyn UsageAction| action.name() != there.name();
    let here = match (ActionChoice::new(flag, configured)?, flag) {
        (ActionChoice::Only(action), Some(_)) => action,
        (ActionChoice::Auto, Some(flag)) => {
            return Err(CliError::usage(text!(
                "--api {flag}: --against compares two actions, so the first needs its name",
                "--api {flag}：--against 比较两个接口，因此第一个接口需要写明"
            ))
            .with_hint(text!("remove --api", "去掉 --api 即可")));
        }
        (choice, None) => Some(choice.first())
            .filter(is_other)
            .or_else(|| ACTIONS.iter().map(|one| one.action).find(is_other))
            .unwrap_or(DEFAULT),
    };
    Some([here, there]).filter(|[here, _]| is_other(here)).ok_or_else(|| {
        CliError::usage(text!(
            "--against {against}: this is the action of --api as well",
            "--against {against}：与 --api 是同一个接口"
        ))
        .with_hint(text!("remove --api", "去掉 --api 即可"))
    })
}
