//! The usage actions that `--api` chooses from.

use ark_usage_model::UsageAction;
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_report::{suggest, text};

use crate::error::CliError;

/// The default of `--api`.
pub(crate) static DEFAULT: &dyn UsageAction = &GetUsageAction;

/// Every action. To add one, add a line.
static ACTIONS: &[&dyn UsageAction] = &[
    DEFAULT,
    #[cfg(test)]
    &third_action::QueryUsageTableAction,
];

/// Returns the action with this name, as written in `--api`.
pub(crate) fn named(name: &str) -> Result<&'static dyn UsageAction, CliError> {
    let names = || ACTIONS.iter().map(|action| action.name());
    ACTIONS.iter().copied().find(|action| action.name() == name).ok_or_else(|| {
        let list = names().collect::<Vec<_>>().join(", ");
        let hint = text!("available: {list}", "可用：{list}");
        CliError::usage(text!("--api {name}: unknown action", "--api {name}：未知的接口"))
            .with_hint(suggest::hint("--api ", name, names(), hint))
    })
}
