//! `ark-usage quota`

use clap::Args;

use super::{AccountStateArgs, headings};
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
    #[command(flatten)]
    pub(crate) state: AccountStateArgs,
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
