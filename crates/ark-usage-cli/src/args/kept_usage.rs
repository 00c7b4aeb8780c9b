//! Answers from a history instead of the service.

use std::path::{Path, PathBuf};

use ark_usage_model::Interval;
use clap::Args;

use super::{Command, UsageArgs, headings};
use ark_usage_report::text;

use crate::error::CliError;
use crate::lang::say;

/// The history that answers instead of the service.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = headings::history())]
pub(crate) struct KeptUsageArgs {
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with_all = ["record", "replay"],
        help = say(
            "Answer from what `ark-usage sync` has kept: no network, no keys",
            "用 `ark-usage sync` 保存的数据回答：不联网、不用密钥",
        ),
        long_help = say(
            "Answer from what `ark-usage sync` has kept, without network and keys; all accounts of the file, or those of --profile NAME or --profile NUMBER [default file: $XDG_STATE_HOME/ark-usage/history.db, else ~/.local/state/ark-usage/history.db]",
            "用 `ark-usage sync` 保存的数据回答，不联网、不用密钥；统计文件中的全部账号，或 --profile 名称、--profile 账号编号所指的账号 [默认文件：$XDG_STATE_HOME/ark-usage/history.db，否则 ~/.local/state/ark-usage/history.db]",
        ),
    )]
    #[expect(clippy::option_option, reason = "a flag that may have a value")]
    pub(crate) history: Option<Option<PathBuf>>,
    #[arg(
        long,
        requires = "history",
        help = say(
            "With --history: first fetch what it lacks of the range, as `ark-usage sync` does",
            "与 --history 同用：先像 `ark-usage sync` 那样获取该范围内缺少的数据",
        ),
    )]
    pub(crate) update: bool,
}

impl KeptUsageArgs {
    /// Returns true if the history answers.
    pub(crate) fn is_given(&self) -> bool {
        self.history.is_some()
    }

    /// Refuses something about plans: only the service knows how much of them is left now.
    pub(crate) fn check_plans(&self, wanted: &str) -> Result<(), CliError> {
        if !self.is_given() {
            return Ok(());
        }
        Err(CliError::usage(text!(
            "{wanted}: cannot be answered with --history, because a history keeps usage and no plans",
            "{wanted}：--history 无法回答，因为历史只保存用量，不保存套餐"
        ))
        .with_hint(text!(
            "remove it, or run the command without --history",
            "请去掉它，或去掉 --history 再运行"
        )))
    }

    /// Returns the file that the flag names.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.history.as_ref()?.as_deref()
    }
}

impl Command {
    /// Returns the flags about a history that answers, if they are given.
    pub(crate) fn kept_usage(&self) -> Option<&KeptUsageArgs> {
        let args = match self {
            Self::Get(args) => &args.kept,
            Self::Report(args) => &args.kept,
            Self::Reconcile(args) => &args.kept,
            Self::Budget(args) => &args.kept,
            Self::Statusline(args) => &args.kept,
            _ => return None,
        };
        args.is_given().then_some(args)
    }

    /// Returns the usage that `--update` fetches first.
    pub(crate) fn usage_to_keep(&self) -> Vec<KeptQuery<'_>> {
        let query = |usage: &UsageArgs, endpoint_ids, compares| {
            let mut usage = usage.clone();
            // Hours are kept, whatever is shown.
            usage.range.interval = None;
            KeptQuery { usage, endpoint_ids, compares }
        };
        match self {
            Self::Get(args) => {
                let compares = args.view.compare.is_some();
                vec![query(&args.usage, &args.endpoints.endpoint_id, compares)]
            }
            Self::Report(args) => {
                vec![query(
                    &args.usage,
                    &args.endpoints.endpoint_id,
                    args.sections.compare.is_some(),
                )]
            }
            Self::Reconcile(args) => {
                let one = query(&args.usage, &args.endpoint_id, false);
                let mut against = args.against.as_ref().map(|_| one.clone());
                if let Some(other) = &mut against {
                    other.usage.account.action.api.clone_from(&args.against);
                }
                std::iter::once(one).chain(against).collect()
            }
            Self::Budget(args) => vec![query(&args.usage.by(Interval::Hour), &[], false)],
            Self::Statusline(args) => {
                vec![query(&args.usage.by(Interval::Hour), &args.endpoint_id, false)]
            }
            _ => Vec::new(),
        }
    }
}

/// Usage that `--update` fetches.
#[derive(Clone, Debug)]
pub(crate) struct KeptQuery<'a> {
    pub(crate) usage: UsageArgs,
    pub(crate) endpoint_ids: &'a [String],
    /// The range that `--compare` adds is read too.
    pub(crate) compares: bool,
}
