//! `ark-usage quota`

use std::path::PathBuf;

use clap::Args;

use super::{
    AccountArgs, ActionArgs, FilterArgs, NetworkArgs, PlanFormat, ProfileArgs, RangeArgs,
    RecordArgs, RetryArgs, ServerArgs, SiteDaysArgs, UsageArgs, headings,
};
use crate::lang::say;

/// Arguments of `quota`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct QuotaArgs {
    #[arg(
        long,
        help_heading = headings::output(),
        help = say("Show the balance of the account too", "也显示账户余额"),
    )]
    pub(crate) balance: bool,
    #[arg(
        long,
        help_heading = headings::output(),
        help = say(
            "Show unused free quota and packs of other products too",
            "也显示未使用的免费额度和其他产品的资源包",
        ),
    )]
    pub(crate) all: bool,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help_heading = headings::output(),
        help = say("Output format [default: table]", "输出格式 [默认：table]"),
    )]
    pub(crate) format: Option<PlanFormat>,
    #[arg(
        short,
        long,
        value_name = "FILE",
        help_heading = headings::output(),
        help = say("Write to a file instead of standard output", "写入文件而不是标准输出"),
        long_help = say(
            "Write to a file instead of standard output (-); the file is replaced only once it is complete",
            "写入文件而不是标准输出（-）；写完整之后才替换原文件",
        ),
    )]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) profiles: ProfileArgs,
    #[command(flatten)]
    pub(crate) retry: RetryArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}

fn examples() -> &'static str {
    say(
        "\
Shows free quota and packs of models, and the caps set on them; with --balance
the account's balance. A source that the keys may not read is a line that says so.
Exit codes: 0 shown, 6 a source failed, or none could be read.

Examples (leave out --demo for your own account):
  ark-usage quota --demo
  ark-usage quota --demo --balance
  ark-usage quota --demo --all -f json",
        "\
查看模型的免费额度、资源包和限额；加 --balance 也显示账户余额。
密钥无权读取的来源会有一行说明。
退出码：0 正常，6 有来源查询失败，或全部无法读取。

示例（查自己的账号时去掉 --demo）：
  ark-usage quota --demo
  ark-usage quota --demo --balance
  ark-usage quota --demo --all -f json",
    )
}

impl QuotaArgs {
    /// Returns the options of a request of the same accounts.
    pub(crate) fn usage(&self) -> UsageArgs {
        UsageArgs {
            range: RangeArgs::default(),
            account: AccountArgs {
                filter: FilterArgs::default(),
                server: self.server.clone(),
                site_days: SiteDaysArgs::default(),
                action: ActionArgs::default(),
                profiles: self.profiles.clone(),
                query: self.retry.query(),
                network: self.network.clone(),
                record: self.record.clone(),
            },
        }
    }
}
